"""The secretariat's screening desk: the queue, one item at a time, and the release of all results together."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.rules import as_secretariat
from competitions import calendar
from competitions.models import Competition
from proposals import screening, screening_queue
from proposals.facts import gather
from proposals.forms_screening import DecisionForm, QueueFilter, ReopenForm
from proposals.models import Screening, Submission
from proposals.reading import read
from proposals.resemblances import seen_from

PAGE = 25


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """?year=<code>&state=&q=: figures, what to do next, and every item of the year."""
    reader = as_secretariat(request.user)
    competition = _competition(request.GET.get("year"))
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    form = QueueFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    items = screening_queue.queue(competition, reader=reader, state=wanted.get("state", ""), query=wanted.get("q", ""))
    context = {
        "competition": competition,
        "years": _years(),
        "figures": screening_queue.figures(competition, reader=reader),
        "reasons": screening_queue.failed_by_reason(competition),
        "form": form,
        "page": Paginator(items, PAGE).get_page(request.GET.get("page")),
        "submission_stage": calendar.submission_stage(competition),
        "now": calendar.now(),
    }
    return render(request, "proposals/screening/queue.html", context)


@require_POST
def claim_next(request: HttpRequest) -> HttpResponse:
    """Takes the next item and goes there."""
    by = as_secretariat(request.user)
    return _next(request, get_object_or_404(Competition, code=request.POST.get("year", "")), by)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, code: str) -> HttpResponse:
    """The proposal beside the checklist. POST decides; `then=next` goes on to the next item."""
    reader = as_secretariat(request.user)
    submission = _submission(code)
    facts = gather(submission.proposal)
    lines = screening_queue.checklist(facts)
    held = getattr(submission, "screening", None)
    form = DecisionForm(request.POST or None, lines=lines, initial=_initial(held, lines))
    if request.method == "POST" and held is None:
        form.add_error(None, _("You do not hold this item. Take it first, then decide."))
    elif request.method == "POST" and held is not None and form.is_valid():
        try:
            screening.decide(held, **form.cleaned_data, by=reader)
        except ValidationError as error:
            form.add_error(None, error)
            held.refresh_from_db()  # whoever stood in the way is shown
        else:
            return _after_decision(request, submission, reader)
    context = {
        "submission": submission,
        "proposal": facts.proposal,
        "reading": read(facts.proposal),
        "screening": held,
        "holds": held is not None and not held.verdict and held.claimed_by_id == reader.pk,
        "held_by_other": _held_by_other(held, reader),
        "form": form,
        "reopen_form": ReopenForm(),
        "events": screening_queue.history(held),
        "seen": seen_from(submission),
    }
    return render(request, "proposals/screening/item.html", context, status=422 if form.is_bound else 200)


@require_POST
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """Takes or keeps this item; the page renews its hold here while somebody works on it (answer 204)."""
    by = as_secretariat(request.user)
    renewing = request.headers.get("X-Requested-With") == "fetch"
    try:
        screening.claim(_submission(code), by=by)
    except ValidationError as error:
        if renewing:
            return HttpResponse(" ".join(error.messages), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, " ".join(error.messages))
    return HttpResponse(status=204) if renewing else redirect("proposals:screening_item", code)


@require_POST
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    submission = _submission(code)
    if (held := getattr(submission, "screening", None)) is not None:
        screening.give_back(held, by=by)
        messages.success(request, _("The item is back in the queue."))
    return _to_queue(submission.proposal.competition)


@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    decided = get_object_or_404(Screening, submission=_submission(code))
    form = ReopenForm(request.POST)
    try:
        screening.reopen(decided, by=by, reason=form.cleaned_data["reason"] if form.is_valid() else "")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The decision is open again; the item is yours to decide."))
    return redirect("proposals:screening_item", code)


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest) -> HttpResponse:
    """What is missing, or what will be announced; POST releases everything at once."""
    by = as_secretariat(request.user)
    competition = _competition(request.POST.get("year") or request.GET.get("year"))
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    if request.method == "POST":
        try:
            counts = screening.release_results(competition, by=by)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _released(counts))
        return redirect(f"{reverse('proposals:screening_release')}?year={competition.code}")
    stage = calendar.submission_stage(competition)
    context = {
        "competition": competition,
        "years": _years(),
        "figures": screening_queue.figures(competition, reader=by),
        "groups": screening_queue.by_group(competition),
        "reasons": screening_queue.failed_by_reason(competition),
        "submission_stage": stage,
        "is_closed": calendar.has_closed(stage),
    }
    return render(request, "proposals/screening/release.html", context)


def _years() -> list[Competition]:
    """Competitions that received a proposal, newest first."""
    return list(Competition.objects.filter(proposals__submissions__stands=True).distinct())


def _competition(code: str | None) -> Competition | None:
    """The one asked for, else the newest that has something to screen, else the newest."""
    if code:
        return get_object_or_404(Competition, code=code)
    to_screen = Competition.objects.filter(proposals__status="sent").distinct()
    return to_screen.first() or next(iter(_years()), None) or Competition.objects.first()


def _submission(code: str) -> Submission:
    standing = Submission.objects.filter(stands=True).select_related(
        "proposal__competition", "proposal__group", "proposal__category", "proposal__agency", "proposal__unit",
        "proposal__lead", "screening__claimed_by", "screening__decided_by",
    )  # fmt: skip
    return get_object_or_404(standing, proposal__code=code)


def _held_by_other(held: Screening | None, reader: User) -> bool:
    if held is None or held.verdict or held.claimed_by is None or held.claimed_by == reader:
        return False
    return held.claimed_until is not None and held.claimed_until > calendar.now()


def _initial(held: Screening | None, lines: list[screening_queue.CheckLine]) -> dict[str, object]:
    """A reopened item begins with what was decided before; a fresh one with what the machine suggests."""
    kept = list(held.failed_checks.values_list("pk", flat=True)) if held and held.note else []  # a fail has a note
    suggested = [line.check.pk for line in lines if line.suggested]
    return {"failed_checks": kept or suggested, "note": held.note if held else ""}


def _after_decision(request: HttpRequest, submission: Submission, by: User) -> HttpResponseRedirect:
    messages.success(request, _("Saved: %(title)s.") % {"title": submission.proposal.title})
    if request.POST.get("then") == "next":
        return _next(request, submission.proposal.competition, by)
    return redirect("proposals:screening_item", submission.proposal.code)


def _next(request: HttpRequest, competition: Competition, by: User) -> HttpResponseRedirect:
    found = screening.claim_next(competition, by=by)
    if found is not None:
        return redirect("proposals:screening_item", found.submission.proposal.code)
    messages.info(request, _("No item is waiting. Everything is decided or being checked by a colleague."))
    return _to_queue(competition)


def _to_queue(competition: Competition) -> HttpResponseRedirect:
    return redirect(f"{reverse('proposals:screening')}?year={competition.code}")


def _released(counts: dict[str, int]) -> str:
    if not counts["passed"] + counts["failed"]:
        return _("The results were already released; nothing was changed.")
    return (
        ngettext(
            "Released: %(passed)d passed, %(failed)d failed. %(told)d person is written to.",
            "Released: %(passed)d passed, %(failed)d failed. %(told)d people are written to.",
            counts["told"],
        )
        % counts
    )
