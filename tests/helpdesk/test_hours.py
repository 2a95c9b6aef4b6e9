"""When the help desk is open, by the clock in Jakarta."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.hours import next_opening, working_days_before

WIB = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ((2023, 5, 3, 8, 0), None),
        ((2023, 5, 3, 15, 59), None),
        ((2023, 5, 3, 7, 59), (2023, 5, 3)),
        ((2023, 5, 3, 16, 0), (2023, 5, 4)),
        ((2023, 5, 5, 17, 0), (2023, 5, 8)),  # Friday evening to Monday
        ((2023, 5, 6, 10, 0), (2023, 5, 8)),
        ((2023, 5, 31, 17, 0), (2023, 6, 2)),  # 1 June is a holiday
        ((2023, 6, 1, 10, 0), (2023, 6, 2)),
    ],
)
def test_it_opens_on_working_days(now, opens):
    found = next_opening(datetime(*now, tzinfo=WIB), frozenset({date(2023, 6, 1)}))
    assert found == (datetime(*opens, 8, tzinfo=WIB) if opens else None)


def test_another_zone_changes_nothing():
    assert next_opening(datetime(2023, 5, 3, 1, 0, tzinfo=ZoneInfo("UTC"))) is None
    assert next_opening(datetime(2023, 5, 3, 10, 30, tzinfo=ZoneInfo("Asia/Jayapura"))) is None


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ((2023, 5, 3, 10), (2023, 5, 1, 10)),  # Wednesday
        ((2023, 5, 8, 10), (2023, 5, 4, 10)),  # Monday: Friday and Thursday
        ((2023, 5, 7, 10), (2023, 5, 4, 0)),  # Sunday: all of Friday and of Thursday
        ((2023, 6, 2, 10), (2023, 5, 30, 10)),  # 1 June is a holiday
        ((2023, 6, 1, 10), (2023, 5, 30, 0)),
    ],
)
def test_two_working_days_ago_leaves_out_days_off(now, since):
    found = working_days_before(2, datetime(*now, tzinfo=WIB), frozenset({date(2023, 6, 1)}))
    assert found == datetime(*since, tzinfo=WIB)
