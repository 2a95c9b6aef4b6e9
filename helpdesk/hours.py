"""When somebody sits at the help desk: Monday to Friday, 08.00–16.00 in Jakarta, not on the year's public holidays."""

from collections.abc import Container, Iterable
from datetime import date, datetime, time

from competitions.calendar import DAY, ZONE, is_working, start_of_day
from competitions.models import Competition

OPENS, CLOSES = time(8), time(16)
LONGEST_BREAK = 30  # days


def next_opening(now: datetime, closed_on: Container[date] = ()) -> datetime | None:
    """None while somebody is there at `now`; else when the desk opens next."""
    local = now.astimezone(ZONE)
    if is_working(local.date(), closed_on) and OPENS <= local.time() < CLOSES:
        return None
    first = local.date() if local.time() < OPENS else local.date() + DAY
    days = (first + DAY * ahead for ahead in range(LONGEST_BREAK))
    day = next((day for day in days if is_working(day, closed_on)), first)
    return datetime.combine(day, OPENS, ZONE)


def working_days_before(days: int, now: datetime, closed_on: Container[date] = ()) -> datetime:
    """The moment since which so many working days have passed at `now`; nothing counts of a day off."""
    local, left = now.astimezone(ZONE), days
    if not is_working(local.date(), closed_on):
        local = start_of_day(local)
    while left:
        local -= DAY
        left -= is_working(local.date(), closed_on)
    return local


def holidays() -> frozenset[date]:
    """The public holidays of the years in progress."""
    return holidays_of(Competition.objects.current())


def holidays_of(competitions: Iterable[Competition]) -> frozenset[date]:
    return frozenset(day for each in competitions for day in each.days_off)
