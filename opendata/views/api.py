"""The read-only API, version 1: each operation loads what is published and hands it out."""

from collections.abc import Callable, Iterable
from math import ceil
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Path, Query
from ninja.errors import ValidationError

from accounts.agency_search import find_agencies
from announcements.lists import lists_of
from catalogue.asking import Asked
from notifications.outbox import absolute
from opendata import published, schemas
from opendata.describing import OpenDataAPI
from opendata.door import problem
from yearbook.tables import TABLES

api = OpenDataAPI(
    title="Sinovik",
    version="1.0",
    description=_("What the Public Service Innovation Competition has made public."),
    docs_url=None,
    urls_namespace="opendata-v1",
)
LISTS = ("years", "agencies", "innovations", "awards", "announcements", "results", "statistics")


@api.exception_handler(Http404)
def nothing_there(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, gettext("Nothing public has this code."))


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"parameter": str(each["loc"][-1]), "message": str(each["msg"])} for each in error.errors]
    return problem(422, gettext("The question holds what is not understood."), errors)


def page_of(
    request: HttpRequest, rows: QuerySet[Any], asked: schemas.Pages, shape: Callable[[Any], Any] | None = None
) -> dict[str, Any]:
    """One page of the rows, and the way to the others. Two queries besides what the rows prefetch."""
    count = rows.count()
    pages = max(1, ceil(count / asked.per_page))
    start = (asked.page - 1) * asked.per_page
    found: Iterable[Any] = rows[start : start + asked.per_page] if start < count else ()

    def address(number: int) -> str | None:
        query = request.GET.copy()
        query["page"] = str(number)
        return absolute(f"{request.path}?{query.urlencode()}") if 1 <= number <= pages else None

    return {
        "count": count, "page": asked.page, "pages": pages, "next": address(asked.page + 1),
        "previous": address(asked.page - 1), "items": [shape(each) if shape else each for each in found],
    }  # fmt: skip


@api.get(
    "/", response=dict[str, schemas.Address], url_name="index", summary=_("What there is"),
    description=_("Each list with its address."),
)  # fmt: skip
def index(request: HttpRequest) -> dict[str, str]:
    return {name: absolute(reverse(f"opendata:{name}")) for name in LISTS}


@api.get("/years", response=schemas.Page[schemas.Year], url_name="years", summary=_("Years"))
def years(request: HttpRequest, asked: Query[schemas.Pages]) -> dict[str, Any]:
    return page_of(request, published.years(), asked)


@api.get(
    "/years/{code}", response=schemas.YearWithRules, url_name="year", summary=_("One year: calendar, groups and rules")
)
def year(request: HttpRequest, code: Path[schemas.Code]) -> Any:
    return _one(published.years().with_calendar().with_rules(), code)


@api.get("/agencies", response=schemas.Page[schemas.Agency], url_name="agencies", summary=_("Agencies"))
def agencies(request: HttpRequest, asked: Query[schemas.OfAgency]) -> dict[str, Any]:
    rows = published.agencies()
    if asked.q:
        rows = rows.filter(pk__in=find_agencies(asked.q).order_by().values("pk"))
    wanted = {"type": asked.type, "province": asked.province}
    return page_of(request, rows.filter(**_given(wanted)), asked)


@api.get("/agencies/{code}", response=schemas.Agency, url_name="agency", summary=_("One agency"))
def agency(request: HttpRequest, code: Path[schemas.Code]) -> Any:
    return _one(published.agencies(), code)


@api.get("/innovations", response=schemas.Page[schemas.Innovation], url_name="innovations", summary=_("Innovations"))
def innovations(request: HttpRequest, asked: Query[schemas.OfInnovation]) -> dict[str, Any]:
    picked = {
        "year": asked.year, "tier": asked.tier, "category": asked.category, "agency_type": asked.type,
        "province": asked.province, "sdg": asked.sdg,
    }  # fmt: skip
    wanted = Asked(picked={name: (str(value),) for name, value in _given(picked).items()})
    rows = wanted.narrow(published.innovations())
    rows = rows.filter(agency__code=asked.agency) if asked.agency else rows
    return page_of(request, rows.search(asked.q), asked)


@api.get(
    "/innovations/{code}", response=schemas.Innovation, url_name="innovation", summary=_("One innovation"),
    description=_("A code that was merged into another gives the innovation it is now."),
)  # fmt: skip
def innovation(request: HttpRequest, code: Path[schemas.Code]) -> Any:
    return published.innovation(code)


@api.get("/awards", response=schemas.Page[schemas.AwardOf], url_name="awards", summary=_("Awards"))
def awards(request: HttpRequest, asked: Query[schemas.OfAward]) -> dict[str, Any]:
    wanted = {"year": asked.year, "tier": asked.tier, "innovation__agency__code": asked.agency}
    return page_of(request, published.awards().filter(**_given(wanted)), asked)


@api.get(
    "/announcements", response=schemas.Page[schemas.Announcement], url_name="announcements",
    summary=_("Announcements in force"),
)  # fmt: skip
def announcements(request: HttpRequest, asked: Query[schemas.OfAnnouncement]) -> dict[str, Any]:
    wanted = {"kind": asked.kind, "competition__code": asked.competition}
    return page_of(request, published.announcements().filter(**_given(wanted)), asked)


@api.get(
    "/announcements/{code}", response=schemas.AnnouncementWithText, url_name="announcement",
    summary=_("One announcement"), description=_("Also of a version that was corrected since."),
)  # fmt: skip
def announcement(request: HttpRequest, code: Path[schemas.Code], response: HttpResponse) -> Any:
    found = published.announcement(code)
    if found.publish_at:
        response["Last-Modified"] = http_date(found.publish_at.timestamp())
    found.lists = [{"name": each.name, "size": each.size} for each in lists_of(found)]  # type: ignore[attr-defined]
    return found


@api.get(
    "/results", response=schemas.Page[schemas.Result], url_name="results", summary=_("Published results"),
    description=_("Who stands on a published list, by agency and title: there are no ranks and no scores."),
)  # fmt: skip
def results(request: HttpRequest, asked: Query[schemas.OfResult]) -> dict[str, Any]:
    wanted = {
        "selection__round__group__competition__code": asked.competition, "selection__round__award_tier": asked.tier,
        "proposal__agency__code": asked.agency,
    }  # fmt: skip
    return page_of(request, published.results().filter(**_given(wanted)), asked, schemas.Result.of_entry)


@api.get("/statistics", response=list[schemas.Table], url_name="statistics", summary=_("Statistics"))
def statistics(request: HttpRequest) -> list[Any]:
    return [make() for make in TABLES.values()]


@api.get("/statistics/{key}", response=schemas.TableWithRows, url_name="table", summary=_("One table of figures"))
def table(request: HttpRequest, key: Path[schemas.Code]) -> Any:
    if key not in TABLES:
        raise Http404
    return TABLES[key]()


def _one(rows: QuerySet[Any], code: str) -> Any:
    found = rows.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _given(wanted: dict[str, Any]) -> dict[str, Any]:
    """Without what was not asked for."""
    return {name: value for name, value in wanted.items() if value not in (None, "")}
