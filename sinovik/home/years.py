"""The years in progress: where each stands in its calendar, for everybody's home page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from competitions import calendar
from competitions.models import Competition, Stage


@dataclass(frozen=True)
class YearView:
    """A year in progress (or the last one): all its stages, those running now, and the next to begin."""

    competition: Competition
    at: datetime
    stages: list[Stage]
    running: list[Stage]
    next: Stage | None

    @property
    def submission(self) -> Stage | None:
        """The submission stage while it runs."""
        return next((stage for stage in self.running if stage.kind == Stage.Kind.SUBMISSION), None)

    @property
    def near(self) -> list[Stage]:
        """What to show of a long calendar: the last stage that is over, those running, and the next three."""
        over = [stage for stage in self.stages if calendar.has_closed(stage, self.at)]
        ahead = [stage for stage in self.stages if stage not in over and stage not in self.running]
        return [*over[-1:], *self.running, *ahead[: 3 if self.running else 5]]

    @property
    def headline(self) -> Stage | None:
        """The running stage most people wait for: submission, else the one that ends first."""
        ends = [stage for stage in self.running if stage.ends_at]
        return self.submission or min(ends, key=lambda stage: stage.ends_at or self.at, default=None)


def current_years() -> list[YearView]:
    """The years in progress, newest first; between two years the last one."""
    stages = Prefetch("stages", queryset=Stage.objects.order_by("order"))
    found = list(Competition.objects.current().prefetch_related(stages))
    if not found:
        found = list(Competition.objects.exclude(stages=None).prefetch_related(stages)[:1])
    now = calendar.now()
    return [_year(competition, now) for competition in found]


def _year(competition: Competition, now: datetime) -> YearView:
    stages = list(competition.stages.all())
    return YearView(
        competition=competition,
        at=now,
        stages=stages,
        running=[stage for stage in stages if calendar.is_open(stage, now)],
        next=min(
            (stage for stage in stages if stage.starts_at and stage.starts_at > now),
            key=lambda stage: stage.starts_at or now,
            default=None,
        ),
    )


def ids(found: list[YearView]) -> list[int]:
    return [year.competition.pk for year in found]
