"""What must be true of a request before anything else reads it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

NUL = "\x00"


class NulMiddleware:
    """Takes the sign NUL out of whatever arrives. Nobody types it and PostgreSQL cannot hold it, so that a filter or a
    pasted text with it would end in an error page; without it the request means the same.

    In an address it becomes U+FFFD: such an address leads nowhere, and the answer is 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            request.path_info = request.path_info.replace(NUL, "\ufffd")
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if any(NUL in value for value in request.COOKIES.values()):
            request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in value}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object) -> None:
        # A view exempt from the CSRF check may want to read the body in its own way.
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        if any(NUL in value for values in request.POST.lists() for value in values[1]):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]


def _without_nul(given: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        cleaned.setlist(name.replace(NUL, ""), [value.replace(NUL, "") for value in values])
    cleaned._mutable = False
    return cleaned
