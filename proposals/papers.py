"""The whole proposal as one paper: a tagged PDF of the draft as it stands, or of what was sent, for ever the same."""

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from files.models import StoredFile
from files.pdf import render_pdf
from files.storing import keep
from proposals.models import Proposal, SentPaper, Submission
from proposals.reading import ReadAnswer, ReadDocument, Reading, read, thawed


def standing(proposal: Proposal) -> Submission | None:
    """What the ministry holds of it; None for a draft, and for one that was withdrawn."""
    found = proposal.submissions.filter(stands=True).select_related("proposal__competition", "sent_by")
    return found.first()


def reading_of(proposal: Proposal, submission: Submission | None) -> Reading:
    return thawed(submission) if submission else read(proposal)


def sent_pdf(submission: Submission) -> StoredFile:
    """The PDF of what was sent, in the reader's language: written the first time it is asked for, then kept."""
    language = (get_language() or "id")[:2]
    known = submission.papers.filter(language=language).select_related("file").first()
    if known is None:
        content = render_pdf("proposals/document.typ", _content(thawed(submission), submission))
        with transaction.atomic():
            file = keep(content, name=f"{submission.number}-proposal.pdf", media_type="application/pdf")
            # Two readers at once write the same bytes; the first row stays.
            known, _new = SentPaper.objects.get_or_create(
                submission=submission, language=language, defaults={"file": file}
            )
    return known.file


def draft_pdf(proposal: Proposal) -> bytes:
    """The proposal as it stands now, marked on every page as not sent."""
    return render_pdf("proposals/document.typ", _content(read(proposal), None, status=proposal.get_status_display()))


def _content(reading: Reading, submission: Submission | None, *, status: str = "") -> dict[str, object]:
    competition = reading.proposal.competition
    notice = "" if submission else _("Draft, not sent: %(status)s") % {"status": status}
    if competition.is_demonstration:
        notice = _("Demonstration – not a real proposal")
    return {
        "lang": (get_language() or "id")[:2],
        "kind": _("Proposal") if submission else _("Draft of a proposal"),
        "title": reading.proposal.title,
        "competition": competition.name,
        "number": submission.number if submission else "",
        "notice": notice,
        "verification": _verification(submission),
        "receipt": _receipt(submission),
        "details_label": _("Details of the innovation"),
        "details": [[row.label, row.value or _("Not filled in")] for row in reading.details],
        "aspects": [
            {"name": each.aspect.name, "answers": [_answer(answer) for answer in each.answers]}
            for each in reading.aspects
        ],
        "files_label": _("List of evidence"),
        "files_heads": [_("Document"), _("File"), _("Size"), _("SHA-256")],
        "files": [_file(each) for each in reading.files],
        "no_files": _("No document is asked for."),
    }  # fmt: skip


def _receipt(submission: Submission | None) -> dict[str, object] | None:
    if submission is None:
        return None
    moment = render_to_string("proposals/_moment.txt", {"moment": submission.sent_at}).strip()
    return {
        "number_label": _("Receipt number"),
        "rows": [[_("Received"), moment], [_("Sent by"), submission.sent_by.name]],
        "digest_label": _("Fingerprint of the content (SHA-256)"),
        "digest": submission.sha256,
    }


def _verification(submission: Submission | None) -> str:
    if submission is None:
        return _("A draft is no proof of sending.")
    return f"{_('Check this receipt at')} {settings.SITE_URL.rstrip('/')}{reverse('audit:verify')}"


def _answer(read_answer: ReadAnswer) -> dict[str, object]:
    words = ngettext("%(words)d word", "%(words)d words", read_answer.words) % {"words": read_answer.words}
    if most := read_answer.question.max_words:
        words = _("%(words)d of at most %(most)d words") % {"words": read_answer.words, "most": most}
    lines = [" ".join(line.split()) for line in read_answer.text.splitlines()]
    text = [line for line in lines if line] or [_("Not filled in")]
    return {"question": read_answer.question.label, "paragraphs": text, "words": words}


def _file(each: ReadDocument) -> list[str]:
    if each.document is None:
        return [each.requirement.name, _("Not attached"), "–", "–"]
    file = each.document.file
    return [each.requirement.name, file.name, filesizeformat(file.size), file.sha256]
