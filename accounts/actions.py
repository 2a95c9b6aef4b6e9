"""Everything that can happen to people and agencies.

Locks are taken in one order: the registration or invitation first, then the agency.
"""

from datetime import datetime, timedelta
from types import EllipsisType
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import emails
from accounts.models import Agency, Invitation, Membership, Registration, Unit, User
from audit.recording import record
from files.models import StoredFile
from files.storing import store

LETTER_MAX_MB = 5
INVITATION_DAYS = 14
OWN_REGISTRATION = _lazy("This is your own registration: somebody else of the secretariat decides it.")


# --- Registration -------------------------------------------------------------------------------------------------
@transaction.atomic
def register(
    agency: Agency,
    *,
    letter_number: str,
    letter: UploadedFile | StoredFile,
    user: User | None = None,
    email: str = "",
    name: str = "",
    phone: str = "",
    position: str = "",
    time_zone: str = User.TimeZone.WIB,
    language: str = "id",
    password: str | None = None,
) -> Registration | None:
    """Asks for somebody to become the agency's admin; the secretariat answers.

    Without `user`, an account is made and its address has to be confirmed. Where the address already has an account,
    only a mail to its owner is written and None is returned: the visitor learns nothing about it.
    Raises ValidationError (does_not_take_part, uses_its_governments_admin, already_admin, those of store).
    """
    check_may_register(agency, user=user)
    stored = letter
    if not isinstance(stored, StoredFile):
        stored = store(stored, kinds=["pdf"], by=user, max_mb=LETTER_MAX_MB)
    if user is None:
        user = _new_user(
            email, password, verified=False, name=name, phone=phone, position=position, time_zone=time_zone,
            language=language,
        )  # fmt: skip
        if user is None:
            emails.account_exists(_owner_of(email), agency=agency)
            return None
    registration = Registration(agency=agency, user=user, letter_number=letter_number, letter=stored)
    _insert(registration)
    record("accounts.register", by=user, on=registration, data={"agency": agency.code, "letter": letter_number})
    address = EmailAddress.objects.filter(user=user, email=user.email).first()
    if address and not address.verified:
        emails.confirm_address(address)
    emails.registration_received(registration)
    return registration


def check_may_register(agency: Agency, *, user: User | None) -> None:
    if not agency.participates:
        message = _("%(agency)s takes part through its province, not by itself.")
        raise ValidationError(message, code="does_not_take_part", params={"agency": agency})
    if agency.admins_agency_id != agency.pk:
        message = _("%(agency)s uses the agency admin of %(parent)s.")
        raise ValidationError(
            message, code="uses_its_governments_admin", params={"agency": agency, "parent": agency.parent}
        )
    if user and user.memberships.current().admins().filter(agency=agency).exists():
        raise ValidationError(_("You already are the admin of this agency."), code="already_admin")


@transaction.atomic
def confirm_email(user: User) -> None:
    """Marks the person's address as theirs, as following the link in the mail does."""
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


@transaction.atomic
def approve(registration: Registration, *, by: User, replacing: User | EllipsisType | None = ...) -> Membership:
    """Makes the person the agency's admin. An admin in office hands over: their membership ends, its row stays.

    `replacing` is the admin the clerk saw while deciding (None: none); left out, whoever is admin is replaced.
    Raises ValidationError (already_decided, own_registration, email_not_confirmed, account_disabled, admin_changed,
    already_admin).
    """
    registration = _lock_undecided(registration)
    if registration.user_id == by.pk:
        raise ValidationError(OWN_REGISTRATION, code="own_registration")
    agency = Agency.objects.select_for_update().get(pk=registration.agency_id)
    user = registration.user
    _check_may_be_approved(user)
    present = agency.memberships.current().admins().select_related("user", "agency").first()
    _check_replaces(present, user=user, expected=replacing)
    if present:
        end_membership(present, reason=_("Handed over to %(name)s.") % {"name": user}, by=by, successor=user)
    membership = add_member(agency, user=user, role=Membership.Role.ADMIN, by=by)
    _decide(registration, Registration.Status.APPROVED, by=by)
    data = {"agency": agency.code, "replaced": present.code if present else None}
    record("accounts.approve", by=by, on=registration, data=data)
    emails.registration_approved(registration)
    return membership


@transaction.atomic
def refuse(registration: Registration, *, reason: str, by: User) -> Registration:
    """Answers no, with the reason the person is told. They may register again."""
    if not reason.strip():
        raise ValidationError(_("Say why the registration is refused."), code="reason_missing")
    registration = _lock_undecided(registration)
    _decide(registration, Registration.Status.REFUSED, by=by, reason=reason.strip())
    record("accounts.refuse", by=by, on=registration, data={"reason": registration.reason})
    emails.registration_refused(registration)
    return registration


