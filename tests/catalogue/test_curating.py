"""One innovation put right: renamed, joined to another row and parted again, its contact seen by those who may."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import Event
from catalogue import actions
from catalogue.actions import record_award
from catalogue.models import Award, Innovation, Merge


@pytest.fixture
def pair(agency) -> tuple[Innovation, Innovation]:
    kept = record_award(title="Perahu Sehat", agency=agency, year=2021, tier="winner", label="Top 45").innovation
    other = record_award(title="Ambulans Laut", agency=agency, year=2019, tier="finalist", label="Top 99").innovation
    other.awards.create(year=2021, tier="finalist", label="Top 99")  # the kept one has this award too
    return kept, other


def awards_of(innovation: Innovation) -> set[tuple[int, str]]:
    return set(innovation.awards.values_list("year", "tier"))


def test_a_renamed_innovation_is_found_by_both_titles(pair, secretariat):
    kept, _other = pair
    actions.rename(kept, title=" Kapal  Sehat ", by=secretariat)
    kept.refresh_from_db()
    assert (kept.title, kept.former_titles) == ("Kapal Sehat", ["Perahu Sehat"])
    assert list(Innovation.objects.search("perahu")) == list(Innovation.objects.search("kapal")) == [kept]
    actions.rename(kept, title="Perahu Sehat", by=secretariat)
    kept.refresh_from_db()
    assert kept.former_titles == ["Kapal Sehat"]


def test_a_title_of_another_innovation_is_refused(pair, secretariat):
    with pytest.raises(ValidationError) as refusal:
        actions.rename(pair[0], title="AMBULANS LAUT", by=secretariat)
    assert refusal.value.code == "title_taken"


def test_joined_and_parted_again_leaves_everything_as_it_was(pair, secretariat):
    kept, other = pair
    before = awards_of(kept), awards_of(other)
    merged = actions.merge(other, into=kept, reason="Berganti nama", by=secretariat)
    kept.refresh_from_db()
    assert awards_of(kept) == before[0] | before[1]
    assert awards_of(other) == before[1]  # for proposals that say they were this row
    assert kept.former_titles == ["Ambulans Laut"]
    assert list(Innovation.objects.awarded().search("ambulans")) == [kept]
    actions.undo_merge(merged, by=secretariat)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (awards_of(kept), awards_of(other), kept.former_titles, other.merged_into) == (*before, [], None)
    verbs = Event.objects.filter(object_key=kept.code).values_list("verb", flat=True)
    assert {"catalogue.merge", "catalogue.undo_merge"} <= set(verbs)
    with pytest.raises(ValidationError):
        actions.undo_merge(merged, by=secretariat)


def test_the_address_of_a_joined_one_leads_to_the_other(client, pair, secretariat):
    kept, other = pair
    actions.merge(other, into=kept, reason="Sama", by=secretariat)
    assert client.get(other.get_absolute_url())["Location"] == kept.get_absolute_url()
    assert "Ambulans Laut" in client.get(kept.get_absolute_url()).content.decode()


def test_what_cannot_be_joined(pair, secretariat):
    kept, other = pair
    for one, into in [(kept, kept)]:
        with pytest.raises(ValidationError):
            actions.merge(one, into=into, reason="x", by=secretariat)
    actions.merge(other, into=kept, reason="x", by=secretariat)
    third = Innovation.objects.create(title="Lain", agency_name="Lain")
    for one, into in [(other, third), (third, other), (kept, third)]:
        with pytest.raises(ValidationError):
            actions.merge(one, into=into, reason="x", by=secretariat)
    assert Merge.objects.count() == 1


def test_an_award_for_a_joined_one_goes_to_the_other(pair, secretariat, agency):
    kept, other = pair
    actions.merge(other, into=kept, reason="x", by=secretariat)
    other.refresh_from_db()
    by_title = record_award(title="ambulans laut", agency=agency, year=2023, tier="other", label="x")
    by_row = record_award(title="Apa saja", agency=agency, innovation=other, year=2024, tier="other", label="x")
    assert by_title.innovation == by_row.innovation == kept
    assert Award.objects.filter(innovation=other).count() == 2


def test_the_secretariat_joins_by_the_address_on_its_page(as_user, pair, secretariat):
    kept, other = pair
    client, page = as_user(secretariat), reverse("catalogue:curate", args=[other.code])
    wrong = client.post(page, {"do": "merge", "into": "TIDAKADA", "reason": "x"})
    assert (wrong.status_code, "TIDAKADA" in wrong.content.decode()) == (422, True)
    right = {"do": "merge", "into": f"https://x.go.id/catalogue/{kept.code}/", "reason": "Sama"}
    assert client.post(page, right)["Location"] == reverse("catalogue:curate", args=[kept.code])
    merged = Merge.objects.get()
    client.post(reverse("catalogue:part", args=[merged.code]))
    merged.refresh_from_db()
    assert merged.undone_by == secretariat
    assert client.post(page, {"do": "rename", "title": "Baru"})["Location"] == other.get_absolute_url()


def test_who_sees_and_names_the_contact(as_user, pair, agency_admin, other_admin, innovator, secretariat):
    kept, _other = pair
    page = reverse("catalogue:contact", args=[kept.code])
    given = {"name": "Bagian Organisasi", "email": "organisasi@example.go.id", "phone": "021"}
    assert as_user(other_admin).post(page, given).status_code == 403
    assert as_user(agency_admin).post(page, {**given, "email": "x"}).status_code == 422
    assert as_user(agency_admin).post(page, given).status_code == 302
    seen = {
        person: "organisasi@example.go.id" in as_user(person).get(kept.get_absolute_url()).content.decode()
        for person in (None, innovator, other_admin, agency_admin, secretariat)
    }
    assert seen == {None: False, innovator: False, other_admin: True, agency_admin: True, secretariat: True}
    assert "organisasi" not in str(list(Event.objects.values_list("data", flat=True)))
