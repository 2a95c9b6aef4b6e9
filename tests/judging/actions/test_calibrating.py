"""A run is kept and changes nothing; its readings are released once, to people without a conflict."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InternalError, transaction

from competitions.models import Round
from judging import actions
from judging.calibration import measuring, readings
from judging.calibration.borderline import Budget
from judging.models import Assessment, CalibrationRun, ConflictOfInterest, Entry, Juror, Selection
from judging.ranking.places import rank
from notifications.models import Message
from tests.judging.racing import at_once


def test_a_run_is_kept_with_its_inputs_and_changes_no_rank(read_round, secretariat):
    before = rank(read_round)
    run = actions.run_calibration(read_round, by=secretariat)
    assert rank(read_round) == before
    assert run.results["is_on"]
    codes = run.results["jurors"]["codes"]
    strict = Juror.objects.get(user__email="penilai-0@example.go.id").code
    severity = dict(zip(codes, run.results["jurors"]["severity"], strict=True))
    assert severity[strict] == max(severity.values()) > 6
    assert {row["key"] for row in run.results["agreement"]} == {"", "kebaruan", "dampak"}
    assert set(measuring.chances_of(run)) == {place.proposal for place in before.places}
    with pytest.raises(InternalError), transaction.atomic():
        run.delete()


def test_the_same_inputs_again_give_the_run_that_exists_and_a_new_sheet_another(read_round, secretariat):
    first = actions.run_calibration(read_round, by=secretariat)
    assert actions.run_calibration(read_round, by=None) == first
    assert measuring.is_current(first, measuring.read_sheets(read_round))
    sheet = Assessment.objects.final().first()
    sheet.scores.update(value=99)
    assert not measuring.is_current(first, measuring.read_sheets(read_round))
    second = actions.run_calibration(read_round, by=None)
    assert second.input_sha256 != first.input_sha256
    assert measuring.latest(read_round) == second
    assert CalibrationRun.objects.count() == 2


def test_a_run_computed_again_from_the_sheets_is_the_same(read_round, secretariat):
    run = actions.run_calibration(read_round, by=secretariat)
    sheets = measuring.read_sheets(read_round)
    again = measuring.results(read_round, sheets, measuring.compute(sheets, run.options))
    assert {key: value for key, value in again.items() if key != "readings"} == {
        key: value for key, value in run.results.items() if key != "readings"
    }


def test_with_too_little_to_compare_it_says_so(desk_round, secretariat, innovator):
    with pytest.raises(ValidationError) as refused:
        actions.run_calibration(desk_round, by=secretariat)
    assert refused.value.code == "not_enough"
    with pytest.raises(PermissionDenied):
        actions.run_calibration(desk_round, by=innovator)


def test_the_night_computes_rounds_being_scored_and_waits_for_the_others(read_round):
    assert actions.calibrate_tonight() == 1
    assert CalibrationRun.objects.get().computed_by is None
    assert actions.calibrate_tonight() == 1
    assert CalibrationRun.objects.count() == 1


def test_what_the_plenary_of_the_supported_round_has_fixed_is_not_computed_again(read_round, secretariat):
    read_round.supports = "panel"
    read_round.save()
    assert actions.calibrate_tonight() == 1
    assert CalibrationRun.objects.get().results["readings"]
    Selection.objects.create(
        round=read_round.supported, name="x", minutes_number="1", minutes="x", input_sha256="0", frozen_by=secretariat
    )
    assert actions.calibrate_tonight() == 0
    again = actions.run_calibration(read_round, by=secretariat, budget=Budget(percent=20, waves=1))
    assert again.results["readings"] == []


@pytest.fixture
def run(read_round, secretariat):
    return actions.run_calibration(read_round, by=secretariat, budget=Budget(percent=20, waves=1))


def test_readings_stand_at_the_line_and_nobody_reads_twice(run, read_round):
    proposed = run.results["readings"]
    assert len(proposed) == 4
    for row in proposed:
        assert 0 < row["p_in"] < 1
        assert not Assessment.objects.filter(entry__proposal__code=row["proposal"], juror__code=row["juror"]).exists()
    assert [row["worth"] for row in proposed] == sorted((row["worth"] for row in proposed), reverse=True)
    assert Assessment.objects.open().count() == 0


def test_a_release_gives_chosen_readings_once_and_the_mean_then_waits_for_them(run, read_round, secretariat):
    chosen = [row["proposal"] for row in run.results["readings"][:2]]
    assert actions.release_readings(run, proposals=[*chosen, "TIDAKADA"], by=secretariat) == 2
    assert actions.release_readings(run, proposals=chosen, by=secretariat) == 0
    assert Assessment.objects.open().official().count() == 2
    assert {place.proposal for place in rank(read_round).incomplete} == set(chosen)
    assert readings.spent(read_round) == 2
    named = {row["proposal"]: row["juror"] for row in run.results["readings"]}
    for sheet in Assessment.objects.open().select_related("entry__proposal", "juror"):
        assert sheet.juror.code == named[sheet.entry.proposal.code]


def test_a_juror_with_a_new_conflict_is_replaced_and_never_given_it(run, read_round, secretariat):
    row = run.results["readings"][0]
    juror, entry = Juror.objects.get(code=row["juror"]), Entry.objects.get(proposal__code=row["proposal"])
    ConflictOfInterest.objects.create(juror=juror, proposal=entry.proposal, reason="Kerabat")
    assert actions.release_readings(run, proposals=[row["proposal"]], by=secretariat) == 1
    sheet = Assessment.objects.open().get()
    assert sheet.juror != juror
    assert not entry.assessments.filter(juror=sheet.juror).exclude(pk=sheet.pk).exists()


def test_after_the_assessment_period_nothing_is_released(run, move_calendar, secretariat, innovator):
    with pytest.raises(PermissionDenied):
        actions.release_readings(run, proposals=[], by=innovator)
    move_calendar(-60)
    with pytest.raises(ValidationError) as refused:
        actions.release_readings(run, proposals=[run.results["readings"][0]["proposal"]], by=secretariat)
    assert refused.value.code == "closed"
    assert not Assessment.objects.open().exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clerks_release_the_same_readings_at_once(run, secretariat, clerk):
    chosen = [row["proposal"] for row in run.results["readings"]]
    found = at_once(
        lambda: actions.release_readings(run, proposals=chosen, by=secretariat),
        lambda: actions.release_readings(run, proposals=chosen, by=clerk),
    )
    assert sorted(found) == [0, len(chosen)]
    assert Assessment.objects.open().count() == len(chosen)
    told = Message.objects.filter(kind="judging/mail/given").count()
    assert told == Assessment.objects.open().values("juror").distinct().count()


def test_a_sheet_revised_after_the_discussion_enters_as_its_juror_gave_it_alone(read_round, secretariat):
    """The team agreed on a score: the official mean counts it, the calibration keeps to independent readings."""
    Round.objects.filter(pk=read_round.pk).update(discussion=True)
    sheet = Assessment.objects.select_related("juror__user", "entry__proposal").earliest("code")
    sheet.scores.filter(criterion__key="dampak").update(value=Decimal(50))
    before = actions.run_calibration(read_round, by=secretariat)
    scores = {"kebaruan": Decimal(99), "dampak": Decimal(98)}
    actions.revise(sheet, scores=scores, reason="Bukti dibaca ulang", version=sheet.version, by=sheet.juror.user)
    read = measuring.read_sheets(read_round)
    assert list(read.alone) == [sheet.code]
    assert actions.run_calibration(read_round, by=None) == before
    place = next(each for each in rank(read_round).places if each.proposal == sheet.entry.proposal.code)
    assert max(place.totals) > 98
    # a weight corrected afterwards counts for what was given alone too
    read_round.criteria.update(weight=Decimal(50))
    total = next(Decimal(row[3]) for row in measuring.read_sheets(read_round).rows if row[0] == sheet.code)
    assert total == sum(read.alone[sheet.code].values()) / 2
    found = actions.run_calibration(read_round, by=secretariat)
    assert found.results["alone"] == 1
    (agreed,) = (row for row in found.results["agreement"] if row["key"] == "dampak")
    (was,) = (row for row in before.results["agreement"] if row["key"] == "dampak")
    assert agreed == was
