"""What was published about each year, with its source. Of the portal's own years the portal's figures go first."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from competitions.models import Competition

PUBLISHED = Path(__file__).parent / "data" / "years.toml"
STEPS = ("registered", "sent", "passed", "nominations", "finalists", "winners")


@dataclass(frozen=True)
class Year:
    """One year in figures; None: no source gives it."""

    year: int
    edition: int | None = None
    registered: int | None = None
    sent: int | None = None
    passed: int | None = None
    nominations: int | None = None
    finalists: int | None = None
    winners: int | None = None
    note: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        """As a competition has one."""
        return str(self.year)

    @property
    def was_held(self) -> bool:
        return self.edition is not None

    @property
    def steps(self) -> list[int | None]:
        return [getattr(self, step) for step in STEPS]


@cache
def _published() -> dict[str, Any]:
    with PUBLISHED.open("rb") as file:
        return tomllib.load(file)


def totals() -> dict[str, Any]:
    """What the ministry gives for all years together, with the source."""
    totals: dict[str, Any] = _published()["totals"]
    return totals


def results_by_type() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _published()["by_type"]
    return rows


def years() -> list[Year]:
    """Oldest first. One query."""
    known = {each["year"]: Year(**each) for each in _published()["years"]}
    for competition in Competition.objects.filter(is_demonstration=False).exclude(counts={}):
        known[competition.year] = _with_counts(known.get(competition.year, Year(competition.year)), competition)
    return [known[year] for year in sorted(known)]


def _with_counts(year: Year, competition: Competition) -> Year:
    counts = {step: competition.published(step) for step in STEPS if step in competition.counts}
    return replace(year, edition=competition.edition or year.edition, **counts)  # type: ignore[arg-type]
