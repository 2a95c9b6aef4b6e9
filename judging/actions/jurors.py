"""Jurors come, sign, declare their ties, and leave."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.recording import record
from competitions import calendar
from competitions.models import Category, Competition
from judging import invitations, rules
from judging.actions.sheets import drop_conflicting, hand_back_open
from judging.models import ConflictOfInterest, Juror
from notifications.outbox import tell
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
    by: User,
) -> Juror:
    """Make the person a juror of that year and mail them where to begin.

    A person without an account gets one that only the mailed link can open. ValidationError `already_juror` when
    they already serve in that role; one who left is called back.
    """
    _managing(by)
    user, _is_new = _account(email, name)
    juror, created = Juror.objects.get_or_create(competition=competition, user=user, kind=kind)
    if not created and juror.left_at is None:
        words = _("%(name)s is already a juror in that role this year.")
        raise ValidationError(words, code="already_juror", params={"name": str(user)})
    juror.agency, juror.institution, juror.left_at = agency, institution, None
    juror.save(update_fields=["agency", "institution", "left_at"])
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
    _managing(by)
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
    juror: Juror, *, agency: Agency | None, institution: str, expertise: Iterable[Category], by: User
) -> int:
    """Correct what the portal knows of a juror. Sheets that turn out to be conflicts go to others; returns how many."""
    _managing(by)
    juror.agency, juror.institution = agency, institution
    juror.save(update_fields=["agency", "institution"])
    juror.expertise.set(expertise)
    record("judging.update_juror", by=by, on=juror, data={"agency": agency.code if agency else None})
    return drop_conflicting(juror, by=by)


@transaction.atomic
def declare_conflict(
    juror: Juror, *, agency: Agency | None = None, proposal: Proposal | None = None, reason: str, by: User
) -> ConflictOfInterest:
    """Record a tie to an agency or to one proposal. Sheets it touches, even final ones, stop counting and go to
    others, unless the plenary has already fixed the round."""
    if not rules.may_edit_conflicts(by, juror):
        raise PermissionDenied
    conflict = ConflictOfInterest(juror=juror, agency=agency, proposal=proposal, reason=reason.strip())
    if not conflict.reason:
        raise ValidationError(_("Say what the conflict of interest is."), code="no_reason")
    conflict.full_clean()
    conflict.save()
    named = agency.code if agency else proposal.code if proposal else ""
    record("judging.declare_conflict", by=by, on=juror, data={"with": named, "reason": conflict.reason})
    drop_conflicting(juror, by=by)
    return conflict


@transaction.atomic
def withdraw_conflict(conflict: ConflictOfInterest, *, by: User) -> None:
    """Take a declared tie back. Sheets already given to others stay with them."""
    if not rules.may_edit_conflicts(by, conflict.juror):
        raise PermissionDenied
    named = conflict.agency.code if conflict.agency else conflict.proposal.code if conflict.proposal else ""
    record("judging.withdraw_conflict", by=by, on=conflict.juror, data={"with": named})
    conflict.delete()


@transaction.atomic
def leave(juror: Juror, *, reason: str, by: User) -> int:
    """End the juror's service. Unfinished sheets are handed back and given to others; final ones keep counting.

    Returns how many were handed back."""
    _managing(by)
    if juror.left_at is not None:
        return 0
    juror.left_at = calendar.now()
    juror.save(update_fields=["left_at"])
    record("judging.leave", by=by, on=juror, data={"reason": reason})
    return hand_back_open(juror, by=by)


def _managing(by: User) -> None:
    if not rules.may_manage(by):
        raise PermissionDenied
