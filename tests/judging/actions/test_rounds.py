from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from competitions import calendar
from competitions.models import Round
from judging import actions
from judging.jurors import conflicts
from judging.models import Assessment, Entry, Selection, SelectionEntry
from judging.scoring import reminders
from notifications.models import Message


@pytest.fixture
def opened(desk_round, make_proposal, other_agency, secretariat) -> Round:
    """The desk round with six entries of two agencies and two categories."""
    for number in range(6):
        fields = {"agency": other_agency} if number % 2 else {}
        make_proposal(f"Proposal {number}", category=number % 2, **fields)
    actions.open_round(desk_round, by=secretariat)
    return desk_round


def test_opening_enters_what_passed_and_may_be_done_again(opened, make_proposal, secretariat):
    make_proposal("Terlambat")
    make_proposal("Gagal", status="failed")
    assert actions.open_round(opened, by=secretariat) == 1
    assert actions.open_round(opened, by=secretariat) == 0
    assert Entry.objects.count() == 7


def test_a_later_round_takes_what_the_plenary_selected(opened, secretariat, year):
    panel = Round.objects.get(group__competition=year, key="panel")
    with pytest.raises(ValidationError) as refused:
        actions.open_round(panel, by=secretariat)
    assert refused.value.code == "no_selection"
    selection = Selection.objects.create(
        round=opened, name="x", minutes_number="1", minutes="x", input_sha256="0", frozen_by=secretariat
    )
    for rank, entry in enumerate(Entry.objects.all(), start=1):
        SelectionEntry.objects.create(
            selection=selection, proposal=entry.proposal, rank=rank, total=1, is_selected=rank <= 4
        )
    assert actions.open_round(panel, by=secretariat) == 4
    with pytest.raises(ValidationError) as refused:
        actions.open_round(opened, by=secretariat)
    assert refused.value.code == "frozen"


def test_a_round_without_proposals_does_not_open(desk_round, secretariat, evaluator):
    with pytest.raises(ValidationError) as refused:
        actions.open_round(desk_round, by=secretariat)
    assert refused.value.code == "no_entries"
    with pytest.raises(PermissionDenied):
        actions.open_round(desk_round, by=evaluator)


def test_sheets_are_given_out_balanced_without_conflicts_and_told(opened, make_juror, secretariat, agency):
    jurors = [make_juror("ani", agency=agency), *(make_juror(name) for name in ("budi", "cici", "dodi"))]
    make_juror("tanpa-pakta", signed=False)
    plan = actions.assign(opened, by=secretariat, seed=5)
    assert plan.given == Assessment.objects.count() == 12
    assert {juror.assessments.count() for juror in jurors} == {3}
    ties = conflicts.ties_of(jurors)
    for sheet in Assessment.objects.select_related("entry__proposal__agency"):
        assert ties[sheet.juror_id].reason(sheet.entry.proposal) is None
    assert Message.objects.filter(kind="judging/mail/assigned").count() == 4
    assert plan.plan.proof["is_optimal"]


def test_running_it_again_keeps_what_exists(opened, make_juror, make_proposal, secretariat):
    for name in ("ani", "budi", "cici"):
        make_juror(name)
    actions.assign(opened, by=secretariat)
    before = set(Assessment.objects.values_list("pk", "entry", "juror"))
    make_proposal("Terlambat")
    actions.open_round(opened, by=secretariat)
    plan = actions.assign(opened, by=secretariat)
    assert plan.given == 2
    assert before < set(Assessment.objects.values_list("pk", "entry", "juror"))
    assert actions.assign(opened, by=secretariat).given == 0


def test_every_giving_out_is_told_even_when_the_load_is_the_same_again(opened, make_juror, secretariat):
    jurors = [make_juror("ani"), make_juror("budi")]
    actions.assign(opened, by=secretariat)
    Assessment.objects.filter(juror=jurors[0]).first().delete()
    actions.assign(opened, by=secretariat)
    told = Message.objects.filter(kind="judging/mail/assigned")
    assert [told.filter(recipient=juror.user).count() for juror in jurors] == [2, 1]


def test_each_juror_reads_in_an_order_of_their_own(opened, make_juror, secretariat):
    for name in ("ani", "budi"):
        make_juror(name)
    actions.assign(opened, by=secretariat)
    orders = {
        tuple(Assessment.objects.filter(juror__user__name=name).order_by("place").values_list("entry", flat=True))
        for name in ("Ani", "Budi")
    }
    assert len(orders) == 2


@pytest.fixture
def old_sheet(sheet) -> Assessment:
    """The evaluator's sheet, given weeks ago."""
    sheet.assigned_at = calendar.now() - timedelta(days=20)
    sheet.save()
    return sheet


def test_a_reminder_is_told_once_per_lead_and_anew_after_an_extension(old_sheet):
    sheet, now = old_sheet, calendar.now()
    stage = sheet.entry.round.stage
    stage.ends_at = now + timedelta(days=6)
    stage.save()
    assert (actions.remind_due(), actions.remind_due()) == (1, 0)
    assert Message.objects.filter(kind="judging/mail/reminder").count() == 1
    stage.ends_at = now + timedelta(days=6, hours=5)
    stage.save()
    actions.remind_due()
    assert Message.objects.filter(kind="judging/mail/reminder").count() == 2


@pytest.mark.parametrize(
    ("left", "lead"),
    [
        (timedelta(days=15), None),
        (timedelta(days=13), timedelta(days=14)),
        (timedelta(days=2), timedelta(days=3)),
        (timedelta(hours=5), timedelta(hours=6)),
        (timedelta(hours=-1), None),
    ],
)
def test_the_nearest_lead_is_due(old_sheet, left, lead):
    now = calendar.now()
    stage = old_sheet.entry.round.stage
    stage.ends_at = now + left
    stage.save()
    assert [reminder.lead for reminder in reminders.due(now)] == ([lead] if lead else [])


def test_a_sheet_just_given_is_not_reminded_of_at_once(sheet):
    stage = sheet.entry.round.stage
    stage.ends_at = calendar.now() + timedelta(days=2)
    stage.save()
    assert actions.remind_due() == 0
    assert [each.lead for each in reminders.due(stage.ends_at - timedelta(hours=20))] == [timedelta(days=1)]


def test_nobody_is_reminded_of_what_the_plenary_of_the_supported_round_has_fixed(old_sheet, secretariat):
    desk = old_sheet.entry.round
    desk.supports = "panel"
    desk.save()
    desk.stage.ends_at = calendar.now() + timedelta(days=2)
    desk.stage.save()
    assert [each.round for each in reminders.due(calendar.now())] == [desk]
    Selection.objects.create(
        round=desk.supported, name="x", minutes_number="1", minutes="x", input_sha256="0", frozen_by=secretariat
    )
    assert not list(reminders.due(calendar.now()))


def test_who_is_done_is_not_reminded(sheet, score, secretariat):
    assert actions.remind_juror(sheet.juror, sheet.entry.round, by=secretariat)
    actions.remind_juror(sheet.juror, sheet.entry.round, by=secretariat)
    assert Message.objects.filter(kind="judging/mail/reminder").count() == 1
    score(sheet, 80, 80)
    assert not actions.remind_juror(sheet.juror, sheet.entry.round, by=secretariat)
    assert not list(reminders.due(calendar.now()))
