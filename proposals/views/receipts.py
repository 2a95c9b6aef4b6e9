"""The receipt of a sent proposal: a page at a stable address and a PDF, both only from the frozen submission."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from competitions.models import Stage
from proposals import receipts
from proposals.models import Submission
from proposals.views.loading import visible


def _standing(request: HttpRequest, code: str) -> Submission:
    found = Submission.objects.filter(stands=True).select_related("sent_by")
    return get_object_or_404(found, proposal=visible(request, code))


@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    submission = _standing(request, code)
    proposal = visible(request, code)
    screening = proposal.competition.stages.filter(kind=Stage.Kind.SCREENING).first()
    context = {"proposal": proposal, "submission": submission, "screening": screening, "site_url": settings.SITE_URL}
    return render(request, "proposals/receipt.html", context)


@require_GET
def receipt_pdf(request: HttpRequest, code: str) -> HttpResponse:
    submission = _standing(request, code)
    response = HttpResponse(receipts.as_pdf(submission), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{submission.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
