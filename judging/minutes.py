"""The minutes of a plenary: their first draft, and the PDF of what was frozen."""

from collections.abc import Sequence

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.models import Seal
from competitions import calendar
from competitions.models import Round
from files.pdf import render_pdf
from judging.models import Selection
from judging.ranking import Ranking
from judging.selecting import Move, lines


def first_draft(judging_round: Round, ranking: Ranking, moves: Sequence[Move]) -> str:
    """A text to begin the minutes from, in the reader's language, with the numbers filled in."""
    count = sum(line.is_selected for line in lines(ranking, moves))
    text = _(
        "On %(day)s the plenary of %(competition)s met for “%(round)s” of %(group)s. The secretariat presented the"
        " ranking of %(entries)d proposals, computed as the mean of all final sheets. The plenary fixed %(count)d"
        " proposals as “%(name)s” (quota: %(quota)d)."
    )
    values = {
        "day": date_format(timezone.localtime(calendar.now()), "j F Y"),
        "competition": judging_round.group.competition.name,
        "round": judging_round.name,
        "group": judging_round.group.name,
        "entries": len(ranking.places),
        "count": count,
        "name": judging_round.selection_name,
        "quota": ranking.quota,
    }
    if not moves:
        return text % values
    moved = _("It departed from the ranking for %(count)d proposals, for the reasons listed below.")
    return f"{text % values} {moved % {'count': len(moves)}}"


def minutes_pdf(selection: Selection) -> bytes:
    """The official minutes, always in Indonesian: number, attendance, text, list, digests and the last seal's root."""
    with translation.override("id"), timezone.override("Asia/Jakarta"):
        return render_pdf("judging/minutes.typ", _facts(selection))


def _facts(selection: Selection) -> dict[str, object]:
    group = selection.round.group
    seal = Seal.objects.order_by("-id").first()
    entries = list(selection.entries.select_related("proposal__agency"))
    return {
        "competition": group.competition.name,
        "group": group.name,
        "round": selection.round.name,
        "name": selection.name,
        "number": selection.minutes_number,
        "minutes": selection.minutes,
        "attendance": selection.attendance,
        "fewer_because": selection.fewer_because,
        "frozen_at": date_format(timezone.localtime(selection.frozen_at), "j F Y, H.i") + " WIB",
        "frozen_by": str(selection.frozen_by),
        "code": selection.code,
        "digest": selection.input_sha256,
        "root": seal.root if seal else "",
        "entered": len(entries),
        "places": [
            {
                "rank": entry.rank,
                "code": entry.proposal.code,
                "title": entry.proposal.title,
                "agency": entry.proposal.agency.name,
                "total": f"{entry.total:.4f}".replace(".", ","),
                "tied": entry.is_tied,
            }
            for entry in entries
            if entry.is_selected
        ],
        "moves": [
            {
                "code": entry.proposal.code,
                "title": entry.proposal.title,
                "rank": entry.rank,
                "in": entry.is_selected,
                "reason": entry.moved_because,
            }
            for entry in entries
            if entry.moved_because
        ],
    }
