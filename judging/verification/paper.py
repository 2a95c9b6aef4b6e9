"""The report of a verification as PDF, always in Indonesian: it is an official document."""

from django.utils import timezone, translation
from django.utils.formats import date_format

from competitions import calendar
from files.pdf import render_pdf
from judging.verification.claims import Verified


def report_pdf(row: Verified) -> bytes:
    """Team, result, and each claim with its finding and note; photographs are counted, and stay in the portal."""
    with translation.override("id"), timezone.override("Asia/Jakarta"):
        return render_pdf("judging/verification/report.typ", _facts(row))


def _facts(row: Verified) -> dict[str, object]:
    judging_round, proposal = row.entry.round, row.entry.proposal
    return {
        "competition": judging_round.group.competition.name,
        "group": judging_round.group.name,
        "round": judging_round.name,
        "code": proposal.code,
        "title": proposal.title,
        "agency": proposal.agency.name,
        "result": str(row.label),
        "made_at": date_format(timezone.localtime(calendar.now()), "j F Y, H.i") + " WIB",
        "team": [f"{sheet.juror.user} ({sheet.juror.get_kind_display()})" for sheet in row.sheets],
        "comments": [sheet.panel_note or sheet.comment for sheet in row.sheets if sheet.status == "final"],
        "claims": [
            {
                "aspect": claim.aspect.name if claim.aspect else "–",
                "text": claim.text,
                "finding": claim.get_finding_display() if claim.finding else "Belum diperiksa",
                "note": claim.note,
                "photos": len(claim.photos.all()),
            }
            for claim in row.claims
        ],
    }
