"""What people read about the open data, and the files of it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.asking import Asked
from files.serving import made
from files.spreadsheets import CSV, XLSX
from opendata import published
from opendata.datasets import DATASETS, Dataset, found_in_catalogue, lists_made_public
from opendata.describing import described
from opendata.door import problem
from opendata.exports import as_csv, as_xlsx
from opendata.views.api import api

FORMATS: dict[str, tuple[Callable[[Dataset], bytes | str], str]] = {"csv": (as_csv, CSV), "xlsx": (as_xlsx, XLSX)}


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {"datasets": DATASETS, "operations": described(api), "per_minute": settings.OPEN_DATA_PER_MINUTE}
    return render(request, "opendata/about.html", context)


def file(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """A whole dataset; the innovations also as a search of the catalogue finds them."""
    narrowed = name == "innovations" and request.GET
    return _file(found_in_catalogue(Asked.of(request.GET)) if narrowed else DATASETS[name], name, ending)


def lists(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """The lists of one announcement."""
    announcement = published.announcement(code)
    return _file(lists_made_public(announcement), f"pengumuman-{announcement.code}", ending)


def _file(dataset: Dataset, name: str, ending: str) -> HttpResponse:
    write, media_type = FORMATS[ending]
    return made(write(dataset), name=f"{name}.{ending}", media_type=media_type)


def nothing_there(request: HttpRequest, rest: str) -> HttpResponse:
    return problem(404, _("There is nothing at this address of the open data."))
