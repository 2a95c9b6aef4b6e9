"""The generator of interview timetables: whatever the season, nobody is needed twice and every clock is kept."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.calendar import FRIDAY, ZONE, working_days
from judging.interviews.timetable import (
    FRIDAY_PRAYER,
    Board,
    Hours,
    Meeting,
    Sitting,
    arrange,
    clashes,
    starts,
    suits,
)

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
HOURS = Hours(minutes=20)
MONDAY, THURSDAY, FRIDAY_DAY = date(2023, 6, 26), date(2023, 6, 29), date(2023, 6, 30)


def clocks(day: date, hours: Hours = HOURS) -> list[str]:
    return [f"{moment:%H.%M}" for moment in starts([day], hours)]


def test_a_day_runs_from_its_opening_around_lunch_to_its_end():
    assert clocks(MONDAY) == [
        "09.00", "09.25", "09.50", "10.15", "10.40", "11.05", "11.30",
        "13.00", "13.25", "13.50", "14.15", "14.40",
    ]  # fmt: skip


def test_friday_prayer_is_kept_free():
    assert clocks(FRIDAY_DAY)[5:7] == ["11.05", "13.00"]


def test_only_working_days_are_offered():
    assert working_days(THURSDAY, date(2023, 7, 3)) == [THURSDAY, FRIDAY_DAY, date(2023, 7, 3)]


@pytest.mark.parametrize(
    ("clock", "zone", "fits"),
    [
        ((9, 0), "Asia/Jakarta", True),
        ((10, 40), "Asia/Makassar", True),  # 11.40–12.00 WITA
        ((11, 5), "Asia/Makassar", False),  # 12.05 WITA: lunch
        ((10, 15), "Asia/Jayapura", False),  # 12.15 WIT: lunch
        ((13, 25), "Asia/Jayapura", True),  # 15.25–15.45 WIT
        ((13, 50), "Asia/Jayapura", False),  # 15.50–16.10 WIT: the office has closed
    ],
)
def test_an_agency_presents_in_its_own_office_hours(clock, zone, fits):
    start = next(moment for moment in starts([MONDAY], Hours(20, pause=5)) if (moment.hour, moment.minute) >= clock)
    start = start.replace(hour=clock[0], minute=clock[1])
    assert suits(start, zone, HOURS) is fits


def test_an_agency_prays_by_its_own_clock():
    ten = next(iter(starts([FRIDAY_DAY], HOURS))).replace(hour=10, minute=40)  # 11.40 WITA, 12.40 WIT
    assert [suits(ten, zone, HOURS) for zone in ZONES] == [True, False, False]


seasons = st.builds(
    lambda panels, people, wanted: (
        [Board(100 + n, frozenset(chosen)) for n, chosen in enumerate(panels)],
        [
            Meeting(n, agency, ZONES[zone], frozenset(100 + panel for panel in barred))
            for n, (agency, zone, barred) in enumerate(wanted)
        ],
        people,
    ),
    st.lists(st.sets(st.integers(1, 6), min_size=1, max_size=3), min_size=1, max_size=3),
    st.just(0),
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(0, 2), st.sets(st.integers(0, 2), max_size=2)), min_size=1, max_size=12
    ),
)
days = st.lists(st.sampled_from(working_days(MONDAY, date(2023, 7, 7))), min_size=1, max_size=2, unique=True)
frames = st.builds(
    lambda opens, length, pause: Hours(20, pause=pause, panel=(time(opens), time(opens + length))),
    st.integers(8, 11), st.integers(1, 4), st.sampled_from([0, 5, 10]),
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(season=seasons, chosen=days, hours=frames)
def test_whatever_the_season_nobody_is_needed_twice_and_every_clock_is_kept(season, chosen, hours):
    boards, wanted, _people = season
    moments = starts(chosen, hours)
    found = arrange(wanted, boards, moments, hours)
    by_key, people = {each.key: each for each in wanted}, {board.key: board.people for board in boards}
    sittings = [
        Sitting(key, panel, by_key[key].agency, people[panel], start, start + timedelta(minutes=20))
        for key, (panel, start) in found.placed.items()
    ]
    assert not list(clashes(sittings))
    assert found.placed.keys() | found.left.keys() == by_key.keys()
    assert not found.placed.keys() & found.left.keys()
    assert len(found.placed) <= found.most
    for key, (panel, start) in found.placed.items():
        assert panel not in by_key[key].barred
        for zone in (ZONE, ZoneInfo(by_key[key].zone)):
            local = start.astimezone(zone)
            end = local + timedelta(minutes=20)
            for first, last in [hours.lunch, *([FRIDAY_PRAYER] if local.weekday() == FRIDAY else [])]:
                assert end.time() <= first or last <= local.time()
        assert hours.office[0] <= local.time()
        assert end.time() <= hours.office[1]


@settings(max_examples=60, deadline=None)
@given(season=seasons, chosen=days)
def test_as_many_are_placed_as_can_be_and_the_rest_is_told_why(season, chosen):
    boards, wanted, _people = season
    moments = starts(chosen, Hours(20, panel=(time(9), time(10))))
    found = arrange(wanted, boards, moments, Hours(20))
    assert len(found.placed) == found.most or not found.most  # the proved bound is reached
    for key, why in found.left.items():
        meeting = next(each for each in wanted if each.key == key)
        if why == "panels":
            assert {board.key for board in boards} <= meeting.barred
        elif why == "hours":
            assert not any(suits(moment, meeting.zone, HOURS) for moment in moments)
        else:
            assert why == "full"


def test_what_is_fixed_stays_and_blocks_its_panel_its_people_and_its_agency():
    moments = starts([MONDAY], Hours(20, panel=(time(9), time(9, 45))))
    boards = [Board(1, frozenset({7})), Board(2, frozenset({8}))]
    fixed = [Sitting(99, 1, 5, frozenset({7}), moments[0], moments[0] + timedelta(minutes=20))]
    found = arrange([Meeting(1, 5, ZONES[0]), Meeting(2, 6, ZONES[0])], boards, moments, HOURS, fixed)
    assert found.placed == {1: (found.placed[1][0], moments[1]), 2: (2, moments[0])}


def test_overlaps_are_found_also_where_the_grids_differ():
    at = starts([MONDAY], HOURS)[0]
    one = Sitting(1, 1, 1, frozenset({1}), at, at + timedelta(minutes=20))
    late = timedelta(minutes=10)
    others = [
        Sitting(2, 1, 2, frozenset({1}), at + late, at + late * 3),
        Sitting(3, 2, 1, frozenset({2}), at + late, at + late * 3),
        Sitting(4, 3, 4, frozenset({1}), at + late * 2, at + late * 4),
    ]  # fmt: skip
    found = {(first.key, second.key): kind for first, second, kind in clashes([one, *others])}
    assert found == {(1, 2): "panel", (1, 3): "agency", (2, 4): "person"}
