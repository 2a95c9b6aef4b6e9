"""How allauth behaves here: accounts come from registrations and invitations, and its mails take our outbox."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.codes import new_code
from notifications.outbox import tell

# allauth's name of a mail → ours, under templates/accounts/mail/
MAILS = {
    "email_confirmation": "confirm_email",
    "email_confirmation_signup": "confirm_email",
    "password_reset_key": "reset_password",
    "unknown_account": "unknown_account",
    "password_changed": "password_changed",
    "password_set": "password_changed",
    "password_reset": "password_changed",
    "email_changed": "email_changed",
    "email_deleted": "email_changed",
}
NEXT_STEP = {"unknown_account": "accounts:register", "password_changed": "account_reset_password"}


class AccountAdapter(DefaultAccountAdapter):
    # In the portal's own words: allauth's Indonesian does not write the polite "Anda".
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Writes the mail into the outbox, so that it is retried, logged and never delays a page."""
        name = MAILS[template_prefix.rpartition("/")[2]]
        user = context.get("user") or self.request.user
        url = context.get("activate_url") or context.get("password_reset_url") or ""
        tell(
            to=user if user.is_authenticated and user.email == email else email,
            template=f"accounts/mail/{name}",
            key=f"accounts.{name}:{new_code()}",
            context={"email": email, "at": context.get("timestamp")},
            link=urlsplit(url).path or reverse(NEXT_STEP.get(name, "account_login")),
        )
