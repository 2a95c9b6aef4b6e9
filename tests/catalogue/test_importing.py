"""Spreadsheets of past awards: what is read, each fault by line and column, all or nothing, and back again."""

import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Event
from catalogue import actions, importing
from catalogue.actions import record_award
from catalogue.award_names import tier_of
from catalogue.columns import guess, knows_head, missing
from catalogue.models import Award, Import, Innovation
from catalogue.spreadsheets import read_table
from catalogue.titles import LIKE, likeness

IMPORTS = reverse("catalogue:imports")
HEADS = ["No", "Tahun", "Judul Inovasi", "Instansi", "Penghargaan", "Kategori", "TPB", "Ringkasan", "Sumber"]
RIGHT = [
    "1",
    "2019",
    "Antar Obat",
    "Pemerintah Kabupaten Contoh",
    "Top 45",
    "Kesehatan",
    "3, 10",
    "Ringkas.",
    "https://a.go.id/b",
]


def as_csv(*rows: list[str], heads: list[str] = HEADS, delimiter: str = ",") -> bytes:
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in [heads, *rows]]
    return ("\n".join(lines) + "\n").encode()


def as_xlsx(*rows: list[object]) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def row(**changed: str) -> list[str]:
    names = ["no", "year", "title", "agency", "award", "category", "sdgs", "summary", "source"]
    return [changed.get(name, cell) for name, cell in zip(names, RIGHT, strict=True)]


@pytest.fixture
def begun(agency, secretariat):
    def begin(*rows: list[str], heads: list[str] = HEADS) -> Import:
        table = read_table(io.BytesIO(as_csv(*rows, heads=heads)), is_csv=True, knows_head=knows_head)
        return actions.begin_import(table, name="pemenang.csv", by=secretariat)

    return begin


def test_a_right_row_becomes_an_innovation_with_its_awards(begun, agency, secretariat):
    found = begun(RIGHT)
    assert not Innovation.objects.exists()
    found = actions.confirm_import(found, by=secretariat)
    innovation = Innovation.objects.get()
    assert (innovation.title, innovation.agency, innovation.category_name) == ("Antar Obat", agency, "Kesehatan")
    assert (innovation.sdgs, innovation.summary, innovation.source) == ([3, 10], "Ringkas.", "https://a.go.id/b")
    awards = set(innovation.awards.values_list("year", "tier", "label"))
    assert awards == {(2019, "winner", "Top 45"), (2019, "finalist", "Finalis")}
    assert found.state == "done"
    assert list(Innovation.objects.search("obat")) == [innovation]


@pytest.mark.parametrize(
    ("changed", "column", "code"),
    [
        ({"title": ""}, "C", "no_title"),
        ({"title": "12.5"}, "C", "no_words"),
        ({"title": "x y" * 101}, "C", "too_long"),
        ({"title": "=B2&C2"}, "C", "formula"),
        ({"title": "#REF!"}, "C", "error_value"),
        ({"agency": ""}, "D", "no_agency"),
        ({"agency": "Pemerintah Kabupaten Contho"}, "D", "unknown_agency"),
        ({"year": ""}, "B", "no_year"),
        ({"year": "dua ribu"}, "B", "no_number"),
        ({"year": "2013"}, "B", "other_year"),
        ({"year": "2099"}, "B", "other_year"),
        ({"award": ""}, "E", "no_award"),
        ({"award": "Emas"}, "E", "unknown_award"),
        ({"category": "Kesehatn"}, "F", "near_category"),
        ({"sdgs": "18"}, "G", "no_goal"),
        ({"sdgs": "kesehatan"}, "G", "no_goal"),
        ({"summary": "a" * 5001}, "H", "too_long"),
        ({"source": "javascript:alert(1)"}, "I", "no_address"),
        ({"source": "https://"}, "I", "no_address"),
        ({"no": "2"}, "C", "twice"),
    ],
)
def test_each_fault_is_named_by_line_and_column_and_nothing_is_written(
    begun, other_agency, secretariat, changed, column, code
):
    record_award(title="Lain", agency=other_agency, category_name="Kesehatan", year=2019, tier="other", label="x")
    found = begun(
        RIGHT, row(**({"title": "Yang Lain"} if "title" not in changed and code != "twice" else {}) | changed)
    )
    (fault,) = importing.look_at(found).faults
    assert (fault.line, fault.column[0], fault.code) == (3, column, code)
    assert fault.problem
    assert fault.advice
    with pytest.raises(ValidationError) as refusal:
        actions.confirm_import(found, by=secretariat)
    assert refusal.value.code == "faults"
    assert Innovation.objects.count() == 1


