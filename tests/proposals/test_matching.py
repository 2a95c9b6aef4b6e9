"""Is it the same innovation? Likely ones are asked about, people answer, and who screens sees what was denied."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Agency
from audit.models import Event
from catalogue.models import Award, Innovation
from competitions.models import HistoryRule
from proposals import actions, eligibility
from proposals.eligibility import Verdict
from proposals.facts import gather
from proposals.matching import are_alike

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Antar Obat ke Pulau", "ANTAR OBAT KE PULAU"),
        ("Antar Obat ke Pulau", "Antar Obat ke Pulau Terluar (AOP)"),
        ("SI-PANDU", "Sipandu Plus"),
        ("PERISAI", "Perisai: Perlindungan Ibu dan Anak"),
    ],
)
def test_titles_that_are_asked_about(one, other):
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Antar Obat ke Pulau", "Kampung KB Mandiri"),
        ("Sistem Informasi Kampung Nelayan", "Sistem Informasi Desa Wisata"),
        ("", "Antar Obat ke Pulau"),
    ],
)
def test_titles_that_are_not(one, other):
    assert not are_alike(one, other)


@pytest.fixture
def history(complete, group):
    return HistoryRule.objects.create(
        group=group, key="top99", kind="at_most", tiers=["finalist"], limit=1, text="Belum dua kali Top 99."
    )


def won(agency, *years, title="Antar Obat ke Pulau Terluar"):
    innovation = Innovation.objects.create(title=title, agency=agency, agency_name=str(agency))
    for year in years:
        Award.objects.create(innovation=innovation, year=year, tier="finalist", label="Top 99")
    return innovation


def verdicts(proposal):
    proposal.refresh_from_db()
    return {each.rule: each.verdict for each in eligibility.findings(proposal)}


def test_a_renamed_winner_is_asked_about_and_its_awards_count_once_confirmed(complete, history, innovator):
    past = won(complete.agency, 2019, 2021)
    found = verdicts(complete)
    assert found["history:top99"] == found[f"namesake:{past.code}"] == Verdict.UNKNOWN
    actions.answer_match(complete, past, is_same=True, by=innovator)
    found = verdicts(complete)
    assert found["history:top99"] == Verdict.FAIL
    assert f"namesake:{past.code}" not in found
    failed = next(each for each in eligibility.findings(complete) if each.verdict == Verdict.FAIL)
    assert "Top 99 (2019), Top 99 (2021)" in failed.advice


def test_two_rows_of_the_catalogue_can_be_one_innovation(complete, history, innovator):
    first, second = won(complete.agency, 2019), won(complete.agency, 2021, title="Obat ke Pulau")
    actions.answer_match(complete, first, is_same=True, by=innovator)
    assert verdicts(complete)["history:top99"] == Verdict.UNKNOWN
    actions.answer_match(complete, second, is_same=True, by=innovator)
    assert verdicts(complete)["history:top99"] == Verdict.FAIL
    complete.refresh_from_db()
    assert complete.past_innovation == first
    actions.answer_match(complete, first, is_same=False, by=innovator)
    complete.refresh_from_db()
    assert complete.past_innovation == second


def test_the_same_award_in_two_rows_counts_once(complete, history, innovator):
    for title in ("Antar Obat ke Pulau Jauh", "Antar Obat ke Pulau Terluar"):
        actions.answer_match(complete, won(complete.agency, 2019, title=title), is_same=True, by=innovator)
    assert verdicts(complete)["history:top99"] == Verdict.PASS


def test_a_denial_settles_it_for_the_writers_and_asks_the_screener(complete, history, innovator):
    past = won(complete.agency, 2019, 2021)
    actions.answer_match(complete, past, is_same=False, by=innovator)
    assert verdicts(complete)[f"denied:{past.code}"] == Verdict.PASS
    assert verdicts(complete)["history:top99"] == Verdict.PASS
    seen = {each.rule: each for each in eligibility.judge_for_screening(gather(complete))}
    denied = seen[f"denied:{past.code}"]
    assert denied.verdict == Verdict.UNKNOWN
    assert innovator.name in denied.message
    assert "Top 99 (2019)" in denied.message


def test_an_answer_can_be_taken_back_and_every_answer_is_recorded(complete, history, innovator):
    past = won(complete.agency, 2019)
    for answer in (True, True, False, None):
        actions.answer_match(complete, past, is_same=answer, by=innovator)
    complete.refresh_from_db()
    assert complete.past_innovation is None
    assert not complete.matches.exists()
    recorded = Event.objects.filter(verb="proposals.answer_match").order_by("pk")
    assert [each.data["is_same"] for each in recorded] == [True, False, None]
    assert {each.actor for each in recorded} == {innovator}


def test_agencies_above_and_below_are_family_others_are_not(complete, history, other_agency):
    child = Agency.objects.create(code="BD1", name="PDAM", slug="pdam", type="roe", parent=complete.agency)
    above = Agency.objects.create(code="76", name="Pemprov", slug="pemprov", type="province")
    complete.agency.parent = above
    complete.agency.save()
    expected = [won(each, 2019, title=f"Antar Obat ke Pulau {each.pk}") for each in (child, above)]
    won(other_agency, 2019)
    complete.refresh_from_db()
    assert set(gather(complete).asked) == set(expected)


def test_only_writers_answer(complete, history, outsider):
    with pytest.raises(PermissionDenied):
        actions.answer_match(complete, won(complete.agency, 2019), is_same=True, by=outsider)


def test_the_question_on_the_page(complete, history, innovator, outsider, as_user):
    past = won(complete.agency, 2019)
    url = reverse("proposals:innovation", args=[complete.code, "past_innovation"])
    browser = as_user(innovator)
    assert f'name="same" value="{past.code}"' in browser.get(url).content.decode()
    assert browser.post(url, {"another": past.code}).url == url
    assert f'name="forget" value="{past.code}"' in browser.get(url).content.decode()
    assert browser.post(url, {"same": "TIDAKADA"}).status_code == 404
    assert as_user(outsider).post(url, {"same": past.code}).status_code == 404
    assert not complete.matches.get().is_same


def test_a_details_page_loaded_before_an_answer_is_no_conflict_after_it(complete, history, innovator):
    """The page as it stood before its first save is kept, whichever way the first save came."""
    past = won(complete.agency, 2019)
    actions.answer_match(complete, past, is_same=True, by=innovator)
    saved = actions.save_details(complete, changes={"title": "Obat Terapung"}, base_version=1, by=innovator)
    assert (saved.title, saved.past_innovation, saved.version) == ("Obat Terapung", past, 3)
