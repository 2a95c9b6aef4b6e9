"""How open data is handed out: to everybody, from anywhere, so often a minute, and again only when it has changed."""

from collections.abc import Callable, Collection
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from audit.limiting import WINDOW, may_ask

PROBLEM = "application/problem+json"
METHODS = "GET, HEAD, OPTIONS"
View = Callable[..., HttpResponse]


def problem(status: int, detail: str = "", errors: Collection[dict[str, str]] = ()) -> HttpResponse:
    """What went wrong, as RFC 9457 has it."""
    facts: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    facts |= {"detail": detail} if detail else {}
    facts |= {"errors": list(errors)} if errors else {}
    return JsonResponse(facts, status=status, content_type=PROBLEM)


def published(view: View, parameters: Collection[str]) -> View:
    """The view for everybody, with those parameters and no others: a misspelt one is not quietly left out.

    The same for every reader: always in Indonesian. Answers carry an ETag, and 304 where it is known already.
    """

    @csrf_exempt  # nothing can be changed here, and a POST is told so
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = _refused(request, parameters) or _conditional(request, _read(request, view, *args, **kwargs))
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["Content-Language"] = settings.LANGUAGE_CODE
        return response

    return answer


def _refused(request: HttpRequest, parameters: Collection[str]) -> HttpResponse | None:
    if request.method == "OPTIONS":
        allowed = {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS, "Access-Control-Max-Age": "86400"}
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=allowed)
    if request.method not in ("GET", "HEAD"):
        response = problem(HTTPStatus.METHOD_NOT_ALLOWED, _("Open data can only be read."))
        response["Allow"] = METHODS
        return response
    if not may_ask(request, "opendata", most=settings.OPEN_DATA_PER_MINUTE):
        response = problem(HTTPStatus.TOO_MANY_REQUESTS, _("Too many questions from one address. Ask again later."))
        response["Retry-After"] = str(WINDOW)
        return response
    unknown = [name for name in request.GET if name not in parameters]
    if unknown:
        errors = [{"parameter": name, "message": _("There is no such parameter.")} for name in unknown]
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("The question holds what is not understood."), errors)
    return None


def _read(request: HttpRequest, view: View, *args: Any, **kwargs: Any) -> HttpResponse:
    """Ninja knows of GET alone; of an answer to HEAD the server leaves the content out."""
    method, request.method = request.method, "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = method


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code != HTTPStatus.OK or response.streaming:
        return response
    response["Cache-Control"] = "no-cache"  # may be kept, and is asked for again each time
    set_response_etag(response)
    modified = parse_http_date_safe(response.get("Last-Modified", ""))
    found = get_conditional_response(request, etag=response["ETag"], last_modified=modified, response=response)
    return response if found is None else found
