"""A dataset as a file for spreadsheets."""

from collections.abc import Iterator
from datetime import UTC, datetime

from files import spreadsheets
from files.spreadsheets import Sheet
from opendata.datasets import Dataset

WIDTH = 24  # letters a column shows


def as_csv(dataset: Dataset) -> str:
    return spreadsheets.as_csv(_rows(dataset))


def as_xlsx(dataset: Dataset) -> bytes:
    return spreadsheets.as_xlsx([Sheet("data", _rows(dataset), [WIDTH] * len(dataset.heads))])


def _rows(dataset: Dataset) -> Iterator[list[object]]:
    """The head first. Moments are in UTC."""
    yield [*dataset.heads]
    for row in dataset.rows():
        yield [_told(cell) for cell in row]


def _told(cell: object) -> object:
    """Empty for what is not there; moments as the API writes them; true and false in small letters."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return cell
