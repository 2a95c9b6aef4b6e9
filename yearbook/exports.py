"""A table for a spreadsheet."""

from collections.abc import Iterator

from yearbook.tables import Table


def table_rows(table: Table, source: str) -> Iterator[list[object]]:
    """The head first; with a last column `source` where the table tells its sources. None: not known."""
    yield [*table.heads, source] if table.sources else [*table.heads]
    for row, where in zip(table.rows, table.sources or [""] * len(table.rows), strict=True):
        yield [*row, where] if table.sources else row
