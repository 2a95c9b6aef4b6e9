"""What a broadcast would be if it were confirmed now: to whom it goes, and how a recipient reads it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.urls import reverse

from accounts.models import Membership, Registration, User
from competitions.models import Competition
from desk.audiences import AUDIENCES, Audience
from desk.models import Broadcast
from judging.models import Juror
from notifications.mail import Letter
from notifications.outbox import written

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

    @cached_property
    def samples(self) -> list[Letter]:
        """The e-mail of the first recipient of each language, exactly as it would go."""
        firsts: dict[str, User] = {}
        for person in self.people:
            firsts.setdefault(person.language, person)
        return [mail_to(self.broadcast, person) for person in firsts.values()]


def preview(broadcast: Broadcast) -> Preview:
    return Preview(broadcast, audience_of(broadcast).of(broadcast.competition))


def audience_of(broadcast: Broadcast) -> Audience:
    return AUDIENCES[broadcast.audience]


def link_of(broadcast: Broadcast) -> str:
    return reverse(audience_of(broadcast).link)


def mail_to(broadcast: Broadcast, person: User) -> Letter:
    """This person's e-mail; its `message_row` is what they would find in their inbox. Nothing is stored."""
    context = {"broadcast": broadcast}
    message = written(person, TEMPLATE, broadcast.key, context, link_of(broadcast), is_markdown=True)
    message.recipient = person
    return Letter(message)


def agencies_of(people: Iterable[User], competition: Competition) -> dict[int, str]:
    """For each person's key where they act or judge from now; else where they acted once, or asked to. Three
    queries."""
    now: dict[int, dict[str, None]] = defaultdict(dict)
    once: dict[int, dict[str, None]] = defaultdict(dict)
    keys = [person.pk for person in people]
    roles = Membership.objects.filter(user__in=keys).order_by("agency__name")
    for user, agency, ended_at in roles.values_list("user", "agency__name", "ended_at"):
        (once if ended_at else now)[user][agency] = None
    jurors = Juror.objects.current().filter(competition=competition, user__in=keys)
    for user, agency, institution in jurors.values_list("user", "agency__name", "institution"):
        now[user][agency or institution] = None
    for user, agency in Registration.objects.filter(user__in=keys).values_list("user", "agency__name"):
        once[user][agency] = None
    return {key: "; ".join(name for name in now.get(key) or once.get(key) or {} if name) for key in keys}
