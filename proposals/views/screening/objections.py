"""Objections to the screening, as the secretariat reads and answers them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import refusals_on
from accounts.rules import as_secretariat
from competitions import calendar
from competitions.loading import is_in_use
from proposals import screening, workflow
from proposals.forms_screening import AnswerForm
from proposals.models import Objection, Proposal
from proposals.screening.objections import deciders, of_year
from proposals.views.screening.loading import competition_of, to_queue


@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    competition = competition_of(request)
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    context = {"competition": competition, "objections": of_year(competition)}
    return render(request, "proposals/screening/objections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, code: str) -> HttpResponse:
    """What the agency says, why the proposal failed, and the answer; POST answers."""
    by = as_secretariat(request.user)
    filed = get_object_or_404(
        Objection.objects.select_related(
            "screening__submission__proposal__competition", "screening__submission__proposal__agency",
            "screening__submission__proposal__group", "screening__decided_by", "filed_by", "answered_by", "attachment",
        ),
        screening__submission__proposal__code=code, screening__submission__stands=True,
    )  # fmt: skip
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            screening.answer_objection(filed, **form.cleaned_data, by=by)
            messages.success(request, _("The answer is saved and everybody concerned is told."))
            return to_queue(filed.screening.submission.proposal.competition, "screening_objections")
    proposal = filed.screening.submission.proposal
    begins = workflow.assessment_begins(proposal.competition)
    context = {
        "objection": filed,
        "proposal": proposal,
        "form": form,
        "decided_it": by.pk in deciders(filed.screening),
        "assessment_begun": bool(begins and begins <= calendar.now()),
        "opened_round": _opened_round(proposal),
    }
    return render(request, "proposals/screening/objection.html", context, status=422 if form.errors else 200)


def _opened_round(proposal: Proposal) -> str:
    """The name of the group's first round, if entries were already made for it: opening it again adds this one."""
    first = proposal.group.rounds.order_by("order").first()
    return first.name if first is not None and is_in_use(first) else ""
