"""From a ranking and the plenary's moves to the list a Selection freezes. Pure: knows no database."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from judging.ranking.places import Place, Ranking


@dataclass(frozen=True)
class Move:
    """One departure from the ranking, by proposal code; the names of who made it and who confirmed it."""

    proposal: str
    put_in: bool
    reason: str
    made_by: str = ""
    confirmed_by: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the list: its place, whether it is in, and the plenary's move if there is one."""

    place: Place
    is_selected: bool
    move: Move | None = None

    @property
    def moved_because(self) -> str:
        return self.move.reason if self.move else ""


def lines(ranking: Ranking, moves: Iterable[Move]) -> list[Line]:
    """The whole list in ranking order, with the moves applied."""
    by_code = {move.proposal: move for move in moves}
    found = []
    for place in ranking.places:
        move = by_code.get(place.proposal)
        found.append(Line(place, move.put_in if move else place.within_quota, move))
    return found


def list_digest(rows: Iterable[tuple[int, str, Decimal, bool]]) -> str:
    """Hex SHA-256 over (rank, code, total, in) of every line in order, so that the frozen list itself is provable."""
    facts = [[rank, code, str(total), is_in] for rank, code, total, is_in in rows]
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


def shown_digest(ranking: Ranking, moves: Sequence[Move]) -> str:
    """Hex SHA-256 over all a list is made of: the sheets may stand while another clerk moves a proposal."""
    facts = [ranking.input_sha256, sorted([move.proposal, move.put_in, move.reason] for move in moves)]
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


def problems(ranking: Ranking, moves: Sequence[Move], *, fewer_because: str = "") -> list[ValidationError]:
    """All that stands against freezing this list, in words; empty when nothing does."""
    found = []
    if not ranking.places:
        found.append(ValidationError(_("The round has no entries yet."), code="no_entries"))
    if ranking.incomplete:
        found.append(_incomplete(ranking))
    known = {place.proposal for place in ranking.places}
    if any(move.proposal not in known for move in moves):
        found.append(ValidationError(_("A moved proposal is not in this round."), code="unknown_proposal"))
    if alone := sum(not move.confirmed_by for move in moves):
        words = ngettext_lazy(
            "%(alone)d departure from the ranking waits for the confirmation of a second person.",
            "%(alone)d departures from the ranking wait for the confirmation of a second person.",
            alone,
        )
        found.append(ValidationError(words, code="unconfirmed", params={"alone": alone}))
    count = sum(line.is_selected for line in lines(ranking, moves))
    numbers = {"count": count, "quota": ranking.quota, "expected": ranking.expected}
    if count > ranking.quota:
        words = _("The list holds %(count)d proposals; the quota is %(quota)d. Take some out.")
        found.append(ValidationError(words, code="too_many", params=numbers))
    elif count < ranking.expected and not fewer_because.strip():
        words = _("The list holds %(count)d proposals of %(expected)d possible. Put more in, or say why it is fewer.")
        found.append(ValidationError(words, code="too_few", params=numbers))
    return found


def _incomplete(ranking: Ranking) -> ValidationError:
    """Names the first entries that lack something, so that the secretariat knows where to look."""
    names = ", ".join(place.proposal for place in ranking.incomplete[:10])
    more = len(ranking.incomplete) - 10
    words = _("%(count)d entries lack final sheets: %(names)s.")
    if more > 0:
        words = _("%(count)d entries lack final sheets: %(names)s and %(more)d more.")
    return ValidationError(
        words, code="incomplete", params={"count": len(ranking.incomplete), "names": names, "more": more}
    )


def settle_line(ranking: Ranking, *, reason: str) -> list[Move]:
    """Moves that fill the quota from the tie on its line, in code order: a draw the plenary may take over or not.

    Codes are random, so their order favours nobody; the reason goes into the minutes with each move.
    """
    inside = sum(place.within_quota for place in ranking.places)
    room = max(ranking.quota - inside, 0)
    return [Move(place.proposal, True, reason) for place in ranking.line_tie[:room]]
