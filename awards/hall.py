"""The award day: in which order innovations are called, and who sits where. Ranks are never public, so none shows.

The order is that of protocol: finalists before winners, so that the highest honour comes last; within it kinds of
agency from ministry to enterprise, agencies by their official code. An innovation on two lists is called once, for
its highest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Agency
from awards.models import Call
from judging.models import Selection, SelectionEntry
from proposals.models import Proposal

KINDS = [value for value, _label in Agency.Type.choices]


@dataclass(frozen=True)
class Seats:
    """`count` seats side by side in one row, or over several rows for a party longer than a row."""

    first: str
    last: str
    count: int

    def __str__(self) -> str:
        return self.first if self.count == 1 else f"{self.first}–{self.last}"


def order_of_call(lists: Iterable[Selection]) -> list[tuple[Proposal, str]]:
    """(innovation, name of its highest list) in the order of protocol. One query."""
    entries = (
        SelectionEntry.objects.filter(selection__in=[each.pk for each in lists], is_selected=True)
        .select_related("proposal__agency", "selection__round__group")
        .order_by("selection__round__order")
    )
    highest = {entry.proposal: entry.selection for entry in entries}

    def protocol(proposal: Proposal) -> tuple[object, ...]:
        awarding, agency = highest[proposal].round, proposal.agency
        return (awarding.order, awarding.group.order, KINDS.index(agency.type), agency.code, proposal.title)

    return [(each, highest[each].name) for each in sorted(highest, key=protocol)]


def seating(parties: Sequence[int], per_row: int) -> list[Seats]:
    """Seats for parties of these sizes, in their order, row by row; a party that fits a row is never torn apart."""
    found, used = [], 0
    for size in parties:
        left = per_row - used % per_row
        if size > left and left < per_row:
            used += left
        found.append(Seats(_seat(used, per_row), _seat(used + size - 1, per_row), size))
        used += size
    return found


def seated(calls: Sequence[Call], per_row: int) -> list[tuple[Call, Seats]]:
    """Each call with the seats of who receives it and the companions."""
    return list(zip(calls, seating([1 + call.companions for call in calls], per_row), strict=True))


def _seat(number: int, per_row: int) -> str:
    return f"{row_name(number // per_row)}{number % per_row + 1}"


def row_name(number: int) -> str:
    """A, B … Z, AA, AB …"""
    letters = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
