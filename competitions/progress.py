"""The years in progress: where each stands in its calendar."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.functions import TransactionNow

from competitions import calendar
from competitions.models import Competition, Stage
from competitions.querysets import CompetitionQuerySet


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

    def is_over(self, kind: Stage.Kind) -> bool:
        """Whether all its stages of this kind have closed, or there is none."""
        stages = [stage for stage in self.stages if stage.kind == kind]
        return all(calendar.has_closed(stage, self.at) for stage in stages)

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
    """The years in progress, newest first; between two years the last one. One query, or two between years."""
    found = _of(Competition.objects.current())
    return found or _of(Competition.objects.exclude(stages=None).order_by("-year", "code")[:1])


def _of(competitions: CompetitionQuerySet) -> list[YearView]:
    stages = Stage.objects.filter(competition__in=competitions.values("pk")).select_related("competition")
    by_year: dict[Competition, list[Stage]] = {}
    for stage in stages.annotate(at=TransactionNow()).order_by("-competition__year", "competition__code", "order"):
        by_year.setdefault(stage.competition, []).append(stage)
    return [_year(competition, found) for competition, found in by_year.items()]


def _year(competition: Competition, stages: list[Stage]) -> YearView:
    now: datetime = stages[0].at  # type: ignore[attr-defined]
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
