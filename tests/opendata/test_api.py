"""Whoever asks gets what is public, the same as everybody, and is told in one way what went wrong."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency
from announcements.models import Announcement
from catalogue.models import Award, Innovation
from competitions import calendar
from tests.awards.conftest import announced

PROBLEM = "application/problem+json"


@pytest.fixture
def ask():
    def ask(path, **asked):
        return Client().get(f"/api/v1/{path}", asked)

    return ask


def awarded(title, agency, *, year=2019, tier="winner", **fields) -> Innovation:
    innovation = Innovation.objects.create(title=title, agency=agency, agency_name=agency.name, **fields)
    Award.objects.create(innovation=innovation, year=year, tier=tier, label="Top 45")
    return innovation


def codes(response) -> list[str]:
    return [each["code"] for each in response.json()["items"]]


def test_the_index_names_every_list_and_each_opens(ask, public):
    addresses = ask("").json()
    assert {"years", "agencies", "innovations", "awards", "announcements", "results", "statistics"} == set(addresses)
    for address in addresses.values():
        assert Client().get(address.removeprefix("http://localhost:8000")).status_code == 200


def test_an_innovation_tells_its_agency_and_awards_but_no_contact(ask, agency):
    one = awarded("Antar Obat", agency, contact_name="Ibu Contoh", contact_email="ibu@example.go.id", sdgs=[3])
    found = ask(f"innovations/{one.code}").json()
    assert found["agency_code"] == "76.01"
    assert found["awards"] == [{"year": 2019, "tier": "winner", "label": "Top 45"}]
    assert "Contoh" not in str({key: value for key, value in found.items() if key not in ("agency_name", "province")})


def test_a_merged_code_gives_what_it_is_now(ask, agency):
    kept = awarded("Antar Obat", agency)
    other = Innovation.objects.create(title="Lama", agency_name="Lama", merged_into=kept)
    last = Innovation.objects.create(title="Paling Lama", agency_name="Lama", merged_into=other)
    assert ask(f"innovations/{last.code}").json()["code"] == kept.code
    assert codes(ask("innovations")) == [kept.code]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"a", "b"}),
        ({"year": 2019}, {"a"}),
        ({"tier": "finalist"}, {"b"}),
        ({"year": 2019, "tier": "finalist"}, set()),
        ({"agency": "76.01"}, {"a"}),
        ({"type": "city"}, {"b"}),
        ({"province": "Provinsi Lain"}, {"b"}),
        ({"sdg": 3}, {"a"}),
        ({"category": "Kesehatan"}, {"a"}),
        ({"q": "sekolah"}, {"b"}),
    ],
)
def test_innovations_are_narrowed(ask, agency, other_agency, asked, expected):
    awarded("a", agency, sdgs=[3], category_name="Kesehatan")
    awarded("b", other_agency, year=2020, tier="finalist", summary="Sekolah terapung")
    assert {each["title"] for each in ask("innovations", **asked).json()["items"]} == expected


def test_pages_lead_to_each_other_and_hold_each_row_once(ask, agency):
    for number in range(5):
        awarded(f"Inovasi {number}", agency)
    first = ask("innovations", per_page=2, tier="winner").json()
    assert (first["count"], first["pages"], first["previous"]) == (5, 3, None)
    titles, address = [], first["next"]
    titles += [each["title"] for each in first["items"]]
    while address:
        page = Client().get(address.removeprefix("http://localhost:8000")).json()
        titles += [each["title"] for each in page["items"]]
        address = page["next"]
    assert titles == [f"Inovasi {number}" for number in range(5)]
    assert ask("innovations", page=100_000).json()["items"] == []


def test_a_year_tells_its_calendar_and_rules(ask, year):
    found = ask(f"years/{year.code}").json()
    assert [each["key"] for each in found["stages"]] == [each.key for each in year.stages.all()]
    (group,) = found["groups"]
    assert [float(each["weight"]) for each in group["aspects"]] == [60, 40]
    assert group["rules"]


def test_results_tell_who_won_but_neither_place_nor_score_nor_person(ask, public):
    items = ask("results").json()["items"]
    assert [(each["title"], each["agency_code"]) for each in items] == [
        ("Antar Obat", "76.01"), ("Sekolah Apung", "77.71"),
    ]  # fmt: skip
    assert set(items[0]) == {
        "list", "group", "category", "title", "agency_code", "agency_name", "unit", "competition", "year", "tier",
    }  # fmt: skip


def test_before_its_moment_nobody_gets_an_announcement_or_its_list(winners, as_user, secretariat):
    announcement = announced(winners, days=1)
    for client in (Client(), as_user(secretariat)):
        assert client.get(f"/api/v1/announcements/{announcement.code}").status_code == 404
        assert client.get(f"/open-data/announcements/{announcement.code}.csv").status_code == 404
        for name in ("announcements", "results"):
            assert client.get(f"/api/v1/{name}").json()["count"] == 0
            assert client.get(f"/open-data/{name}.csv").content.count(b"\r\n") == 1
    Announcement.objects.update(publish_at=calendar.now() - timedelta(seconds=1))
    assert Client().get(f"/api/v1/announcements/{announcement.code}").json()["lists"] == [
        {"name": "Top 45 Inovasi", "size": 2}
    ]
    assert Client().get("/api/v1/results").json()["count"] == 2


def test_a_corrected_announcement_keeps_its_code_and_leaves_the_list(ask, public):
    first = Announcement.objects.get()
    second = Announcement.objects.create(
        competition=first.competition, kind="selection", number="B/2", title="Ralat", corrects=first, version=2,
        because="Salah nama.", publish_at=calendar.now(),
    )  # fmt: skip
    assert codes(ask("announcements")) == [second.code]
    assert ask(f"announcements/{first.code}").status_code == 200
    assert ask(f"announcements/{second.code}").json()["corrects"] == first.code


def test_agencies_are_found_by_what_people_type(ask, agency, other_agency):
    assert codes(ask("agencies")) == ["76.01", "77.71"]
    assert codes(ask("agencies", q="kab contoh")) == ["76.01"]
    assert ask("agencies/76.01").json()["type"] == "regency"


def test_figures_are_those_of_the_statistics(ask, agency):
    assert "types" in [each["key"] for each in ask("statistics").json()]
    table = ask("statistics/types").json()
    assert all(len(row) == len(table["heads"]) for row in table["rows"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("innovations/TIDAKADA", 404),
        ("announcements/TIDAKADA", 404),
        ("years/1900", 404),
        ("agencies/00", 404),
        ("statistics/funnel", 404),
        ("nothing/here", 404),
        ("innovations?year=dua", 422),
        ("innovations?yaer=2020", 422),
        ("innovations?page=0", 422),
        ("innovations?tier=emas", 422),
        ("awards?per_page=201", 422),
    ],
)
def test_what_is_wrong_is_a_problem(ask, db, path, status):
    response = ask(path)
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM)
    problem = response.json()
    assert problem["status"] == status
    assert problem["detail"]
    assert bool(problem.get("errors")) == (status == 422)


def test_nothing_can_be_written_and_the_answer_says_what_can(db):
    for method in ("post", "put", "patch", "delete"):
        response = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/innovations")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert response["Content-Type"] == PROBLEM


def test_pages_of_other_sites_may_read(db):
    assert Client().get("/api/v1/years")["Access-Control-Allow-Origin"] == "*"
    assert Client().options("/api/v1/years")["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Credentials" not in Client().get("/api/v1/years")


def test_what_has_not_changed_is_not_sent_again(ask, agency):
    first = Client().get("/api/v1/innovations")
    again = Client().get("/api/v1/innovations", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    awarded("Antar Obat", agency)
    assert Client().get("/api/v1/innovations", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert Client().head("/api/v1/innovations")["ETag"] != first["ETag"]


def test_an_announcement_says_since_when(public):
    announcement = Announcement.objects.get()
    first = Client().get(f"/api/v1/announcements/{announcement.code}")
    since = {"If-Modified-Since": first["Last-Modified"]}
    assert Client().get(f"/api/v1/announcements/{announcement.code}", headers=since).status_code == 304


def test_who_asks_too_often_is_told_when_to_come_back(db, settings):
    settings.OPEN_DATA_PER_MINUTE = 2
    answers = [Client(REMOTE_ADDR="192.0.2.77").get("/api/v1/years") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert answers[2]["Content-Type"] == PROBLEM
    assert answers[2]["Retry-After"] == "60"
    assert Client(REMOTE_ADDR="192.0.2.78").get("/api/v1/years").status_code == 200


def test_every_reader_gets_the_same_words(ask, as_user, secretariat, agency):
    secretariat.language = "en"
    secretariat.save()
    assert as_user(secretariat).get("/api/v1/statistics").content == ask("statistics").content


@pytest.mark.parametrize("name", ["innovations", "awards", "agencies", "announcements", "results", "years"])
def test_a_list_asks_the_same_number_of_questions_however_long_it_is(
    name, public, agency, django_assert_max_num_queries
):
    for number in range(3):
        awarded(f"Inovasi {number}", agency)
        Agency.objects.create(code=f"BD{number}", name=f"BUMD {number}", slug=f"bd{number}", type="roe", parent=agency)
    with django_assert_max_num_queries(4):
        assert Client().get(reverse(f"opendata:{name}")).status_code == 200
