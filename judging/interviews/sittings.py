"""Interviews as the timetable sees them: read from the database, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from competitions.calendar import local_day, working_days
from competitions.models import Competition, Round
from judging.interviews.timetable import Board, Hours, Meeting, Sitting, clashes
from judging.jurors.conflicts import Path, ties_of
from judging.models import Assessment, Entry, InterviewSlot, Juror, Panel, Timetable

SAME = {
    "panel": gettext_lazy("%(panel)s hears “%(first)s” and “%(second)s” at the same time."),
    "agency": gettext_lazy("%(agency)s is to present “%(first)s” and “%(second)s” at the same time."),
    "person": gettext_lazy("%(people)s would hear “%(first)s” and “%(second)s” at the same time."),
}
People = dict[int, list[Juror]]


@dataclass(frozen=True)
class Barred:
    """Somebody of a panel who may not hear an entry, and why."""

    juror: Juror
    path: Path


@dataclass(frozen=True)
class Clash:
    """Two interviews that cannot both be held, in words."""

    first: InterviewSlot
    second: InterviewSlot
    words: str


def hours_of(found: Timetable) -> Hours:
    return Hours(
        minutes=found.round.interview_minutes,
        pause=found.pause_minutes,
        panel=(found.opens, found.closes),
        lunch=(found.lunch_from, found.lunch_to),
        office=(found.office_from, found.office_to),
    )


def days_of(judging_round: Round) -> list[date]:
    """The working days of the round's stage, in Jakarta, without the year's public holidays."""
    starts, ends = judging_round.stage.starts_at, judging_round.stage.ends_at
    if starts is None or ends is None:
        return []
    return working_days(local_day(starts), local_day(ends), judging_round.group.competition.days_off)


def holidays_of(judging_round: Round) -> list[tuple[date, str]]:
    """The public holidays that days_of leaves out, with their names."""
    starts, ends = judging_round.stage.starts_at, judging_round.stage.ends_at
    if starts is None or ends is None:
        return []
    first, last = local_day(starts), local_day(ends)
    return [(day, name) for day, name in judging_round.group.competition.days_off.items() if first <= day <= last]


def panels_of_year(competition: Competition) -> list[Panel]:
    """All panels of the year with their members loaded."""
    members = Prefetch("members", Juror.objects.select_related("user"))
    return list(Panel.objects.filter(round__group__competition=competition).prefetch_related(members))


def boards(panels: Iterable[Panel]) -> list[Board]:
    return [Board(panel.pk, frozenset(juror.user_id for juror in panel.members.all())) for panel in panels]


def barred(panels: Iterable[Panel], entries: Iterable[Entry]) -> dict[tuple[int, int], Barred]:
    """(panel, entry) → the first member with a conflict, for every pair that may not meet."""
    panels, entries = list(panels), list(entries)
    ties = ties_of({juror.pk: juror for panel in panels for juror in panel.members.all()}.values())
    found: dict[tuple[int, int], Barred] = {}
    for panel in panels:
        for juror in panel.members.all():
            for entry in entries:
                if path := ties[juror.pk].path(entry.proposal):
                    found.setdefault((panel.pk, entry.pk), Barred(juror, path))
    return found


def meetings(entries: Iterable[Entry], never: Collection[tuple[int, int]]) -> list[Meeting]:
    """The interviews to be placed. Enterprises of one government share its admin, and so count as one agency."""
    panels_by_entry: dict[int, set[int]] = defaultdict(set)
    for panel, entry in never:
        panels_by_entry[entry].add(panel)
    return [
        Meeting(
            entry.pk, _speaks_for(entry.proposal.agency), entry.proposal.agency.time_zone,
            frozenset(panels_by_entry[entry.pk]),
        )
        for entry in entries
    ]  # fmt: skip


def _speaks_for(agency: Agency) -> int:
    return agency.admins_agency_id


def slots_of_year(competition: Competition, panels: Iterable[Panel] | None = None) -> list[InterviewSlot]:
    """All interviews of the year: rounds of two groups share panelists, agencies and days."""
    known = {panel.pk: panel for panel in (panels_of_year(competition) if panels is None else panels)}
    found = list(InterviewSlot.objects.filter(entry__round__group__competition=competition).with_people())
    for slot in found:
        slot.panel = known[slot.panel_id]
    return found


def people_of(slots: Iterable[InterviewSlot]) -> People:
    """Slot → who hears it: those with a sheet once it is published, before that the panel's members."""
    slots = list(slots)
    sheets: dict[int, list[Juror]] = defaultdict(list)
    live = Assessment.objects.live().filter(entry__in=[slot.entry_id for slot in slots if slot.published_at])
    for sheet in live.select_related("juror__user").order_by("juror__user__name", "juror"):
        sheets[sheet.entry_id].append(sheet.juror)
    return {slot.pk: sheets[slot.entry_id] if slot.published_at else list(slot.panel.members.all()) for slot in slots}


def sittings(slots: Iterable[InterviewSlot], people: People | None = None) -> list[Sitting]:
    """When each panel, agency and person is taken."""
    slots = [slot for slot in slots if slot.status != InterviewSlot.Status.CANCELLED]
    people = people_of(slots) if people is None else people
    return [
        Sitting(
            slot.pk, slot.panel_id, _speaks_for(slot.entry.proposal.agency),
            frozenset(juror.user_id for juror in people[slot.pk]), slot.starts_at, slot.ends_at,
        )
        for slot in slots
    ]  # fmt: skip


def clashes_among(slots: Collection[InterviewSlot], people: People | None = None) -> list[Clash]:
    """Every pair of interviews still to come that cannot both be held, in words."""
    coming = {slot.pk: slot for slot in slots if slot.status in ("waiting", "running")}
    people = people_of(coming.values()) if people is None else people
    names = {juror.user_id: str(juror.user) for pk in coming for juror in people[pk]}
    found = []
    for first, second, kind in clashes(sittings(coming.values(), people)):
        slot, other = coming[first.key], coming[second.key]
        words = SAME[kind] % {
            "panel": slot.panel, "agency": slot.entry.proposal.agency, "first": slot.entry.proposal.title,
            "second": other.entry.proposal.title,
            "people": ", ".join(sorted(names[pk] for pk in first.people & second.people)),
        }  # fmt: skip
        found.append(Clash(slot, other, words))
    return found


def refuse_clashes(competition: Competition, changed: Collection[InterviewSlot]) -> None:
    """ValidationError `clash` when one of the changed interviews (as they are in memory) cannot be held beside the
    others of the year; `conflict` when somebody who would hear it may not."""
    mine = {slot.pk: slot for slot in changed}
    others = [slot for slot in slots_of_year(competition) if slot.pk not in mine]
    wrong = [each.words for each in clashes_among([*others, *changed]) if {each.first.pk, each.second.pk} & mine.keys()]
    if wrong:
        raise ValidationError([ValidationError(words, code="clash") for words in wrong])
    people = people_of(changed)
    ties = ties_of({juror.pk: juror for jurors in people.values() for juror in jurors}.values())
    for slot in changed:
        for juror in people[slot.pk]:
            if path := ties[juror.pk].path(slot.entry.proposal):
                words = _("%(name)s of %(panel)s may not hear “%(title)s”: %(path)s")
                named = {"name": juror, "panel": slot.panel, "title": slot.entry.proposal.title, "path": path}
                raise ValidationError(words, code="conflict", params=named)


def length_of(judging_round: Round) -> timedelta:
    return timedelta(minutes=judging_round.interview_minutes)
