"""A table written as a file, row by row."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from desk.models import Extract
from desk.tables import TABLES
from files.spreadsheets import Sheet, write_csv, write_xlsx

SHOWN_EVERY = 500  # rows, after which the page may tell how far it is
WIDTH = 24  # letters a column shows


def write(extract: Extract, target: IO[bytes]) -> None:
    """The table as it is now. Its rows are read as they are written, and counted in the extract's own row."""
    table = TABLES[extract.table]
    found = table.read(extract.competition, extract.asked)
    _tell(extract, expected=found.count(), written=0)
    rows = _counted(extract, found.heads, found.rows)
    if extract.format == Extract.Format.CSV:
        write_csv(rows, target)
    else:
        write_xlsx([Sheet(str(table.name), rows, [WIDTH] * len(found.heads))], target)


def _counted(extract: Extract, heads: list[str], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield heads
    for extract.written, row in enumerate(rows, start=1):
        yield row
        if extract.written % SHOWN_EVERY == 0:
            _tell(extract, written=extract.written)
    _tell(extract, written=extract.written)


def _tell(extract: Extract, **figures: int) -> None:
    """Outside any transaction, so that everybody sees it at once."""
    Extract.objects.filter(pk=extract.pk).update(**figures)
