"""The secretariat takes in spreadsheets of past awards: sent, looked at, put right, written, taken back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rules import as_secretariat
from catalogue import actions, importing
from catalogue.columns import COLUMNS, NOT_GIVEN
from catalogue.forms import SpreadsheetForm, settled
from catalogue.models import Import
from catalogue.spreadsheets import letter
from files.serving import made
from files.spreadsheets import CSV, as_csv

SHOWN = 100  # faults and doubtful rows on the page; all faults are in the CSV file
SAMPLE = 8
PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    clerk = as_secretariat(request.user)
    form = SpreadsheetForm(request.POST or None, request.FILES or None, by=clerk)
    if request.method == "POST" and form.is_valid():
        return redirect(actions.begin_import(form.table, name=form.cleaned_data["file"].name, by=clerk))
    past = Import.objects.select_related("made_by").exclude(state=Import.State.DISCARDED).defer("lines", "same")
    page = Paginator(past, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "columns": COLUMNS.values()}
    return render(request, "catalogue/imports.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """What the import would do, and what the person has to say of it."""
    clerk = as_secretariat(request.user)
    found = get_object_or_404(Import.objects.select_related("made_by"), code=code)
    if request.method == "POST":
        return _done(request, found, lambda: actions.settle_import(found, by=clerk, **settled(found, request.POST)))
    return _page(request, found)


def _page(request: HttpRequest, found: Import, refusal: str = "") -> HttpResponse:
    context: dict[str, Any] = {"import": found, "refusal": refusal}
    if found.state == Import.State.DRAFT:
        planned = importing.plan(found)
        checked = planned.checked
        places = list(enumerate(f"{letter(place)} · {head}" for place, head in enumerate(found.heads)))
        context |= {
            "plan": planned,
            "faults": checked.faults[:SHOWN],
            "doubtful": [(row, found.same.get(str(row.line))) for row in checked.doubtful[:SHOWN]],
            "unknown": sorted({*checked.unknown_agencies[:SHOWN], *found.as_written}),
            "columns": [(name, each, found.places.get(name, NOT_GIVEN)) for name, each in COLUMNS.items()],
            "places": places,
            "sample": checked.rows[:SAMPLE],
        }
    return render(request, "catalogue/import.html", context, status=422 if refusal else 200)


@require_POST
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    clerk = as_secretariat(request.user)
    found = get_object_or_404(Import, code=code)
    return _done(request, found, lambda: actions.confirm_import(found, by=clerk))


@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    clerk = as_secretariat(request.user)
    found = get_object_or_404(Import, code=code)
    return _done(request, found, lambda: actions.undo_import(found, by=clerk))


@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    clerk = as_secretariat(request.user)
    found = get_object_or_404(Import, code=code)
    return _done(request, found, lambda: actions.discard_import(found, by=clerk))


@require_safe
def faults(request: HttpRequest, code: str) -> HttpResponse:
    """Every fault as CSV, to work through beside the spreadsheet."""
    as_secretariat(request.user)
    found = get_object_or_404(Import, code=code)
    heads = [_("Line"), _("Column"), _("Value"), _("What is wrong"), _("What to do")]
    named = importing.plan(found).checked.faults
    rows = [[fault.line, fault.column, fault.value, fault.problem, fault.advice] for fault in named]
    return made(as_csv([heads, *rows]), name=f"{_('faults')}-{found.code}.csv", media_type=CSV)


def _done(request: HttpRequest, found: Import, deed: Callable[[], Import]) -> HttpResponse:
    """Back to the page of the import; what a rule forbids is said there."""
    try:
        after = deed()
    except ValidationError as error:
        return _page(request, found, " ".join(error.messages))
    if after.state == Import.State.DISCARDED:
        messages.success(request, _("The import was discarded; the catalogue is as it was."))
        return redirect("catalogue:imports")
    return redirect(after)
