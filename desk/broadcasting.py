"""What a broadcast would be if it were confirmed now: to whom it goes, and how a recipient reads it."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.urls import reverse

from accounts.models import User
from desk.audiences import AUDIENCES, Audience
from desk.models import Broadcast
from notifications.mail import Letter
from notifications.models import Message
from notifications.outbox import reading_as, written

TEMPLATE = "desk/mail/broadcast"


@dataclass(frozen=True)
class Preview:
    """`people` as they are at this moment, by name."""

    broadcast: Broadcast
    people: list[User]

    @cached_property
    def seen(self) -> str:
        """What whoever confirms has looked at: the number of people, and a mark of them and of the letter."""
        keys = sorted(person.pk for person in self.people)
        whole = repr((self.broadcast.subject, self.broadcast.text, self.broadcast.audience, keys))
        return f"{len(keys)}:{sha256(whole.encode()).hexdigest()[:24]}"


def preview(broadcast: Broadcast) -> Preview:
    return Preview(broadcast, audience_of(broadcast).of(broadcast.competition))


def audience_of(broadcast: Broadcast) -> Audience:
    return AUDIENCES[broadcast.audience]


def link_of(broadcast: Broadcast) -> str:
    return reverse(audience_of(broadcast).link)


def message_to(broadcast: Broadcast, person: User) -> Message:
    """The message as this person would find it in their inbox; it is not stored."""
    context = {"broadcast": broadcast}
    return written(person, TEMPLATE, broadcast.key, context, link_of(broadcast), is_markdown=True)


def mail_to(broadcast: Broadcast, person: User) -> Letter:
    """The same as their e-mail."""
    message = message_to(broadcast, person)
    message.recipient = person
    with reading_as(person):
        return Letter(message)
