"""When somebody sits at the help desk: Monday to Friday, 08.00–16.00 in Jakarta, not on the year's public holidays."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from competitions.models import Competition

ZONE = ZoneInfo("Asia/Jakarta")
OPENS, CLOSES = time(8), time(16)
LONGEST_BREAK = 30  # days


def next_opening(now: datetime, closed_on: frozenset[date] = frozenset()) -> datetime | None:
    """None while somebody is there at `now`; else when the desk opens next."""
    local = now.astimezone(ZONE)
    if _works(local.date(), closed_on) and OPENS <= local.time() < CLOSES:
        return None
    first = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    days = (first + timedelta(days=ahead) for ahead in range(LONGEST_BREAK))
    day = next((day for day in days if _works(day, closed_on)), first)
    return datetime.combine(day, OPENS, ZONE)


def working_days_before(days: int, now: datetime, closed_on: frozenset[date] = frozenset()) -> datetime:
    """The moment since which so many working days have passed at `now`; nothing counts of a day off."""
    local, left = now.astimezone(ZONE), days
    if not _works(local.date(), closed_on):
        local = datetime.combine(local.date(), time(), ZONE)
    while left:
        local -= timedelta(days=1)
        left -= _works(local.date(), closed_on)
    return local


def holidays() -> frozenset[date]:
    """The public holidays of the years in progress."""
    return holidays_of(Competition.objects.current())


def holidays_of(competitions: Iterable[Competition]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for each in competitions for day in each.holidays)


def _works(day: date, closed_on: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in closed_on
