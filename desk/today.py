"""The secretariat's day on one page: what is late, what waits for whom, the rounds, this year against the last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from competitions.calendar import overlaps
from competitions.models import Stage
from competitions.progress import YearView
from desk.funnel import Funnel, funnel
from desk.matters import Moment, Waiting, counted
from desk.rounds import RoundState, rounds_in_progress, with_behind

DAY = timedelta(days=1)
SLACK = 1.1  # how much faster than before people must become until that is told as being behind
ENOUGH = 0.25  # days: a pace is not told from less


@dataclass(frozen=True)
class Late:
    """One line of what is late: how much of it, by which rule, since when, and where it is done."""

    name: str | Promise
    number: int
    rule: str | Promise
    url: str
    since: datetime | None = None


@dataclass(frozen=True)
class Day:
    """`waiting`: (for whom, what)."""

    year: YearView
    late: list[Late]
    waiting: list[tuple[str | Promise, list[Waiting]]]
    rounds: list[RoundState]
    funnel: Funnel
    dates: list[tuple[datetime, str, Stage]]


def today(years: list[YearView]) -> Day | None:
    """None before any year is loaded. Nine queries with current_years()."""
    if not years:
        return None
    at = Moment.of(years)
    counts = counted(at)
    rounds = with_behind(rounds_in_progress(at.competitions), at.now)
    named = [each for each in counts.values() if each.matter.name and each.number]
    return Day(
        year=years[0],
        late=what_is_late(at, counts, rounds),
        waiting=[(whom, list(rows)) for whom, rows in groupby(named, key=lambda each: each.matter.whom)],
        rounds=rounds,
        funnel=funnel(years[0].competition),
        dates=next_dates(years),
    )


def what_is_late(at: Moment, counts: dict[str, Waiting], rounds: list[RoundState]) -> list[Late]:
    return [*_calendar(at), *_screening(at, counts), *_waiting_too_long(counts), *_jurors(rounds)]


def next_dates(years: list[YearView], limit: int = 5) -> list[tuple[datetime, str, Stage]]:
    """(when, "begins" or "ends", stage), the nearest first."""
    moments = [
        (moment, words, stage)
        for year in years
        for stage in year.stages
        for moment, words in ((stage.starts_at, _("begins")), (stage.ends_at, _("ends")))
        if moment and moment > year.at
    ]
    return sorted(moments, key=lambda row: row[0])[:limit]


def _calendar(at: Moment) -> list[Late]:
    """What an extension left behind: stages that begin before an earlier one ends."""
    name, rule = _("“%(later)s” begins before “%(earlier)s” ends"), _("move it as well if that is not intended")
    return [
        Late(
            name % {"later": later, "earlier": earlier},
            1,
            rule,
            reverse("competitions:manage", args=[year.competition.code]),
        )
        for year in at.years
        for earlier, later in overlaps(list(year.stages))
        if earlier.ends_at and earlier.ends_at > at.now
    ]


def _waiting_too_long(counts: dict[str, Waiting]) -> list[Late]:
    return [
        Late(each.matter.name, each.late, each.matter.rule, each.matter.url, each.since)
        for each in counts.values()
        if each.late
    ]


def _jurors(rounds: list[RoundState]) -> list[Late]:
    name, rule = _("Jurors: %(group)s, %(round)s"), _("late, or not finished in time at their pace")
    return [
        Late(name % {"group": each.round.group, "round": each.round}, each.behind, rule, each.workload_url)
        for each in rounds
        if each.behind
    ]


def _screening(at: Moment, counts: dict[str, Waiting]) -> list[Late]:
    """One line while the screening is over and unfinished, or slower than its end asks for."""
    waiting, decided = counts["to_screen"], counts["decided"]
    stage = next((each for year in at.years for each in year.stages if each.kind == Stage.Kind.SCREENING), None)
    if stage is None or stage.ends_at is None or not waiting.number or not stage.starts_at or stage.starts_at > at.now:
        return []
    left, gone = (stage.ends_at - at.now) / DAY, (at.now - (decided.since or stage.starts_at)) / DAY
    if left <= 0:
        rule = _("the time for screening is over")
    else:
        needed, pace = waiting.number / max(left, ENOUGH), decided.number / max(gone, ENOUGH)
        if needed <= pace * SLACK or (not decided.number and gone < ENOUGH):
            return []
        numbers = {"needed": _whole(needed), "pace": _whole(pace)}
        rule = _("%(needed)s a day are needed to finish in time, the pace is %(pace)s a day") % numbers
    return [Late(waiting.matter.name, waiting.number, rule, waiting.matter.url, waiting.since)]


def _whole(number: float) -> str:
    return str(number_format(round(number), use_l10n=True, force_grouping=True))
