"""How far this year's proposals have come, beside the year before in this portal and the last one that was published.

What has not been announced is not told here either: the page hangs on many screens."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from competitions.models import Competition
from yearbook.history import STEPS, Year, years
from yearbook.seasons import lived, seasons
from yearbook.tables import STEP_NAMES


@dataclass(frozen=True)
class Funnel:
    """A column for each year, this year's first; `rows`: (step, a number for each column, None where not known)."""

    heads: list[str]
    rows: list[tuple[str | Promise, list[int | None]]]


def funnel(competition: Competition) -> Funnel:
    """Five queries."""
    before = lived().filter(year__lt=competition.year).order_by("-year", "code").first()
    own = seasons([competition, before] if before else [competition])
    columns = [(str(each.competition.year), each.steps) for each in own]
    if real := _published(competition):
        columns.append((_("%(year)s as published") % {"year": real.year}, real.steps))
    return Funnel(
        heads=[name for name, _steps in columns],
        rows=[(STEP_NAMES[step], [steps[place] for _name, steps in columns]) for place, step in enumerate(STEPS)],
    )


def _published(competition: Competition) -> Year | None:
    """The last year before (of a demonstration: also the year itself) of which more than one figure is known."""
    latest = competition.year if competition.is_demonstration else competition.year - 1
    known = (each for each in years() if each.year <= latest and sum(step is not None for step in each.steps) > 1)
    return max(known, key=lambda each: each.year, default=None)
