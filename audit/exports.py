"""The record as CSV for a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator

from audit.models import Event

COLUMNS = ("id", "at_utc", "actor", "verb", "object_type", "object_key", "data")


class _Line:
    """What csv writes into: it hands each line straight on."""

    def write(self, line: str) -> str:
        return line


def csv_lines(events: Iterable[Event]) -> Iterator[str]:
    """The events as CSV lines, the head first; a byte order mark tells Excel that it is UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for event in events:
        row = (
            event.pk,
            event.at.strftime("%Y-%m-%d %H:%M:%S"),
            event.actor.email if event.actor else "",
            event.verb,
            event.object_type,
            event.object_key,
            json.dumps(event.data, ensure_ascii=False, sort_keys=True),
        )
        yield str(writer.writerow([harmless(cell) for cell in row]))


def harmless(cell: object) -> object:
    """Text that a spreadsheet would run as a formula, made plain by an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "|", "%")):
        return f"'{cell}"
    return cell
