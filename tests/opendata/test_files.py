"""Files hold what the API holds, run nothing in a spreadsheet, and are linked where their data is shown."""

import csv
import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from announcements.models import Announcement
from opendata.datasets import DATASETS
from tests.opendata.test_api import awarded


def rows_of(response) -> list[dict[str, str]]:
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


@pytest.mark.parametrize("name", [*(name for name in DATASETS if name != "calendar")])
def test_a_file_has_a_row_for_each_item_under_the_same_names(name, public, agency):
    awarded("Antar Obat", agency, sdgs=[3, 10])
    items = Client().get(f"/api/v1/{name}").json()["items"]
    rows = rows_of(Client().get(f"/open-data/{name}.csv"))
    assert len(rows) == len(items) > 0
    for row, item in zip(rows, items, strict=True):
        assert set(row) == set(item) - {"awards"}
        assert {key: row[key] for key in row if isinstance(item[key], str) and "_at" not in key} == {
            key: item[key] for key in row if isinstance(item[key], str) and "_at" not in key
        }


def test_the_calendar_has_a_row_for_each_stage(year):
    rows = rows_of(Client().get("/open-data/calendar.csv"))
    assert [each["key"] for each in rows] == [each.key for each in year.stages.all()]
    assert rows[0]["ends_at"].endswith("Z")


@pytest.mark.parametrize("title", ["=1+1", "@SUM(A1)", "+62", "-1", "\t=2"])
def test_a_spreadsheet_runs_nothing(agency, title):
    awarded(title, agency, summary="=HYPERLINK(1)")
    (row,) = rows_of(Client().get("/open-data/innovations.csv"))
    assert row["title"] == f"'{title}"
    assert row["summary"].startswith("'=")
    sheet = openpyxl.load_workbook(io.BytesIO(Client().get("/open-data/innovations.xlsx").content)).active
    assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}


def test_a_spreadsheet_takes_letters_that_xml_does_not_know(agency):
    awarded("Antar\x0bObat", agency)
    sheet = openpyxl.load_workbook(io.BytesIO(Client().get("/open-data/innovations.xlsx").content)).active
    assert "AntarObat" in [cell.value for cell in sheet[2]]


def test_a_search_of_the_catalogue_is_downloaded_as_found(agency, other_agency):
    awarded("Antar Obat", agency)
    awarded("Sekolah Apung", other_agency, year=2020)
    page = Client().get("/catalogue/", {"agency_type": "city"}).content.decode()
    assert "/open-data/innovations.csv?agency_type=city" in page
    (row,) = rows_of(Client().get("/open-data/innovations.csv", {"agency_type": "city"}))
    assert row["title"] == "Sekolah Apung"


def test_the_lists_of_an_announcement_are_linked_and_whole(public):
    announcement = Announcement.objects.get()
    address = reverse("opendata:lists_csv", args=[announcement.code])
    assert address in Client().get(announcement.get_absolute_url()).content.decode()
    assert [each["title"] for each in rows_of(Client().get(address))] == ["Antar Obat", "Sekolah Apung"]


def test_the_page_names_every_file_and_every_operation(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        page = Client().get("/open-data/").content.decode()
    for name in DATASETS:
        assert f"/open-data/{name}.csv" in page
        assert f"/open-data/{name}.xlsx" in page
    schema = Client().get("/api/v1/openapi.json").json()
    assert all(f"<code>GET {path}</code>" in page for path in schema["paths"])
    assert ">None<" not in page
