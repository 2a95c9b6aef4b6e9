"""Before sending, a writer hears of near titles; of what others prepare they hear nothing."""

import pytest
from django.urls import reverse

from catalogue.models import Innovation
from proposals.models import Proposal
from proposals.near_titles import near_titles
from tests.proposals.sent_texts import OWN, sent_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(year, other_agency, outsider):
    """Another agency's proposal with nearly the title of the draft, sent this year."""
    return sent_with(year, other_agency, outsider, number=1, text=OWN, title="Antar Obat ke Pulau Terluar").proposal


def test_a_past_winner_is_named_with_its_agency(draft, innovator):
    Innovation.objects.create(title="Banyuwangi Mall")
    winner = Innovation.objects.create(title="ANTAR OBAT (Antar Obat ke Pulau)", agency_name="Sikka")
    near = near_titles(draft, reader=innovator)
    assert near.innovations == [winner]
    assert not near.this_year
    draft.past_innovation = winner
    assert not near_titles(draft, reader=innovator)


def test_of_another_agencys_sent_proposal_only_its_being_is_heard(draft, innovator, stranger, as_user):
    near = near_titles(draft, reader=innovator)
    assert (near.this_year, near.earlier, near.proposals) == (True, False, [])
    page = as_user(innovator).get(reverse("proposals:check", args=[draft.code])).content.decode()
    assert 'id="near-titles"' in page
    for secret in (stranger.title, stranger.code, stranger.agency.name):
        assert secret not in page


@pytest.mark.parametrize("status", ["draft", "in_review", "returned", "withdrawn"])
def test_what_another_agency_only_prepares_is_not_heard_of(draft, innovator, stranger, status):
    Proposal.objects.filter(pk=stranger.pk).update(status=status)
    assert not near_titles(draft, reader=innovator)


def test_one_s_own_agency_s_is_named(draft, agency_admin, year, agency, innovator):
    twin = Proposal.objects.create(
        competition=year, group=draft.group, category=draft.category, agency=agency, lead=innovator,
        title="Antar Obat ke Pulau 2.0",
    )  # fmt: skip
    near = near_titles(draft, reader=agency_admin)
    assert (near.proposals, near.this_year) == ([twin], False)


@pytest.mark.parametrize("title", ["", " ", "!!!", "Inovasi Pelayanan Publik", "%_'\"\\"])
def test_a_title_that_says_nothing_asks_nothing(draft, innovator, stranger, title):
    draft.title = title
    assert not near_titles(draft, reader=innovator)


def test_it_never_stands_in_the_way(complete, innovator, stranger, as_user):
    response = as_user(innovator).get(reverse("proposals:check", args=[complete.code]))
    assert response.context["near"].this_year
    assert response.context["checklist"].ready


def test_it_asks_a_fixed_number_of_questions(draft, innovator, stranger, django_assert_max_num_queries):
    for number in range(3):
        Innovation.objects.create(title=f"Antar Obat ke Pulau {number}")
    with django_assert_max_num_queries(6):
        assert len(near_titles(draft, reader=innovator).innovations) == 3
