"""The texts the secretariat keeps: frequent questions and canned answers."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import as_secretariat
from helpdesk import actions
from helpdesk.forms import CannedForm, QuestionForm
from helpdesk.models import CannedAnswer, FrequentQuestion
from helpdesk.views.public import by_subject


@dataclass(frozen=True)
class Kind:
    """`above` and `listed`: (name of the address, words) of the pages that lead to a text of this kind."""

    form: type[QuestionForm] | type[CannedForm]
    save: Callable[..., object]
    writing: Promise
    editing: Promise
    saved: Promise
    above: tuple[str, Promise]
    listed: tuple[str, Promise]


QUESTION = Kind(
    QuestionForm, actions.save_question, _("Write a frequent question"), _("Edit a frequent question"),
    _("The question is saved."), ("helpdesk:help", _("Help and contact")),
    ("helpdesk:questions", _("Frequent questions")),
)  # fmt: skip
CANNED = Kind(
    CannedForm, actions.save_canned, _("Write a canned answer"), _("Edit a canned answer"),
    _("The canned answer is saved."), ("helpdesk:queue", _("Tickets")),
    ("helpdesk:canned_answers", _("Canned answers")),
)  # fmt: skip


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    found = list(FrequentQuestion.objects.all())
    return render(request, "helpdesk/questions.html", {"subjects": by_subject(found)})


@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    return _edit(request, FrequentQuestion(), QUESTION)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, code: str) -> HttpResponse:
    as_secretariat(request.user)
    return _edit(request, get_object_or_404(FrequentQuestion, code=code), QUESTION)


@require_safe
def canned_answers(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    return render(request, "helpdesk/canned_answers.html", {"canned": CannedAnswer.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
def new_canned(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    return _edit(request, CannedAnswer(), CANNED)


@require_http_methods(["GET", "HEAD", "POST"])
def canned(request: HttpRequest, code: str) -> HttpResponse:
    as_secretariat(request.user)
    return _edit(request, get_object_or_404(CannedAnswer, code=code), CANNED)


def _edit(request: HttpRequest, found: FrequentQuestion | CannedAnswer, kind: Kind) -> HttpResponse:
    form = kind.form(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        kind.save(form.instance, by=as_secretariat(request.user))
        messages.success(request, str(kind.saved))
        return redirect(kind.listed[0])
    title = kind.editing if found.pk else kind.writing
    context = {"form": form, "found": found, "kind": kind, "title": title, "shows_saved": found.pk and kind is QUESTION}
    return render(request, "helpdesk/text.html", context, status=422 if request.method == "POST" else 200)
