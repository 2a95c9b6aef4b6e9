"""Interviews as their pages show them: by day, who hears whom, what is in session and what comes next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.calendar import ZONE, local_day
from competitions.models import Round
from judging.interviews.sittings import (
    Barred,
    Clash,
    People,
    barred,
    clashes_among,
    hours_of,
    panels_of_year,
    people_of,
    slots_of_year,
)
from judging.interviews.timetable import suits
from judging.models import Assessment, ChangeRequest, Entry, InterviewSlot, Juror, Panel

# state → (label, tone of its badge)
STATES: dict[str, tuple[str | Promise, str]] = {
    "running": (_("In session"), "current"),
    "next": (_("Next"), "warning"),
    "done": (_("Heard"), "done"),
    "absent": (_("Did not appear"), "problem"),
    "cancelled": (_("Cancelled"), "withdrawn"),
    "proposed": (_("Proposed"), "draft"),
    "asked": (_("Another time is asked for"), "warning"),
    "unconfirmed": (_("Not confirmed"), "pending"),
    "confirmed": (_("Confirmed"), "passed"),
}


@dataclass(frozen=True)
class Line:
    """One interview in a list. `outside` is true where the agency's office is closed at that time."""

    slot: InterviewSlot
    people: list[Juror]
    state: str
    outside: bool = False

    @property
    def label(self) -> str | Promise:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]

    @property
    def here(self) -> datetime:
        """The beginning by the panels' clock; a template prints it as it is."""
        return self.slot.starts_at.astimezone(ZONE).replace(tzinfo=None)

    @property
    def there(self) -> datetime | None:
        """The beginning by the agency's clock, where that is another."""
        zone = ZoneInfo(self.slot.entry.proposal.agency.time_zone)
        local = self.slot.starts_at.astimezone(zone)
        return None if local.utcoffset() == self.slot.starts_at.astimezone(ZONE).utcoffset() else local

    @property
    def there_text(self) -> str:
        return f"{self.there:%H.%M}" if self.there else ""

    @property
    def zone(self) -> str:
        return (self.there.tzname() or "") if self.there else ""


@dataclass(frozen=True)
class Day:
    """The interviews of one day in Jakarta."""

    day: date
    lines: list[Line]

    @property
    def waiting_panels(self) -> list[Panel]:
        """Panels that still hear somebody today: they may run late."""
        return [line.slot.panel for line in self.lines if line.state == "next"]


def lines_of(slots: Iterable[InterviewSlot], at: datetime, people: People | None = None) -> list[Line]:
    """The interviews in order with their state; the first of a panel that waits today is the next one."""
    in_order = sorted(slots, key=lambda slot: (slot.starts_at, slot.panel.name, slot.pk))
    asked = set(ChangeRequest.objects.filter(slot__in=in_order, outcome="").values_list("slot", flat=True))
    people, called = people_of(in_order) if people is None else people, set()
    found = []
    for slot in in_order:
        state = _state(slot, asked)
        waits_today = slot.status == "waiting" and slot.published_at and local_day(slot.starts_at) == local_day(at)
        if waits_today and slot.panel_id not in called:
            called.add(slot.panel_id)
            state = "next"
        found.append(Line(slot, people[slot.pk], state))
    return found


def _state(slot: InterviewSlot, asked: Collection[int]) -> str:
    if slot.status != InterviewSlot.Status.WAITING:
        return slot.status
    if slot.published_at is None:
        return "proposed"
    if slot.pk in asked:
        return "asked"
    return "confirmed" if slot.confirmed_at else "unconfirmed"


def by_day(lines: Iterable[Line]) -> list[Day]:
    return [Day(day, list(some)) for day, some in groupby(lines, key=lambda line: local_day(line.slot.starts_at))]


@dataclass(frozen=True)
class Left:
    """An entry without a time, and why: in words, and who stands in the way where it is a conflict."""

    entry: Entry
    words: str | Promise
    barred: list[tuple[Panel, Barred]]


@dataclass(frozen=True)
class Overview:
    """All the secretariat needs to see of a round's interviews."""

    panels: list[Panel]
    days: list[Day]
    left: list[Left]
    clashes: list[Clash]
    proposed: int
    unconfirmed: list[Line]
    asked: list[Line]

    @property
    def count(self) -> int:
        """Those that take place."""
        return sum(line.state != "cancelled" for day in self.days for line in day.lines)

    @property
    def entries(self) -> int:
        return self.count + len(self.left)


def overview(judging_round: Round, at: datetime) -> Overview:
    """In a constant number of queries, however many interviews there are."""
    all_panels = panels_of_year(judging_round.group.competition)
    panels = [panel for panel in all_panels if panel.round_id == judging_round.pk]
    year = slots_of_year(judging_round.group.competition, all_panels)
    mine = [slot for slot in year if slot.entry.round_id == judging_round.pk]
    timetable = getattr(judging_round, "timetable", None)
    people = people_of(year)
    lines = lines_of(mine, at, people)
    if timetable is not None:
        hours = hours_of(timetable)
        lines = [
            replace(line, outside=not suits(line.slot.starts_at, line.slot.entry.proposal.agency.time_zone, hours))
            for line in lines
        ]
    pks = {slot.pk for slot in mine}
    return Overview(
        panels=panels,
        days=by_day(lines),
        left=_left(judging_round, panels),
        clashes=[each for each in clashes_among(year, people) if {each.first.pk, each.second.pk} & pks],
        proposed=sum(slot.published_at is None for slot in mine),
        unconfirmed=[line for line in lines if line.slot.published_at and line.slot.status == "waiting"
                     and not line.slot.confirmed_at],
        asked=[line for line in lines if line.state == "asked"],
    )  # fmt: skip


def _left(judging_round: Round, panels: list[Panel]) -> list[Left]:
    """The entries without a time. Where every panel holds a conflict, that is why; else the hours are too few."""
    entries = list(
        Entry.objects.competing()
        .filter(round=judging_round, slot=None)
        .select_related("proposal__agency")
        .order_by("proposal__code")
    )
    never = barred(panels, entries) if entries else {}
    found = []
    for entry in entries:
        standing = [(panel, never[panel.pk, entry.pk]) for panel in panels if (panel.pk, entry.pk) in never]
        if panels and len(standing) == len(panels):
            words = _("Every panel has a member who may not hear it. Change a panel, or form another.")
        else:
            words = _("No free time fits. Choose more days or longer hours, or form another panel, then propose again.")
        found.append(Left(entry, words, standing))
    return found


def own_sheet(entry: Entry, user: User) -> Assessment | None:
    """The reader's sheet of an entry."""
    return Assessment.objects.visible_to(user).live().filter(entry=entry, juror__user=user).first()
