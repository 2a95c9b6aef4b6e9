from argparse import ArgumentParser

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from accounts.actions import add_secretariat
from notifications.outbox import absolute


class Command(BaseCommand):
    help = (
        "Makes the person a member of the secretariat, with a new account if the address has none, and prints the"
        " link with which they choose their password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *, email: str, name: str, **options: object) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        user = add_secretariat(email=email, name=name)
        self.stdout.write(f"{user.name} <{user.email}> works for the secretariat.")
        if not user.has_usable_password():
            key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
            link = absolute(reverse("account_reset_password_from_key", kwargs=key))
            self.stdout.write(f"The password is chosen here: {link}")
