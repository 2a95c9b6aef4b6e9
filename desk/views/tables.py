"""Tables of everything, to take away: asked for here, downloaded here while they are kept."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import as_secretariat
from competitions.models import Competition
from desk.actions import ask_extract, take_extract
from desk.forms import ExtractForm, YearForm
from desk.models import Extract
from desk.tables import TABLES
from files.serving import download
from files.spreadsheets import CSV, XLSX

SHOWN, MOST = 3, 100  # files on the page; where all were asked for
MEDIA = {Extract.Format.CSV: CSV, Extract.Format.XLSX: XLSX}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tables(request: HttpRequest) -> HttpResponse:
    """What there is and what was asked for; ?year=<competition code>. POST asks for one."""
    by = as_secretariat(request.user)
    form = ExtractForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        extract = ask_extract(**form.asked(), by=by)
        year = f"?year={extract.competition.code}" if extract.competition else ""
        return redirect(f"{resolve_url('desk:tables')}{year}#files")
    files = "all" if request.GET.get("files") == "all" else ""
    shown = MOST if files else SHOWN
    extracts = list(Extract.objects.visible_to(by).select_related("asked_by", "competition")[: shown + 1])
    year_form = YearForm(_asked(request))
    context = {
        "tables": TABLES.items(),
        "formats": Extract.Format.choices,
        "year_form": year_form,
        "year": year_form.cleaned_data.get("year") if year_form.is_valid() else None,
        "extracts": [(each, TABLES.get(each.table)) for each in extracts[:shown]],
        "files": files,
        "more": shown == SHOWN and len(extracts) > shown,
        "is_preparing": Extract.objects.in_preparation().exists(),
    }
    return render(request, "desk/tables.html", context, status=422 if form.is_bound else 200)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The year asked for; where none was named, the one that is running or the last."""
    if "year" in request.GET:
        return request.GET.dict()
    found = Competition.objects.present()
    return {"year": found.code if found else ""}


@require_safe
def table_file(request: HttpRequest, code: str) -> HttpResponseBase:
    """404 for everybody else, and once its days are over."""
    by = as_secretariat(request.user)
    extract = get_object_or_404(Extract.objects.visible_to(by).kept(), code=code)
    if extract.table not in TABLES or not default_storage.exists(extract.path):
        raise Http404
    if request.method == "GET":
        take_extract(extract, by=by)
    year = extract.competition.code if extract.competition else ""
    day = f"{timezone.localtime(extract.ready_at):%Y-%m-%d}"
    name = slugify(f"{TABLES[extract.table].name} {year} {day}")
    return download(extract.path, name=f"{name}.{extract.format}", media_type=MEDIA[Extract.Format(extract.format)])
