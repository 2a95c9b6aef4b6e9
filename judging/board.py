"""The ranking as people read it: places joined with their proposals, filtered, and what the list is made of."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.models import Agency
from competitions.models import Round
from judging.ranking import Place, Ranking
from judging.selecting import Line, Move, lines
from proposals.models import Proposal


@dataclass(frozen=True)
class Row:
    """One line of the board. `position` counts lines from 1, so that the quota line has its place among equals."""

    position: int
    line: Line
    proposal: Proposal
    ends_quota: bool

    @property
    def place(self) -> Place:
        return self.line.place


@dataclass(frozen=True)
class Part:
    """One row of the composition table: how many of a kind entered and how many are in."""

    name: str
    entered: int
    selected: int


def rows(judging_round: Round, ranking: Ranking, moves: Sequence[Move] = ()) -> list[Row]:
    """The whole board in order; one query for the proposals."""
    entered = Proposal.objects.filter(entries__round=judging_round).select_related("agency", "category")
    proposals = {proposal.code: proposal for proposal in entered}
    return [
        Row(position, line, proposals[line.place.proposal], position == ranking.quota < len(ranking.places))
        for position, line in enumerate(lines(ranking, moves), start=1)
    ]


def around_the_line(board: Sequence[Row], quota: int, *, span: int = 20) -> list[Row]:
    """The rows a plenary talks about: those near the line, those that tie across it, and every moved one.

    A board of at most a hundred rows is talked about whole."""
    if len(board) <= 100:
        return list(board)
    return [
        row for row in board if abs(row.position - quota) <= span or row.place.on_the_line or row.line.moved_because
    ]


def by_agency_type(board: Sequence[Row]) -> list[Part]:
    return _composition(board, lambda row: str(Agency.Type(row.proposal.agency.type).label))


def by_category(board: Sequence[Row]) -> list[Part]:
    return _composition(board, lambda row: row.proposal.category.name)


def _composition(board: Sequence[Row], name: Callable[[Row], str]) -> list[Part]:
    entered, selected = Counter(map(name, board)), Counter(name(row) for row in board if row.line.is_selected)
    return [Part(key, count, selected[key]) for key, count in sorted(entered.items())]
