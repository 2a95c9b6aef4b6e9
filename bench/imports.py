"""Is each of 60 faults planted in a spreadsheet of 3,000 rows named, and nothing else, and nothing written before?"""

import io
import time
from collections.abc import Callable
from random import Random

import scratch

scratch.begin()

import openpyxl  # noqa: E402
from catalogue_rows import CATEGORIES  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from figures import Figure  # noqa: E402
from proposal_texts import Author  # noqa: E402

from accounts.models import Agency, User  # noqa: E402
from catalogue import actions, importing  # noqa: E402
from catalogue.forms import SpreadsheetForm  # noqa: E402
from catalogue.models import Award, Import, Innovation  # noqa: E402

ROWS, EACH, AWARDS = 3000, 4, ("Top 45", "Top 99", "Finalis", "Outstanding", "PKRI Replikasi")
HEADS = ["No", "Tahun", "Judul Inovasi", "Instansi", "Penghargaan", "Kategori", "TPB", "Ringkasan", "Sumber"]
YEAR, TITLE, AGENCY, AWARD, CATEGORY, GOALS, SUMMARY, SOURCE = range(1, 9)
Cells = list[object]
# kind of fault → what is done to a row, and the column it is to be named in
FAULTS: dict[str, tuple[int, Callable[[Cells], object]]] = {
    "no_title": (TITLE, lambda row: ""),
    "no_words": (TITLE, lambda row: 4711),
    "too_long": (SUMMARY, lambda row: "panjang " * 700),
    "error_value": (TITLE, lambda row: "#REF!"),
    "formula": (SOURCE, lambda row: "@SUM(A1)"),
    "no_agency": (AGENCY, lambda row: None),
    "unknown_agency": (AGENCY, lambda row: f"{str(row[AGENCY])[:-3]}xx"),
    "no_year": (YEAR, lambda row: None),
    "no_number": (YEAR, lambda row: "dua ribu"),
    "other_year": (YEAR, lambda row: 1999),
    "no_award": (AWARD, lambda row: " "),
    "unknown_award": (AWARD, lambda row: "Emas"),
    "near_category": (CATEGORY, lambda row: f"{row[CATEGORY]}n"),
    "no_goal": (GOALS, lambda row: "18"),
    "no_address": (SOURCE, lambda row: "javascript:alert(1)"),
}


def spreadsheet(random: Random, *, with_faults: bool) -> tuple[bytes, set[tuple[int, str, str]]]:
    """The file, and (line, letter of the column, kind) of each planted fault."""
    agencies = list(Agency.objects.filter(participates=True).order_by("code").values_list("name", flat=True))
    rows: list[Cells] = []
    for number in range(ROWS):
        author = Author(random)
        rows.append([
            number + 1, random.randint(2014, 2025), f"{author.title()} {number}", random.choice(agencies),
            random.choice(AWARDS), random.choice(CATEGORIES), "3, 10", author.sentence(), "https://contoh.go.id/berita",
        ])  # fmt: skip
    planted = set()
    places = iter(random.sample(range(ROWS), EACH * len(FAULTS)) if with_faults else [])
    for place, (kind, (column, spoil)) in zip(
        places, [each for each in FAULTS.items() for _n in range(EACH)], strict=False
    ):
        rows[place][column] = spoil(rows[place])
        planted.add((place + 3, "ABCDEFGHI"[column], kind))
    book, target = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Pemenang")
    sheet.append(["Daftar penerima penghargaan"])
    sheet.append(HEADS)
    for row in rows:
        sheet.append(row)
    book.save(target)
    return target.getvalue(), planted


def main() -> list[Figure]:
    with scratch.database():
        call_command("load_agencies", verbosity=0, stdout=io.StringIO())
        clerk = User.objects.create_user("sekretariat@contoh.go.id", name="Sekretariat", is_secretariat=True)
        for category in CATEGORIES:
            Innovation.objects.create(title=f"Yang ada {category}", agency_name="Lama", category_name=category)
        random = Random(2014)  # noqa: S311
        return [*_faulty(random, clerk), *_right(random, clerk)]


def _sent(content: bytes, clerk: User) -> Import:
    file = SimpleUploadedFile("pemenang.xlsx", content)
    form = SpreadsheetForm({}, {"file": file}, by=clerk)
    if not form.is_valid():
        raise SystemExit(str(form.errors))
    return actions.begin_import(form.table, name=file.name or "", by=clerk)


def _faulty(random: Random, clerk: User) -> list[Figure]:
    content, planted = spreadsheet(random, with_faults=True)
    began = time.perf_counter()
    found = importing.look_at(_sent(content, clerk))
    seconds = time.perf_counter() - began
    named = {(fault.line, fault.column[0], fault.code) for fault in found.faults}
    kinds = len({kind for _line, _column, kind in planted})
    rows = len({row.line for row in found.rows} | {fault.line for fault in found.faults})
    others = len(found.faults) - len(named & planted)
    return [
        Figure("rows", str(rows), "3000", rows == ROWS),
        Figure("kinds of faults", str(kinds), "≥ 10", kinds >= 10),
        Figure(f"of {len(planted)} planted faults named by line, column and kind", str(len(named & planted)), "60",
               len(named & planted) == len(planted) == 60),
        Figure("others named", str(others), "0", others == 0),
        Figure("reading and checking the file", f"{seconds:.1f} s", "< 10 s", seconds < 10),
    ]  # fmt: skip


def _right(random: Random, clerk: User) -> list[Figure]:
    content, _planted = spreadsheet(random, with_faults=False)
    before = Innovation.objects.count(), Award.objects.count()
    found = _sent(content, clerk)
    planned = importing.plan(found)
    while planned.undecided:  # like titles of one agency in invented rows: all are others
        same = {str(row.line): importing.NEW for row in planned.undecided}
        found = actions.settle_import(found, places=found.places, as_written=[], same=same, by=clerk)
        planned = importing.plan(found)
    untouched = (Innovation.objects.count(), Award.objects.count()) == before
    began = time.perf_counter()
    actions.confirm_import(found, by=clerk)
    actions.write_imports()
    seconds = time.perf_counter() - began
    written = Innovation.objects.count() - before[0]
    found.refresh_from_db()
    actions.undo_import(found, by=clerk)
    undone = (Innovation.objects.count(), Award.objects.count()) == before
    return [
        Figure("nothing written before the word", str(untouched), "True", untouched),
        Figure("innovations written of those shown", f"{written} of {planned.innovations}", "all",
               written == planned.innovations > 0),
        Figure("writing them", f"{seconds:.1f} s", "< 10 s", seconds < 10),
        Figure("taken back whole", str(undone), "True", undone),
    ]  # fmt: skip
