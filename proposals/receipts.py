"""The receipt as a PDF, written only from the frozen submission, so that it stays the same for ever."""

from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from files.pdf import qr_svg, render_pdf
from proposals.models import Submission


def as_pdf(submission: Submission) -> bytes:
    """A tagged PDF of one page in the reader's language."""
    return render_pdf("proposals/receipt.typ", _content(submission))


def _content(submission: Submission) -> dict[str, object]:
    frozen, competition = submission.payload, submission.proposal.competition
    moment = render_to_string("proposals/_moment.txt", {"moment": submission.sent_at}).strip()
    return {
        "lang": (get_language() or "id")[:2],
        "title": _("Receipt of a proposal"),
        "competition": competition.name,
        "demonstration": _("Demonstration – not a real receipt") if competition.is_demonstration else "",
        "number_label": _("Receipt number"),
        "number": submission.number,
        "rows": [
            [_("Title"), frozen["title"]],
            [_("Agency"), frozen["agency"]["name"]],
            [_("Unit"), frozen["unit"] or "–"],
            [_("Innovator"), frozen["lead"]["name"]],
            [_("Group and category"), f"{submission.proposal.group} · {submission.proposal.category}"],
            [_("Received"), moment],
            [_("Sent by"), submission.sent_by.name],
        ],
        "digest_label": _("Fingerprint of the content (SHA-256)"),
        "digest": submission.sha256,
        "digest_words": _("Every later change of a single letter would give another fingerprint."),
        "next_label": _("What happens next"),
        "next": [
            _("The secretariat screens all proposals after submission closes."),
            _("Results are announced together in the portal and by e-mail."),
            _("Until submission closes, the agency admin can correct the proposal and send it again, or withdraw it."),
        ],
        "verify_label": _("Check this receipt at"),
        "verify": settings.SITE_URL.rstrip("/") + reverse("audit:verify"),
        "code": qr_svg(check_address(submission)),
        "code_words": _("A code that opens the page where this receipt is checked, with number and fingerprint"),
        "help_label": _("Help") if settings.HELPDESK_EMAIL else "",
        "help": settings.HELPDESK_EMAIL,
    }


def check_address(submission: Submission) -> str:
    """The public page that verifies this receipt, filled in."""
    asked = urlencode({"number": submission.number, "sha256": submission.sha256})
    return f"{settings.SITE_URL.rstrip('/')}{reverse('audit:verify')}?{asked}"
