"""The secretariat's pages about rounds: state, opening, assignment, progress, returned sheets."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import refusals_on, refusals_said
from competitions import calendar
from competitions.models import Competition, Round
from judging import actions
from judging.forms.reasons import ReasonForm
from judging.models import Assessment, Juror, Selection
from judging.plenary.standing import effect_of_dropping
from judging.scoring import progress
from judging.scoring.sheet import read_sheet
from judging.scoring.workload import days_of, workloads
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat


def round_or_404(code: str, group: str, key: str) -> Round:
    rounds = Round.objects.select_related("group__competition", "stage")
    return get_object_or_404(rounds, group__competition__code=code, group__key=group, key=key)


def round_url(name: str, judging_round: Round) -> str:
    group = judging_round.group
    return reverse(f"judging:{name}", args=[group.competition.code, group.key, judging_round.key])


@require_safe
@for_secretariat
def manage(request: HttpRequest, code: str) -> HttpResponse:
    """Every round of the year and where it stands."""
    competition = get_object_or_404(Competition, code=code)
    context = {
        "competition": competition,
        "states": progress.round_states(competition),
        "jurors": Juror.objects.filter(competition=competition).current().count(),
        "ready": Juror.objects.filter(competition=competition).ready().count(),
        "years": Competition.objects.exclude(pk=competition.pk),
    }
    return render(request, "judging/manage.html", context)


@require_safe
@for_secretariat
def judging_round(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    found = round_or_404(code, group, key)
    context = {
        "round": found,
        "competition": found.group.competition,
        "state": progress.state_of(found),
        "jurors": progress.jurors_of(found),
        "short": progress.short_entries(found)[:20],
    }
    return render(request, "judging/round.html", context)


@require_POST
@for_secretariat
def open_round(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    found = round_or_404(code, group, key)
    with refusals_said(request):
        count = actions.open_round(found, by=person(request))
        words = ngettext("%(count)d proposal entered the round.", "%(count)d proposals entered the round.", count)
        messages.success(request, words % {"count": count})
    return redirect(round_url("round", found))


@require_POST
@for_secretariat
def remind(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Remind one juror, or all with open sheets."""
    found = round_or_404(code, group, key)
    wanted = request.POST.get("juror", "")
    jurors = Juror.objects.for_round(found).current().select_related("user")
    if wanted:
        jurors = jurors.filter(code=wanted)
    count = sum(actions.remind_juror(juror, found, by=person(request)) for juror in jurors)
    words = ngettext("%(count)d juror is reminded.", "%(count)d jurors are reminded.", count)
    messages.success(request, words % {"count": count})
    return redirect(round_url("round", found))


@require_safe
@for_secretariat
def pile(request: HttpRequest, code: str, group: str, key: str, juror: str) -> HttpResponse:
    """One juror's sheets of the round, where a final one can be opened again."""
    found = round_or_404(code, group, key)
    owner = get_object_or_404(Juror.objects.select_related("user"), competition=found.group.competition, code=juror)
    sheets = (
        Assessment.objects.in_round(found).filter(juror=owner).with_total().select_related("entry__proposal__agency")
    )
    context = {
        "round": found, "competition": found.group.competition, "juror": owner, "sheets": sheets,
        "has_closed": calendar.has_closed(found.stage),
    }  # fmt: skip
    return render(request, "judging/pile.html", context)


@require_safe
@for_secretariat
def workload(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Who is how far, who will not make it, and what was finished when."""
    found = round_or_404(code, group, key)
    now = calendar.now()
    loads = workloads(found, now)
    context = {
        "round": found, "competition": found.group.competition, "loads": loads, "calendar": days_of(found, now),
        "missing": sum(each.will_miss for each in loads), "open": sum(each.open for each in loads),
        "final": sum(each.final for each in loads), 
        "can_remind": found.stage.ends_at is None or found.stage.ends_at > now,
    }  # fmt: skip
    return render(request, "judging/workload.html", context)


@require_http_methods(["GET", "POST"])
@for_secretariat
def drop_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """A conflict found after scoring: what dropping the sheet changes, and the deed; refused once the list is fixed."""
    sheet = read_sheet(code, person(request))
    if sheet is None:
        raise Http404
    form = ReasonForm(posted(request))
    selection = Selection.objects.fixing(sheet.entry.round).first()
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            replaced = actions.drop_final(sheet, reason=form.cleaned_data["reason"], by=person(request))
            messages.success(request, _("The sheet no longer counts; the ranking is computed without it."))
            if not replaced:
                messages.warning(request, _("No other juror may judge this proposal: the round shows it as short."))
            return redirect(round_url("round", sheet.entry.round))
    context = {
        "form": form, "sheet": sheet, "proposal": sheet.entry.proposal, "round": sheet.entry.round,
        "competition": sheet.entry.round.group.competition, "selection": selection,
        "effect": effect_of_dropping(sheet),
    }  # fmt: skip
    return render(request, "judging/drop.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_secretariat
def return_sheet(request: HttpRequest, code: str) -> HttpResponse:
    sheet = read_sheet(code, person(request))
    if sheet is None:
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.return_assessment(sheet, reason=form.cleaned_data["reason"], by=person(request))
            messages.success(request, _("The sheet is with %(name)s again.") % {"name": sheet.juror.user})
            return redirect("judging:assessment", sheet.code)
    context = {"form": form, "sheet": sheet, "proposal": sheet.entry.proposal}
    return render(request, "judging/return.html", context, status=422 if form.errors else 200)
