"""What is open, asked of the calendar and the database's clock, never stored.

The clock is PostgreSQL's `now()`: inside a transaction the moment it began, outside one the moment of the statement.
So a request that arrived in time stays in time however long it waits for a lock, one transaction sees one time
throughout, and no web server's own clock ever decides.

A stage is open from `starts_at` to `ends_at`, both included: the deadline is the last moment that still counts.
"""

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F

from competitions.models import Competition, Group, Stage, StageRevision

STAGE_MOMENTS = ("planned_start", "planned_end", "starts_at", "ends_at", "actual_start", "actual_end")
REVISION_MOMENTS = ("starts_at", "ends_at", "previous_starts_at", "previous_ends_at", "made_at")
GROUP_DAYS = ("age_counted_to", "started_after")
DAY = timedelta(days=1)
ZONE = ZoneInfo("Asia/Jakarta")  # a regulation's days are days in Jakarta
FRIDAY = 4


def now() -> datetime:
    """The database's time, in UTC: of the running transaction's start, or of the statement outside one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def local_day(moment: datetime) -> date:
    """The day in Jakarta."""
    return moment.astimezone(ZONE).date()


def end_of(day: date) -> datetime:
    """The last second of the day in Jakarta."""
    return datetime.combine(day, time(23, 59, 59), ZONE)


def start_of_day(moment: datetime) -> datetime:
    """The beginning of that day in Jakarta."""
    return datetime.combine(local_day(moment), time(), ZONE)


def is_working(day: date, holidays: Container[date] = ()) -> bool:
    """Monday to Friday, unless it is a public holiday (Competition.days_off)."""
    return day.weekday() <= FRIDAY and day not in holidays


def working_days(first: date, last: date, holidays: Container[date] = ()) -> list[date]:
    """Both ends included."""
    days = (first + DAY * step for step in range((last - first).days + 1))
    return [day for day in days if is_working(day, holidays)]


def stage(competition: Competition, kind: str) -> Stage:
    """The competition's first stage of that kind (Stage.Kind). Raises Stage.DoesNotExist."""
    found = competition.stages.filter(kind=kind).order_by("order").first()
    if found is None:
        raise Stage.DoesNotExist(f"{competition.code} has no stage of kind {kind}")
    return found


def is_open(stage: Stage, at: datetime | None = None) -> bool:
    """Whether `at` (or now) lies in the stage. A missing end leaves that side open; a stage without dates is shut."""
    if stage.starts_at is None and stage.ends_at is None:
        return False
    at = at or now()
    return (stage.starts_at is None or stage.starts_at <= at) and (stage.ends_at is None or at <= stage.ends_at)


def has_opened(stage: Stage, at: datetime | None = None) -> bool:
    """Whether the stage has begun, though it may be over."""
    return stage.starts_at is not None and stage.starts_at <= (at or now())


def has_closed(stage: Stage, at: datetime | None = None) -> bool:
    return stage.ends_at is not None and stage.ends_at < (at or now())


def submission_stage(competition: Competition) -> Stage:
    """When proposals are written and sent. Raises Stage.DoesNotExist."""
    return stage(competition, Stage.Kind.SUBMISSION)


def closes_at(competition: Competition) -> datetime:
    """The last moment in which a proposal can be sent. Raises Stage.DoesNotExist when no end is fixed."""
    end = submission_stage(competition).ends_at
    if end is None:
        raise Stage.DoesNotExist(f"the submission of {competition.code} has no end")
    return end


def overlaps(stages: list[Stage]) -> list[tuple[Stage, Stage]]:
    """Pairs of the season's main line (submission, screening, assessment, …) of which the later begins before an
    earlier one ends, each with the one that ends last: what an extension leaves to be moved too. Stages of one kind
    may overlap; those without a day yet are passed over."""
    found: list[tuple[Stage, Stage]] = []
    longest: Stage | None = None
    until: datetime | None = None
    for each in stages:
        if each.kind in (Stage.Kind.EVENT, Stage.Kind.REGISTRATION) or not each.ends_at:
            continue
        if longest and until and each.kind != longest.kind and each.starts_at and each.starts_at < until:
            found.append((longest, each))
        if until is None or each.ends_at > until:
            longest, until = each, each.ends_at
    return found


def lay_around(
    competition: Competition,
    stage_key: str,
    *,
    fraction: float = 0.5,
    at: datetime | None = None,
    exact: bool = False,
) -> None:
    """Shift the whole calendar by one offset so that `at` (or now) lies at `fraction` of the named stage.

    The offset is whole days, so that 23.59 WIB stays 23.59 WIB and `at` lies within half a day of the fraction, but
    always inside the stage. With `exact`, or where a stage is too short for that, the offset is to the second.
    Stages already in memory must be read again. Raises Stage.DoesNotExist, and ValueError for a stage without dates.
    """
    at = at or now()
    chosen = competition.stages.get(key=stage_key)
    if chosen.starts_at is None or chosen.ends_at is None:
        raise ValueError(f"stage {stage_key} of {competition.code} has no dates")
    wanted = at - (chosen.starts_at + (chosen.ends_at - chosen.starts_at) * fraction)
    by = wanted if exact else _whole_days(wanted, at - chosen.ends_at, at - chosen.starts_at)
    _shift(competition, by, at)


def after(competition: Competition, stage_key: str, *, at: datetime | None = None) -> None:
    """Shift the whole calendar by whole days so that the named stage ended less than a day before `at` (or now)."""
    at = at or now()
    chosen = competition.stages.get(key=stage_key)
    end = chosen.ends_at or chosen.starts_at
    if end is None:
        raise ValueError(f"stage {stage_key} of {competition.code} has no dates")
    days = (at - end) // DAY
    _shift(competition, DAY * (days if end + DAY * days < at else days - 1), at)


def _whole_days(wanted: timedelta, least: timedelta, most: timedelta) -> timedelta:
    """The whole number of days nearest to `wanted` between `least` and `most`, or `wanted` itself if there is none."""
    nearest = round(wanted / DAY)
    candidates = [DAY * (nearest + step) for step in (0, 1, -1)]
    return next((days for days in candidates if least <= days <= most), wanted)


@transaction.atomic
def _shift(competition: Competition, by: timedelta, at: datetime) -> None:
    """Move every date of the year, planned and revised alike. No letter may bear a day that is still to come."""
    competition.stages.update(**{field: F(field) + by for field in STAGE_MOMENTS})
    revisions = StageRevision.objects.filter(stage__competition=competition)
    revisions.update(**{field: F(field) + by for field in REVISION_MOMENTS})
    revisions.filter(made_at__gt=at).update(made_at=at)
    for group in competition.groups.all():
        _shift_days(group, timedelta(days=round(by / DAY)))


def _shift_days(group: Group, by: timedelta) -> None:
    days: dict[str, date] = {field: getattr(group, field) + by for field in GROUP_DAYS if getattr(group, field)}
    if days:
        Group.objects.filter(pk=group.pk).update(**days)
