"""Jurors come, sign, declare their ties, and leave."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.recording import record
from competitions import calendar
from competitions.models import Category, Competition
from judging import rules
from judging.actions.sheets import HandedBack, drop_conflicting, hand_back_open, managing
from judging.jurors import invitations
from judging.models import ConflictOfInterest, Juror
from judging.plenary.standing import standing_conflicts
from notifications.models import Message
from notifications.outbox import tell, tell_many
from proposals.models import Proposal


@transaction.atomic
def invite_juror(
    competition: Competition,
    *,
    email: str,
    name: str,
    kind: str,
    agency: Agency | None = None,
    institution: str = "",
    expertise: Iterable[Category] = (),
    expertise_text: str = "",
    cap: int | None = None,
    by: User,
) -> Juror:
    """Make the person a juror of that year and mail them where to begin.

    A person without an account gets one that only the mailed link can open. ValidationError `already_juror` when
    they already serve in that role; one who left is called back.
    """
    managing(by)
    user, _is_new = _account(email, name)
    juror, created = Juror.objects.get_or_create(competition=competition, user=user, kind=kind)
    if not created and juror.left_at is None:
        words = _("%(name)s is already a juror in that role this year.")
        raise ValidationError(words, code="already_juror", params={"name": str(user)})
    juror.agency, juror.institution, juror.left_at = agency, institution, None
    juror.expertise_text, juror.cap = expertise_text, cap
    juror.save(update_fields=["agency", "institution", "left_at", "expertise_text", "cap"])
    juror.expertise.set(expertise)
    record("judging.invite", by=by, on=juror, data={"kind": kind, "year": competition.code})
    send_invitation(juror, by=by)
    return juror


def _account(email: str, name: str) -> tuple[User, bool]:
    address = User.objects.normalize_email(email).lower()
    user = User.objects.filter(email=address).first()
    if user is not None:
        return user, False
    return User.objects.create_user(address, None, name=name.strip() or address), True


@transaction.atomic
def send_invitation(juror: Juror, *, by: User) -> None:
    """Mail the juror their link, again if asked; each sending is one message."""
    managing(by)
    moment = calendar.now()
    tell(
        to=juror.user,
        template="judging/mail/invitation",
        key=f"judging.invitation:{juror.code}:{moment:%Y%m%d%H%M%S%f}",
        context={"juror": juror, "competition": juror.competition, "days": invitations.DAYS_VALID},
        link=invitations.path_for(juror),
    )


@transaction.atomic
def open_account(token: str, *, name: str, password: str) -> Juror:
    """Give the invited person's account its name and password. The link came by mail, so the address is confirmed."""
    juror = invitations.read(token)
    user = User.objects.select_for_update().get(pk=juror.user_id)
    juror.user = user
    if user.has_usable_password():
        raise ValidationError(_("This invitation was already used. Sign in with your password."), code="used")
    user.name = name
    user.set_password(password)
    user.save(update_fields=["name", "password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    record("judging.open_account", by=user, on=juror)
    return juror


@transaction.atomic
def accept_pact(juror: Juror, *, by: User) -> None:
    """The juror signs the integrity pact; the first moment stands, a second signing changes nothing."""
    if not rules.is_that_juror(by, juror):
        raise PermissionDenied
    now = calendar.now()
    if Juror.objects.filter(pk=juror.pk, pact_accepted_at=None).update(pact_accepted_at=now):
        juror.pact_accepted_at = now
        record("judging.accept_pact", by=by, on=juror)


@transaction.atomic
def update_juror(
    juror: Juror,
    *,
    agency: Agency | None,
    institution: str,
    expertise: Iterable[Category],
    expertise_text: str = "",
    cap: int | None = None,
    by: User,
) -> int:
    """Correct what the portal knows of a juror. Sheets that turn out to be conflicts go to others; returns how many.

    A changed cap moves nothing by itself: a plan that levels the loads does, after it was looked at.
    """
    managing(by)
    juror.agency, juror.institution = agency, institution
    juror.expertise_text, juror.cap = expertise_text, cap
    juror.save(update_fields=["agency", "institution", "expertise_text", "cap"])
    juror.expertise.set(expertise)
    record("judging.update_juror", by=by, on=juror, data={"agency": agency.code if agency else None, "cap": cap})
    return drop_conflicting(juror, by=by)


@transaction.atomic
def declare_conflict(
    juror: Juror, *, agency: Agency | None = None, proposal: Proposal | None = None, reason: str, by: User
) -> ConflictOfInterest:
    """Record a tie to an agency or to one proposal; declared twice, the first stands. Sheets it touches, even final
    ones, stop counting and go to others. Where the plenary has fixed the list they stand, and the secretariat is told.
    """
    if not rules.may_edit_conflicts(by, juror):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError(_("Say what the conflict of interest is."), code="no_reason")
    conflict = ConflictOfInterest(juror=juror, agency=agency, proposal=proposal, reason=reason.strip())
    conflict.full_clean(validate_unique=False, validate_constraints=False)
    if (agency is None) == (proposal is None):
        raise ValidationError(_("Choose an agency, or type the code of one proposal."), code="one_of_two")
    found, created = ConflictOfInterest.objects.get_or_create(
        juror=juror, agency=agency, proposal=proposal, defaults={"reason": conflict.reason}
    )
    if created:
        named = agency.code if agency else proposal.code if proposal else ""
        record("judging.declare_conflict", by=by, on=juror, data={"with": named, "reason": found.reason})
    drop_conflicting(juror, by=by)
    _tell_of_standing(juror, by=by)
    return found


def _tell_of_standing(juror: Juror, *, by: User) -> None:
    """A frozen list is never changed by a tie that comes to light: it is recorded, and the secretariat is told once."""
    for each in standing_conflicts(juror):
        facts = {"sheet": each.sheet.code, "selection": each.selection.code, "path": each.path.sentences()}
        key = f"judging.standing:{each.sheet.code}"
        if Message.objects.filter(key=key).exists():
            continue
        record("judging.conflict_in_fixed_list", by=by, on=each.sheet, data=facts)
        tell_many(
            User.objects.secretariat(), template="judging/mail/standing", key=key,
            context={"selection": each.selection, "proposal": each.sheet.entry.proposal, "juror": juror},
            link=reverse("judging:juror_conflicts", args=[juror.competition.code, juror.code]),
        )  # fmt: skip


@transaction.atomic
def withdraw_conflict(conflict: ConflictOfInterest, *, by: User) -> None:
    """Take a declared tie back. Sheets already given to others stay with them."""
    if not rules.may_edit_conflicts(by, conflict.juror):
        raise PermissionDenied
    named = conflict.agency.code if conflict.agency else conflict.proposal.code if conflict.proposal else ""
    record("judging.withdraw_conflict", by=by, on=conflict.juror, data={"with": named})
    conflict.delete()


@transaction.atomic
def leave(juror: Juror, *, reason: str, by: User) -> HandedBack:
    """End the juror's service. Unfinished sheets are handed back and given to others; final ones keep counting."""
    managing(by)
    if juror.left_at is not None:
        return HandedBack()
    juror.left_at = calendar.now()
    juror.save(update_fields=["left_at"])
    record("judging.leave", by=by, on=juror, data={"reason": reason})
    return hand_back_open(juror, by=by)
