"""Tables that leave the portal."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from judging.board import Row

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """Text a spreadsheet will not run: what looks like a formula gets a quote in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def ranking_csv(board: Iterable[Row]) -> str:
    """The board as CSV with a byte order mark, so that spreadsheets read it as UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([
        _("Rank"), _("Code"), _("Title"), _("Agency"), _("Kind of agency"), _("Province of the agency"), _("Category"),
        _("Total"), _("Final sheets"), _("Spread"), _("Tie"), _("Selected"), _("Reason for the move"),
    ])  # fmt: skip
    for row in board:
        place, proposal = row.place, row.proposal
        facts = [
            place.rank, proposal.code, proposal.title, proposal.agency.name, proposal.agency.get_type_display(),
            proposal.agency.province, proposal.category.name, place.total, len(place.totals), place.spread,
            _("yes") if place.is_tied else "", _("yes") if row.line.is_selected else _("no"), row.line.moved_because,
        ]  # fmt: skip
        writer.writerow([cell(fact) for fact in facts])
    return "\ufeff" + file.getvalue()
