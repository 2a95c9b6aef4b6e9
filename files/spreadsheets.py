"""Tables that leave the portal for a spreadsheet, which runs nothing of what they hold."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO

from audit.exports import harmless
from files.kinds import FORMATS

CSV, XLSX = "text/csv; charset=utf-8", FORMATS["xlsx"].media_type
Rows = Iterable[Iterable[object]]
MOST_ROWS = 1_048_576  # of a sheet: what spreadsheet programs open


@dataclass(frozen=True)
class Sheet:
    """`rows` with the head first; `widths` of the columns, in letters."""

    title: str
    rows: Rows
    widths: Sequence[int]


def as_csv(rows: Rows) -> str:
    file = io.BytesIO()
    write_csv(rows, file)
    return file.getvalue().decode()


def write_csv(rows: Rows, target: IO[bytes]) -> None:
    """With a byte order mark, so that spreadsheets read it as UTF-8; None is an empty cell."""
    file = io.TextIOWrapper(target, encoding="utf-8", newline="")
    file.write("\ufeff")
    csv.writer(file).writerows([harmless(cell) for cell in row] for row in rows)
    file.detach()


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    file = io.BytesIO()
    write_xlsx(sheets, file)
    return file.getvalue()


def write_xlsx(sheets: Iterable[Sheet], target: IO[bytes]) -> None:
    """The first row of each sheet stays in sight; one with more rows than a sheet may have goes on in the next, under
    the same head. Characters that XML cannot hold are left out."""
    from openpyxl import Workbook  # slow to load, and only a spreadsheet needs it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils import get_column_letter

    def plain(cell: object) -> object:
        return ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell

    book = Workbook(write_only=True)
    for each in chain.from_iterable(map(_parts, sheets)):
        sheet = book.create_sheet(each.title[:31])
        sheet.freeze_panes = "A2"
        for place, width in enumerate(each.widths, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        for row in each.rows:
            sheet.append([plain(harmless(cell)) for cell in row])
    book.save(target)


def _parts(sheet: Sheet) -> Iterator[Sheet]:
    """The sheet, in as many as it takes; its rows are read as they are written."""
    rows = iter(sheet.rows)
    head = list(islice(rows, 1))
    yield Sheet(sheet.title, chain(head, islice(rows, MOST_ROWS - 1)), sheet.widths)
    for row in rows:
        yield Sheet(sheet.title, chain(head, [row], islice(rows, MOST_ROWS - 2)), sheet.widths)
