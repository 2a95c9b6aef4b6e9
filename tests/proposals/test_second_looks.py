"""Every failure is read by two; who they are, and what happens when they differ."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from competitions.models import ScreeningRules
from proposals import screening
from proposals.models import Screening, SecondLook
from proposals.screening.looks import is_drawn, unsettled
from proposals.screening.objections import deciders
from tests.conftest import person
from tests.proposals.screening_cast import sent_proposal
from tests.proposals.test_screening import code_of, fail


@pytest.fixture
def rules(year):
    return ScreeningRules.objects.create(competition=year, second_look_of_failures=True)


@pytest.fixture
def head(year, secretariat):
    named = person("head", is_secretariat=True)
    screening.name_head(year, named, by=secretariat)
    return named


@pytest.fixture
def failed(year, rules, agency, innovator, secretariat):
    """Failed by `secretariat`, waiting for a second look."""
    sent_proposal(year, agency, innovator)
    return fail(screening.claim_next(year, by=secretariat), secretariat, year.screening_checks.all()[:1])


def test_a_failure_asks_for_a_look_and_a_pass_does_not(year, rules, agency, innovator, secretariat):
    for number in (1, 2):
        sent_proposal(year, agency, innovator, number=number)
    fail(screening.claim_next(year, by=secretariat), secretariat, year.screening_checks.all()[:1])
    screening.decide(screening.claim_next(year, by=secretariat), verdict="pass", by=secretariat)
    assert SecondLook.objects.get().why == "failure"


def test_the_lot_falls_alike_each_time_and_on_about_so_many(year, agency, innovator):
    items = [sent_proposal(year, agency, innovator, number=number) for number in range(1, 101)]
    drawn = [item.pk for item in items if is_drawn(item, 20)]
    assert drawn == [item.pk for item in items if is_drawn(item, 20)]
    assert 8 <= len(drawn) <= 35
    assert not any(is_drawn(item, 0) for item in items)
    assert all(is_drawn(item, 100) for item in items)


def test_nobody_looks_at_their_own(failed, year, secretariat, clerk):
    assert screening.claim_next_look(year, by=secretariat) is None
    with pytest.raises(ValidationError) as error:
        screening.look(failed, agrees=True, by=secretariat)
    assert code_of(error) == "own_decision"
    assert screening.claim_next_look(year, by=clerk).screening == failed
    assert screening.look(failed, agrees=True, by=clerk).looked_by == clerk


@pytest.mark.parametrize(("agrees", "reason", "code"), [(None, "", "choice_needed"), (False, " ", "reason_needed")])
def test_what_a_look_needs(failed, clerk, agrees, reason, code):
    with pytest.raises(ValidationError) as error:
        screening.look(failed, agrees=agrees, reason=reason, by=clerk)
    assert code_of(error) == code


def test_release_waits_for_second_looks_and_says_how_many(failed, year, secretariat, clerk, move_calendar):
    move_calendar(-21)
    with pytest.raises(ValidationError, match="1") as error:
        screening.release_results(year, by=secretariat)
    assert code_of(error) == "second_looks_open"
    screening.look(failed, agrees=True, by=clerk)
    assert screening.release_results(year, by=secretariat)["failed"] == 1


def test_two_who_differ_are_settled_by_a_head_who_did_neither(failed, year, secretariat, clerk, head):
    screening.look(failed, agrees=False, reason="Usianya cukup.", by=clerk)
    for wrong in (secretariat, clerk):
        screening.name_head(year, wrong, by=secretariat)
        with pytest.raises(ValidationError) as error:
            screening.settle(failed, verdict="pass", by=wrong)
        assert code_of(error) == "own_decision"
    screening.release_head(year, clerk, by=secretariat)
    with pytest.raises(PermissionDenied):
        screening.settle(failed, verdict="pass", by=clerk)
    screening.settle(failed, verdict="pass", settlement="Surat membuktikan usia.", by=head)
    failed.refresh_from_db()
    assert (failed.verdict, failed.decided_by, failed.failed_checks.count()) == ("pass", head, 0)
    assert not unsettled(year).exists()


def test_a_head_who_keeps_the_decision_leaves_its_author(failed, year, secretariat, clerk, head):
    screening.look(failed, agrees=False, reason="Usianya cukup.", by=clerk)
    checks = list(failed.failed_checks.all())
    screening.settle(failed, verdict="fail", failed_checks=checks, note=failed.note, by=head)
    failed.refresh_from_db()
    assert failed.decided_by == secretariat
    assert SecondLook.objects.get().settled_by == head
    assert head.pk in deciders(failed)


def test_sent_back_it_is_the_first_clerks_again_and_looked_at_anew(failed, year, secretariat, clerk, head):
    screening.look(failed, agrees=False, reason="Usianya cukup.", by=clerk)
    with pytest.raises(ValidationError) as error:
        screening.send_back(failed, settlement=" ", by=head)
    assert code_of(error) == "reason_needed"
    screening.send_back(failed, settlement="Baca surat penetapannya.", by=head)
    assert screening.claim_next(year, by=secretariat) == failed
    fail(Screening.objects.get(), secretariat, year.screening_checks.all()[:1])
    assert [(each.stands, each.agrees) for each in SecondLook.objects.all()] == [(False, False), (True, None)]


def test_a_reopened_decision_takes_its_look_with_it(failed, year, secretariat):
    screening.reopen(failed, by=secretariat)
    assert not SecondLook.objects.filter(stands=True).exists()


def test_an_expired_look_goes_to_the_next(failed, year, clerk, head):
    screening.claim_next_look(year, by=clerk)
    assert screening.claim_next_look(year, by=head) is None
    with pytest.raises(ValidationError) as error:
        screening.look(failed, agrees=True, by=head)
    assert code_of(error) == "claimed"
    SecondLook.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))
    assert screening.claim_next_look(year, by=head).screening == failed


def test_the_pages_lead_through_look_and_settlement(as_user, failed, year, clerk, head):
    page = reverse("proposals:screening_item", args=[failed.submission.proposal.code])
    look = reverse("proposals:screening_look", args=[failed.submission.proposal.code])
    settle = reverse("proposals:screening_settle", args=[failed.submission.proposal.code])
    second = as_user(clerk)
    assert second.post(reverse("proposals:screening_look_next"), {"year": year.code}).url == page
    refused = second.post(look, {"agrees": "no", "reason": ""})
    assert refused.status_code == 422
    assert "<title>Galat: " in refused.content.decode()
    assert second.post(look, {"agrees": "no", "reason": "Usianya cukup."}).status_code == 302
    assert second.post(settle, {"verdict": "pass", "then": "settle"}).status_code == 403
    third = as_user(head)
    assert third.get(page).context["may_settle"]
    assert third.post(settle, {"verdict": "fail", "then": "settle", "settlement": "Tetap."}).status_code == 422
    assert third.post(settle, {"verdict": "pass", "then": "settle", "settlement": "Cukup."}).status_code == 302
    assert Screening.objects.get().verdict == "pass"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_clerks_looking_at_once_look_once_each(year, agency, innovator):
    ScreeningRules.objects.create(competition=year, second_look_of_failures=True)
    clerks = [person(f"clerk-{number}", is_secretariat=True) for number in range(3)]
    for number in range(12):
        sent_proposal(year, agency, innovator, number=number)
        item = screening.claim_next(year, by=clerks[number % 3])
        fail(item, clerks[number % 3], year.screening_checks.all()[:1])
    taken, failures = [], []

    def work(clerk):
        try:
            while asked := screening.claim_next_look(year, by=clerk):
                taken.append(asked.pk)
                screening.look(asked.screening, agrees=True, by=clerk)
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
    assert len(taken) == len(set(taken))
    assert all(look.looked_by != look.screening.decided_by for look in SecondLook.objects.exclude(agrees=None))
