"""Tables of everything: each reads its columns, is written in the background, and is handed to the secretariat only."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from accounts.models import Agency, Registration
from audit.models import Event
from audit.recording import record
from desk import tasks
from desk.actions import ask_extract, extract_due
from desk.models import Extract
from desk.tables import TABLES
from files import spreadsheets
from files.models import StoredFile
from notifications.models import Message

pytestmark = pytest.mark.django_db
PAGE = "/desk/tables/"


def rows_of(key: str, year=None, **asked: str) -> list[list[object]]:
    with translation.override("id"):
        found = TABLES[key].read(year, asked)
        rows = [list(row) for row in found.rows]
    assert found.count() == len(rows)
    assert all(len(row) == len(found.heads) for row in rows)
    return rows


def written(client, table: str, format: str = "csv", **fields: str) -> bytes:
    """The file as it is downloaded, once a worker has written it."""
    assert client.post(PAGE, {"table": table, "format": format} | fields).status_code == 302
    assert extract_due() == 1
    return client.get(reverse("desk:table_file", args=[Extract.objects.first().code])).getvalue()


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("key", TABLES)
@pytest.mark.parametrize("of_year", [True, False])
def test_each_table_reads_all_its_columns(key, of_year, year, draft, evaluator, secretariat):
    rows_of(key, year if of_year else None)


def test_the_year_narrows_what_belongs_to_a_year(draft, year):
    assert rows_of("proposals", year) == []  # a draft is its agency's own
    draft.status = "sent"
    draft.save()
    assert [row[1] for row in rows_of("proposals", year)] == [draft.code]
    year.pk = None
    year.code = "other"
    year.save()
    assert rows_of("proposals", year) == []
    assert len(rows_of("proposals")) == 1


def test_choices_are_words_and_moments_are_the_readers(agency, innovator):
    letter = StoredFile.objects.create(
        name="surat.pdf", media_type="application/pdf", size=1, sha256="0" * 64, path="x"
    )
    Registration.objects.create(agency=agency, user=innovator, letter_number="1/2023", letter=letter)
    with timezone.override("Asia/Jayapura"), translation.override("id"):
        found = TABLES["registrations"].read(None, {})
        (row,) = found.rows
    assert found.heads[1].endswith("(WIT)")
    assert "Menunggu Tim Sekretariat" in row
    assert row[1].tzinfo is None


def test_roles_say_who_acts_for_whom(agency, agency_admin, innovator):
    (row,) = [row for row in rows_of("agencies") if row[0] == agency.code]
    assert agency_admin.name in row
    people = {row[1]: row for row in rows_of("people")}
    assert people[agency_admin.email][6:8] == [agency.name, ""]
    assert people[innovator.email][6:8] == ["", agency.name]


def test_asked_for_twice_it_is_prepared_once(as_user, secretariat, clerk, agency):
    for person in (secretariat, clerk):
        as_user(person).post(PAGE, {"table": "agencies", "format": "csv"})
    as_user(clerk).post(PAGE, {"table": "agencies", "format": "xlsx"})
    assert sorted(Extract.objects.values_list("format", flat=True)) == ["csv", "xlsx"]
    assert extract_due() == 2
    assert extract_due() == 0
    as_user(clerk).post(PAGE, {"table": "agencies", "format": "csv"})
    assert Extract.objects.count() == 3


def test_each_gets_the_table_in_their_own_language(as_user, secretariat, clerk, agency):
    type(clerk).objects.filter(pk=clerk.pk).update(language="en")
    for person in (secretariat, clerk):
        as_user(person).post(PAGE, {"table": "agencies", "format": "csv"})
    assert extract_due() == 2
    heads = [
        lines(as_user(clerk).get(reverse("desk:table_file", args=[each.code])).getvalue())[0][1]
        for each in Extract.objects.all()
    ]
    assert set(heads) == {"Name", "Nama"}


def test_the_newest_files_stand_first_and_older_ones_are_asked_for(as_user, secretariat):
    for key in list(TABLES)[:4]:
        ask_extract(key, format="csv", by=secretariat)
    page = as_user(secretariat).get(PAGE)
    assert [each.table for each, _table in page.context["extracts"]] == list(TABLES)[3:0:-1]
    assert page.content.index(b'id="files"') < page.content.index(b"export-list")
    assert page.context["more"]
    assert len(as_user(secretariat).get(PAGE, {"files": "all"}).context["extracts"]) == 4


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    rows = [["Kode"], *([str(number)] for number in range(5))]
    book = load_workbook(io.BytesIO(spreadsheets.as_xlsx([spreadsheets.Sheet("Data", rows, [9])])))
    found = [[cell.value for (cell,) in sheet.iter_rows()] for sheet in book]
    assert found == [["Kode", "0", "1"], ["Kode", "2", "3"], ["Kode", "4"]]


def test_the_csv_runs_nothing_and_the_xlsx_holds_the_same(as_user, secretariat, agency):
    Agency.objects.filter(pk=agency.pk).update(name='=HYPERLINK("http://evil.example")')
    client = as_user(secretariat)
    (head, row) = lines(written(client, "agencies"))
    assert head[:2] == ["Kode", "Nama"]
    assert row[1] == '\'=HYPERLINK("http://evil.example")'
    book = load_workbook(io.BytesIO(written(client, "agencies", "xlsx")))
    assert [[cell.value for cell in line][:2] for line in book.active.iter_rows()] == [head[:2], row[:2]]
    assert book.active.freeze_panes == "A2"


def test_each_export_and_download_is_recorded_with_its_rows(as_user, secretariat, clerk, agency, other_agency):
    written(as_user(secretariat), "agencies")
    extract = Extract.objects.get()
    assert as_user(clerk).get(reverse("desk:table_file", args=[extract.code])).getvalue()
    found = Event.objects.filter(object_key=extract.code).order_by("pk")
    facts = {"table": "agencies", "format": "csv"}
    assert [(each.verb, each.actor, each.data) for each in found] == [
        ("desk.ask_extract", secretariat, facts),
        ("desk.write_extract", secretariat, facts | {"rows": 2}),
        ("desk.take_extract", secretariat, facts | {"rows": 2}),
        ("desk.take_extract", clerk, facts | {"rows": 2}),
    ]


@pytest.mark.parametrize("person", ["innovator", "agency_admin", "evaluator", "panelist"])
def test_nobody_else_asks_or_takes(as_user, request, secretariat, person):
    written(as_user(secretariat), "agencies")
    client, url = (
        as_user(request.getfixturevalue(person)),
        reverse("desk:table_file", args=[Extract.objects.get().code]),
    )
    asked = {"table": "agencies", "format": "csv"}
    assert [client.get(PAGE).status_code, client.post(PAGE, asked).status_code, client.get(url).status_code] == [
        403
    ] * 3
    assert Extract.objects.count() == 1


@pytest.mark.parametrize(
    "asked",
    [{}, {"table": "passwords"}, {"table": "agencies", "format": "exe"}, {"table": "proposals", "competition": "1800"}],
)
def test_what_there_is_not_cannot_be_asked_for(as_user, secretariat, asked):
    assert as_user(secretariat).post(PAGE, {"format": "csv"} | asked).status_code == 422
    assert not Extract.objects.exists()


def test_a_filter_of_the_record_narrows_its_table(as_user, secretariat, agency):
    record("accounts.approve", by=secretariat, on=agency, data={"reason": True})
    record("accounts.refuse", by=secretariat, on=agency)
    found = lines(written(as_user(secretariat), "events", verb="accounts.approve", unknown="x"))
    assert [line[4:] for line in found[1:]] == [
        [
            agency.code, "Menyetujui pendaftaran", "Instansi", "alasan: ya",
            "accounts.approve", "accounts.agency", '{"reason": true}',
        ]
    ]  # fmt: skip
    assert Extract.objects.get().asked == {"verb": "accounts.approve"}


def test_after_some_days_page_and_disk_have_it_no_more(as_user, secretariat, agency):
    client = as_user(secretariat)
    written(client, "agencies")
    extract = Extract.objects.get()
    Extract.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert client.get(reverse("desk:table_file", args=[extract.code])).status_code == 404
    tasks.extract()
    assert not default_storage.exists(extract.path)
    assert not Extract.objects.exists()


def test_the_page_says_how_far_it_is(as_user, secretariat):
    Extract.objects.create(
        table="scores", format="csv", asked_by=secretariat, language="id", state="writing", claimed_at=timezone.now(),
        expected=10_000, written=2_500,
    )  # fmt: skip
    page = as_user(secretariat).get(PAGE).content.decode()
    assert "2.500 dari 10.000" in page
    assert "hx-get" in page


def test_one_file_costs_as_many_queries_as_three(as_user, secretariat, year, django_assert_num_queries):
    client = as_user(secretariat)
    ask_extract("people", format="csv", by=secretariat)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as first:
        client.get(PAGE)
    for table in ("agencies", "proposals"):
        ask_extract(table, format="xlsx", competition=year, by=secretariat)
    with django_assert_num_queries(len(first)):
        client.get(PAGE)
    assert len(first) <= 15


def test_ten_thousand_rows_are_read_by_one_query_and_counted_as_they_are_written(
    secretariat, django_assert_max_num_queries
):
    Message.objects.bulk_create(
        Message(key=f"x:{number}", kind="x", address=f"a{number}@example.go.id", subject="Kabar")
        for number in range(10_000)
    )
    extract = ask_extract("letters", format="csv", by=secretariat)
    with django_assert_max_num_queries(60) as asked:
        assert extract_due() == 1
    extract.refresh_from_db()
    assert (extract.state, extract.expected, extract.written) == ("ready", 10_000, 10_000)
    shown = [each["sql"] for each in asked if '"written" = ' in each["sql"]]
    assert len(shown) == 10_000 / 500 + 2  # none written, each 500, all
