"""What an extension does to the rest of the calendar: which later stages could move along, and to when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from competitions import calendar
from competitions.models import Stage


@dataclass(frozen=True)
class Later:
    """A later stage with the dates it would get. `overlaps`: left where it is, it begins before the new deadline, or
    before the new end of a stage that moves along for that reason."""

    stage: Stage
    starts_at: datetime | None
    ends_at: datetime | None
    overlaps: bool


def later_stages(stage: Stage, ends_at: datetime) -> list[Later]:
    """Those that have not begun, each later by the whole days of the extension; none where it is a matter of hours."""
    if stage.ends_at is None:
        return []
    by = timedelta(days=(calendar.local_day(ends_at) - calendar.local_day(stage.ends_at)).days)
    now, found, ends = calendar.now(), [], [(stage.ends_at, ends_at)]
    for each in _following(stage):
        if not by or not (each.starts_at or each.ends_at) or calendar.has_opened(each, now):
            continue
        overlaps = any(_begins_within(each, before, after) for before, after in ends)
        if overlaps and each.ends_at:
            ends.append((each.ends_at, each.ends_at + by))
        found.append(Later(each, _moved(each.starts_at, by), _moved(each.ends_at, by), overlaps))
    return found


def overtaken(stage: Stage, ends_at: datetime) -> list[Stage]:
    """Later stages that would begin before the new deadline and cannot move along, since it moves by hours only."""
    if stage.ends_at is None or calendar.local_day(ends_at) != calendar.local_day(stage.ends_at):
        return []
    return [each for each in _following(stage) if _begins_within(each, stage.ends_at, ends_at)]


def _following(stage: Stage) -> QuerySet[Stage]:
    return stage.competition.stages.filter(order__gt=stage.order).order_by("order")


def chosen(stage: Stage, ends_at: datetime, keys: Collection[str]) -> list[Later]:
    return [each for each in later_stages(stage, ends_at) if each.stage.key in keys]


def _moved(moment: datetime | None, by: timedelta) -> datetime | None:
    return moment + by if moment else None


def _begins_within(stage: Stage, before: datetime, after: datetime) -> bool:
    return stage.starts_at is not None and before <= stage.starts_at < after
