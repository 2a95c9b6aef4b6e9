"""Replications: declared by an agency, answered by the source, listed for both and for the secretariat."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.deeds import Deed, read_anew
from accounts.models import User
from accounts.requests import refusals_on
from accounts.rules import is_agency_admin, is_secretariat
from catalogue import actions
from catalogue.forms import DenyForm, ReadForm, ReplicationForm, TakeBackForm
from catalogue.models import Innovation, Replication
from catalogue.rules import may_answer, may_replicate, may_take_back
from files.serving import respond

PER_PAGE = 20
State = Replication.State


DEEDS = {
    "confirm": Deed(ReadForm, actions.confirm, gettext_lazy("The replication is confirmed; the agency is told.")),
    "deny": Deed(
        DenyForm,
        actions.deny,
        gettext_lazy("The replication is denied; the agency reads your reason."),
        label=gettext_lazy("Deny it"),
        asks=gettext_lazy("The catalogue then no longer shows this replication. You can still change your answer."),
    ),
    "take_back": Deed(
        TakeBackForm,
        actions.take_back,
        gettext_lazy("The declaration is taken back; the source is told."),
        label=gettext_lazy("Take back the declaration"),
        asks=gettext_lazy("The catalogue no longer shows it, the source is told, and you can declare it anew."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, code: str) -> HttpResponse:
    innovation = get_object_or_404(Innovation.objects.current().select_related("agency"), code=code)
    if not isinstance(request.user, User) or not may_replicate(request.user, innovation):
        raise PermissionDenied
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReplicationForm(*given, innovation=innovation, by=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            found = actions.declare(innovation, **form.cleaned_data, by=request.user)
            messages.success(request, _("The replication is declared. The source is asked to confirm it."))
            return redirect(found)
    context = {"innovation": innovation, "form": form}
    return render(request, "catalogue/replicate.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def replications(request: HttpRequest) -> HttpResponse:
    """For an agency admin what waits for an answer and what was declared; for the secretariat all of it."""
    if not is_secretariat(request.user) and not is_agency_admin(request.user):
        raise PermissionDenied
    visible = Replication.objects.visible_to(request.user)
    page = Paginator(visible.with_ends().waiting_first(), PER_PAGE).get_page(request.GET.get("page"))
    awaited = set(Replication.objects.at_source(request.user).waiting().values_list("pk", flat=True))
    context = {"page": page, "counts": visible.counts(), "awaited": awaited}
    return render(request, "catalogue/replications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    """POST does the deed its button names (a key of DEEDS); 403 for one that is not the reader's."""
    found, key = _visible(request, code), request.GET.get("deed", "")
    ever = _ever(request, found)
    failed: forms.Form | None = None
    read = {"expected": request.GET.get("expected", found.stamp)}
    shown = {key: DEEDS[key].form(initial=read) for key in ever & _now(found)}
    if request.method == "POST":
        key = request.POST.get("deed", "")
        if key not in ever:
            raise PermissionDenied
        failed = shown[key] = DEEDS[key].form(request.POST)
        if DEEDS[key].do(request, failed, found):
            return redirect(found)
        found = _visible(request, code)
        read_anew(failed, found.stamp)
    if key in shown and DEEDS[key].asks:
        return DEEDS[key].page(request, key, shown[key], found)
    context: dict[str, Any] = {"replication": found, "forms": shown, "failed": failed}
    return render(request, "catalogue/replication.html", context, status=422 if failed else 200)


@require_safe
def evidence(request: HttpRequest, code: str) -> HttpResponseBase:
    found = _visible(request, code)
    if found.evidence is None:
        raise Http404
    return respond(found.evidence)


def _visible(request: HttpRequest, code: str) -> Replication:
    rows = Replication.objects.visible_to(request.user).with_ends()
    return get_object_or_404(rows.select_related("evidence", "declared_by", "answered_by"), code=code)


def _ever(request: HttpRequest, found: Replication) -> set[str]:
    """The deeds that are the reader's at some time or other."""
    deeds = {"confirm", "deny"} if may_answer(request.user, found) else set()
    return deeds | ({"take_back"} if may_take_back(request.user, found) else set())


def _now(found: Replication) -> set[str]:
    """What can be done in its present state."""
    if found.state == State.WITHDRAWN:
        return set()
    done = {State.CONFIRMED: "confirm", State.DENIED: "deny"}.get(State(found.state))
    return set(DEEDS) - {done}
