"""Letters of feedback: the secretariat prepares them, the agency reads its own once it was sent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import refusals_on, refusals_said
from competitions.models import Round
from files.serving import made
from judging import actions, rules
from judging.feedback.letters import letter_pdf, reading_of
from judging.forms.feedback import ABOUT_COMMENT, LetterForm
from judging.models import FeedbackComment, FeedbackLetter, Selection
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url

PER_PAGE = 50


def letter_or_404(request: HttpRequest, code: str) -> FeedbackLetter:
    return get_object_or_404(FeedbackLetter.objects.visible_to(person(request)).with_people(), code=code)


@require_safe
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """The letter as the agency reads it; the secretariat sees it so before it is sent."""
    found = letter_or_404(request, code)
    context = {**reading_of(found), "may_manage": rules.may_manage(person(request))}
    return render(request, "judging/feedback/letter.html", context)


@require_safe
def letter_file(request: HttpRequest, code: str) -> HttpResponse:
    found = letter_or_404(request, code)
    name = f"umpan-balik-{found.entry.proposal.code}.pdf"
    return made(letter_pdf(found), name=name, media_type="application/pdf", inline=True)


@require_http_methods(["GET", "POST"])
@for_secretariat
def letters(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The letters of a round: drafted, their comments let through, approved, sent; and the next of these deeds."""
    found = round_or_404(code, group, key)
    if request.method == "POST":
        return _do(request, found, DEEDS.get(request.POST.get("deed", "")))
    wanted = FeedbackLetter.objects.in_round(found).wanted().with_open_comments()
    counts = wanted.aggregate(
        draft=Count("pk", filter=Q(state="draft")), approved=Count("pk", filter=Q(state="approved")),
        sent=Count("pk", filter=Q(state="sent")), ready=Count("pk", filter=Q(state="draft", open_comments=0)),
        undecided=Sum("open_comments"), total=Count("pk"),
    )  # fmt: skip
    run = found.feedback_runs.first()
    shown = request.GET.get("state", "")
    listed = wanted.filter(state=shown) if shown in FeedbackLetter.State.values else wanted
    context = {
        "round": found, "competition": found.group.competition, "counts": counts, "run": run, "shown": shown,
        "is_running": run is not None and run.done_at is None, "selection": Selection.objects.of(found),
        "unmarked": len(actions.unmarked(found)) if counts["undecided"] else 0,
        "page": Paginator(listed.with_people(), PER_PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "judging/feedback/letters.html", context)


def _draft(request: HttpRequest, found: Round) -> str:
    actions.request_letters(found, by=person(request))
    return _("The letters are being drafted; this takes less than a minute.")


def _release(request: HttpRequest, found: Round) -> str:
    count = actions.release_unmarked(found, expected=_expected(request), by=person(request))
    return ngettext("%(count)d comment is released.", "%(count)d comments are released.", count) % {"count": count}


def _approve(request: HttpRequest, found: Round) -> str:
    count = actions.approve_ready(found, expected=_expected(request), by=person(request))
    return ngettext("%(count)d letter is approved.", "%(count)d letters are approved.", count) % {"count": count}


Deed = Callable[[HttpRequest, Round], str]
DEEDS: dict[str, Deed] = {"draft": _draft, "release": _release, "approve": _approve}


def _expected(request: HttpRequest) -> int:
    given = request.POST.get("expected", "")
    return int(given) if given.isdecimal() else -1


def _do(request: HttpRequest, found: Round, deed: Deed | None) -> HttpResponseRedirect:
    if deed is not None:
        with refusals_said(request):
            messages.success(request, deed(request, found))
    return redirect(round_url("feedback_letters", found))


@require_http_methods(["GET", "POST"])
@for_secretariat
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """One letter on the clerk's desk: its comments, the secretariat's own words, and its approval."""
    found = letter_or_404(request, code)
    form = LetterForm(posted(request), letter=found)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told = _edit(request, found, form.cleaned_data)
            messages.success(request, told)
            return redirect("judging:feedback_edit", found.code)
    names = actions.names_of(found.entry.round)
    rows = [
        (each, names.found_in(each.original), form.typed_for(each))
        for each in found.comments.select_related("decided_by")
    ]
    others = FeedbackLetter.objects.in_round(found.entry.round).wanted().filter(state="draft").exclude(pk=found.pk)
    context = {
        **reading_of(found), "rows": rows, "form": form, "next": others.first(),
        "is_draft": found.state == FeedbackLetter.State.DRAFT,
        "may_approve": not any(each.decision == "open" for each, _marks, _typed in rows),
    }  # fmt: skip
    return render(request, "judging/feedback/edit.html", context, status=422 if form.errors else 200)


def _edit(request: HttpRequest, found: FeedbackLetter, cleaned: dict[str, Any]) -> str:
    deed, by = cleaned["deed"], person(request)
    if deed in ABOUT_COMMENT:
        decision = ABOUT_COMMENT[deed]
        actions.decide_comment(cleaned["comment"], decision=decision, text=cleaned["text"], by=by)
        return _("The comment is noted: %(decision)s.") % {"decision": FeedbackComment.Decision(decision).label}
    if deed == "remark":
        actions.remark_on_letter(found, remark=cleaned["remark"], by=by)
        return _("The secretariat's words are saved.")
    if deed == "approve":
        actions.approve_letter(found, by=by)
        return _("The letter is approved. It is sent once the list is public.")
    actions.reopen_letter(found, by=by)
    return _("The letter is a draft again.")
