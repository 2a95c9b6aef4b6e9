"""Writing to many at once: written, looked at with everybody it goes to, sent, watched, stopped."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.deeds import Deed
from accounts.requests import refusals_on
from accounts.rules import as_secretariat
from desk import actions
from desk.broadcasting import agencies_of, audience_of, preview
from desk.forms import BroadcastForm, DiscardForm, SendForm
from desk.models import Broadcast

PAGE, PEOPLE = 25, 50  # broadcasts and people on one page
DEEDS = {
    "send": Deed(
        SendForm, actions.send_broadcast, _("The broadcast is confirmed. How far its letters are, you see here.")
    ),
    "discard": Deed(
        DiscardForm,
        actions.discard_broadcast,
        _("The draft is removed."),
        label=_("Remove this draft"),
        asks=_("Its text cannot be brought back."),
    ),
    "stop": Deed(forms.Form, actions.stop_broadcast, _("Stopped. What had not left yet does not go any more.")),
}
# What the list of recipients can be narrowed to.
LETTERS = {
    "queued": Q(status__in=["queued", "sending"]),
    "sent": Q(status="sent"),
    "failed": Q(status="failed"),
    "none": Q(status=None) | Q(status="withdrawn"),
}


@never_cache
@require_safe
def broadcasts(request: HttpRequest) -> HttpResponse:
    """Drafts first, then what was sent, the latest first."""
    as_secretariat(request.user)
    every = Broadcast.objects.with_names()
    page = Paginator(every.confirmed(), PAGE).get_page(request.GET.get("page"))
    page.object_list = Broadcast.objects.load_delivery(list(page.object_list))
    context = {"page": page, "drafts": every.drafts()}
    return render(request, "desk/broadcasts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """?to=<key of an audience>: what to begin with."""
    as_secretariat(request.user)
    return _edit(request, Broadcast(audience=request.GET.get("to", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    as_secretariat(request.user)
    found = _broadcast(code)
    return redirect(found) if found.confirmed_at and request.method != "POST" else _edit(request, found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def broadcast(request: HttpRequest, code: str) -> HttpResponse:
    """A draft as it would go, with everybody it goes to; a confirmed one with the way of its letters. POST does the
    deed its button names (a key of DEEDS); ?deed=discard asks once more."""
    as_secretariat(request.user)
    found, form = _broadcast(code), None
    if request.GET.get("deed") == "discard" and request.method != "POST" and not found.confirmed_at:
        return DEEDS["discard"].page(request, "discard", DiscardForm(initial={"version": found.version}), found)
    if request.method == "POST":
        key = request.POST.get("deed", "")
        if key not in DEEDS:
            raise PermissionDenied
        form = DEEDS[key].form(request.POST)
        if DEEDS[key].do(request, form, found):
            return redirect("desk:broadcasts") if key == "discard" else redirect(found)
        found = _broadcast(code)
    status = 422 if form else 200
    context: dict[str, object] = {"broadcast": found, "form": form}
    if found.confirmed_at:
        return _delivery(request, context, found, status)
    return _check(request, context, found, status)


def _check(request: HttpRequest, context: dict[str, object], found: Broadcast, status: int) -> HttpResponse:
    shown = preview(found)
    unreachable = audience_of(found).out_of_reach
    page = Paginator(shown.people, PEOPLE).get_page(request.GET.get("page"))
    places = agencies_of(page.object_list, found.competition)
    rows = [(person, places[person.pk], None) for person in page.object_list]
    context |= {
        "preview": shown,
        "page": page,
        "rows": rows,
        "out_of_reach": unreachable(found.competition) if unreachable else "",
    }
    return render(request, "desk/broadcast_check.html", context, status=status)


def _delivery(request: HttpRequest, context: dict[str, object], found: Broadcast, status: int) -> HttpResponse:
    state = request.GET.get("state", "")
    letters = found.recipients.with_letter(found.key).filter(LETTERS.get(state, Q()))
    page = Paginator(letters, PEOPLE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    places = agencies_of([each.person for each in shown], found.competition)
    rows = [(each.person, places[each.person_id], each) for each in shown]
    return render(request, "desk/broadcast.html", context | {"page": page, "rows": rows, "state": state}, status=status)


def _edit(request: HttpRequest, found: Broadcast) -> HttpResponse:
    form, stored = BroadcastForm(request.POST or None, instance=found), None
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return redirect(actions.save_broadcast(form.instance, by=as_secretariat(request.user)))
        if form.has_error(NON_FIELD_ERRORS, code="changed"):
            stored = _broadcast(found.code)
            form.build_on(stored.version)
    context = {"form": form, "broadcast": found, "stored": stored}
    return render(request, "desk/broadcast_edit.html", context, status=422 if request.method == "POST" else 200)


def _broadcast(code: str) -> Broadcast:
    return get_object_or_404(Broadcast.objects.with_names(), code=code)