def test_an_unknown_agency_gets_the_nearest_name_or_is_kept_as_written(begun, secretariat):
    found = begun(row(agency="Pemerintah Kabupaten Contho"), row(agency="Kementerian Purbakala", title="Candi"))
    near, old = importing.look_at(found).faults
    assert "Pemerintah Kabupaten Contoh" in near.advice
    found = actions.settle_import(
        found, places=found.places, same={}, by=secretariat,
        as_written=["Kementerian Purbakala", "Pemerintah Kabupaten Contho"],
    )  # fmt: skip
    assert old.line == 3
    actions.confirm_import(found, by=secretariat)
    assert Innovation.objects.get(title="Candi").agency is None


def test_what_the_catalogue_holds_gets_the_award_only(begun, agency, secretariat):
    held = record_award(title="ANTAR OBAT", agency=agency, year=2017, tier="finalist", label="Top 99").innovation
    planned = importing.plan(found := begun(RIGHT))
    assert (planned.innovations, planned.awards, planned.known) == (0, 2, 0)
    actions.confirm_import(found, by=secretariat)
    assert held.awards.count() == 3
    assert importing.plan(begun(RIGHT)).known == 2


@pytest.mark.parametrize("answer", ["same", "new"])
def test_a_like_title_of_the_same_agency_is_asked_about(begun, agency, secretariat, answer):
    held = record_award(title="TOSS (Tempat Olah Sampah)", agency=agency, year=2017, tier="other", label="x").innovation
    found = begun(row(title="Tempat Olah Sampah"))
    assert [each.near for each in importing.plan(found).undecided] == [[held]]
    with pytest.raises(ValidationError, match="sama"):
        actions.confirm_import(found, by=secretariat)
    same = {"2": held.code if answer == "same" else ""}
    found = actions.settle_import(found, places=found.places, as_written=[], same=same, by=secretariat)
    actions.confirm_import(found, by=secretariat)
    assert Innovation.objects.count() == (1 if answer == "same" else 2)


def test_an_import_is_taken_back_whole(begun, agency, secretariat):
    held = record_award(title="Perahu", agency=agency, year=2017, tier="other", label="x").innovation
    found = actions.confirm_import(begun(RIGHT, row(title="Perahu")), by=secretariat)
    found = actions.undo_import(found, by=secretariat)
    assert list(Innovation.objects.all()) == [held]
    assert list(held.awards.values_list("year", flat=True)) == [2017]
    assert Event.objects.filter(verb="catalogue.undo_import").count() == 1
    with pytest.raises(ValidationError, match="tidak ada di katalog"):
        actions.undo_import(found, by=secretariat)


@pytest.mark.parametrize("touch", ["award", "reference", "rename"])
def test_what_something_else_refers_to_is_not_taken_back(begun, draft, secretariat, touch):
    found = actions.confirm_import(begun(RIGHT), by=secretariat)
    innovation = Innovation.objects.get()
    if touch == "award":
        innovation.awards.create(year=2021, tier="other", label="x")
    elif touch == "reference":
        draft.past_innovation = innovation
        draft.save(update_fields=["past_innovation"])
    else:
        Innovation.objects.update(former_titles=["Dulu"])
    with pytest.raises(ValidationError) as refusal:
        actions.undo_import(found, by=secretariat)
    assert refusal.value.code == "touched"
    assert Innovation.objects.count() == 1


def test_a_large_file_is_left_to_a_worker_and_written_once(begun, secretariat, monkeypatch):
    monkeypatch.setattr(actions.imports, "AT_ONCE", 1)
    found = actions.confirm_import(begun(RIGHT, row(title="Lain")), by=secretariat)
    assert (found.state, Innovation.objects.count()) == ("queued", 0)
    assert (actions.write_imports(), actions.write_imports()) == (1, 0)
    found.refresh_from_db()
    assert (found.state, Innovation.objects.count()) == ("done", 2)


def test_what_a_worker_cannot_write_says_why(begun, agency, secretariat, monkeypatch):
    monkeypatch.setattr(actions.imports, "AT_ONCE", 0)
    found = actions.confirm_import(begun(RIGHT), by=secretariat)
    agency.delete()
    assert actions.write_imports() == 0
    found.refresh_from_db()
    assert found.state == "failed"
    assert found.problem
    assert not Innovation.objects.exists()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_may_be_divided_by(delimiter):
    table = read_table(io.BytesIO(as_csv(RIGHT, delimiter=delimiter)), is_csv=True, knows_head=knows_head)
    assert (table.heads, table.lines) == (HEADS, [(2, RIGHT)])


def test_lines_are_numbered_as_an_editor_shows_them():
    content = b'judul,instansi,tahun,penghargaan\n\n"A\nB",X,2019,Top 45\nC,X,2019,Top 99\n'
    table = read_table(io.BytesIO(content), is_csv=True, knows_head=knows_head)
    assert [(number, cells[0]) for number, cells in table.lines] == [(3, "A B"), (5, "C")]


