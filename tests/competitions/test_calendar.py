"""What is open at which moment, and how a whole year is moved."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from competitions import calendar
from competitions.models import Competition, Stage, StageRevision

SECOND = timedelta(seconds=1)


@pytest.fixture
def submission(year) -> Stage:
    return year.stages.get(key="submission")


def test_the_clock_is_the_database_and_stands_still_in_a_transaction(db):
    with transaction.atomic():
        first = calendar.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")
        assert calendar.now() == first
    assert first.tzinfo is not None


def test_a_stage_is_open_from_its_first_to_its_last_moment(submission):
    start, end = submission.starts_at, submission.ends_at
    moments = [(start - SECOND, False), (start, True), (end, True), (end + SECOND, False)]
    assert [calendar.is_open(submission, at) for at, _ in moments] == [expected for _, expected in moments]


@pytest.mark.parametrize(("starts", "ends", "is_open"), [(None, None, False), (-1, None, True), (None, 1, True)])
def test_a_missing_date_leaves_that_side_open(starts, ends, is_open):
    now = datetime(2023, 5, 6, tzinfo=UTC)
    day = timedelta(days=1)
    stage = Stage(starts_at=starts and now + day * starts, ends_at=ends and now + day * ends)
    assert calendar.is_open(stage, now) is is_open


def test_a_deadline_is_one_moment_in_every_zone():
    """Indonesia has no summer time: 23.59 WIB is 00.59 WITA and 01.59 WIT on every day of the year."""
    for month in range(1, 13):
        end = datetime(2023, month, 6, 23, 59, tzinfo=ZoneInfo("Asia/Jakarta"))
        stage = Stage(starts_at=end - timedelta(days=1), ends_at=end)
        late = [("Asia/Jakarta", 6, 23), ("Asia/Makassar", 7, 0), ("Asia/Jayapura", 7, 1)]
        for zone, day, hour in late:
            here = datetime(2023, month, day, hour, 59, tzinfo=ZoneInfo(zone))
            assert here == end
            assert calendar.is_open(stage, here)
            assert not calendar.is_open(stage, here + SECOND)


def test_years_open_now(year):
    assert list(Competition.objects.open_for_submission()) == [year]
    assert list(Competition.objects.current()) == [year]
    calendar.after(year, "submission")
    assert list(Competition.objects.open_for_submission()) == []
    assert list(Competition.objects.current()) == [year]
    calendar.after(year, "interview")
    assert list(Competition.objects.current()) == []


def test_two_years_side_by_side(year):
    other = Competition.objects.create(code="prov", year=2023, name="Provinsi")
    now = calendar.now()
    Stage.objects.create(
        competition=other, key="kirim", kind="submission", name="Kirim", order=1,
        starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1),
    )  # fmt: skip
    assert set(Competition.objects.open_for_submission()) == {year, other}
    calendar.after(year, "submission")
    assert list(Competition.objects.open_for_submission()) == [other]


@pytest.mark.parametrize("key", ["registration", "submission", "screening", "desk", "interview"])
@pytest.mark.parametrize("fraction", [0, 0.02, 0.5, 0.99, 1])
def test_laying_a_year_around_a_moment(year, key, fraction):
    at = datetime(2030, 2, 28, 1, 2, 3, tzinfo=UTC)
    before = {stage.key: stage.starts_at for stage in year.stages.all()}
    calendar.lay_around(year, key, fraction=fraction, at=at)
    stages = {stage.key: stage for stage in year.stages.all()}
    chosen = stages[key]
    assert calendar.is_open(chosen, at)
    wanted = chosen.starts_at + (chosen.ends_at - chosen.starts_at) * fraction
    assert abs(wanted - at) <= timedelta(days=1)
    shifts = {stages[name].starts_at - start for name, start in before.items()}
    assert len(shifts) == 1
    assert shifts.pop() % timedelta(days=1) == timedelta(0)


def test_laying_exactly(year):
    at = datetime(2030, 2, 28, 1, 2, 3, tzinfo=UTC)
    calendar.lay_around(year, "screening", fraction=0.25, at=at, exact=True)
    screening = year.stages.get(key="screening")
    assert screening.starts_at + (screening.ends_at - screening.starts_at) * 0.25 == at


def test_a_stage_too_short_for_whole_days_still_holds_the_moment(year):
    plenary = year.stages.get(key="desk")
    plenary.ends_at = plenary.starts_at + timedelta(hours=1)
    plenary.save()
    at = plenary.starts_at + timedelta(days=100, hours=9)
    calendar.lay_around(year, "desk", at=at)
    assert calendar.is_open(year.stages.get(key="desk"), at)


def test_after_a_stage_the_next_one_has_come(year):
    at = calendar.now()
    calendar.after(year, "submission")
    submission = year.stages.get(key="submission")
    assert timedelta(0) < at - submission.ends_at <= timedelta(days=1)
    assert calendar.has_closed(submission, at)


def test_a_shift_keeps_plan_revision_and_days_together(year, submission):
    year.groups.update(age_counted_to=date(2023, 5, 6), started_after=date(2020, 1, 1))
    StageRevision.objects.create(
        stage=submission, ends_at=submission.ends_at, previous_ends_at=submission.planned_end,
        letter_number="B/1", reason="Libur", made_at=submission.starts_at,
    )  # fmt: skip
    planned = submission.planned_end
    calendar.lay_around(year, "interview", at=datetime(2040, 1, 1, tzinfo=UTC))
    moved = year.stages.get(key="submission")
    by = moved.planned_end - planned
    assert moved.revisions.get().previous_ends_at - planned == by
    assert moved.ends_at - moved.planned_end == submission.ends_at - planned
    assert year.groups.get().age_counted_to == date(2023, 5, 6) + by


def test_no_letter_is_dated_after_the_moment_it_is_read(year, submission):
    now = calendar.now()
    StageRevision.objects.create(stage=submission, letter_number="B/1", reason="Libur", made_at=submission.ends_at)
    calendar.lay_around(year, "submission", fraction=0.1, at=now)
    assert submission.revisions.get().made_at <= now


def test_the_stage_of_a_kind_is_the_first(year):
    assert calendar.stage(year, Stage.Kind.ASSESSMENT).key == "desk"
    assert calendar.closes_at(year) == year.stages.get(key="submission").ends_at
    with pytest.raises(Stage.DoesNotExist):
        calendar.stage(year, Stage.Kind.OBJECTION)


def test_an_extension_into_the_next_stage_is_noticed(year, submission):
    assert calendar.overlaps(list(year.stages.all())) == []
    submission.ends_at += timedelta(days=2)
    submission.save()
    found = [(earlier.key, later.key) for earlier, later in calendar.overlaps(list(year.stages.all()))]
    assert found == [("submission", "screening")]
    year.stages.filter(key="screening").update(starts_at=None, ends_at=None)  # not dated yet: the next one counts
    submission.ends_at = year.stages.get(key="desk").starts_at + timedelta(hours=1)
    submission.save()
    found = [(earlier.key, later.key) for earlier, later in calendar.overlaps(list(year.stages.all()))]
    assert found == [("submission", "desk")]
