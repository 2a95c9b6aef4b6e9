"""Tables that leave the portal."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from audit.exports import harmless
from judging.calibration.measuring import Chance
from judging.ranking.board import Row


def ranking_csv(board: Iterable[Row]) -> str:
    """The board as CSV with a byte order mark, so that spreadsheets read it as UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([
        _("Rank"), _("Code"), _("Title"), _("Agency"), _("Kind of agency"), _("Province of the agency"), _("Category"),
        _("Total"), _("Final sheets"), _("Spread"), _("Tie"), _("Calibrated score"), _("Rank from (90 %)"),
        _("Rank to (90 %)"), _("Chance in the quota (%)"), _("Selected"), _("Reason for the move"),
    ])  # fmt: skip
    for row in board:
        place, proposal = row.place, row.proposal
        scored = (place.rank, place.total, place.spread) if place.totals else ("", "", "")
        facts = [
            scored[0], proposal.code, proposal.title, proposal.agency.name, proposal.agency.get_type_display(),
            proposal.agency.province, proposal.category.name, scored[1], len(place.totals), scored[2],
            _("yes") if place.is_tied else "", *_of(row.chance), _("yes") if row.line.is_selected else _("no"),
            row.line.moved_because,
        ]  # fmt: skip
        writer.writerow([harmless(fact) for fact in facts])
    return "\ufeff" + file.getvalue()


def _of(chance: Chance | None) -> tuple[object, ...]:
    return (round(chance.score, 4), chance.low, chance.high, chance.percent) if chance else ("", "", "", "")
