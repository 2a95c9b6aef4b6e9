"""What people are told about their accounts. Every message goes through the outbox, never straight to a mail server."""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse
from django.utils import timezone

from accounts.codes import new_code
from accounts.models import Agency, Invitation, Membership, Registration, User
from notifications.outbox import absolute, tell


def confirm_address(address: EmailAddress) -> None:
    """The link that shows the address is theirs; whoever asked first did not have to be the owner."""
    tell(
        to=address.user,
        template="accounts/mail/confirm_email",
        key=f"accounts.confirm_email:{new_code()}",
        link=reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key]),
    )


def account_exists(user: User, *, agency: Agency) -> None:
    """Somebody registered with an address that already has an account: only its owner learns of it."""
    tell(
        to=user,
        template="accounts/mail/account_exists",
        key=f"accounts.account_exists:{new_code()}",
        context={"agency": agency, "reset_url": absolute(reverse("account_reset_password"))},
        link=_registering_for(agency),
    )


def registration_received(registration: Registration) -> None:
    _about_registration(registration, "registration_received", link=reverse("accounts:profile"))


def registration_approved(registration: Registration) -> None:
    _about_registration(registration, "registration_approved", link=reverse("accounts:agency"))


def registration_refused(registration: Registration) -> None:
    _about_registration(registration, "registration_refused", link=_registering_for(registration.agency))


def _about_registration(registration: Registration, name: str, *, link: str) -> None:
    tell(
        to=registration.user,
        template=f"accounts/mail/{name}",
        key=f"accounts.{name}:{registration.code}",
        context={"registration": registration, "agency": registration.agency},
        link=link,
    )


def _registering_for(agency: Agency) -> str:
    return f"{reverse('accounts:register')}?agency={agency.code}"


def membership_ended(membership: Membership, *, successor: User | None = None) -> None:
    tell(
        to=membership.user,
        template="accounts/mail/membership_ended",
        key=f"accounts.membership_ended:{membership.code}",
        context={"membership": membership, "agency": membership.agency, "successor": successor},
        link=reverse("accounts:profile"),
    )


def invited(invitation: Invitation) -> None:
    """May be sent again: once a minute at most, so that a double click sends one."""
    tell(
        to=invitation.email,
        template="accounts/mail/invitation",
        key=f"accounts.invitation:{invitation.code}:{timezone.now():%Y%m%d%H%M}",
        context={"invitation": invitation, "agency": invitation.agency},
        link=reverse("accounts:invitation", args=[invitation.token]),
    )


def invitation_accepted(invitation: Invitation, *, user: User) -> None:
    """Tells the agency's admin; where there is none at the moment, nobody."""
    admin = invitation.agency.admin
    if admin is None:
        return
    tell(
        to=admin,
        template="accounts/mail/invitation_accepted",
        key=f"accounts.invitation_accepted:{invitation.code}",
        context={"user": user, "agency": invitation.agency, "unit": invitation.unit},
        link=f"{reverse('accounts:agency')}?agency={invitation.agency.code}",
    )


def asked_to_succeed(agency: Agency, *, email: str, name: str, by: User) -> None:
    tell(
        to=email,
        template="accounts/mail/asked_to_succeed",
        key=f"accounts.asked_to_succeed:{agency.code}:{timezone.now():%Y%m%d%H%M}",
        context={"agency": agency, "name": name, "by": by},
        link=_registering_for(agency),
    )