def test_a_sheet_may_have_a_title_above_its_heads_and_numbers_in_its_cells():
    content = as_xlsx(["Daftar Top 45 Tahun 2019"], [], HEADS, [1, 2019, "Antar Obat", "X", "Top 45", None, 3.0])
    table = read_table(io.BytesIO(content), is_csv=False, knows_head=knows_head)
    assert (table.heads, table.head_line) == (HEADS, 3)
    assert table.lines == [(4, ["1", "2019", "Antar Obat", "X", "Top 45", "", "3", "", ""])]


@pytest.mark.parametrize(
    ("content", "is_csv"), [(b"", True), (b"judul\n", True), (b"\0\0", True), (b"PK\3\4", False), (b"", False)]
)
def test_what_is_no_table_is_refused_in_words(content, is_csv):
    with pytest.raises(ValidationError):
        read_table(io.BytesIO(content), is_csv=is_csv, knows_head=knows_head)


def test_columns_are_guessed_and_the_missing_named():
    assert guess(["Inovasi", "K/L/Pemda", "thn", "Capaian"])["award"] == 3
    assert [str(label) for label in missing(guess(["Judul", "Instansi"]))] == ["Tahun", "Penghargaan"]


@pytest.mark.parametrize(
    ("words", "tier"),
    [
        ("Top 45", "winner"), ("TOP45", "winner"), ("top_9", "winner"), ("Top Inovasi Terpuji", "winner"),
        ("Top 99", "finalist"), ("Finalis", "finalist"), ("Finalis Kelompok Khusus", "special_finalist"),
        ("5 Outstanding Achievement", "outstanding"), ("Top 5 Replikasi", "replication_winner"),
        ("Finalis Replikasi", "replication_finalist"), ("PKRI Keberlanjutan", "sustainability"),
        ("Top 30 provinsi", "other"), ("Emas", None), ("", None), ("Top 450", None),
    ],
)  # fmt: skip
def test_which_award_words_mean(words, tier):
    assert tier_of(words) == tier


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("TOSS (Tempat Olah Sampah Setempat)", "Tempat Olah Sampah Setempat", True),
        ("Getar Dilan", "GETAR DILAN (Gerakan Tanam Sayur)", True),
        ("Rantang Kasih", "Rantang Kasih 2.0", True),
        ("Banyuwangi Mall", "Banyuwangi Festival", False),
        ("Kebun Si Pintar", "Rumah Pintar", False),
    ],
)
def test_titles_that_are_asked_about(one, other, alike):
    assert (likeness(one, other) >= LIKE) is alike


def test_the_whole_way_in_the_browser(as_user, secretariat, agency):
    client = as_user(secretariat)
    file = SimpleUploadedFile("pemenang.xlsx", as_xlsx(HEADS, RIGHT, row(title="Lain", year="2018")))
    page = client.post(IMPORTS, {"file": file}, follow=True)
    found = Import.objects.get()
    assert "Semuanya sudah benar" in page.content.decode()
    page = client.post(reverse("catalogue:import_confirm", args=[found.code]), follow=True).content.decode()
    assert "2 inovasi" in page
    assert client.post(reverse("catalogue:import_confirm", args=[found.code])).status_code == 422
    client.post(reverse("catalogue:import_undo", args=[found.code]))
    assert not Award.objects.exists()


def test_columns_put_right_and_faults_as_csv(as_user, secretariat, begun):
    found = begun(["2019", "=Antar", "Pemerintah Kabupaten Contoh", "Top 45"], heads=["a", "b", "c", "d"])
    client = as_user(secretariat)
    assert "belum ada kolomnya" in client.get(found.get_absolute_url()).content.decode()
    columns = {"column-year": "0", "column-title": "1", "column-agency": "2", "column-award": "3", "column-sdgs": "99"}
    page = client.post(found.get_absolute_url(), columns, follow=True).content.decode()
    assert "1 hal perlu diperbaiki" in page
    csv = client.get(reverse("catalogue:import_faults", args=[found.code])).content.decode()
    assert "B (b),'=Antar," in csv
    client.post(reverse("catalogue:import_discard", args=[found.code]))
    found.refresh_from_db()
    assert (found.state, found.lines) == ("discarded", [])


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv", "x.pdf"])
def test_a_file_that_is_none_is_refused_on_the_form(as_user, secretariat, name):
    page = as_user(secretariat).post(IMPORTS, {"file": SimpleUploadedFile(name, b"%PDF-1.4 \0 kosong")})
    assert page.status_code == 422
    assert not Import.objects.exists()


def test_two_imports_begun_together_bring_an_innovation_once(begun, secretariat):
    first, second = begun(RIGHT), begun(RIGHT)
    actions.confirm_import(first, by=secretariat)
    actions.confirm_import(second, by=secretariat)
    assert (Innovation.objects.count(), Award.objects.count()) == (1, 2)
