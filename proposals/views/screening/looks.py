"""Second looks, and what a head of screening does with two clerks who differ."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import refusals_on
from accounts.rules import as_secretariat
from competitions.models import Competition
from proposals import screening
from proposals.forms_screening import HeadForm, LookForm, SettlementForm
from proposals.models import Screening
from proposals.views.screening.item_page import ItemPage
from proposals.views.screening.loading import competition_of, submission, submission_to_read, to_queue, year


@require_POST
def look_next(request: HttpRequest) -> HttpResponse:
    """Takes the next second look and goes there."""
    by = as_secretariat(request.user)
    return _next(request, year(request), by)


def _next(request: HttpRequest, competition: Competition, by: User) -> HttpResponseRedirect:
    found = screening.claim_next_look(competition, by=by)
    if found is not None:
        return redirect("proposals:screening_item", found.screening.submission.proposal.code)
    messages.info(request, _("No second look waits for you. Your own decisions are looked at by colleagues."))
    return to_queue(competition)


@require_POST
def look(request: HttpRequest, code: str) -> HttpResponse:
    """Agrees or disagrees; `then=next` goes on to the next second look."""
    by = as_secretariat(request.user)
    shown = submission_to_read(code)
    page = ItemPage(shown, by)
    form = page.look_form = LookForm(request.POST)
    decided = get_object_or_404(Screening, submission=shown)
    if form.is_valid():
        with refusals_on(form):
            screening.look(decided, **form.cleaned_data, by=by)
            messages.success(request, _("Your second look is saved: %(title)s.") % {"title": shown.proposal.title})
            return _next(request, shown.proposal.competition, by)
    return render(request, "proposals/screening/item.html", page.context(), status=422)


@require_POST
def give_back_look(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    given = submission(code)
    screening.give_back_look(get_object_or_404(Screening, submission=given), by=by)
    messages.success(request, _("A colleague takes the second look."))
    return to_queue(given.proposal.competition)


@require_POST
def settle(request: HttpRequest, code: str) -> HttpResponse:
    """The head's own verdict, or (`then=back`) back to the first clerk."""
    by = as_secretariat(request.user)
    shown = submission_to_read(code)
    page = ItemPage(shown, by, posted=request.POST)
    words = page.settlement_form = SettlementForm(request.POST)
    decided = get_object_or_404(Screening, submission=shown)
    if words.is_valid() and _settled(request, page, words, decided, by):
        return redirect("proposals:screening_item", code)
    return render(request, "proposals/screening/item.html", page.context(), status=422)


def _settled(request: HttpRequest, page: ItemPage, words: SettlementForm, decided: Screening, by: User) -> bool:
    settlement = words.cleaned_data["settlement"]
    back = request.POST.get("then") == "back"
    form = words if back else page.form
    try:
        if back:
            screening.send_back(decided, settlement=settlement, by=by)
            messages.success(request, _("The item is back with who decided it first."))
        elif page.form.is_valid():
            screening.settle(decided, **page.form.cleaned_data, settlement=settlement, by=by)
            messages.success(request, _("Settled."))
        else:
            return False
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def heads(request: HttpRequest) -> HttpResponse:
    """Who decides when two clerks differ; POST names one, or (`release=<id>`) releases one."""
    by = as_secretariat(request.user)
    competition = competition_of(request)
    if competition is None:
        return render(request, "proposals/screening/empty.html")
    form = HeadForm(request.POST if request.method == "POST" else None, competition=competition)
    if request.method == "POST" and "release" in request.POST:
        named = competition.screening_heads.filter(user__email=request.POST["release"]).first()
        if named is not None:
            screening.release_head(competition, named.user, by=by)
        return to_queue(competition, "screening_heads")
    if request.method == "POST" and form.is_valid():
        screening.name_head(competition, form.cleaned_data["user"], by=by)
        return to_queue(competition, "screening_heads")
    context = {
        "competition": competition, "form": form,
        "heads": competition.screening_heads.select_related("user", "named_by"),
    }  # fmt: skip
    return render(request, "proposals/screening/heads.html", context, status=422 if form.errors else 200)
