"""Who enters and who leaves between two lists of a round: versions of a Selection, a draft, a scenario."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from judging.models import Selection
from judging.ranking.board import Row
from proposals.models import Proposal


@dataclass(frozen=True)
class Changes:
    entering: list[Proposal]
    leaving: list[Proposal]

    def __bool__(self) -> bool:
        return bool(self.entering or self.leaving)


def crossing(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    """The codes that enter and those that leave, each in the order of its list. Pure."""
    was, is_now = set(before), set(after)
    return [code for code in after if code not in was], [code for code in before if code not in is_now]


def changes(before: Iterable[str], after: Iterable[str]) -> Changes:
    """By proposal codes, each list in its own order. One query."""
    entering, leaving = crossing(list(before), list(after))
    found = Proposal.objects.filter(code__in=[*entering, *leaving]).select_related("agency")
    proposals = {proposal.code: proposal for proposal in found}
    return Changes([proposals[code] for code in entering], [proposals[code] for code in leaving])


def changes_between(before: Selection, after: Selection) -> Changes:
    return changes(selected_of(before), selected_of(after))


def changes_now(before: Selection, board: Sequence[Row]) -> Changes:
    """What would change if the list were fixed as it stands now."""
    return changes(selected_of(before), (row.proposal.code for row in board if row.line.is_selected))


def selected_of(selection: Selection) -> list[str]:
    return list(selection.entries.filter(is_selected=True).values_list("proposal__code", flat=True))
