"""From scores to a fixed list: ranking, plenary, selection, minutes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from competitions.models import Round
from judging import actions, board
from judging.exports import ranking_csv
from judging.forms import MinutesForm, ReasonForm
from judging.minutes import first_draft, minutes_pdf
from judging.models import Selection
from judging.ranking import rank
from judging.selecting import problems
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url
from proposals.models import Proposal

PER_PAGE = 100


@require_safe
@for_secretariat
def ranking(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The round's ranking by the written rule, with the quota line and what the list is made of."""
    found = round_or_404(code, group, key)
    ranked = rank(found)
    rows = board.rows(found, ranked, actions.prepared_moves(found))
    shown = _filtered(rows, request)
    context = {
        "round": found,
        "competition": found.group.competition,
        "ranking": ranked,
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "by_type": board.by_agency_type(rows),
        "by_category": board.by_category(rows),
        "categories": found.group.competition.categories.all(),
        "types": Agency.Type.choices,
        "chosen": {"category": request.GET.get("category", ""), "type": request.GET.get("type", "")},
        "selection": Selection.objects.filter(round=found).first(),
    }
    return render(request, "judging/ranking.html", context)


def _filtered(rows: list[board.Row], request: HttpRequest) -> list[board.Row]:
    category, kind = request.GET.get("category"), request.GET.get("type")
    return [
        row
        for row in rows
        if (not category or row.proposal.category.key == category) and (not kind or row.proposal.agency.type == kind)
    ]


@require_safe
@for_secretariat
def ranking_file(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    found = round_or_404(code, group, key)
    rows = board.rows(found, rank(found), actions.prepared_moves(found))
    name = f"{slugify(f'{code}-{group}-{key}')}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(ranking_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
@for_secretariat
def plenary(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The list around the quota line, the moves prepared so far, and what stands against freezing it."""
    found = round_or_404(code, group, key)
    if selection := Selection.objects.filter(round=found).first():
        return redirect("judging:selection", selection.code)
    ranked, moves = rank(found), actions.prepared_moves(found)
    rows = board.rows(found, ranked, moves)
    query = request.GET.get("q", "").strip()
    shown = _matching(rows, query) if query else board.around_the_line(rows, ranked.quota)
    context = {
        "round": found,
        "competition": found.group.competition,
        "ranking": ranked,
        "rows": shown,
        "moved": [row for row in rows if row.line.moved_because],
        "count": sum(row.line.is_selected for row in rows),
        "problems": problems(ranked, moves),
        "by_type": board.by_agency_type(rows),
        "by_category": board.by_category(rows),
        "query": query,
    }
    return render(request, "judging/plenary.html", context)


def _matching(rows: list[board.Row], query: str) -> list[board.Row]:
    words = query.casefold()
    return [
        row
        for row in rows
        if words in f"{row.proposal.code} {row.proposal.title} {row.proposal.agency.name}".casefold()
    ][:50]


@require_POST
@for_secretariat
def move(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Put one proposal in or take it out, undo that, or draw from the tie on the line."""
    found = round_or_404(code, group, key)
    deed, by = request.POST.get("deed", ""), person(request)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        if deed == "draw":
            words = reason or _("Drawn from the tie on the quota line, in the order of the random proposal codes.")
            count = actions.draw_from_tie(found, reason=words, by=by)
            told = ngettext("%(count)d proposal was drawn.", "%(count)d proposals were drawn.", count)
            messages.success(request, told % {"count": count})
        else:
            _move_one(found, request.POST.get("proposal", ""), deed, reason, request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(round_url("plenary", found))


def _move_one(found: Round, code: str, deed: str, reason: str, request: HttpRequest) -> None:
    proposal = get_object_or_404(Proposal, code=code, entries__round=found)
    if deed == "undo":
        actions.undo_move(found, proposal=proposal, by=person(request))
        messages.success(request, _("The ranking decides on “%(title)s” again.") % {"title": proposal.title})
        return
    put_in = deed == "in"
    actions.prepare_move(found, proposal=proposal, put_in=put_in, reason=reason, by=person(request))
    words = _("“%(title)s” is put in.") if put_in else _("“%(title)s” is taken out.")
    messages.success(request, words % {"title": proposal.title})


@require_http_methods(["GET", "POST"])
@for_secretariat
def freeze(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Minutes and attendance; then a page that shows what is about to be fixed; then the deed."""
    found = round_or_404(code, group, key)
    if selection := Selection.objects.filter(round=found).first():
        return redirect("judging:selection", selection.code)
    ranked, moves = rank(found), actions.prepared_moves(found)
    form = MinutesForm(posted(request), initial={"minutes": first_draft(found, ranked, moves)})
    confirming = request.method == "POST" and form.is_valid() and request.POST.get("deed") != "edit"
    if confirming:
        cleaned = form.cleaned_data
        for error in problems(ranked, moves, fewer_because=cleaned["fewer_because"]):
            form.add_error(None, error)
        confirming = not form.errors
        if confirming and request.POST.get("deed") == "freeze":
            try:
                selection = actions.freeze_selection(
                    found, by=person(request), expected=request.POST.get("digest"), **cleaned
                )
            except ValidationError as error:
                form.add_error(None, error)
                confirming = False
            else:
                messages.success(request, _("The list is fixed. It can no longer be changed."))
                return redirect("judging:selection", selection.code)
    rows = board.rows(found, ranked, moves)
    context = {
        "round": found, "competition": found.group.competition, "ranking": ranked, "form": form,
        "confirming": confirming, "digest": actions.shown_digest(ranked, moves),
        "selected": [row for row in rows if row.line.is_selected],
        "moved": [row for row in rows if row.line.moved_because],
    }  # fmt: skip
    template = "judging/freeze_confirm.html" if confirming else "judging/freeze.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@for_secretariat
def selection(request: HttpRequest, code: str) -> HttpResponse:
    """A frozen list. Agencies see nothing of it before its announcement."""
    found = _selection(code)
    entries = found.entries.select_related("proposal__agency", "proposal__category")
    everyone = request.GET.get("all") == "1"
    context = {
        "selection": found,
        "round": found.round,
        "competition": found.round.group.competition,
        "page": Paginator(entries if everyone else entries.filter(is_selected=True), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "selected": found.entries.filter(is_selected=True).count(),
        "everyone": everyone,
        "total": found.entries.count(),
        "moved": entries.exclude(moved_because=""),
    }
    return render(request, "judging/selection.html", context)


@require_safe
@for_secretariat
def selection_minutes(request: HttpRequest, code: str) -> HttpResponse:
    found = _selection(code)
    headers = {"Content-Disposition": f'inline; filename="{found.code}.pdf"'}
    return HttpResponse(minutes_pdf(found), content_type="application/pdf", headers=headers)


def _selection(code: str) -> Selection:
    selections = Selection.objects.select_related("round__group__competition", "round__stage", "frozen_by")
    return get_object_or_404(selections, code=code)
