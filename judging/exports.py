"""Tables that leave the portal."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from judging.calibration.measuring import Chance
from judging.ranking.board import Row


def ranking_rows(board: Iterable[Row]) -> Iterator[list[object]]:
    """The board for a spreadsheet, the head first."""
    yield [
        _("Rank"), _("Code"), _("Title"), _("Agency"), _("Kind of agency"), _("Province of the agency"), _("Category"),
        _("Total"), _("Final sheets"), _("Spread"), _("Tie"), _("Calibrated score"), _("Rank from (90 %)"),
        _("Rank to (90 %)"), _("Chance in the quota (%)"), _("Selected"), _("Reason for the move"),
    ]  # fmt: skip
    for row in board:
        place, proposal = row.place, row.proposal
        scored = (place.rank, place.total, place.spread) if place.totals else ("", "", "")
        yield [
            scored[0], proposal.code, proposal.title, proposal.agency.name, proposal.agency.get_type_display(),
            proposal.agency.province, proposal.category.name, scored[1], len(place.totals), scored[2],
            _("yes") if place.is_tied else "", *_of(row.chance), _("yes") if row.line.is_selected else _("no"),
            row.line.moved_because,
        ]  # fmt: skip


def _of(chance: Chance | None) -> tuple[object, ...]:
    return (round(chance.score, 4), chance.low, chance.high, chance.percent) if chance else ("", "", "", "")
