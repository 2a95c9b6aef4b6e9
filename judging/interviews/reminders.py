"""Who is told about an interview by the clock: to confirm it, that nobody confirmed it, and that it is tomorrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from competitions import calendar
from judging.models import InterviewSlot

LEADS = (timedelta(hours=48), timedelta(hours=24), timedelta(hours=4))  # before the last moment to confirm
TOMORROW = timedelta(hours=24)


@dataclass(frozen=True)
class Due:
    """`kind`: "confirm" (to the agency), "unconfirmed" (to the secretariat), "tomorrow" (to all who meet)."""

    slot: InterviewSlot
    kind: str
    turn: str = ""

    @property
    def template(self) -> str:
        return f"interview_{self.kind}"

    @property
    def key(self) -> str:
        """As the letter's: a slot that moved is spoken of anew."""
        if self.kind == "unconfirmed":
            return f"judging.unconfirmed:{self.slot.code}:{self.slot.planned_at:%Y%m%d%H%M}"
        return f"judging.{self.template}:{self.slot.code}:{self.slot.version}{self.turn}"


def due(at: datetime) -> Iterator[Due]:
    """What is to be told now. Computed each minute, told once by its key."""
    slots = InterviewSlot.objects.published().filter(status="waiting", starts_at__gt=at)
    near = Q(confirmed_at=None, confirm_by__lte=at + LEADS[0]) | Q(starts_at__lte=at + TOMORROW)
    for slot in slots.filter(near).with_people().order_by("pk"):
        day_before = slot.starts_at - TOMORROW
        if day_before <= at < calendar.start_of_day(slot.starts_at) and _knew(slot, day_before):
            yield Due(slot, "tomorrow")
        if slot.confirmed_at is None and slot.confirm_by:
            yield from _confirmation(slot, slot.confirm_by, at)


def _confirmation(slot: InterviewSlot, last: datetime, at: datetime) -> Iterator[Due]:
    if last <= at:
        yield Due(slot, "unconfirmed")
        return
    lead = min((lead for lead in LEADS if last - at <= lead), default=None)
    if lead is not None and _knew(slot, last - lead):
        yield Due(slot, "confirm", turn=f":{int(lead.total_seconds() // 3600)}h")


def _knew(slot: InterviewSlot, moment: datetime) -> bool:
    """Whether the agency had been told by then: who was told later has the letter itself."""
    return slot.published_at is not None and slot.published_at <= moment
