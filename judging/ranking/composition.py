"""What a list is made of, against the year's written rules. They are shown as kept or broken and never act by
themselves: only a move of the plenary or a scenario it chooses changes a list.

A rule of a round is {of, among, at_least, at_most, text, is_assumed}: of the proposals whose kind (`of`: agency_type,
category or province) is one of `among`, the list holds at least and at most so many.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from accounts.models import Agency
from competitions.models import Round
from judging.ranking.board import Row
from proposals.models import Proposal

KINDS: dict[str, Callable[[Proposal], str]] = {
    "agency_type": lambda proposal: proposal.agency.type,
    "category": lambda proposal: proposal.category.key,
    "province": lambda proposal: proposal.agency.province,
}


@dataclass(frozen=True)
class Part:
    """One row of a composition table: how many of a kind entered and how many are in."""

    name: str
    entered: int
    selected: int


@dataclass(frozen=True)
class Rule:
    of: str
    among: tuple[str, ...]
    at_least: int | None
    at_most: int | None
    text: str
    is_assumed: bool = False

    def covers(self, proposal: Proposal) -> bool:
        return KINDS[self.of](proposal) in self.among

    def allows(self, count: int) -> bool:
        return (self.at_least or 0) <= count and (self.at_most is None or count <= self.at_most)


@dataclass(frozen=True)
class Judged:
    """One rule and how many of the list it speaks of."""

    rule: Rule
    count: int

    @property
    def is_kept(self) -> bool:
        return self.rule.allows(self.count)


def rules_of(judging_round: Round) -> list[Rule]:
    return [Rule(**(row | {"among": tuple(row["among"])})) for row in judging_round.composition]


def judge(judging_round: Round, board: Sequence[Row]) -> list[Judged]:
    """Each written rule beside the board's selected rows."""
    selected = [row.proposal for row in board if row.line.is_selected]
    return [Judged(rule, sum(map(rule.covers, selected))) for rule in rules_of(judging_round)]


def to_keep(judged: Iterable[Judged]) -> list[dict[str, object]]:
    """The rules as they were met, for a Selection."""
    return [asdict(each.rule) | {"count": each.count, "kept": each.is_kept} for each in judged]


def by_agency_type(board: Sequence[Row]) -> list[Part]:
    names = {value: str(label) for value, label in Agency.Type.choices}
    return _parts(board, lambda row: names[row.proposal.agency.type])


def by_category(board: Sequence[Row]) -> list[Part]:
    return _parts(board, lambda row: row.proposal.category.name)


def by_province(board: Sequence[Row]) -> list[Part]:
    return _parts(board, lambda row: row.proposal.agency.province or "–")


def _parts(board: Sequence[Row], name: Callable[[Row], str]) -> list[Part]:
    entered, selected = Counter(map(name, board)), Counter(name(row) for row in board if row.line.is_selected)
    return [Part(key, count, selected[key]) for key, count in sorted(entered.items())]
