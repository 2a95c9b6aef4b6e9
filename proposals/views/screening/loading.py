"""What every page of the screening desk begins with: the year, and the item with all its page shows."""

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from competitions.models import Competition
from proposals.models import Document, Submission


def years() -> list[Competition]:
    """Competitions that received a proposal, newest first."""
    return list(Competition.objects.filter(proposals__submissions__stands=True).distinct())


def competition_of(request: HttpRequest) -> Competition | None:
    """The one asked for, else the newest that has something to screen, else the newest."""
    code = request.POST.get("year") or request.GET.get("year")
    if code:
        return get_object_or_404(Competition, code=code)
    to_screen = Competition.objects.filter(proposals__status="sent").distinct()
    return to_screen.first() or next(iter(years()), None) or Competition.objects.first()


def year(request: HttpRequest) -> Competition:
    """The one a form or an address names; 404 without."""
    return get_object_or_404(Competition, code=request.POST.get("year") or request.GET.get("year", ""))


def submission(code: str) -> Submission:
    """What stands of the proposal, with its screening."""
    return get_object_or_404(_standing(), proposal__code=code)


def submission_to_read(code: str) -> Submission:
    """The same with the whole proposal, and `now`, in seven queries."""
    whole = _standing().select_related(
        "proposal__past_innovation", "proposal__source_innovation", "proposal__competition__screening_rules",
        "screening__batch",
    ).prefetch_related(
        "proposal__answers",
        Prefetch("proposal__documents", Document.objects.select_related("file")),
        "proposal__group__aspects__questions",
        "proposal__group__documents",
    )  # fmt: skip
    return get_object_or_404(whole.defer("payload").annotate(now=Now()), proposal__code=code)


def _standing() -> QuerySet[Submission]:
    return Submission.objects.filter(stands=True).select_related(
        "proposal__competition", "proposal__group", "proposal__category", "proposal__agency", "proposal__unit",
        "proposal__lead", "screening__claimed_by", "screening__decided_by",
    )  # fmt: skip


def to_queue(competition: Competition, name: str = "screening") -> HttpResponseRedirect:
    return redirect(f"{reverse(f'proposals:{name}')}?year={competition.code}")
