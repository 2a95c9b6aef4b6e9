"""The public catalogue: what a search finds, and how few queries it needs."""
# ruff: noqa: E501 - a table of cases reads best with one case to a line

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.actions import record_award
from catalogue.models import Innovation

LIST = reverse("catalogue:list")


@pytest.fixture
def catalogue(agency, other_agency) -> dict[str, Innovation]:
    rows = [
        ("Antar Obat ke Pulau", agency, "Kesehatan", 2019, "winner", "Top 45"),
        ("Library Café", other_agency, "Pendidikan", 2020, "winner", "Top 45"),
        ("Tani Jago Dilan", agency, "Ketahanan pangan", 2020, "finalist", "Top 99"),
        ("Klinik BUM Desa", None, "Kesehatan", 2024, "sustainability", "PKRI"),
    ]
    return {
        title: record_award(
            title=title, agency=owner, agency_name="" if owner else "Kementerian Lama", category_name=category, year=year,
            tier=tier, label=label,
        ).innovation
        for title, owner, category, year, tier, label in rows
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["Klinik BUM Desa", "Library Café", "Tani Jago Dilan", "Antar Obat ke Pulau"]),
        ({"q": "obat"}, ["Antar Obat ke Pulau"]),
        ({"q": "antar obta"}, ["Antar Obat ke Pulau"]),
        ({"q": "cafe"}, ["Library Café"]),
        ({"q": "kota lain"}, ["Library Café"]),
        ({"q": "kementerian lama"}, ["Klinik BUM Desa"]),
        ({"q": "xyzzy"}, []),
        ({"year": "2020"}, ["Library Café", "Tani Jago Dilan"]),
        ({"year": "2020", "tier": "winner"}, ["Library Café"]),
        ({"year": "2019", "tier": "finalist"}, ["Antar Obat ke Pulau"]),
        ({"category": "Kesehatan"}, ["Klinik BUM Desa", "Antar Obat ke Pulau"]),
        ({"agency_type": "city"}, ["Library Café"]),
        ({"year": ["2019", "2020"], "tier": "winner"}, ["Library Café", "Antar Obat ke Pulau"]),
        ({"province": "Provinsi Lain"}, ["Library Café"]),
        ({"order": "title"}, ["Antar Obat ke Pulau", "Klinik BUM Desa", "Library Café", "Tani Jago Dilan"]),
        ({"order": "oldest"}, ["Antar Obat ke Pulau", "Library Café", "Tani Jago Dilan", "Klinik BUM Desa"]),
        ({"order": "best"}, ["Klinik BUM Desa", "Library Café", "Tani Jago Dilan", "Antar Obat ke Pulau"]),
        ({"year": "1066", "tier": "emperor"}, ["Klinik BUM Desa", "Library Café", "Tani Jago Dilan", "Antar Obat ke Pulau"]),
        ({"q": "%' OR 1=1"}, []),
    ],
)  # fmt: skip
def test_what_a_search_finds(client, catalogue, asked, found):
    page = client.get(LIST, asked).context["page"]
    assert [innovation.title for innovation in page] == found


def test_an_innovation_that_won_nothing_is_not_listed(client, agency):
    Innovation.objects.create(title="Belum menang", agency=agency, agency_name=agency.name)
    assert list(client.get(LIST).context["page"]) == []


def test_an_empty_search_and_an_empty_catalogue_say_what_to_do(client, catalogue):
    assert "Coba satu kata" in client.get(LIST, {"q": "xyzzy"}).content.decode()
    Innovation.objects.all().delete()
    assert "Katalog masih kosong" in client.get(LIST).content.decode()


def test_pages_keep_the_search(client, agency):
    for number in range(21):
        record_award(title=f"Obat {number}", agency=agency, year=2020, tier="finalist", label="Top 99")
    page = client.get(LIST, {"q": "obat", "page": 2})
    assert len(page.context["page"]) == 1
    assert "q=obat" in page.content.decode()


def test_an_innovation_shows_its_awards_and_its_likes(client, catalogue):
    found = catalogue["Antar Obat ke Pulau"]
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Top 45" in page
    assert "Klinik BUM Desa" in page
    assert client.get(reverse("catalogue:innovation", args=["TIDAKADA"])).status_code == 404


@pytest.mark.parametrize("source", ["javascript:alert(1)", "koran 2019", "https://www.contoh.go.id/berita/1"])
def test_only_web_addresses_become_links(client, agency, source):
    award = record_award(title="Antar", agency=agency, year=2020, tier="finalist", label="Top 99", source=source)
    page = client.get(award.innovation.get_absolute_url()).content.decode()
    assert (f'href="{source}"' in page) is source.startswith("https")


def test_the_list_needs_as_many_queries_for_three_as_for_one(client, agency):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST, {"q": "obat"}).status_code == 200
        return len(captured)

    record_award(title="Obat 1", agency=agency, year=2020, tier="finalist", label="Top 99")
    queries()
    one = queries()
    for number in (2, 3):
        record_award(title=f"Obat {number}", agency=agency, year=2020, tier="winner", label="Top 45")
    assert queries() == one
