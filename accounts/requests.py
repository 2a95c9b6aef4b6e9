"""The request as our middleware leaves it, for the types of views; and who asks: a person or a script."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class Request(HttpRequest):
    """Of an open page: the reader may be anonymous."""

    htmx: HtmxDetails
    LANGUAGE_CODE: str


class SignedInRequest(Request):
    """Of a closed page, that is of every page without @login_not_required: the reader is a person."""

    user: User


def wants_json(request: HttpRequest) -> bool:
    """A script of ours asks, and reads a short answer instead of a page."""
    return request.headers.get("Accept") == "application/json"
