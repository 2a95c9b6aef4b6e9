"""The whole proposal as one document, to print and to keep, for everybody who may read it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from files.names import clean_name
from files.serving import made, respond
from proposals import papers
from proposals.views.loading import visible


@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """What was sent while it stands with the ministry, else the proposal as it is written now."""
    proposal = visible(request, code)
    submission = papers.standing(proposal)
    context = {"proposal": proposal, "submission": submission, "reading": papers.reading_of(proposal, submission)}
    return render(request, "proposals/document.html", context)


@require_safe
def document_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    proposal = visible(request, code)
    if submission := papers.standing(proposal):
        return respond(papers.sent_pdf(submission))
    name = clean_name(f"draf-{proposal.code.lower()}.pdf")
    response = made(papers.draft_pdf(proposal), name=name, media_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    return response
