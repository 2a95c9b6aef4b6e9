"""Remarks on the passages of a proposal: written by its reviewers and writers, marked as done by them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from competitions.models import Question
from proposals import actions, rules
from proposals.forms import CommentForm
from proposals.models import Comment, Proposal
from proposals.views.loading import reader, standing, visible


@require_http_methods(["GET", "POST"])
def comments(request: HttpRequest, code: str) -> HttpResponse:
    """GET lists all, the open ones first; with `question` the form is ready for that answer. POST adds one."""
    proposal, user = visible(request, code), reader(request)
    if user.is_secretariat:  # what an agency says to itself is never the ministry's to read
        raise Http404
    asked = Question.objects.filter(aspect__group=proposal.group).select_related("aspect").order_by(
        "aspect__order", "order"
    )  # fmt: skip
    if not proposal.is_application:
        asked = asked.exclude(only_if=Question.Condition.IS_APPLICATION)
    initial = {"question": request.GET.get("question"), "quote": request.GET.get("quote", "")[:2000]}
    form = CommentForm(request.POST if request.method == "POST" else None, questions=asked, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.comment(proposal, given["question"], text=given["text"], quote=given["quote"], by=user)
        except ValidationError as refused:
            form.add_error("quote" if getattr(refused, "code", "") == "not_quoted" else "text", refused)
        else:
            told = _(
                "The comment is kept. The others read it here at once; a letter goes to them in about"
                " %(minutes)d minutes."
            )
            messages.success(request, told % {"minutes": actions.SETTLES.seconds // 60})
            return redirect("proposals:comments", code)
    chosen = str(form["question"].value() or "")
    listed = list(proposal.comments.select_related("question__aspect", "made_by", "resolved_by"))
    context = {
        "proposal": proposal, "form": form, "may_comment": rules.may_comment(standing(request, proposal)),
        "open": [each for each in listed if not each.resolved_at],
        "resolved": [each for each in listed if each.resolved_at],
        "answer": proposal.answers.filter(question=int(chosen)).first() if chosen.isdecimal() else None,
    }  # fmt: skip
    return render(request, "proposals/comments.html", context, status=422 if form.errors else 200)


def open_remarks(proposal: Proposal, *, reader: User) -> list[Comment]:
    """The remarks still open; none for the secretariat. One query."""
    if reader.is_secretariat:
        return []
    return list(proposal.comments.filter(resolved_at=None).select_related("question__aspect", "made_by"))


@require_POST
def resolve(request: HttpRequest, code: str, comment: str) -> HttpResponse:
    proposal = visible(request, code)
    row = get_object_or_404(proposal.comments.select_related("question__aspect"), code=comment)
    actions.resolve(row, by=reader(request))
    messages.success(request, _("The comment is marked as done."))
    if request.POST.get("then") in {"proposal", "check"}:
        return redirect(f"proposals:{request.POST['then']}", code)
    return redirect("proposals:comments", code)
