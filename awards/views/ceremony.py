"""The award day: who is called when, who sits where."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import refusals_on
from accounts.rules import as_secretariat
from awards import actions
from awards.exports import ceremony_sheets
from awards.forms import CallForm, CeremonyForm
from awards.hall import Seats, seated
from awards.models import Call, Ceremony
from competitions.models import Competition
from files.serving import made
from files.spreadsheets import XLSX, as_xlsx


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, year: str) -> HttpResponse:
    by = as_secretariat(request.user)
    competition = get_object_or_404(Competition, code=year)
    form = CeremonyForm(request.POST if request.method == "POST" else None, competition=competition)
    if form.is_valid():
        with refusals_on(form):
            return redirect(actions.plan_ceremony(competition, **form.cleaned_data, by=by))
    context = {"form": form, "competition": competition}
    return render(request, "awards/new_ceremony.html", context, status=422 if form.is_bound else 200)


@require_safe
def ceremony(request: HttpRequest, code: str) -> HttpResponse:
    as_secretariat(request.user)
    one = _ceremony(code)
    pairs = _seated(one)
    context = {"ceremony": one, "pairs": pairs, "persons": sum(seats.count for _call, seats in pairs)}
    return render(request, "awards/ceremony.html", context)


@require_safe
def spreadsheet(request: HttpRequest, code: str) -> HttpResponse:
    as_secretariat(request.user)
    one = _ceremony(code)
    sheets = ceremony_sheets(_seated(one))
    return made(as_xlsx(sheets), name=f"hari-penghargaan-{one.code}.xlsx", media_type=XLSX)


@require_POST
def renew(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    one = _ceremony(code)
    came, went = actions.renew_calls(one, by=by)
    messages.success(request, _("%(came)d came, %(went)d went.") % {"came": came, "went": went})
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, code: str) -> HttpResponse:
    by = as_secretariat(request.user)
    one = get_object_or_404(Call.objects.select_related("ceremony__competition", "proposal__agency"), code=code)
    form = CallForm(request.POST if request.method == "POST" else None, instance=one)
    if form.is_valid():
        actions.settle_call(one, **form.cleaned_data, by=by)
        messages.success(request, _("The changes are saved."))
        return redirect(one.ceremony)
    context = {"form": form, "call": one}
    return render(request, "awards/call.html", context, status=422 if form.is_bound else 200)


def _ceremony(code: str) -> Ceremony:
    return get_object_or_404(Ceremony.objects.select_related("competition"), code=code)


def _seated(ceremony: Ceremony) -> list[tuple[Call, Seats]]:
    return seated(list(ceremony.calls.select_related("proposal__agency")), ceremony.seats_per_row)
