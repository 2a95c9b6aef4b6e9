"""The screening desk: the queue, and one item at a time."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import refusals_said, wants_json
from accounts.rules import as_secretariat
from competitions import calendar
from competitions.models import Competition, ScreeningRules
from proposals import screening
from proposals.forms_screening import QueueFilter, ReopenForm
from proposals.models import Screening, Submission
from proposals.screening import queue as screening_queue
from proposals.views.screening import item_page
from proposals.views.screening.loading import competition_of, submission, submission_to_read, to_queue, year, years

PAGE = 25


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """?year=<code>&state=&q=: figures, what to do next, and every item of the year."""
    reader = as_secretariat(request.user)
    competition = competition_of(request)
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    form = QueueFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    items = screening_queue.queue(competition, reader=reader, state=wanted.get("state", ""), query=wanted.get("q", ""))
    context = {
        "competition": competition,
        "years": years(),
        "figures": screening_queue.figures(competition, reader=reader),
        "rules": ScreeningRules.of(competition),
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
    return _next(request, year(request), by)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, code: str) -> HttpResponse:
    """The proposal beside the checklist. POST decides; `then=next` goes on to the next item, `then=insert` only adds
    the chosen reason to the note."""
    reader = as_secretariat(request.user)
    shown = submission_to_read(code)
    page = item_page.ItemPage(shown, reader, posted=request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("then") == "insert":
        return render(request, "proposals/screening/item.html", page.with_reason(request.POST.get("template", "")))
    if request.method == "POST" and _decide(page, reader):
        return _after_decision(request, shown, reader)
    status = 422 if request.method == "POST" else 200
    return render(request, "proposals/screening/item.html", page.context(), status=status)


def _decide(page: item_page.ItemPage, reader: User) -> bool:
    """Whether it is decided now; otherwise the page's form says why not."""
    held = page.screening
    if held is None:
        page.form.add_error(None, _("You do not hold this item. Take it first, then decide."))
    elif page.form.is_valid():
        try:
            screening.decide(held, **page.form.cleaned_data, by=reader)
        except ValidationError as error:
            page.form.add_error(None, error)
            page.refresh()  # whoever stood in the way is shown
        else:
            return True
    return False


@require_POST
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """Takes or keeps this item; a script renews its hold here (answer: until when)."""
    by = as_secretariat(request.user)
    renewing = wants_json(request)
    asked = submission(code)
    before = getattr(asked, "screening", None)
    try:
        held = screening.claim(asked, by=by)
    except ValidationError as error:
        if renewing:
            return HttpResponse(" ".join(error.messages), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, " ".join(error.messages))
        return redirect("proposals:screening_item", code)
    if renewing:
        return HttpResponse(held.claimed_until.isoformat(), content_type="text/plain")  # type: ignore[union-attr]
    _say_taken_over(request, before, by)
    return redirect("proposals:screening_item", code)


@require_POST
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    given = submission(code)
    if (held := getattr(given, "screening", None)) is not None:
        screening.give_back(held, by=by)
        messages.success(request, _("The item is back in the queue."))
    return to_queue(given.proposal.competition)


@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    decided = get_object_or_404(Screening, submission=submission(code))
    form = ReopenForm(request.POST)
    with refusals_said(request):
        screening.reopen(decided, by=by, reason=form.cleaned_data["reason"] if form.is_valid() else "")
        messages.success(request, _("The decision is open again; the item is yours to decide."))
    return redirect("proposals:screening_item", code)


def _after_decision(request: HttpRequest, decided: Submission, by: User) -> HttpResponseRedirect:
    messages.success(request, _("Saved: %(title)s.") % {"title": decided.proposal.title})
    if request.POST.get("then") == "next":
        return _next(request, decided.proposal.competition, by)
    return redirect("proposals:screening_item", decided.proposal.code)


def _next(request: HttpRequest, competition: Competition, by: User) -> HttpResponseRedirect:
    found = screening.claim_next(competition, by=by)
    if found is not None:
        return redirect("proposals:screening_item", found.submission.proposal.code)
    messages.info(request, _("No item is waiting. Everything is decided or being checked by a colleague."))
    return to_queue(competition)


def _say_taken_over(request: HttpRequest, before: Screening | None, by: User) -> None:
    """An expired hold of a colleague is taken over with words."""
    if before is not None and before.claimed_by is not None and before.claimed_by != by:
        words = _("%(name)s held this item and did not decide it in time. It is yours now.")
        messages.info(request, words % {"name": before.claimed_by})
