"""When which panel hears which agency: the hours there are, the best way to fill them, and what would clash.

Knows no database. Panels keep Jakarta's clock; an agency is heard within its own office hours, by its own clock. At
lunch and during the Friday prayer nobody is heard, neither by the panel's clock nor by the agency's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from competitions.calendar import FRIDAY, ZONE

FRIDAY_PRAYER = (time(11, 30), time(13))
Span = tuple[time, time]


@dataclass(frozen=True)
class Hours:
    """A day's frame: the panels' own hours and lunch, the agencies' office hours, and how long one interview takes."""

    minutes: int
    pause: int = 5
    panel: Span = (time(9), time(15))
    lunch: Span = (time(12), time(13))
    office: Span = (time(8), time(16))

    def breaks(self, day: date) -> tuple[Span, ...]:
        return (self.lunch, FRIDAY_PRAYER) if day.weekday() == FRIDAY else (self.lunch,)


@dataclass(frozen=True)
class Meeting:
    """An interview to be placed: whose it is (`agency`: one at a time), its clock, and panels that may not hear it."""

    key: int
    agency: int
    zone: str
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Board:
    """A panel and its people."""

    key: int
    people: frozenset[int]


@dataclass(frozen=True)
class Sitting:
    """An interview that has its place."""

    key: int
    panel: int
    agency: int
    people: frozenset[int]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Arrangement:
    """`placed` maps a meeting to its panel and its start; `left` a meeting without a place to the reason: `panels`
    (each holds somebody with a conflict), `hours` (the clocks never meet) or `full`. `most`: proved upper bound."""

    placed: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    most: int = 0


def starts(days: Iterable[date], hours: Hours) -> list[datetime]:
    """Every moment at which an interview may begin: in turn from each day's opening and each break's end."""
    return [moment for day in sorted(set(days)) for moment in _day_starts(day, hours)]


def _day_starts(day: date, hours: Hours) -> Iterator[datetime]:
    length, step = timedelta(minutes=hours.minutes), timedelta(minutes=hours.minutes + hours.pause)
    at, end = (datetime.combine(day, edge, ZONE) for edge in hours.panel)
    while at + length <= end:
        hit = _break_within(at, at + length, hours)
        if hit is None:
            yield at
            at += step
        else:
            at = datetime.combine(day, hit[1], ZONE)


def _break_within(start: datetime, end: datetime, hours: Hours) -> Span | None:
    """The break that an interview would run into, by the clock of its moments."""
    reached = (span for span in hours.breaks(start.date()) if start.time() < span[1] and span[0] < end.time())
    return max(reached, key=lambda span: span[1], default=None)


def suits(start: datetime, zone: str, hours: Hours) -> bool:
    """Whether an agency of that zone is at its desk: within office hours, neither at lunch nor at prayer."""
    local = start.astimezone(ZoneInfo(zone))
    end = local + timedelta(minutes=hours.minutes)
    inside = hours.office[0] <= local.time() and end.time() <= hours.office[1] and local.date() == end.date()
    return inside and _break_within(local, end, hours) is None


def clashes(sittings: Iterable[Sitting]) -> Iterator[tuple[Sitting, Sitting, str]]:
    """Pairs at the same time that need the same `panel`, the same `agency` or the same `person`."""
    in_order = sorted(sittings, key=lambda each: (each.starts_at, each.key))
    for first, second in combinations(in_order, 2):
        if first.starts_at < second.ends_at and second.starts_at < first.ends_at and (kind := _shared(first, second)):
            yield first, second, kind


def _shared(first: Sitting, second: Sitting) -> str:
    if first.panel == second.panel:
        return "panel"
    if first.agency == second.agency:
        return "agency"
    return "person" if first.people & second.people else ""


