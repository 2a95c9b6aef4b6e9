"""The request as our middleware leaves it; who asks, a person or a script; and how a refusal is said."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from files.quotas import Payer, visitor


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


def visitor_of(request: HttpRequest) -> list[Payer]:
    """Whose daily allowance of uploads somebody without an account uses."""
    return visitor(get_adapter().get_client_ip(request))


@contextmanager
def refusals_said(request: HttpRequest) -> Iterator[None]:
    """What a rule refuses inside is said above the next page, in the rule's own words; the rest inside is left out."""
    try:
        yield
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """The same on a form, beside the fields the rule names."""
    try:
        yield
    except ValidationError as error:
        form.add_error(None, error)


def shown_anew(form: BaseForm, **values: object) -> None:
    """The refused form keeps what was typed; what it was sent on (hidden fields) becomes what it is shown beside."""
    data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, which is not changed in place
    for name, value in values.items():
        data[name] = str(value)
    form.data = data
