"""Passing the clean ones together: what is clean, who goes first, and back again."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from audit.models import Event
from competitions.models import ScreeningRules
from proposals import screening
from proposals.models import Screening, ScreeningBatch, SecondLook
from tests.conftest import person
from tests.proposals.conftest import fill
from tests.proposals.screening_cast import sent_proposal
from tests.proposals.test_screening import code_of


def clean_one(year, agency, innovator, number):
    submission = sent_proposal(year, agency, innovator, number=number)
    submission.proposal.answers.all().delete()
    fill(submission.proposal)
    return submission


@pytest.fixture
def clean(year, agency, innovator):
    return [clean_one(year, agency, innovator, number) for number in (1, 2, 3)]


def codes(items):
    return [item.proposal.code for item in items]


def test_clean_is_what_the_machine_finds_nothing_against_and_nobody_touched(year, clean, other_agency, outsider, clerk):
    sent_proposal(year, other_agency, outsider, number=9)  # its answers are missing
    assert screening.clean_items(year) == clean
    screening.claim(clean[0], by=clerk)
    held = Screening.objects.get(submission=clean[0])
    assert screening.clean_items(year) == clean[1:]
    screening.decide(held, verdict="pass", by=clerk)
    screening.reopen(held, by=clerk)
    screening.give_back(held, by=clerk)
    assert clean[0] in screening.clean_items(year)


def test_the_count_must_be_typed(year, clean, secretariat):
    with pytest.raises(ValidationError) as error:
        screening.pass_clean(year, shown=codes(clean), typed=2, by=secretariat)
    assert code_of(error) == "wrong_count"
    assert not Screening.objects.exclude(verdict="").exists()


def test_a_batch_passes_what_was_shown_and_is_undone_as_a_whole(year, clean, secretariat):
    ScreeningRules.objects.create(competition=year, second_look_of_passes=100)
    passed = screening.pass_clean(year, shown=codes(clean), typed=3, by=secretariat)
    assert (passed.batch.count, passed.left_out) == (3, [])
    assert SecondLook.objects.filter(stands=True).count() == 3
    assert Event.objects.get(verb="proposals.screen_batch").data["proposals"] == codes(clean)
    assert screening.undo_batch(passed.batch, by=secretariat) == 3
    assert screening.undo_batch(passed.batch, by=secretariat) == 0
    assert not Screening.objects.exclude(verdict="").exists()
    assert not SecondLook.objects.filter(stands=True).exists()


def test_undo_leaves_what_was_decided_anew(year, clean, secretariat, clerk):
    passed = screening.pass_clean(year, shown=codes(clean), typed=3, by=secretariat)
    anew = Screening.objects.get(submission=clean[0])
    screening.reopen(anew, by=clerk, reason="Videonya lain.")
    screening.decide(anew, verdict="fail", failed_checks=year.screening_checks.all()[:1], note="Video lain.", by=clerk)
    assert screening.undo_batch(passed.batch, by=secretariat) == 2
    anew.refresh_from_db()
    assert anew.verdict == "fail"


def test_after_release_a_batch_stays(year, clean, secretariat, move_calendar):
    passed = screening.pass_clean(year, shown=codes(clean), typed=3, by=secretariat)
    move_calendar(-21)
    screening.release_results(year, by=secretariat)
    with pytest.raises(ValidationError) as error:
        screening.undo_batch(passed.batch, by=secretariat)
    assert code_of(error) == "released"


def test_the_page_names_numbers_and_asks_for_the_count(as_user, year, clean, secretariat):
    browser, url = as_user(secretariat), reverse("proposals:screening_clean")
    page = browser.get(url, {"year": year.code}).content.decode()
    assert all(item.number in page for item in clean)
    refused = browser.post(url, {"year": year.code, "shown": codes(clean), "typed": "tiga"})
    assert refused.status_code == 422
    assert "<title>Galat: Loloskan" in refused.content.decode()
    browser.post(url, {"year": year.code, "shown": codes(clean[:2]), "typed": "2"})
    assert Screening.objects.filter(verdict="pass").count() == 2
    undo = reverse("proposals:screening_undo_batch", args=[ScreeningBatch.objects.get().code])
    browser.post(undo)
    assert not Screening.objects.filter(verdict="pass").exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_clerk_who_decides_goes_before_the_batch(year, agency, innovator):
    """However the two meet: what the clerk failed stays failed, and nothing is passed twice."""
    one, other = (person(f"clerk-{number}", is_secretariat=True) for number in range(2))
    year.groups.update(cap_per_agency=None)
    items = [clean_one(year, agency, innovator, number) for number in range(12)]
    checks, failures, decided = list(year.screening_checks.all()[:1]), [], []

    def decide():
        try:
            while item := screening.claim_next(year, by=one):
                screening.decide(item, verdict="fail", failed_checks=checks, note="Tidak sah.", by=one)
                decided.append(item.pk)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
        finally:
            connection.close()

    def pass_them():
        try:
            screening.pass_clean(year, shown=codes(items), typed=12, by=other)
        except ValidationError as error:
            if error.code != "nothing_clean":
                failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for work in (decide, pass_them)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert set(Screening.objects.filter(verdict="fail").values_list("pk", flat=True)) == set(decided)
    passed = Screening.objects.filter(verdict="pass")
    assert passed.count() == sum(ScreeningBatch.objects.values_list("count", flat=True))
    assert passed.count() + len(decided) == 12