def arrange(
    meetings: Collection[Meeting],
    boards: Collection[Board],
    moments: Sequence[datetime],
    hours: Hours,
    fixed: Collection[Sitting] = (),
) -> Arrangement:
    """Place as many meetings as possible, and those as early as possible. What is `fixed` stays.

    Solved exactly. The days are taken in order, and no more of them than are needed.
    """
    days = sorted({moment.date() for moment in moments})
    found = Arrangement()
    a_day = len(boards) * max((sum(moment.date() == day for moment in moments) for day in days), default=0)
    for count in _growing(ceil(len(meetings) / max(a_day, 1)), len(days)):
        some = [moment for moment in moments if moment.date() in days[:count]]
        found = _solve(meetings, boards, some, hours, fixed)
        if not found.left:
            break
    return found


def _growing(least: int, most: int) -> Iterator[int]:
    count = max(least, 1)
    while count < most:
        yield count
        count = 2 * count
    yield most


def _solve(
    meetings: Collection[Meeting], boards: Collection[Board], moments: Sequence[datetime], hours: Hours,
    fixed: Collection[Sitting],
) -> Arrangement:  # fmt: skip
    length = timedelta(minutes=hours.minutes)
    free = {
        (board.key, at)
        for at, moment in enumerate(moments)
        for board in boards
        if not any(_taken(board, moment, moment + length, each) for each in fixed)
    }
    open_at = {zone: [suits(moment, zone, hours) for moment in moments] for zone in {each.zone for each in meetings}}
    busy = [(each.agency, each.starts_at, each.ends_at) for each in fixed]
    cells, left = [], {}
    for meeting in meetings:
        allowed = [board.key for board in boards if board.key not in meeting.barred]
        mine = [
            (meeting, board, at)
            for at, moment in enumerate(moments)
            if open_at[meeting.zone][at] and not _is_busy(meeting, moment, moment + length, busy)
            for board in allowed
            if (board, at) in free
        ]
        cells += mine
        if not mine:
            left[meeting.key] = "panels" if not allowed else "full" if any(open_at[meeting.zone]) else "hours"
    placed, most = _fill(cells, {board.key: board.people for board in boards})
    chosen = {cells[n][0].key: (cells[n][1], moments[cells[n][2]]) for n in placed}
    left |= {each.key: "full" for each in meetings if each.key not in chosen and each.key not in left}
    return Arrangement(chosen, left, most)


def _taken(board: Board, start: datetime, end: datetime, by: Sitting) -> bool:
    overlaps = by.starts_at < end and start < by.ends_at
    return overlaps and (by.panel == board.key or bool(by.people & board.people))


def _is_busy(meeting: Meeting, start: datetime, end: datetime, busy: list[tuple[int, datetime, datetime]]) -> bool:
    return any(agency == meeting.agency and first < end and start < last for agency, first, last in busy)


def _fill(cells: list[tuple[Meeting, int, int]], people: dict[int, frozenset[int]]) -> tuple[list[int], int]:
    """The chosen cells by number, and the proved most that could be chosen."""
    if not cells:
        return [], 0
    rows: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for number, (meeting, board, at) in enumerate(cells):
        rows["meeting", meeting.key, 0].append(number)
        rows["panel", board, at].append(number)
        rows["agency", meeting.agency, at].append(number)
        for person in people[board]:
            rows["person", person, at].append(number)
    once = list({tuple(numbers) for numbers in rows.values() if len(numbers) > 1})
    matrix = csr_array(
        (np.ones(sum(map(len, once))), np.concatenate([*once, []]).astype(int), np.cumsum([0, *map(len, once)])),
        shape=(len(once), len(cells)),
    )
    worth = 1 + len({meeting.key for meeting, _board, _at in cells}) * (1 + max(at for _m, _b, at in cells))
    cost = np.array([at - worth for _meeting, _board, at in cells], dtype=float)
    limits = [LinearConstraint(matrix, ub=1)] if once else []
    solved = milp(cost, integrality=np.ones(len(cells)), bounds=Bounds(0, 1), constraints=limits,
                  options={"mip_rel_gap": 0})  # fmt: skip
    if solved.x is None:
        raise ArithmeticError(solved.message)
    return [int(number) for number in np.flatnonzero(solved.x > 0.5)], ceil(-solved.mip_dual_bound / worth - 1e-6)
