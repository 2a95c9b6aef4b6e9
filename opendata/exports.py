"""A dataset as a file for spreadsheets, which runs nothing of what it holds."""

import csv
import io
from datetime import UTC, datetime

from audit.exports import harmless
from opendata.datasets import Dataset

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 24  # letters a column shows


def as_csv(dataset: Dataset) -> bytes:
    """With a byte order mark, so that spreadsheets read it as UTF-8. Moments are in UTC."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(dataset.heads)
    writer.writerows([_told(cell) for cell in row] for row in dataset.rows())
    return f"\ufeff{file.getvalue()}".encode()


def as_xlsx(dataset: Dataset) -> bytes:
    from openpyxl import Workbook  # slow to load, and only a spreadsheet needs it
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.utils import get_column_letter

    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    for place in range(len(dataset.heads)):
        sheet.column_dimensions[get_column_letter(place + 1)].width = WIDTH
    sheet.append(dataset.heads)
    for row in dataset.rows():
        told = [_told(cell) for cell in row]
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in told])
    book.save(file)
    return file.getvalue()


def _told(cell: object) -> object:
    """Empty for what is not there; moments as the API writes them; true and false in small letters."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return harmless(cell)
