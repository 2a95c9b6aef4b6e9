"""The minutes of a plenary: their first draft, and the PDF of what was frozen."""

from collections import Counter
from collections.abc import Sequence

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.models import Seal
from competitions import calendar
from competitions.models import Round
from files.pdf import render_pdf
from judging.models import Selection, SelectionEntry
from judging.plenary.verifying import frozen_event
from judging.ranking.changing import changes_between
from judging.ranking.places import Ranking
from judging.ranking.selecting import Move, lines


def first_draft(judging_round: Round, ranking: Ranking, moves: Sequence[Move]) -> str:
    """A text to begin the minutes from, in the reader's language, with the numbers filled in.

    It names the day, the plenary, how the ranking came about and what was fixed; what else was said is for the clerk.
    """
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
    moved = _(
        "It departed from the ranking for %(count)d proposals, for the reasons listed below; a second person confirmed"
        " each departure."
    )
    return f"{text % values} {moved % {'count': len(moves)}}"


def minutes_pdf(selection: Selection) -> bytes:
    """The official minutes, always in Indonesian: number, attendance, text, list, digests and the last seal's root."""
    with translation.override("id"), timezone.override("Asia/Jakarta"):
        return render_pdf("judging/minutes.typ", _facts(selection))


def _facts(selection: Selection) -> dict[str, object]:
    group = selection.round.group
    entries = list(selection.entries.select_related("proposal__agency", "moved_by", "confirmed_by"))
    before = selection.supersedes
    return {
        "competition": group.competition.name,
        "group": group.name,
        "round": selection.round.name,
        "name": selection.name,
        "number": selection.minutes_number,
        "minutes": selection.minutes,
        "attendance": selection.present,
        "version": selection.version,
        "supersedes": {"number": before.minutes_number, "at": _day(before), "code": before.code} if before else None,
        "because": selection.because,
        "changes": _changes(selection),
        "composition": selection.composition,
        "made_of": _made_of(entries),
        "fewer_because": selection.fewer_because,
        "frozen_at": _day(selection),
        "frozen_by": str(selection.frozen_by),
        "code": selection.code,
        "digest": selection.input_sha256,
        "list_digest": selection.list_sha256,
        "root": selection.audit_root,
        "seal": _sealed(selection),
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
                "by": str(entry.moved_by or "–"),
                "confirmed": str(entry.confirmed_by or "–"),
            }
            for entry in entries
            if entry.moved_because
        ],
    }


def _day(selection: Selection) -> str:
    return date_format(timezone.localtime(selection.frozen_at), "j F Y, H.i") + " WIB"


def _changes(selection: Selection) -> list[list[str]]:
    """Who entered and who left against the version before."""
    if selection.supersedes is None:
        return []
    found = changes_between(selection.supersedes, selection)
    sides = (("masuk", found.entering), ("keluar", found.leaving))
    return [[side, each.code, each.title, each.agency.name] for side, each_side in sides for each in each_side]


def _made_of(entries: Sequence[SelectionEntry]) -> list[list[str]]:
    """How many selected proposals come from each kind of agency."""
    types = Counter(entry.proposal.agency.get_type_display() for entry in entries if entry.is_selected)
    return [[name, str(count)] for name, count in sorted(types.items())]


def _sealed(selection: Selection) -> str:
    """The root of the seal that holds the freezing itself; empty until the next minute has sealed it."""
    event = frozen_event(selection)
    seal = Seal.objects.filter(event_ids__contains=[event.pk]).first() if event else None
    return seal.root if seal else ""
