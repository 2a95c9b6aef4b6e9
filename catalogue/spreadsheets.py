"""Reading a spreadsheet or a CSV file as lines of text, whatever program wrote it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from zipfile import BadZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_LINES, MOST_COLUMNS, LONGEST_CELL = 20_000, 40, 10_000
LOOKED_AT = 15  # lines in which the heads of the columns are looked for


@dataclass(frozen=True)
class Table:
    """The heads of the columns, the number of their line, and each line below with its number as the program shows it.
    Empty lines are left out."""

    heads: list[str]
    head_line: int
    lines: list[tuple[int, list[str]]]


def letter(column: int) -> str:
    """0 → A, as spreadsheets name columns."""
    from openpyxl.utils import get_column_letter  # slow to load, and only an import needs it

    return get_column_letter(column + 1)


def read_table(file: IO[bytes], *, is_csv: bool, knows_head: "Heads") -> Table:
    """The first sheet that holds something. The heads are the first line with the most columns that are known;
    what stands above it (titles, dates) is left out. Raises ValidationError in words for the person."""
    lines = [(number, cells) for number, cells in (_csv(file) if is_csv else _xlsx(file)) if any(cells)]
    width = max((place + 1 for _number, cells in lines for place, cell in enumerate(cells) if cell), default=0)
    lines = [(number, cells[:width]) for number, cells in lines]
    if len(lines) < 2:
        raise ValidationError(_("The file holds no rows. The first line names the columns, rows follow."), code="empty")
    if len(lines) > MOST_LINES:
        message = _("The file holds more than %d rows. Divide it into several files.")
        raise ValidationError(message % MOST_LINES, code="too_long")
    known = [knows_head(cells) for _number, cells in lines[:LOOKED_AT]]
    at = known.index(max(known))
    head_line, heads = lines[at]
    return Table([head or letter(place) for place, head in enumerate(heads)], head_line, lines[at + 1 :])


class Heads:
    """How many cells of a line are known as heads of columns."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    def __call__(self, cells: list[str]) -> int:
        return sum(" ".join(cell.casefold().split()) in self.known for cell in cells)


def _xlsx(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheet = next((each for each in book.worksheets if _holds_something(each)), None)
        rows = sheet.iter_rows(max_row=MOST_LINES + LOOKED_AT, max_col=MOST_COLUMNS, values_only=True) if sheet else []
        for number, row in enumerate(rows, start=1):
            yield number, [_text(cell) for cell in row]
    except (BadZipFile, ValueError, KeyError, OSError, TypeError, AttributeError, IndexError) as error:
        raise ValidationError(_unreadable(), code="unreadable") from error


def _holds_something(sheet: object) -> bool:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # programs write wrong ones
    rows = sheet.iter_rows(max_row=LOOKED_AT, max_col=MOST_COLUMNS, values_only=True)  # type: ignore[attr-defined]
    return any(cell is not None for row in rows for cell in row)


def _csv(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Comma, semicolon or tab; UTF-8 or, as older programs write it, Windows-1252."""
    content = file.read()
    if b"\0" in content:
        raise ValidationError(_unreadable(), code="unreadable")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = "\n".join(text.splitlines()[:LOOKED_AT])
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for row in reader:
            yield line, [_text(cell) for cell in row[:MOST_COLUMNS]]
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValidationError(_unreadable(), code="unreadable") from error


def _unreadable() -> str:
    return _("The file cannot be read. Save it anew as an Excel workbook (XLSX) or as CSV, and send that.")


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return " ".join(str(cell)[:LONGEST_CELL].split())
