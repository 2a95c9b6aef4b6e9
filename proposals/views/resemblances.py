"""One resemblance of a sent proposal: its passages side by side, and what a screener makes of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import refusals_on
from accounts.rules import as_secretariat
from proposals import resemblances
from proposals.actions import comparing
from proposals.forms_resemblance import JudgementForm
from proposals.models import Submission


@require_http_methods(["GET", "HEAD", "POST"])
def resemblance(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """GET lays both texts side by side, this proposal's on the left; POST judges."""
    reader = as_secretariat(request.user)
    standing = Submission.objects.filter(stands=True).select_related("proposal__agency", "proposal__competition")
    here = get_object_or_404(standing, proposal__code=code)
    found = get_object_or_404(resemblances.about(here).defer(None), pk=pk)
    form = JudgementForm(request.POST if request.method == "POST" else None, initial={"note": found.note})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            comparing.judge(found, **form.cleaned_data, by=reader)
            messages.success(request, _("Saved. The question is answered; the proposal itself is not decided by it."))
            return redirect("proposals:screening_item", code)
    context = {
        "submission": here,
        "seen": resemblances.seen(found, here),
        "pairs": resemblances.pairs(found, here),
        "form": form,
    }
    return render(request, "proposals/screening/resemblance.html", context, status=422 if form.is_bound else 200)
