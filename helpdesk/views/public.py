"""For everybody: the answers to what many ask, opening a ticket with a confirmed address, and following one's own."""

from itertools import groupby
from typing import cast
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.mailed_links import kept_secret
from accounts.models import User
from accounts.requests import refusals_on, visitor_of
from accounts.rules import is_secretariat
from competitions import calendar
from files.kinds import FORMATS
from files.serving import made, respond
from helpdesk import actions
from helpdesk.forms import AddressForm, SearchForm, TicketForm, WriteForm
from helpdesk.hours import holidays, next_opening
from helpdesk.model_letters import model_letters
from helpdesk.models import FrequentQuestion, Subject, Ticket, TicketFile, TicketMessage, WritingLink

PAGE = 50


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """?q=words: the answers that hold them, the nearest first; else all, by subject."""
    form = SearchForm(request.GET or None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    published = FrequentQuestion.objects.published()
    context = {
        "query": query,
        "found": published.matching(query) if query else None,
        "subjects": [] if query else by_subject(list(published)),
        "opens": next_opening(calendar.now(), holidays()),
        "edits": is_secretariat(request.user),
        "whatsapp": whatsapp(_("Hello help desk, I have a question about KIPP.")),
    }
    return render(request, "helpdesk/help.html", context)


@login_not_required
@require_safe
def model_letters_page(request: HttpRequest) -> HttpResponse:
    return render(request, "helpdesk/model_letters.html", {"letters": model_letters().values()})


@login_not_required
@require_safe
def model_letter(request: HttpRequest, key: str) -> HttpResponse:
    letter = model_letters().get(key)
    if letter is None:
        raise Http404
    return made(letter.as_docx(), name=f"{key}.docx", media_type=FORMATS["docx"].media_type)


def by_subject(questions: list[FrequentQuestion]) -> list[tuple[str, str, list[FrequentQuestion]]]:
    """(value, name, its questions) of each subject that has any, in the order in which the subjects are declared."""
    order = {value: place for place, value in enumerate(Subject.values)}
    ordered = sorted(questions, key=lambda each: order[each.subject])
    return [
        (value, str(Subject(value).label), list(rows)) for value, rows in groupby(ordered, lambda each: each.subject)
    ]


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A signed-in person writes here; anybody else asks for a link to their address first."""
    if isinstance(request.user, User):
        return _opening(request, email=request.user.email, person=request.user)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.ask_link(email=form.cleaned_data["email"], visitor=visitor_of(request))
            return render(request, "helpdesk/link_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "helpdesk/new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads: whoever opens it has the address."""
    link = get_object_or_404(WritingLink, token=token)
    if link.expires_at < calendar.now():
        return render(request, "helpdesk/link_expired.html", status=410)
    return _opening(request, email=link.email, person=None)


def _opening(request: HttpRequest, *, email: str, person: User | None) -> HttpResponse:
    form = TicketForm(request.POST or None, request.FILES or None, person=person)
    if request.method == "POST" and form.is_valid():
        given = {"name": person.name if person else "", **form.cleaned_data}
        with refusals_on(form):
            opened = actions.open_ticket(**given, email=email, payers=[] if person else visitor_of(request), by=person)
            messages.success(request, _("Your question is with the help desk. A receipt is on its way by e-mail."))
            return redirect(opened.tracking_url)
    context = {"form": form, "email": email, "opens": next_opening(calendar.now(), holidays())}
    return render(request, "helpdesk/write.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the reader opened while signed in, the last first."""
    found = Ticket.objects.opened_by(cast("User", request.user)).order_by("-opened_at")
    return render(request, "helpdesk/mine.html", {"page": Paginator(found, PAGE).get_page(request.GET.get("page"))})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, token: str) -> HttpResponse:
    """The owner's private page. POST writes again, or (deed=close) says that the matter is settled."""
    found = _own(request, token)
    form: forms.Form = WriteForm()
    if request.method == "POST":
        closes = request.POST.get("deed") == "close"
        form = forms.Form(request.POST) if closes else WriteForm(request.POST, request.FILES)
        if form.is_valid() and _done(request, found, form, closes=closes):
            return redirect(found.tracking_url)
    said = found.messages.exclude(kind=TicketMessage.Kind.NOTE).prefetch_related("files__file")
    context = {
        "ticket": found, "said": said, "form": form, "whatsapp": whatsapp(
            _("Hello help desk, I am writing about ticket %(number)s.") % {"number": found.code}
        ),
    }  # fmt: skip
    return kept_secret(render(request, "helpdesk/track.html", context, status=422 if form.is_bound else 200))


def _done(request: HttpRequest, found: Ticket, form: forms.Form, *, closes: bool) -> bool:
    with refusals_on(form):
        if closes:
            actions.close(found, by=found.user)
            messages.success(request, _("The ticket is closed. Write again whenever you need to."))
        else:
            payers = [] if found.user else visitor_of(request)
            actions.write(found, **form.cleaned_data, payers=payers, by=found.user)
            messages.success(request, _("Your message is with the help desk."))
        return True
    return False


@login_not_required
@require_safe
def track_file(request: HttpRequest, token: str, code: str) -> HttpResponseBase:
    files = TicketFile.objects.exclude(message__kind=TicketMessage.Kind.NOTE).select_related("file")
    return respond(get_object_or_404(files, message__ticket=_own(request, token), code=code).file)


def _own(request: HttpRequest, token: str) -> Ticket:
    """By its link; one opened with an account also wants its owner signed in."""
    found = get_object_or_404(Ticket.objects.select_related("user"), token=token)
    if found.user_id and found.user_id != request.user.pk:
        raise Http404
    return found


def whatsapp(text: str) -> str:
    """A link that opens a conversation with the help desk, begun with this text; empty where it has no number."""
    number = "".join(filter(str.isdigit, settings.HELPDESK_WHATSAPP))
    return f"https://wa.me/{number}?text={quote(text)}" if number else ""
