"""A table for a spreadsheet."""

import csv
import io

from audit.exports import harmless
from yearbook.tables import Table


def table_csv(table: Table, source: str) -> str:
    """With a byte order mark, so that spreadsheets read it as UTF-8; an empty cell is what is not known."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*table.heads, source] if table.sources else table.heads)
    for row, where in zip(table.rows, table.sources or [""] * len(table.rows), strict=True):
        cells = [*row, where] if table.sources else row
        writer.writerow(["" if cell is None else harmless(cell) for cell in cells])
    return "\ufeff" + file.getvalue()
