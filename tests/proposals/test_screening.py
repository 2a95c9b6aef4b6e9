"""What happens in screening: who gets what, what a verdict needs, and that all results are released together."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from audit.models import Event
from notifications.models import Message
from proposals import screening
from proposals.models import Move, Proposal, Screening
from tests.conftest import person
from tests.proposals.screening_cast import sent_proposal


@pytest.fixture
def sent(year, agency, unit, innovator):
    return [sent_proposal(year, agency, innovator, number=number, unit=unit) for number in (1, 2, 3)]


def code_of(error) -> str:
    errors = error.value.error_dict.values() if hasattr(error.value, "error_dict") else [error.value.error_list]
    return next(iter(errors))[0].code


def fail(item, by, checks, note="Terlalu muda."):
    return screening.decide(item, verdict="fail", failed_checks=checks, note=note, by=by)


def pass_all(year, clerk):
    while item := screening.claim_next(year, by=clerk):
        screening.decide(item, verdict="pass", by=clerk)


def test_the_oldest_unclaimed_comes_first_and_a_returning_clerk_gets_their_own(year, sent, secretariat, clerk):
    mine = screening.claim_next(year, by=secretariat)
    assert mine.submission == sent[0]
    assert screening.claim_next(year, by=clerk).submission == sent[1]
    assert screening.claim_next(year, by=secretariat) == mine


def test_an_expired_claim_goes_to_the_next_clerk(year, sent, secretariat, clerk):
    item = screening.claim_next(year, by=secretariat)
    Screening.objects.filter(pk=item.pk).update(claimed_until=timezone.now() - timedelta(minutes=1))
    assert screening.claim_next(year, by=clerk) == item
    with pytest.raises(ValidationError) as error:
        screening.decide(item, verdict="pass", by=secretariat)
    assert code_of(error) == "claimed"


def test_an_expired_claim_nobody_took_still_decides(year, sent, secretariat):
    item = screening.claim_next(year, by=secretariat)
    Screening.objects.filter(pk=item.pk).update(claimed_until=timezone.now() - timedelta(minutes=1))
    assert screening.decide(item, verdict="pass", by=secretariat).verdict == "pass"


def test_nothing_is_left_when_all_are_decided_or_held(year, sent, secretariat, clerk):
    pass_all(year, secretariat)
    assert screening.claim_next(year, by=clerk) is None


def test_a_withdrawn_proposal_never_comes_up(year, sent, secretariat):
    sent[0].stands = False
    sent[0].save(update_fields=["stands"])
    assert screening.claim_next(year, by=secretariat).submission == sent[1]


def test_a_proposal_withdrawn_under_the_clerk_cannot_be_decided(year, sent, secretariat):
    item = screening.claim_next(year, by=secretariat)
    Proposal.objects.filter(pk=sent[0].proposal_id).update(status=Proposal.Status.WITHDRAWN)
    with pytest.raises(ValidationError) as error:
        screening.decide(item, verdict="pass", by=secretariat)
    assert code_of(error) == "withdrawn"


@pytest.mark.parametrize(
    ("verdict", "checks", "note", "code"),
    [
        ("", 0, "", "verdict_needed"),
        ("fail", 0, "Kurang.", "reason_needed"),
        ("fail", 1, "  ", "note_needed"),
        ("pass", 1, "", "pass_with_failed_checks"),
    ],
)
def test_what_a_verdict_needs(year, sent, secretariat, verdict, checks, note, code):
    item = screening.claim_next(year, by=secretariat)
    chosen = list(year.screening_checks.all()[:checks])
    with pytest.raises(ValidationError) as error:
        screening.decide(item, verdict=verdict, failed_checks=chosen, note=note, by=secretariat)
    assert code_of(error) == code
    assert Screening.objects.get(pk=item.pk).verdict == ""


def test_the_same_decision_twice_is_one_and_anothers_is_refused(year, sent, secretariat, clerk):
    item = screening.claim_next(year, by=secretariat)
    screening.decide(item, verdict="pass", by=secretariat)
    screening.decide(item, verdict="pass", by=secretariat)
    assert Event.objects.filter(verb="proposals.screen").count() == 1
    with pytest.raises(ValidationError) as error:
        screening.decide(item, verdict="pass", by=clerk)
    assert code_of(error) == "already_decided"


def test_reopening_keeps_the_decision_in_the_record_and_holds_the_item(year, sent, secretariat, clerk):
    item = screening.claim_next(year, by=secretariat)
    fail(item, secretariat, year.screening_checks.all()[:1])
    with pytest.raises(ValidationError) as error:
        screening.reopen(item, by=clerk)
    assert code_of(error) == "reason_needed"
    screening.reopen(item, by=clerk, reason="Surat penetapan menunjukkan usia cukup.")
    item.refresh_from_db()
    assert (item.verdict, item.claimed_by) == ("", clerk)
    undone = Event.objects.get(verb="proposals.reopen_screening")
    assert undone.data["verdict"] == "fail"
    assert undone.data["failed_checks"] == ["usia"]


def test_only_the_secretariat_screens(year, sent, agency_admin):
    with pytest.raises(PermissionDenied):
        screening.claim_next(year, by=agency_admin)
    with pytest.raises(PermissionDenied):
        screening.release_results(year, by=agency_admin)


def test_release_waits_for_the_deadline_and_for_the_last_decision(year, sent, secretariat, move_calendar):
    with pytest.raises(ValidationError) as error:
        screening.release_results(year, by=secretariat)
    assert code_of(error) == "submission_open"
    move_calendar(-21)
    screening.decide(screening.claim_next(year, by=secretariat), verdict="pass", by=secretariat)
    with pytest.raises(ValidationError) as error:
        screening.release_results(year, by=secretariat)
    assert code_of(error) == "undecided"
    assert not Proposal.objects.exclude(status="sent").exists()


def test_release_moves_all_at_once_and_tells_each_their_own(
    year, sent, secretariat, agency_admin, innovator, other_agency, other_admin, outsider, move_calendar
):
    foreign = sent_proposal(year, other_agency, outsider, number=9, title="Milik Instansi Lain")
    fail(screening.claim_next(year, by=secretariat), secretariat, year.screening_checks.filter(key="usia"))
    pass_all(year, secretariat)
    move_calendar(-21)
    assert screening.release_results(year, by=secretariat) == {"passed": 3, "failed": 1, "told": 4}
    assert list(Proposal.objects.order_by("pk").values_list("status", flat=True)) == ["failed"] + ["passed"] * 3
    assert Move.objects.filter(name="release_passed", source="sent", target="passed", made_by=secretariat).count() == 3
    assert Event.objects.get(verb="proposals.release_screening").data["fail"] == [sent[0].proposal.code]
    assert not Screening.objects.filter(released_at=None).exists()
    told = Message.objects.get(recipient=agency_admin)
    assert "Tidak memenuhi: usia inovasi cukup." in told.body
    assert "Terlalu muda." in told.body
    assert foreign.proposal.title not in told.body
    assert Message.objects.get(recipient=outsider).body.count("KIPP-2023-") == 1


def test_release_again_changes_nothing(year, sent, secretariat, agency_admin, move_calendar):
    pass_all(year, secretariat)
    move_calendar(-21)
    screening.release_results(year, by=secretariat)
    before = (Move.objects.count(), Message.objects.count(), Event.objects.count())
    assert screening.release_results(year, by=secretariat) == {"passed": 0, "failed": 0, "told": 0}
    assert (Move.objects.count(), Message.objects.count(), Event.objects.count()) == before


def test_a_released_decision_cannot_be_reopened(year, sent, secretariat, move_calendar):
    pass_all(year, secretariat)
    move_calendar(-21)
    screening.release_results(year, by=secretariat)
    with pytest.raises(ValidationError) as error:
        screening.reopen(sent[0].screening, by=secretariat)
    assert code_of(error) == "released"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_clerks_working_at_once_never_get_the_same_item(year, agency, innovator):
    clerks = [person(f"clerk-{number}", is_secretariat=True) for number in range(4)]
    for number in range(60):
        sent_proposal(year, agency, innovator, number=number)
    taken, failures = [], []

    def work(clerk):
        try:
            while item := screening.claim_next(year, by=clerk):
                taken.append(item.pk)
                screening.decide(item, verdict="pass", by=clerk)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[clerk]) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert len(taken) == len(set(taken)) == 60
    assert Event.objects.filter(verb="proposals.screen").count() == 60
