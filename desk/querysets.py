"""Reads of what the desk keeps, in the language of the work."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery

from accounts.models import User
from accounts.rules import is_secretariat
from files.querysets import PreparedFileQuerySet
from notifications.models import Message

if TYPE_CHECKING:
    from desk.models import Broadcast, Extract, Recipient  # noqa: F401 (in quotes below)
    from desk.models.broadcast import Delivery

SENT, FAILED, WITHDRAWN = Message.Status.SENT, Message.Status.FAILED, Message.Status.WITHDRAWN


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    def drafts(self) -> "BroadcastQuerySet":
        return self.filter(confirmed_at=None)

    def confirmed(self) -> "BroadcastQuerySet":
        return self.exclude(confirmed_at=None)

    def being_written(self) -> "BroadcastQuerySet":
        """Confirmed, and some letter is not in the outbox yet."""
        return self.confirmed().filter(written_at=None, stopped_at=None)

    def with_names(self) -> "BroadcastQuerySet":
        return self.select_related("competition", "created_by", "confirmed_by", "stopped_by")

    def load_delivery(self, broadcasts: "Sequence[Broadcast]") -> "Sequence[Broadcast]":
        """The same rows, each with its `delivery` loaded, in two queries."""
        found = self.deliveries(broadcasts)
        for each in broadcasts:
            each.delivery = found[each.pk]
        return broadcasts

    def deliveries(self, broadcasts: "Sequence[Broadcast]") -> "dict[int, Delivery]":
        """How far the letters of each are. Two queries, whatever their number."""
        from desk.models import Recipient

        counted = Recipient.objects.filter(broadcast__in=broadcasts).order_by().values("broadcast")
        people = {
            row["broadcast"]: row
            for row in counted.annotate(all=Count("pk"), unwritten=Count("pk", filter=Q(written_at=None)))
        }
        letters = Message.objects.filter(key__in=[each.key for each in broadcasts]).order_by().values("key")
        counts = {
            row["key"]: row
            for row in letters.annotate(
                all=Count("pk"),
                sent=Count("pk", filter=Q(status=SENT)),
                failed=Count("pk", filter=Q(status=FAILED)),
                withdrawn=Count("pk", filter=Q(status=WITHDRAWN)),
            )
        }
        return {each.pk: _delivery(each, people.get(each.pk, {}), counts.get(each.key, {})) for each in broadcasts}


def _delivery(broadcast: "Broadcast", people: Mapping[str, Any], letters: Mapping[str, Any]) -> "Delivery":
    from desk.models.broadcast import Delivery

    everybody, written = people.get("all", 0), letters.get("all", 0)
    sent, failed, withdrawn = letters.get("sent", 0), letters.get("failed", 0), letters.get("withdrawn", 0)
    waiting = written - sent - failed - withdrawn
    if broadcast.stopped_at:
        return Delivery(everybody, waiting, sent, failed, everybody - written + withdrawn)
    return Delivery(everybody, waiting + people.get("unwritten", 0), sent, failed)


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def unwritten(self) -> "RecipientQuerySet":
        return self.filter(written_at=None)

    def with_letter(self, key: str) -> "RecipientQuerySet":
        """Each with its person and the `status` of the letter with this key; none where there is no letter."""
        letter = Message.objects.filter(key=key, recipient=OuterRef("person"))
        return self.select_related("person").annotate(
            status=Subquery(letter.values("status")[:1]), error=Subquery(letter.values("error")[:1])
        )


class ExtractQuerySet(PreparedFileQuerySet["Extract"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the whole secretariat for each of it; none for anybody else."""
        return self if is_secretariat(user) else self.none()
