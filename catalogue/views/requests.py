"""Requests to the source of an innovation: asked, listed for both sides and the secretariat, written on, closed."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.deeds import Deed
from accounts.models import User
from accounts.requests import refusals_on
from accounts.rules import is_agency_admin, is_secretariat
from catalogue import actions
from catalogue.forms import AskForm, MessageForm, ReadForm
from catalogue.models import Innovation, Offer, ReplicationRequest, RequestFile
from catalogue.rules import may_ask_source, writes_as
from files.serving import respond

PER_PAGE = 20
DEEDS = {
    "write": Deed(MessageForm, actions.write, gettext_lazy("Your message is sent; the other agency is told.")),
    "close": Deed(
        ReadForm,
        actions.close,
        gettext_lazy("The request is closed; the other agency is told."),
        label=gettext_lazy("Close the request"),
        asks=gettext_lazy("Nobody can write in it any more; what was said stays to be read. The agency can ask anew."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """The first word to the source; where a request is open already, the way to it."""
    innovation = get_object_or_404(Innovation.objects.current().select_related("agency"), code=code)
    if not isinstance(request.user, User) or not may_ask_source(request.user, innovation):
        raise PermissionDenied
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AskForm(*given, by=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            found = actions.ask_source(innovation, **form.cleaned_data, by=request.user)
            messages.success(request, _("Your request is sent to the source. We write to you when it answers."))
            return redirect(found)
    asked = ReplicationRequest.objects.by_agencies_of(request.user).open().about(innovation)
    context = {"innovation": innovation, "offer": Offer.objects.shown_of(innovation), "form": form, "asked": asked}
    return render(request, "catalogue/ask.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """For an agency admin those of both sides, for the secretariat all of them."""
    if not is_secretariat(request.user) and not is_agency_admin(request.user):
        raise PermissionDenied
    visible = ReplicationRequest.objects.visible_to(request.user)
    page = Paginator(visible.with_ends().waiting_first(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "counts": visible.counts(), "offers": Offer.objects.in_force().count(),
        "awaited": set(ReplicationRequest.objects.at_source(request.user).waiting().values_list("pk", flat=True)),
    }  # fmt: skip
    return render(request, "catalogue/requests.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """POST does the deed its button names (a key of DEEDS), for the two sides; the secretariat reads."""
    found = _visible(request, code)
    side = writes_as(request.user, found)
    form: forms.Form = MessageForm()
    failed: forms.Form | None = None
    if request.method == "POST":
        key = request.POST.get("deed", "")
        if key not in DEEDS or side is None:
            raise PermissionDenied
        failed = DEEDS[key].form(request.POST, request.FILES)
        if DEEDS[key].do(request, failed, found):
            return redirect(found)
        found, form = _visible(request, code), failed if key == "write" else form
    may_write = side is not None and found.state != ReplicationRequest.State.CLOSED
    if may_write and not failed and request.GET.get("deed") == "close":
        read = {"expected": request.GET.get("expected", found.stamp)}
        return DEEDS["close"].page(request, "close", ReadForm(initial=read), found)
    context = {
        "request_": found, "said": found.messages.select_related("author").prefetch_related("files__file"),
        "form": form, "failed": failed, "may_write": may_write, "is_source": side is True,
    }  # fmt: skip
    return render(request, "catalogue/request.html", context, status=422 if failed else 200)


@require_safe
def file(request: HttpRequest, code: str) -> HttpResponseBase:
    requests = ReplicationRequest.objects.visible_to(request.user)
    files = RequestFile.objects.filter(message__request__in=requests).select_related("file")
    return respond(get_object_or_404(files, code=code).file)


def _visible(request: HttpRequest, code: str) -> ReplicationRequest:
    return get_object_or_404(ReplicationRequest.objects.visible_to(request.user).with_ends(), code=code)
