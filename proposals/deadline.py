"""The edge of the deadline: a request that arrived within the grace counts as if it came at the last moment.

The grace (SUBMISSION_GRACE_SECONDS) is for the seconds a full queue of requests costs; no page ever names it, and by
default there is none.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string

from competitions.models import Stage


def grace() -> timedelta:
    return timedelta(seconds=settings.SUBMISSION_GRACE_SECONDS)


def counted(stage: Stage, at: datetime) -> datetime:
    """The moment `at` counts for: the deadline itself within the grace after it, else `at`."""
    if stage.ends_at and stage.ends_at < at <= stage.ends_at + grace():
        return stage.ends_at
    return at


def seconds_late(stage: Stage, at: datetime) -> int:
    """Whole seconds after the deadline, rounded up; 0 in time."""
    late = at - stage.ends_at if stage.ends_at else timedelta(0)
    return max(0, -int(-late.total_seconds() // 1))


def words(stage: Stage, at: datetime) -> str:
    """Until when proposals can be sent, or since when not any more, as every page says it."""
    return render_to_string("proposals/_submission.txt", {"stage": stage, "at": at}).strip()
