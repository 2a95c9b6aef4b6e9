"""The numbers are those of the rows they come from, say what is not known, and tell nothing before its moment."""

import csv
import io
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import Agency
from announcements.models import Announcement
from catalogue.models import Award, Innovation
from competitions import calendar
from competitions.models import Competition, Round
from proposals.models import Proposal, Submission
from tests.awards.conftest import announced, fixed
from yearbook import history, participation, seasons, tables

PAGE = "/statistics/"
YEAR_FILES = sorted((Path(__file__).parents[2] / "competitions" / "years").glob("*.toml"))


def awarded(title, agency=None, tier="winner", category="Kesehatan", **fields) -> Innovation:
    innovation = Innovation.objects.create(
        title=title, agency=agency, agency_name=agency.name if agency else "Lama", category_name=category, **fields
    )
    Award.objects.create(innovation=innovation, year=2019, tier=tier, label="Top")
    return innovation


@pytest.fixture
def entered(year, group, agency, other_agency, innovator, secretariat):
    """Three proposals: two sent, of which one passed; one is a draft."""
    found = []
    for number, (owner, status) in enumerate([(agency, "passed"), (agency, "sent"), (other_agency, "draft")]):
        proposal = Proposal.objects.create(
            competition=year, group=group, category=year.categories.first(), agency=owner, lead=innovator,
            title=f"Usulan {number}", status=status,
        )  # fmt: skip
        if status != "draft":
            Submission.objects.create(
                proposal=proposal, sequence=1, number=f"KIPP-{number}", payload={}, sha256="0" * 64,
                sent_at=calendar.now(), sent_by=innovator,
            )  # fmt: skip
        found.append(proposal)
    return found


# --- Published figures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", YEAR_FILES, ids=lambda path: path.stem)
def test_the_published_years_agree_with_the_years_files(path, db):
    counts = tomllib.loads(path.read_text())["competition"].get("counts", {})
    year = next(each for each in history.years() if each.year == int(path.stem))
    for step in history.STEPS:
        if step in counts:
            assert getattr(year, step) == Competition(counts=counts).published(step), step


def test_every_published_row_names_its_source(db):
    for row in [*history.years(), *history.results_by_type(), history.totals()]:
        assert (row["source"] if isinstance(row, dict) else row.source).startswith("https://")


def test_the_top_innovations_add_up_to_the_ministrys_total(db):
    assert sum(each.finalists or 0 for each in history.years()) == history.totals()["top"] == 1065


def test_a_years_own_counts_go_first_but_no_demonstrations(db):
    Competition.objects.create(code="2017", year=2017, name="KIPP 2017", counts={"registered": 1, "winners": {"a": 2}})
    Competition.objects.create(code="x", year=2018, name="X", counts={"registered": 1}, is_demonstration=True)
    found = {each.year: each for each in history.years()}
    assert (found[2017].registered, found[2017].winners, found[2017].finalists) == (1, 2, 99)
    assert found[2018].registered == 2824


def test_what_is_not_known_stays_unknown(as_user, db):
    assert {each.year: each.registered for each in history.years()}[2025] is None
    answer = as_user(None).get(reverse("yearbook:csv", args=["proposals"]))
    rows = {row[0]: row for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert rows["2025"][1] == ""
    assert rows["2023"][1] == "3110"


# --- The portal's own rows ------------------------------------------------------------------------------------------


def test_a_season_counts_only_what_is_public(year, entered, secretariat):
    assert seasons.season(year).counts == {
        "registered": 3, "sent": 2, "passed": None, "nominations": None, "finalists": None, "winners": None,
    }  # fmt: skip
    selection = fixed(Round.objects.get(key="interview"), entered[:1], 1, secretariat)
    later = announced(selection, days=1)
    assert seasons.season(year).counts["winners"] is None
    Announcement.objects.filter(pk=later.pk).update(publish_at=calendar.now() - timedelta(minutes=1))
    assert seasons.season(year).counts["winners"] == 1
    assert seasons.season(year).counts["passed"] == 1


def test_during_an_open_season_there_are_counts_and_no_names(as_user, year, entered, agency, innovator):
    page = as_user(None).get(PAGE).content.decode()
    assert year.name in page
    for hidden in ("Usulan", agency.name, innovator.name):
        assert hidden not in page


def test_a_demonstrations_year_counts_in_a_demonstration_only(year, entered, settings):
    Competition.objects.update(is_demonstration=True)
    assert not seasons.lived().exists()
    settings.DEMO = True
    assert seasons.lived().get() == year


def test_taking_part_adds_up_to_all_agencies(year, entered, agency, other_agency):
    Agency.objects.create(code="31.71", name="Kota Administrasi", slug="k", type="city", participates=False)
    for by in ("type", "province"):
        parts = {part.name: (part.agencies, part.took_part) for part in participation.taking_part(by)}
        assert sum(all_of for all_of, _part in parts.values()) == Agency.objects.participating().count() == 2
        assert parts[getattr(agency, by)] == (1, 1)  # sent a proposal
        assert parts[getattr(other_agency, by)] == (1, 0)  # has a draft
    awarded("Menang", other_agency)
    assert {part.took_part for part in participation.taking_part("type")} == {1}


def test_categories_and_winners_are_those_of_the_catalogues_rows(agency, other_agency):
    kept = awarded("Satu", agency)
    awarded("Dua", other_agency, category="", tier="finalist")
    awarded("Tiga", None, category_inferred=True)
    awarded("Kembar", agency, merged_into=kept)
    assert participation.categories() == [("Kesehatan", 2, 1), ("", 1, 0)]
    assert (
        sum(number for _name, number, _inferred in participation.categories()) == Innovation.objects.awarded().count()
    )
    assert participation.winners_by_type() == {agency.type: 1, "": 1}
    current = Award.objects.filter(innovation__merged_into=None, tier__in=participation.WINNING)
    assert sum(participation.winners_by_type().values()) == current.count()


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [*tables.TABLES, "funnel"])
def test_each_chart_has_its_table_and_its_file(as_user, db, key):
    page = as_user(None).get(PAGE).content.decode()
    address = reverse("yearbook:csv", args=[key])
    assert f'href="{address}' in page
    query = {"year": "2023"} if key == "funnel" else {}
    assert as_user(None).get(address, query)["Content-Type"].startswith("text/csv")


def test_a_table_that_is_not_there(as_user, db):
    assert as_user(None).get("/statistics/rahasia.csv").status_code == 404
    assert as_user(None).get("/statistics/funnel.csv", {"year": "1999"}).status_code == 404
    assert as_user(None).get(PAGE, {"year": "1999"}).status_code == 200


def test_a_title_no_spreadsheet_runs(as_user, agency):
    awarded("Rumus", agency, category='=HYPERLINK("x")')
    answer = as_user(None).get(reverse("yearbook:csv", args=["categories"])).content.decode()
    assert "'=HYPERLINK" in answer


def test_the_page_asks_as_often_for_many_as_for_few(as_user, year, entered, agency, django_assert_max_num_queries):
    with django_assert_max_num_queries(15) as few:
        as_user(None).get(PAGE)
    for number in range(3):
        awarded(f"Inovasi {number}", agency, category=f"Kategori {number}")
        Agency.objects.create(
            code=f"88.0{number}", name=f"X{number}", slug=f"x{number}", type="soe", province=f"P{number}"
        )
    with django_assert_max_num_queries(len(few)):
        as_user(None).get(PAGE)
