"""What can happen to a year, and what is refused by which code."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from audit.models import Event
from competitions import actions, calendar
from competitions.models import Stage

DAY = timedelta(days=1)
LETTER = {"letter_number": "B/188/PP.00.05/2023", "reason": "Cuti bersama berubah."}


@pytest.fixture
def submission(year) -> Stage:
    return year.stages.get(key="submission")


def test_a_revision_moves_the_dates_and_keeps_the_plan(submission, secretariat):
    planned, later = submission.ends_at, submission.ends_at + 4 * DAY
    revision = actions.revise_stage(submission, ends_at=later, by=secretariat, **LETTER)
    submission.refresh_from_db()
    assert (submission.ends_at, submission.planned_end) == (later, planned)
    assert (revision.previous_ends_at, revision.made_by) == (planned, secretariat)
    event = Event.objects.get(verb="competitions.revise_stage")
    assert event.object_key == "2023"
    assert event.data["letter_number"] == LETTER["letter_number"]


def test_a_stage_that_is_over_can_be_opened_again(year, submission, secretariat):
    calendar.after(year, "submission")
    submission.refresh_from_db()
    actions.revise_stage(submission, ends_at=calendar.now() + DAY, by=secretariat, **LETTER)
    assert calendar.is_open(calendar.submission_stage(year))


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("letter_required", lambda stage, now: {"ends_at": stage.ends_at + DAY, "letter_number": " "}),
        ("reason_required", lambda stage, now: {"ends_at": stage.ends_at + DAY, "reason": ""}),
        ("unchanged", lambda stage, now: {"ends_at": stage.ends_at}),
        ("in_the_past", lambda stage, now: {"ends_at": now - timedelta(seconds=1)}),
        ("already_open", lambda stage, now: {"ends_at": stage.ends_at, "starts_at": now + DAY}),
        ("ends_before_start", lambda stage, now: {"ends_at": stage.starts_at - DAY}),
    ],
)
def test_revisions_that_are_refused(submission, secretariat, code, change):
    before = submission.ends_at
    with pytest.raises(ValidationError) as refusal:
        actions.revise_stage(submission, **(LETTER | {"by": secretariat} | change(submission, calendar.now())))
    assert refusal.value.code == code
    submission.refresh_from_db()
    assert submission.ends_at == before
    assert not submission.revisions.exists()


def test_a_quota_is_settled_before_its_stage_opens(group, secretariat):
    panel = group.rounds.get(key="panel")
    actions.set_quota(panel, advance=3, by=secretariat)
    panel.refresh_from_db()
    group.refresh_from_db()
    assert (panel.advance, group.finalists) == (3, 3)
    assert Event.objects.get(verb="competitions.set_quota").data == {
        "group": "umum",
        "round": "panel",
        "from": 2,
        "to": 3,
    }


@pytest.mark.parametrize(("key", "advance", "code"), [("panel", 5, "above_previous"), ("desk", 1, "below_next")])
def test_quotas_go_down_from_round_to_round(group, secretariat, key, advance, code):
    with pytest.raises(ValidationError) as refusal:
        actions.set_quota(group.rounds.get(key=key), advance=advance, by=secretariat)
    assert refusal.value.code == code


def test_a_quota_is_fixed_once_its_stage_has_opened(year, group, secretariat):
    calendar.lay_around(year, "desk")
    with pytest.raises(ValidationError) as refusal:
        actions.set_quota(group.rounds.get(key="desk"), advance=3, by=secretariat)
    assert refusal.value.code == "stage_opened"
    actions.set_quota(group.rounds.get(key="panel"), advance=3, by=secretariat)


def test_weights_are_settled_with_the_rubrics_that_use_them(year, group, secretariat, move_calendar):
    move_calendar(21)
    actions.set_weights(group, weights={"kebaruan": Decimal(0), "dampak": Decimal(100)}, by=secretariat)
    assert [aspect.weight for aspect in group.aspects.all()] == [0, 100]
    for each in group.rounds.all():
        assert [(line.key, line.weight) for line in each.criteria.all()] == [("dampak", 100)]
    actions.set_weights(group, weights={"kebaruan": Decimal(30), "dampak": Decimal(70)}, by=secretariat)
    assert [line.weight for line in group.rounds.first().criteria.all()] == [30, 70]


def test_weights_add_up_and_are_fixed_once_submission_opens(group, secretariat, move_calendar):
    with pytest.raises(ValidationError) as refusal:
        actions.set_weights(group, weights={"kebaruan": Decimal(50), "dampak": Decimal(50)}, by=secretariat)
    assert refusal.value.code == "stage_opened"
    move_calendar(21)
    with pytest.raises(ValidationError) as refusal:
        actions.set_weights(group, weights={"kebaruan": Decimal(50), "dampak": Decimal(49)}, by=secretariat)
    assert refusal.value.code == "not_a_hundred"


def test_a_new_year_begins_as_a_copy(year, group, secretariat):
    copy = actions.copy_year(year, code="2024", year=2024, name="KIPP 2024", by=secretariat)
    assert (copy.edition, copy.counts, copy.is_demonstration) == (11, {}, False)
    old, new = year.stages.get(key="submission"), copy.stages.get(key="submission")
    assert new.planned_end.year == old.planned_end.year + 1
    assert (new.planned_end.month, new.starts_at) == (old.planned_end.month, new.planned_start)
    copied = copy.groups.get()
    assert copied.cap_per_agency == 3
    assert copied.aspects.count() == 2
    assert copied.documents.get().key == "surat"
    for each in copied.rounds.all():
        assert each.stage.competition == copy
        assert {line.aspect.group for line in each.criteria.all()} == {copied}
    assert group.aspects.count() == 2
