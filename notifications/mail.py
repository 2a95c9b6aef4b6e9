"""A message as an e-mail, and the demo's mail server: a table that /mailbox/ shows."""

import re
import uuid
from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from notifications.models import Message
from notifications.outbox import absolute, reading_as

# Bodies are Markdown for the inbox; a letter is plain text, where a reader would see the marks of bold words.
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")


class Letter(EmailMessage):
    """The e-mail of one message: its text in the portal's frame, in the recipient's language."""

    def __init__(self, message: Message) -> None:
        self.message_row = message
        with reading_as(message.recipient):
            values = {
                "text": BOLD.sub(r"\1", message.body),
                "name": message.recipient.get_full_name() if message.recipient else "",
                "link": absolute(message.link),
                "site_url": settings.SITE_URL,
                "help_address": settings.HELPDESK_EMAIL,
            }
            frame = get_template("notifications/mail/frame.txt").template  # type: ignore[attr-defined]
            body = frame.render(Context(values, autoescape=False)).strip() + "\n"
        headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
        super().__init__(" ".join(message.subject.split()), body, to=[message.address], headers=headers)


def message_id(message: Message) -> str:
    """The same for every attempt, so that a mail server or reader can drop a second copy."""
    digest = sha256(f"{message.key}\n{message.address}".encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


class OutboxBackend(BaseEmailBackend):
    """The e-mail backend of the demo: nothing leaves the machine.

    A Letter is a row already, so it counts as sent and is marked by the delivery like any other. Mails that others
    write straight to Django (allauth: confirm an address, reset a password) become rows, so that they can be read too.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        foreign = [mail for mail in email_messages if not isinstance(mail, Letter)]
        Message.objects.bulk_create(_as_row(mail, address) for mail in foreign for address in mail.recipients())
        return len(email_messages)


def _as_row(mail: EmailMessage, address: str) -> Message:
    now = timezone.now()
    return Message(
        key=f"mail:{uuid.uuid4()}",
        kind="mail",
        address=address,
        subject=" ".join(str(mail.subject).split())[:200],
        body=str(mail.body),
        status=Message.Status.SENT,
        attempts=1,
        sent_at=now,
    )