def _lock_undecided(registration: Registration) -> Registration:
    rows = Registration.objects.select_for_update(of=("self",)).select_related("user", "agency", "decided_by")
    registration = rows.get(pk=registration.pk)
    if registration.status != Registration.Status.PENDING:
        message = _("%(name)s has already decided this registration: %(status)s.")
        params = {"name": registration.decided_by, "status": registration.get_status_display()}
        raise ValidationError(message, code="already_decided", params=params)
    return registration


def _check_may_be_approved(user: User) -> None:
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        message = _("%(name)s has not confirmed their e-mail address yet; approve once they have.")
        raise ValidationError(message, code="email_not_confirmed", params={"name": user})
    if not user.is_active:
        raise ValidationError(_("This account is disabled."), code="account_disabled")


def _check_replaces(present: Membership | None, *, user: User, expected: User | EllipsisType | None) -> None:
    admin = present.user if present else None
    if admin == user:
        raise ValidationError(_("%(name)s already is the admin."), code="already_admin", params={"name": user})
    if expected is not ... and admin != expected:
        message = _("The agency's admin has changed meanwhile: it is now %(name)s. Look again before you decide.")
        raise ValidationError(message, code="admin_changed", params={"name": admin or "–"})


def _decide(registration: Registration, status: Registration.Status, *, by: User, reason: str = "") -> None:
    registration.status, registration.reason = status, reason
    registration.decided_at, registration.decided_by = timezone.now(), by
    registration.save(update_fields=["status", "reason", "decided_at", "decided_by"])


# --- Members ------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_member(
    agency: Agency, *, user: User, role: Membership.Role, by: User | None, unit: Unit | None = None
) -> Membership:
    """Gives the person a role in the agency from now on; the row they already hold is returned as it is.

    Raises ValidationError when another person is the agency's admin.
    """
    if current := Membership.objects.current().filter(user=user, agency=agency, role=role).first():
        return current
    membership = Membership(user=user, agency=agency, role=role, unit=unit)
    _insert(membership)
    data = {"agency": agency.code, "user": user.pk, "role": role, "unit": unit.code if unit else None}
    record("accounts.add_member", by=by, on=membership, data=data)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, reason: str, by: User, successor: User | None = None) -> None:
    """Ends a role now and tells the person why; the row stays as history. Ending it twice changes nothing."""
    if not reason.strip():
        raise ValidationError(_("Say why the membership ends."), code="reason_missing")
    row = Membership.objects.select_for_update(of=("self",)).select_related("user", "agency").get(pk=membership.pk)
    if row.ended_at:
        return
    row.ended_at, row.ended_because = timezone.now(), reason.strip()
    row.save(update_fields=["ended_at", "ended_because"])
    record("accounts.end_membership", by=by, on=row, data={"reason": row.ended_because, "role": row.role})
    emails.membership_ended(row, successor=successor)


