"""The plenary before its list is frozen: who is present, departures from the ranking, their second person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import refusals_on, refusals_said
from competitions.models import Round
from judging import actions, rules
from judging.forms.plenary import PresentForm
from judging.forms.reasons import ReasonForm
from judging.models import Attendance, PlenaryMove, Selection
from judging.ranking import board, composition
from judging.ranking.places import rank
from judging.ranking.selecting import problems
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url
from proposals.models import Proposal


@require_safe
@for_secretariat
def plenary(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The list around the quota line, the moves prepared so far, and what stands against freezing it."""
    found = round_or_404(code, group, key)
    standing = Selection.objects.select_related("correction__opened_by").standing().filter(round=found).first()
    if standing and not hasattr(standing, "correction"):
        return redirect("judging:selection", standing.code)
    ranked, moves = rank(found), actions.prepared_moves(found)
    rows = board.rows(found, ranked, moves)
    query = request.GET.get("q", "").strip()
    shown = _matching(rows, query) if query else board.around_the_line(rows, ranked.quota)
    context = {
        "round": found,
        "competition": found.group.competition,
        "ranking": ranked,
        "proposed_out": board.proposed_out(found),
        "rows": board.advised(found, shown)[0],
        "moved": [row for row in rows if row.line.move],
        "count": sum(row.line.is_selected for row in rows),
        "problems": problems(ranked, moves),
        "present": found.attendance.all(),
        "waiting": sum(not each.confirmed_by for each in moves),
        "judged": composition.judge(found, rows),
        "by_type": composition.by_agency_type(rows),
        "by_category": composition.by_category(rows),
        "by_province": composition.by_province(rows),
        "query": query,
        "correcting": standing,
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
    with refusals_said(request):
        if deed == "draw":
            words = reason or _("Drawn from the tie on the quota line, in the order of the random proposal codes.")
            count = actions.draw_from_tie(found, reason=words, by=by)
            told = ngettext("%(count)d proposal was drawn.", "%(count)d proposals were drawn.", count)
            messages.success(request, told % {"count": count})
        else:
            _move_one(found, request.POST.get("proposal", ""), deed, reason, request)
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
def present(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Who is present: added from the jurors and the secretariat or by name, taken off again."""
    found = round_or_404(code, group, key)
    rows = Attendance.objects.filter(round=found)
    form = PresentForm(posted(request), judging_round=found, present=rows.values_list("user", flat=True))
    status = 200
    if request.method == "POST":
        with refusals_on(form):
            if "remove" in request.POST:
                actions.note_absent(found, attendance=_whole(request.POST["remove"]), by=person(request))
                return redirect(round_url("present", found))
            if form.is_valid():
                count = actions.note_present(found, by=person(request), **form.cleaned_data)
                words = ngettext("%(count)d person is noted.", "%(count)d people are noted.", count)
                messages.success(request, words % {"count": count})
                return redirect(round_url("present", found))
        status = 422
    context = {"round": found, "competition": found.group.competition, "form": form, "present": rows}
    return render(request, "judging/present.html", context, status=status)


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The second person reads the moves and confirms them: the secretariat, or a panelist noted as present."""
    found, by = round_or_404(code, group, key), person(request)
    if not rules.may_second(by, found):
        raise PermissionDenied
    if request.method == "POST":
        with refusals_said(request):
            count = actions.confirm_moves(found, proposals=request.POST.getlist("proposal"), by=by)
            words = ngettext("%(count)d departure is confirmed.", "%(count)d departures are confirmed.", count)
            messages.success(request, words % {"count": count})
        return redirect(round_url("plenary_confirm", found))
    moves = PlenaryMove.objects.filter(round=found).select_related("proposal__agency", "made_by", "confirmed_by")
    places = {place.proposal: place for place in rank(found).places}
    rows = [(each, places[each.proposal.code]) for each in moves if each.proposal.code in places]
    context = {
        "round": found,
        "competition": found.group.competition,
        "waiting": [row for row in rows if row[0].confirmed_by is None and row[0].made_by != by],
        "own": [row for row in rows if row[0].confirmed_by is None and row[0].made_by == by],
        "confirmed": [row for row in rows if row[0].confirmed_by],
        "is_secretariat": rules.may_manage(by),
    }
    return render(request, "judging/plenary_confirm.html", context)
