"""Receipts of a proposal, each at an address that stays, and what changed between sendings; only from the frozen
submissions."""

from itertools import pairwise

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.rules import is_admin_of
from competitions import calendar
from competitions.models import Question, Stage
from files.serving import made
from proposals import differences, receipts, snapshot
from proposals.models import Proposal, Submission
from proposals.views.loading import reader, visible


def _submission(proposal: Proposal, sequence: int | None) -> Submission:
    """That sending, else the newest; 404 without."""
    found = proposal.submissions.select_related("sent_by", "withdrawn_by", "proposal__competition").order_by(
        "-sequence"
    )
    submission = found.filter(sequence=sequence).first() if sequence else found.first()
    if submission is None:
        raise Http404
    return submission


@require_GET
def receipt(request: HttpRequest, code: str, sequence: int | None = None) -> HttpResponse:
    proposal = visible(request, code)
    submission = _submission(proposal, sequence)
    competition = proposal.competition
    stage = calendar.submission_stage(competition)
    later = proposal.submissions.filter(sequence__gt=submission.sequence).order_by("sequence").first()
    context = {
        "proposal": proposal, "submission": submission, "replaced_by": later, "site_url": settings.SITE_URL,
        "screening": competition.stages.filter(kind=Stage.Kind.SCREENING).first(), "stage": stage,
        "may_correct": submission.stands and proposal.status == Proposal.Status.SENT and calendar.is_open(stage)
        and is_admin_of(reader(request), proposal.agency),
        "has_more": submission.sequence > 1 or later is not None, "helpdesk": settings.HELPDESK_EMAIL,
    }  # fmt: skip
    return render(request, "proposals/receipt.html", context)


@require_GET
def receipt_pdf(request: HttpRequest, code: str, sequence: int | None = None) -> HttpResponse:
    submission = _submission(visible(request, code), sequence)
    response = made(receipts.as_pdf(submission), name=f"{submission.number}.pdf", media_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def submissions(request: HttpRequest, code: str) -> HttpResponse:
    """Each sending with its digest, recomputed, and what changed from one to the next."""
    proposal = visible(request, code)
    sent = list(proposal.submissions.select_related("sent_by", "withdrawn_by").order_by("sequence"))
    if not sent:
        raise Http404
    asked = Question.objects.filter(aspect__group=proposal.group).select_related("aspect")
    labels = {(each.aspect.key, each.key): f"{each.aspect}: {each.label}" for each in asked}
    changes = {later.pk: differences.between(former, later, labels) for former, later in pairwise(sent)}
    rows = [
        {"submission": each, "is_intact": snapshot.is_intact(each), "changes": changes.get(each.pk),
         "replaced_by": following}
        for each, following in zip(sent, [*sent[1:], None], strict=True)
    ]  # fmt: skip
    return render(request, "proposals/submissions.html", {"proposal": proposal, "rows": rows[::-1]})