@transaction.atomic
def add_secretariat(*, email: str, name: str) -> User:
    """Gives the person at this address the secretariat's rights; an account without a password is made if needed."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, name=name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if not user.is_secretariat:
        user.is_secretariat = True
        user.save(update_fields=["is_secretariat"])
        record("accounts.add_secretariat", by=None, on=user)
    return user


@transaction.atomic
def suggest_successor(agency: Agency, *, email: str, name: str, by: User) -> None:
    """Invites a successor to register with their own letter. The present admin stays until the secretariat approves."""
    record("accounts.suggest_successor", by=by, on=agency, data={"name": name})
    emails.asked_to_succeed(agency, email=email.lower(), name=name, by=by)


# --- Units --------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_unit(agency: Agency, *, name: str, by: User) -> Unit:
    """Adds a public service unit that innovators can belong to. Raises ValidationError when the name is taken."""
    unit = Unit(agency=agency, name=" ".join(name.split()))
    _insert(unit)
    record("accounts.open_unit", by=by, on=unit, data={"agency": agency.code, "name": unit.name})
    return unit


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, by: User) -> None:
    former, unit.name = unit.name, " ".join(name.split())
    _write(unit, update_fields=["name"])
    record("accounts.rename_unit", by=by, on=unit, data={"from": former, "to": unit.name})


@transaction.atomic
def set_unit_open(unit: Unit, *, is_open: bool, by: User) -> None:
    """Closes a unit to new members and proposals, or opens it again. What it already has stays."""
    if unit.is_open == is_open:
        return
    unit.is_open = is_open
    unit.save(update_fields=["is_open"])
    record("accounts.reopen_unit" if is_open else "accounts.close_unit", by=by, on=unit)


# --- Invitations --------------------------------------------------------------------------------------------------
@transaction.atomic
def invite_innovator(
    agency: Agency, *, email: str, by: User, name: str = "", unit: Unit | None = None, is_bound: bool = False
) -> Invitation:
    """Writes to somebody that they may join the agency. One open invitation per address: asked again, it is renewed
    if it is over, and leads to the unit named now.

    `is_bound`: for one piece of work only, until somebody invites the person to the agency as such.
    Raises ValidationError (already_member, unit_of_another_agency, unit_closed).
    """
    email = email.strip().lower()
    _check_may_be_invited(agency, email=email, unit=unit)
    invitation, is_new = Invitation.objects.select_for_update(of=("self",)).get_or_create(
        agency=agency, email=email, accepted_at=None, revoked_at=None,
        defaults={"name": name, "unit": unit, "invited_by": by, "expires_at": _expiry(), "is_bound": is_bound},
    )  # fmt: skip
    was_open = not is_new and invitation.state == Invitation.State.OPEN
    if was_open and unit in (None, invitation.unit) and is_bound in (True, invitation.is_bound):
        return invitation
    if not is_new:
        invitation.unit, invitation.is_bound = unit or invitation.unit, invitation.is_bound and is_bound
        invitation.expires_at = invitation.expires_at if was_open else _expiry()
        invitation.save(update_fields=["unit", "is_bound", "expires_at"])
    data = {"agency": agency.code, "unit": invitation.unit.code if invitation.unit else None}
    record("accounts.invite", by=by, on=invitation, data=data)
    if not was_open:
        emails.invited(invitation)
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Sends the mail again and gives the invitation its full time. Raises ValidationError when it is answered."""
    invitation = _lock_unanswered(invitation)
    invitation.expires_at = _expiry()
    invitation.save(update_fields=["expires_at"])
    record("accounts.resend_invitation", by=by, on=invitation)
    emails.invited(invitation)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    """Makes the link in the mail worthless."""
    invitation = _lock_unanswered(invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record("accounts.revoke_invitation", by=by, on=invitation)


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, user: User | None = None, name: str = "", phone: str = "", position: str = "",
    password: str | None = None, language: str = "id",
) -> Membership:  # fmt: skip
    """Makes the invited person an innovator of the agency. Accepting twice as the same person changes nothing.

    Without `user` an account is made; its address counts as confirmed, because the token came to it by mail.
    Raises ValidationError (invitation_accepted, invitation_revoked, invitation_expired, sign_in_first).
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("agency", "unit")
    invitation = rows.get(pk=invitation.pk)
    agency = invitation.agency
    if invitation.accepted_at and user and invitation.accepted_by_id == user.pk:
        return Membership.objects.innovators().filter(user=user, agency=agency).latest("started_at")
    check_can_be_accepted(invitation)
    if user is None:
        user = _new_user(
            invitation.email, password, verified=True, name=name, phone=phone, position=position,
            time_zone=agency.time_zone, language=language,
        )  # fmt: skip
    if user is None:
        message = _("This address already has an account. Log in, then accept the invitation.")
        raise ValidationError(message, code="sign_in_first")
    membership = add_member(agency, user=user, role=Membership.Role.INNOVATOR, unit=invitation.unit, by=user)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record("accounts.accept_invitation", by=user, on=invitation, data={"agency": agency.code})
    emails.invitation_accepted(invitation, user=user)
    return membership


def check_can_be_accepted(invitation: Invitation) -> None:
    words = {
        Invitation.State.ACCEPTED: _("This invitation has already been used."),
        Invitation.State.REVOKED: _("The agency has withdrawn this invitation."),
        Invitation.State.EXPIRED: _("This invitation has expired."),
    }
    if invitation.state in words:
        raise ValidationError(words[invitation.state], code=f"invitation_{invitation.state}")


def _check_may_be_invited(agency: Agency, *, email: str, unit: Unit | None) -> None:
    if unit and unit.agency_id != agency.pk:
        raise ValidationError(_("This unit belongs to another agency."), code="unit_of_another_agency")
    if unit and not unit.is_open:
        raise ValidationError(_("This unit is closed."), code="unit_closed")
    if Membership.objects.current().innovators().filter(agency=agency, user__email=email).exists():
        message = _("%(email)s already is an innovator of this agency.")
        raise ValidationError(message, code="already_member", params={"email": email})


def _lock_unanswered(invitation: Invitation) -> Invitation:
    row = Invitation.objects.select_for_update(of=("self",)).select_related("agency", "unit").get(pk=invitation.pk)
    if row.state in (Invitation.State.ACCEPTED, Invitation.State.REVOKED):
        check_can_be_accepted(row)
    return row


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=INVITATION_DAYS)


# --- Rows ---------------------------------------------------------------------------------------------------------
def _new_user(email: str, password: str | None, *, verified: bool, **fields: str) -> User | None:
    """A new account with its address; None when the address is taken. Takes equally long either way (Argon2)."""
    user = User(email=email.lower(), password=make_password(password), consented_at=timezone.now(), **fields)
    if EmailAddress.objects.filter(email=user.email).exclude(user__email=user.email).exists():
        return None
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        return None
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    return user


def _owner_of(email: str) -> User:
    address = EmailAddress.objects.filter(email=email.lower()).select_related("user").first()
    return address.user if address else User.objects.get(email=email.lower())


def _insert(row: models.Model) -> None:
    _write(row, force_insert=True)


def _write(row: models.Model, **how: Any) -> None:
    """Saves a row; a constraint it would break speaks in its own human words, also when two write at once."""
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError:
        row.validate_constraints()
        raise
