"""The number beside each value is the length of the list it gives, whatever else is asked."""

import re
from random import Random

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency
from catalogue.actions import record_award
from catalogue.asking import NAMES, Asked
from catalogue.facets import Found
from catalogue.models import Offer
from catalogue.provinces import COLUMNS, ROWS, TILES
from catalogue.sdgs import GOALS

WORDS = ["Sampah", "Obat", "Sekolah", "Antrean", "Laut"]
VALUES = {
    "offer": ["ready"],
    "year": ["2019", "2020", "2021"],
    "tier": ["winner", "finalist", "other"],
    "category": ["Kesehatan", "Pendidikan"],
    "agency_type": ["city", "regency", "ministry"],
    "province": ["Bali", "Riau", "pusat"],
    "sdg": ["1", "3", "17"],
}
ASKED = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(values), max_size=2, unique=True) for name, values in VALUES.items()}
    | {"q": st.sampled_from(["", *WORDS, "sampah laut", "obta"])}
)


@pytest.fixture
def filled(agency_admin) -> None:
    random = Random(7)  # noqa: S311
    agencies = [
        Agency.objects.create(code=f"X{n}", name=f"Instansi {n}", slug=f"x{n}", type=kind, province=province)
        for n, (kind, province) in enumerate(
            [("city", "Bali"), ("regency", "Riau"), ("regency", "Bali"), ("ministry", "")]
        )
    ]
    for number in range(40):
        agency = random.choice([*agencies, None])
        for _again in range(random.randint(1, 2)):
            award = record_award(
                title=f"{random.choice(WORDS)} {random.choice(WORDS)} {number}", agency=agency,
                agency_name="" if agency else "Kementerian Lama", category_name=random.choice(VALUES["category"]),
                sdgs=random.sample([1, 3, 17], random.randint(0, 2)), year=int(random.choice(VALUES["year"])),
                tier=random.choice(VALUES["tier"]), label="x",
            )  # fmt: skip
            if number % 3 == 0 and not award.innovation.offers.exists():
                Offer.objects.create(innovation=award.innovation, offered_by=agency_admin)


def asked_for(given: dict[str, list[str] | str]) -> Asked:
    query = QueryDict(mutable=True)
    for name, values in given.items():
        query.setlist(name, [values] if isinstance(values, str) else values)
    return Asked.of(query)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=ASKED)
def test_each_count_is_the_length_of_its_list(filled, given):
    for facet in Found(asked_for(given)).facets:
        for choice in facet.choices:
            alone = Found(asked_for({**given, facet.name: [choice.value]}))
            assert choice.count == alone.innovations.count() == len(set(alone.innovations)), (facet.name, choice)


@given(given=ASKED)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_address_asks_what_it_was_made_from(filled, given):
    asked = asked_for(given)
    assert Asked.of(QueryDict(asked.address.partition("?")[2])) == asked
    for name, values in asked.picked.items():
        assert values[0] not in asked.toggled(name, values[0]).of_facet(name)


def test_the_tiles_are_the_provinces_each_at_a_place_of_its_own():
    assert len({tile.name for tile in TILES}) == len({(tile.column, tile.row) for tile in TILES}) == 38
    assert len({tile.letters for tile in TILES}) == 38
    assert all(0 <= tile.column < COLUMNS and 0 <= tile.row < ROWS for tile in TILES)


def test_the_tiles_carry_the_names_of_the_official_list(db):
    from accounts.agency_list import load_agencies

    load_agencies()
    assert {tile.name for tile in TILES} == set(
        Agency.objects.filter(type="province").values_list("province", flat=True)
    )


def test_the_map_counts_what_the_list_counts(client, filled):
    found = Found(asked_for({"q": "sampah"}))
    counts = {province.tile.name: province.choice.count for province in found.provinces}
    assert counts["Bali"] == Found(asked_for({"q": "sampah", "province": ["Bali"]})).innovations.count() > 0
    assert counts["Papua"] == 0
    assert {province.shade for province in found.provinces} <= set(range(5))


def test_a_page_shows_every_facet_and_a_pill_for_what_is_picked(client, filled):
    page = client.get(reverse("catalogue:list"), {"province": "Bali", "year": ["2019", "2020"]}).content.decode()
    for name in NAMES:
        assert f'name="{name}"' in page, name
    pills = page.partition("filter-pills")[2].partition("</ul>")[0]
    assert len(re.findall("hapus saringan ini", pills)) == 3
    assert 'value="2019" id="year-2019" checked' in page


def test_an_empty_list_says_how_many_there_are_without_the_filters(client, filled):
    page = client.get(reverse("catalogue:list"), {"q": "sampah", "province": "Riau", "agency_type": "ministry"})
    without = Found(asked_for({"q": "sampah"})).innovations.count()
    assert f"Tanpa saringan ada {without} inovasi" in page.content.decode()


def test_there_are_seventeen_goals():
    assert list(GOALS) == list(range(1, 18))
