"""The list is fixed with its minutes, read afterwards, and corrected by a new version when it proves wrong."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from files.serving import made
from judging import actions
from judging.forms.plenary import MinutesForm
from judging.forms.reasons import ReasonForm
from judging.models import Correction, Selection
from judging.plenary.minutes import first_draft, minutes_pdf
from judging.plenary.verifying import PROBLEMS, verify
from judging.ranking import board, composition
from judging.ranking.changing import changes_between, changes_now
from judging.ranking.places import rank
from judging.ranking.selecting import problems, shown_digest
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url

PER_PAGE = 100


@require_http_methods(["GET", "POST"])
@for_secretariat
def freeze(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Minutes; then a page that shows what is about to be fixed; then the deed."""
    found = round_or_404(code, group, key)
    if selection := Selection.objects.fixing(found).first():
        return redirect("judging:selection", selection.code)
    ranked, moves = rank(found), actions.prepared_moves(found)
    form = MinutesForm(posted(request), initial={"minutes": first_draft(found, ranked, moves)})
    deed = request.POST.get("deed", "")
    confirming = request.method == "POST" and form.is_valid() and deed != "edit"
    if confirming:
        for error in problems(ranked, moves, fewer_because=form.cleaned_data["fewer_because"]):
            form.add_error(None, error)
        confirming = not form.errors
    if confirming and deed == "freeze":
        try:
            fixed = actions.freeze_selection(
                found, by=person(request), expected=request.POST.get("digest"), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
            confirming = False
        else:
            messages.success(request, _("The list is fixed. It can no longer be changed."))
            return redirect("judging:selection", fixed.code)
    rows = board.rows(found, ranked, moves)
    standing = Selection.objects.of(found)
    context = {
        "round": found, "competition": found.group.competition, "ranking": ranked, "form": form,
        "digest": shown_digest(ranked, moves), "present": found.attendance.all(),
        "selected": [row for row in rows if row.line.is_selected], "moved": [row for row in rows if row.line.move],
        "judged": composition.judge(found, rows), "correcting": standing,
        "changes": changes_now(standing, rows) if standing else None,
    }  # fmt: skip
    template = "judging/freeze_confirm.html" if confirming else "judging/freeze.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@for_secretariat
def selection(request: HttpRequest, code: str) -> HttpResponse:
    """A frozen list. Agencies see nothing of it before its announcement."""
    found = _selection(code)
    entries = found.entries.select_related("proposal__agency", "proposal__category", "moved_by", "confirmed_by")
    everyone = request.GET.get("all") == "1"
    shown = entries if everyone else entries.filter(is_selected=True)
    context = {
        "selection": found,
        "round": found.round,
        "competition": found.round.group.competition,
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "selected": found.entries.filter(is_selected=True).count(),
        "everyone": everyone,
        "total": found.entries.count(),
        "moved": entries.exclude(moved_because=""),
        "changes": changes_between(found.supersedes, found) if found.supersedes else None,
        "later": getattr(found, "superseded_by", None),
        "correction": getattr(found, "correction", None),
        "disqualified": entries.filter(is_selected=True, proposal__disqualification__confirmed_at__isnull=False),
        "checked": [PROBLEMS[each] for each in verify(found)] if request.GET.get("check") == "1" else None,
    }
    return render(request, "judging/selection.html", context)


@require_safe
@for_secretariat
def selection_minutes(request: HttpRequest, code: str) -> HttpResponse:
    found = _selection(code)
    return made(minutes_pdf(found), name=f"{found.code}.pdf", media_type="application/pdf", inline=True)


@require_http_methods(["GET", "POST"])
@for_secretariat
def correction(request: HttpRequest, code: str) -> HttpResponse:
    """Open a fixed list for correction with a reason, or withdraw that."""
    found = _selection(code)
    form = ReasonForm(posted(request))
    opened = Correction.objects.filter(selection=found).select_related("opened_by").first()
    if request.method == "POST" and (opened or form.is_valid()):
        try:
            if opened:
                actions.withdraw_correction(opened, by=person(request))
                messages.success(request, _("The correction is withdrawn. The list stands as it was fixed."))
                return redirect("judging:selection", found.code)
            actions.open_correction(found, reason=form.cleaned_data["reason"], by=person(request))
            messages.success(request, _("The round is open for correction. The fixed list stands until a new one."))
            return redirect(round_url("plenary", found.round))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("judging:selection", found.code)
    context = {
        "selection": found, "round": found.round, "competition": found.round.group.competition, "form": form,
        "opened": opened, "later": getattr(found, "superseded_by", None),
    }  # fmt: skip
    return render(request, "judging/correction.html", context, status=422 if form.errors else 200)


def _selection(code: str) -> Selection:
    selections = Selection.objects.select_related(
        "round__group__competition", "round__stage", "frozen_by", "supersedes", "superseded_by", "correction__opened_by"
    )
    return get_object_or_404(selections, code=code)
