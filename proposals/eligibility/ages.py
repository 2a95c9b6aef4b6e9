"""Ages of innovations, in whole months."""

from calendar import monthrange
from datetime import date


def months_between(start: date, end: date) -> int:
    """Whole months from one day to another: from a 15th to the 14th is not yet a month, from a 29 February to a
    28 February not yet a year. Negative when the end comes first."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def latest_start(until: date, months: int) -> date:
    """The last day on which something can have started that is so many whole months old on `until`."""
    year, month = divmod(until.year * 12 + until.month - 1 - months, 12)
    return date(year, month + 1, min(until.day, monthrange(year, month + 1)[1]))
