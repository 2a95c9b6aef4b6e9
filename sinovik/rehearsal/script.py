"""The order of the year, step by step, and one function that lives it as far as asked."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from django.db import connection

from competitions.loading import load_year
from competitions.models import Competition
from sinovik.rehearsal import entering, interviews, judging
from sinovik.rehearsal.plan import plan_year, scale_quotas
from sinovik.rehearsal.season import Person, Season

YEARS = Path(__file__).resolve().parent.parent.parent / "competitions" / "years"


@dataclass(frozen=True)
class Step:
    """`live` does the step and returns how many it touched; `name` stands in the table."""

    name: str
    live: Callable[[Season], int]


@dataclass(frozen=True)
class Lived:
    name: str
    count: int
    seconds: float


ENTERING = (
    Step("clerks appointed", entering.appoint_clerks),
    Step("agencies registered", entering.register_agencies),
    Step("proposals registered", entering.write_drafts),
    Step("handed to agency admins", entering.submit_to_agency),
    Step("reminders sent", entering.remind_writers),
    Step("deadline extended", entering.extend_submission),
    Step("reminders sent again after the extension", entering.remind_writers),
    Step("sent to the ministry", entering.send_proposals),
    Step("submission closed", entering.close_submission),
)
SCREENING = (
    Step("screened", entering.screen_proposals),
    Step("second looks taken", entering.take_second_looks),
    Step("passed screening", entering.release_screening),
)


def _round_steps(place: int, name: str) -> tuple[Step, ...]:
    return (
        Step(f"round {place}: sheets assigned", partial(judging.open_and_assign, place=place)),
        Step(f"round {place}: sheets final", partial(judging.score, place=place)),
        Step(name, partial(judging.hold_plenary, place=place)),
        Step(f"round {place}: letters of feedback approved", partial(judging.write_letters, place=place)),
        Step(f"round {place}: lists announced", partial(judging.announce, place=place)),
    )


JURORS = (Step("jurors bound by the pact", judging.invite_jurors),)
INTERVIEWS = (Step("interviews confirmed", interviews.confirm), Step("interviews held", interviews.hold))
LAST = _round_steps(3, "winners")
ROUNDS = (_round_steps(1, "nominated"), _round_steps(2, "finalists"), (LAST[0], *INTERVIEWS, *LAST[1:]))
WHOLE_YEAR = (*ENTERING, *SCREENING, *JURORS, *(step for steps in ROUNDS for step in steps))


def begin(
    year: int,
    *,
    code: str,
    proposals: int | None,
    jurors: int | None,
    seed: int,
    named: dict[str, Person] | None = None,
) -> Season:
    """Load the year's rules under a code of their own and plan its size. Raises FileNotFoundError, YearFileError."""
    competition = load_year(YEARS / f"{year}.toml", code=code, is_demonstration=True)
    plan = plan_year(competition, proposals=proposals, jurors=jurors)
    scale_quotas(competition, plan.scale)
    random = Random(seed)  # noqa: S311  reproducible, not secret
    return Season(competition, plan, random, named=dict(named or {}))


def live(season: Season, steps: tuple[Step, ...]) -> Iterator[Lived]:
    for step in steps:
        begun = time.monotonic()
        _gather_statistics()
        count = step.live(season)
        season.competition = Competition.objects.get(pk=season.competition.pk)
        yield Lived(step.name, count, time.monotonic() - begun)


def _gather_statistics() -> None:
    """What the database's own housekeeping does in a real year: it cannot in months lived in a minute, or in one
    transaction, and its planner then takes full tables for empty ones."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
