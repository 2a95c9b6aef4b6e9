"""The secretariat's desk: the queue of tickets, and one ticket with what can be done to it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.deeds import Deed, read_anew
from accounts.rules import as_secretariat
from files.serving import respond
from helpdesk import actions
from helpdesk.forms import AnswerForm, HandForm, NoteForm, QueueFilter
from helpdesk.models import CannedAnswer, Ticket, TicketFile

PAGE = 50


DEEDS = {
    "answer": Deed(
        AnswerForm, actions.answer, gettext_lazy("The asker can read the answer now, and is told by e-mail.")
    ),
    "note": Deed(NoteForm, actions.note, gettext_lazy("The note is kept.")),
    "take": Deed(forms.Form, actions.take, gettext_lazy("The ticket is yours.")),
    "hand_over": Deed(HandForm, actions.hand_over, gettext_lazy("The ticket is handed over.")),
    "close": Deed(forms.Form, actions.close, gettext_lazy("The ticket is closed.")),
}


@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """?state= and ?q= narrow it; what waits longest comes first, what is done last first."""
    by = as_secretariat(request.user)
    form = QueueFilter(request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    state, query = given.get("state") or "waiting", given.get("q", "")
    every = Ticket.objects.visible_to(by)
    shown = every.waiting().filter(handler=by) if state == "mine" else every.filter(state=state)
    order = ("waiting_since", "pk") if state in ("mine", "waiting") else ("-waiting_since", "-pk")
    found = shown.looked_for(query).select_related("handler").order_by(*order)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")), "state": state, "query": query,
        "states": QueueFilter.CHOICES, "counts": every.counts(by),
    }  # fmt: skip
    return render(request, "helpdesk/queue.html", context)


@require_POST
def next_ticket(request: HttpRequest) -> HttpResponse:
    """Takes the one that waits longest and opens it."""
    found = actions.take_next(by=as_secretariat(request.user))
    if found is None:
        messages.info(request, _("No ticket waits for somebody to take it."))
        return redirect("helpdesk:queue")
    return redirect(found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """POST does the deed its button names (a key of DEEDS); `begin` puts a canned text behind what is typed."""
    by, found, status = as_secretariat(request.user), _visible(request, code), 200
    canned = list(CannedAnswer.objects.all())
    key, begun = request.POST.get("deed", ""), ""
    if key == "begin":
        texts = [each.text for each in canned if each.code == request.POST.get("canned")]
        begun = "\n\n".join(filter(None, [request.POST.get("text", "").strip(), *texts]))
    shown = _forms(found, begun)
    if request.method == "POST" and key != "begin":
        if key not in DEEDS:
            raise PermissionDenied
        form = shown[key] = DEEDS[key].form(request.POST, auto_id=_ids(key))
        if DEEDS[key].do(request, form, found):
            return redirect(found)
        status, found = 422, _visible(request, code)
        if last := found.messages.last():
            read_anew(form, last.pk)
    context: dict[str, Any] = {
        "ticket": found, "said": found.messages.select_related("author").prefetch_related("files__file"),
        "forms": shown, "form": next((each for each in shown.values() if each.errors), None),
        "canned": canned, "is_mine": found.handler_id == by.pk,
    }  # fmt: skip
    return render(request, "helpdesk/ticket.html", context, status=status)


@require_safe
def file(request: HttpRequest, code: str, file: str) -> HttpResponseBase:
    as_secretariat(request.user)
    files = TicketFile.objects.select_related("file")
    return respond(get_object_or_404(files, message__ticket=_visible(request, code), code=file).file)


def _visible(request: HttpRequest, code: str) -> Ticket:
    whole = Ticket.objects.visible_to(as_secretariat(request.user)).select_related("handler", "user")
    return get_object_or_404(whole, code=code)


def _forms(found: Ticket, begun: str) -> dict[str, forms.Form]:
    last = found.messages.last()
    initial: dict[str, dict[str, object]] = {
        "answer": {"expected": last.pk if last else 0, "text": begun},
        "hand_over": {"handler": found.handler_id},
    }
    return {key: deed.form(initial=initial.get(key), auto_id=_ids(key)) for key, deed in DEEDS.items()}


def _ids(key: str) -> str:
    """Two forms of the page have a field of the same name."""
    return f"id_{key}_%s"
