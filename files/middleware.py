"""Requests that are too large are answered in words before anything reads them."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

MB = 1024 * 1024
DRAIN_MB, DRAIN_SECONDS = 512, 120
_STEP = 64 * 1024


class RequestSizeMiddleware:
    """Looks at the announced length. A page with the reason follows, not a connection that breaks off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Here, since a page needs to know its reader, and before CSRF protection reads the request."""
        size = _length(request)
        if size <= settings.REQUEST_MAX_MB * MB:
            return None
        drain(request, size)
        if request.accepts("text/html"):
            return render(request, "413.html", {"limit": settings.REQUEST_MAX_MB}, status=413)
        message = _("The file is larger than the portal takes (%(limit)s MB). Make it smaller and attach it again.")
        return JsonResponse({"message": message % {"limit": settings.REQUEST_MAX_MB}}, status=413)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def drain(request: HttpRequest, size: int) -> None:
    """Reads what is on its way and keeps nothing of it: a browser reads the answer only when it has sent everything.

    Not for ever: past DRAIN_MB or DRAIN_SECONDS the connection is left to break.
    """
    left, until = min(size, DRAIN_MB * MB), time.monotonic() + DRAIN_SECONDS
    try:
        while left > 0 and time.monotonic() < until and (chunk := request.read(min(_STEP, left))):
            left -= len(chunk)
    except OSError:
        return
