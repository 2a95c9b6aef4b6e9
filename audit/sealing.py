"""Sealing the record: each batch of new events becomes a Merkle tree whose root is chained to the one before.

Whoever changes, adds or removes an old event must recompute every later root, and the roots have been shown in public.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Min, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from audit import merkle
from audit.models import Event, Seal

BATCH = 10_000  # events in one seal at most; the rest is sealed the next minute
RECENT = 3  # seals that a page looks at to say what is not sealed yet
LATE = timedelta(minutes=5)  # after which somebody should look why nothing is sealed
_LOCK = 5_317_099  # any number, the same for every sealer


def seal_new() -> Seal | None:
    """Seals the events that are in no seal yet, at most BATCH; None if there are none.

    Two at once wait for each other. An event whose transaction is still open is not visible and is taken by a later
    seal, whatever its id.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        events = list(unsealed()[:BATCH])
        if not events:
            return None
        previous = Seal.objects.order_by("id").last()
        at = timezone.now()
        leaves = [head_leaf(at, previous), *(event_leaf(event) for event in events)]
        return Seal.objects.create(
            at=at,
            previous=previous,
            event_ids=[event.id for event in events],
            leaves=[leaf.hex() for leaf in leaves],
            root=merkle.root(leaves).hex(),
        )


@dataclass(frozen=True)
class Sealed:
    """The state of the record: its last seal, and how many deeds wait for the next, the first of them since when."""

    last: Seal | None
    waiting: int
    since: datetime | None

    @property
    def is_late(self) -> bool:
        """Nothing has sealed for longer than a few minutes."""
        return self.since is not None and timezone.now() - self.since > LATE


def state() -> Sealed:
    """Looks at the last few seals and what came since, however long the record is: what an older transaction left
    unsealed before them is sealed within the minute."""
    recent = list(Seal.objects.order_by("-id").values_list("event_ids", flat=True)[:RECENT])
    since = Event.objects.filter(id__gt=max(map(max, recent), default=0))
    waits = since.order_by().aggregate(number=Count("pk"), since=Min("at"))
    return Sealed(Seal.objects.defer("leaves", "event_ids").last(), waits["number"], waits["since"])


def unsealed() -> QuerySet[Event]:
    """In no seal."""
    sealed = "SELECT each::bigint FROM audit_seal, jsonb_array_elements_text(event_ids) AS each"
    return Event.objects.exclude(id__in=RawSQL(sealed, []))  # noqa: S611


def head_leaf(at: datetime, previous: Seal | None) -> bytes:
    """Leaf 0 ties the tree to its time and to the seal before; the first one follows on an empty text."""
    return merkle.leaf_hash(_canonical({"at": _moment(at), "previous": previous.root if previous else ""}))


def event_leaf(event: Event) -> bytes:
    """The hash of the event as the database gives it back, never as it was before saving."""
    return merkle.leaf_hash(
        _canonical(
            {
                "id": event.id,
                "at": _moment(event.at),
                "actor": event.actor_id,
                "verb": event.verb,
                "object_type": event.object_type,
                "object_key": event.object_key,
                "data": event.data,
            }
        )
    )


def _canonical(value: object) -> bytes:
    """One spelling for one value: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
