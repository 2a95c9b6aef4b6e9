"""The texts the secretariat keeps: frequent questions and canned answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import as_secretariat
from helpdesk import actions
from helpdesk.forms import CannedForm, QuestionForm
from helpdesk.models import CannedAnswer, FrequentQuestion
from helpdesk.views.public import by_subject


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    found = list(FrequentQuestion.objects.all())
    return render(request, "helpdesk/questions.html", {"subjects": by_subject(found)})


@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    return _edit(request, FrequentQuestion())


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, code: str) -> HttpResponse:
    as_secretariat(request.user)
    return _edit(request, get_object_or_404(FrequentQuestion, code=code))


def _edit(request: HttpRequest, found: FrequentQuestion) -> HttpResponse:
    form = QuestionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.save_question(form.instance, by=as_secretariat(request.user))
        messages.success(request, _("The question is saved."))
        return redirect("helpdesk:questions")
    context = {"form": form, "question": found}
    return render(request, "helpdesk/question.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def canned_answers(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    return render(request, "helpdesk/canned_answers.html", {"canned": CannedAnswer.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
def new_canned(request: HttpRequest) -> HttpResponse:
    as_secretariat(request.user)
    return _edit_canned(request, CannedAnswer())


@require_http_methods(["GET", "HEAD", "POST"])
def canned(request: HttpRequest, code: str) -> HttpResponse:
    as_secretariat(request.user)
    return _edit_canned(request, get_object_or_404(CannedAnswer, code=code))


def _edit_canned(request: HttpRequest, found: CannedAnswer) -> HttpResponse:
    form = CannedForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.save_canned(form.instance, by=as_secretariat(request.user))
        messages.success(request, _("The canned answer is saved."))
        return redirect("helpdesk:canned_answers")
    context = {"form": form, "canned": found}
    return render(request, "helpdesk/canned.html", context, status=422 if request.method == "POST" else 200)
