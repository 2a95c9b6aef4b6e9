"""What a juror does with a sheet, and what is refused."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Event
from judging.actions import finalise, recuse, return_assessment, save_assessment, skip
from judging.models import Assessment, ConflictOfInterest, Selection
from notifications.models import Message


def test_a_draft_keeps_what_is_known(sheet, score):
    saved = save_assessment(sheet, scores={"kebaruan": Decimal(80)}, comment="Baik", by=sheet.juror.user)
    assert saved.status == "draft"
    assert list(saved.scores.values_list("criterion__key", "value")) == [("kebaruan", Decimal(80))]
    saved = save_assessment(saved, scores={"dampak": None}, comments={"kebaruan": "Baru"}, by=sheet.juror.user)
    assert saved.scores.get(criterion__key="kebaruan").comment == "Baru"
    assert saved.scores.get(criterion__key="kebaruan").value == 80
    assert saved.comment == "Baik"


def test_a_sheet_is_final_only_when_complete(sheet, score):
    save_assessment(sheet, scores={"kebaruan": Decimal(80)}, by=sheet.juror.user)
    with pytest.raises(ValidationError) as refused:
        finalise(sheet, by=sheet.juror.user)
    assert refused.value.code == "incomplete"
    final = score(sheet, 80, 70)
    assert (final.status, Assessment.objects.with_total().get().total) == ("final", Decimal("76"))
    assert Event.objects.filter(verb="judging.finalise").get().data["scores"] == {
        "kebaruan": "80.00",
        "dampak": "70.00",
    }


@pytest.mark.parametrize("value", ["-1", "100.5", "101", "80.123", "NaN", "Infinity"])
def test_a_score_outside_the_scale_is_refused_with_words(sheet, value):
    with pytest.raises(ValidationError) as refused:
        save_assessment(sheet, scores={"kebaruan": Decimal(value)}, by=sheet.juror.user)
    assert refused.value.code == "out_of_range"
    assert sheet.scores.count() == 0


def test_an_unknown_criterion_is_refused(sheet):
    with pytest.raises(ValidationError) as refused:
        save_assessment(sheet, scores={"lain": Decimal(1)}, by=sheet.juror.user)
    assert refused.value.code == "unknown_criterion"


def test_the_second_of_two_tabs_overwrites_nothing(sheet):
    save_assessment(sheet, scores={"kebaruan": Decimal(80)}, version=1, by=sheet.juror.user)
    with pytest.raises(ValidationError) as refused:
        save_assessment(sheet, scores={"kebaruan": Decimal(10)}, version=1, by=sheet.juror.user)
    assert refused.value.code == "stale"
    assert sheet.scores.get().value == 80


@pytest.mark.parametrize(("days", "code"), [(-30, "closed"), (30, "not_open")])
def test_outside_the_assessment_period_nothing_can_be_saved(sheet, move_calendar, days, code):
    move_calendar(days)
    with pytest.raises(ValidationError) as refused:
        save_assessment(sheet, scores={}, by=sheet.juror.user)
    assert refused.value.code == code


def test_a_final_sheet_is_read_only(sheet, score):
    score(sheet, 80, 70)
    with pytest.raises(ValidationError) as refused:
        score(sheet, 10, 10)
    assert refused.value.code == "final"


def test_after_the_plenary_a_sheet_is_read_only(sheet, secretariat):
    Selection.objects.create(
        round=sheet.entry.round, name="x", minutes_number="1", minutes="x", input_sha256="0" * 64, frozen_by=secretariat
    )
    for deed in (lambda: save_assessment(sheet, scores={}, by=sheet.juror.user),
                 lambda: recuse(sheet, reason="x", by=sheet.juror.user)):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            deed()
        assert refused.value.code == "frozen"


def test_nobody_else_scores_a_sheet(sheet, panelist, secretariat):
    for somebody in (panelist, secretariat):
        with pytest.raises(PermissionDenied):
            save_assessment(sheet, scores={}, by=somebody)


def test_no_pact_no_scores(sheet):
    sheet.juror.pact_accepted_at = None
    sheet.juror.save()
    with pytest.raises(PermissionDenied):
        save_assessment(sheet, scores={}, by=sheet.juror.user)


def test_skipping_puts_a_sheet_last(sheet, make_proposal):
    other = sheet.entry.round.entries.create(proposal=make_proposal("B"))
    Assessment.objects.create(entry=other, juror=sheet.juror, place=7)
    assert skip(sheet, by=sheet.juror.user).place == 8


def test_a_recused_proposal_goes_to_the_least_loaded_unconflicted_juror(sheet, make_juror, make_proposal, agency):
    busy, free, bound = make_juror("busy"), make_juror("free"), make_juror("bound", agency=agency)
    busy_entry = sheet.entry.round.entries.create(proposal=make_proposal("B"))
    Assessment.objects.create(entry=busy_entry, juror=busy, place=1)
    Assessment.objects.create(entry=busy_entry, juror=free, place=1, status="recused")
    given = recuse(sheet, reason="Kerabat", by=sheet.juror.user)
    assert [each.juror for each in given] == [free]
    sheet.refresh_from_db()
    assert sheet.status == "recused"
    assert ConflictOfInterest.objects.get().proposal == sheet.entry.proposal
    assert Message.objects.filter(recipient=free.user).count() == 1
    assert not bound.assessments.exists()


def test_when_nobody_is_free_the_secretariat_is_told(sheet, secretariat):
    assert recuse(sheet, reason="Kerabat", by=sheet.juror.user) == []
    assert Message.objects.get(recipient=secretariat).kind == "judging/mail/nobody_left"


def test_recusing_twice_is_recusing_once(sheet):
    recuse(sheet, reason="Kerabat", by=sheet.juror.user)
    assert recuse(sheet, reason="Kerabat", by=sheet.juror.user) == []
    assert ConflictOfInterest.objects.count() == 1


def test_a_returned_sheet_is_open_again_and_its_scores_are_recorded(sheet, score, secretariat):
    score(sheet, 80, 70)
    return_assessment(sheet, reason="Nilai dampak terlalu rendah", by=secretariat)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.returned_because) == ("draft", "Nilai dampak terlalu rendah")
    assert Event.objects.get(verb="judging.return").data["scores"] == {"kebaruan": "80.00", "dampak": "70.00"}
    assert Message.objects.get(recipient=sheet.juror.user).kind == "judging/mail/returned"
    score(sheet, 90, 70)
    assert Assessment.objects.final().count() == 1


def test_a_sheet_is_opened_again_after_closing_and_finished_then(sheet, score, secretariat, evaluator, move_calendar):
    with pytest.raises(ValidationError) as refused:
        return_assessment(sheet, reason="x", by=secretariat)
    assert refused.value.code == "not_final"
    score(sheet, 80, 70)
    with pytest.raises(PermissionDenied):
        return_assessment(sheet, reason="x", by=evaluator)
    move_calendar(-30)
    with pytest.raises(ValidationError) as refused:
        score(sheet, 90, 70)
    assert refused.value.code == "closed"
    return_assessment(sheet, reason="Nilai tertukar", by=secretariat)
    score(sheet, 90, 70)
    assert sheet.entry.assessments.final().count() == 1


def test_an_unfinished_sheet_is_opened_again_only_after_closing(sheet, score, secretariat, move_calendar):
    score(sheet, 80, 70, final=False)
    move_calendar(-30)
    with pytest.raises(ValidationError) as refused:
        score(sheet, 80, 70)
    assert refused.value.code == "closed"
    return_assessment(sheet, reason="Sakit pada hari terakhir", by=secretariat)
    assert Event.objects.get(verb="judging.return").data["late"] is True
    score(sheet, 80, 70)
    assert Assessment.objects.final().count() == 1
