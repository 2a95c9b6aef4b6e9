"""The secretariat's pages about rounds: state, opening, assignment, progress, returned sheets."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from competitions.models import Competition, Round
from judging import actions, progress
from judging.forms import PlanForm, ReasonForm
from judging.models import Assessment, Juror
from judging.planning import plan_round
from judging.sheet import read_sheet
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
    try:
        count = actions.open_round(found, by=person(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = ngettext("%(count)d proposal entered the round.", "%(count)d proposals entered the round.", count)
        messages.success(request, words % {"count": count})
    return redirect(round_url("round", found))


@require_http_methods(["GET", "POST"])
@for_secretariat
def assign(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The plan first, with what proves it; given out in one confirmed step."""
    found = round_or_404(code, group, key)
    form = PlanForm(request.POST if request.method == "POST" else request.GET or None)
    seed = form.cleaned_data["seed"] if form.is_valid() else 0
    if request.method == "POST":
        try:
            plan = actions.assign(found, by=person(request), seed=seed, expected=request.POST.get("plan"))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(round_url("assign", found) + f"?seed={seed}")
        words = ngettext("%(count)d sheet was given out.", "%(count)d sheets were given out.", len(plan.pairs))
        messages.success(request, words % {"count": len(plan.pairs)})
        return redirect(round_url("round", found))
    plan = plan_round(found, seed=seed)
    context = {"round": found, "competition": found.group.competition, "plan": plan, "form": form, "seed": seed}
    return render(request, "judging/assign.html", context)


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
    context = {"round": found, "competition": found.group.competition, "juror": owner, "sheets": sheets}
    return render(request, "judging/pile.html", context)


@require_http_methods(["GET", "POST"])
@for_secretariat
def return_sheet(request: HttpRequest, code: str) -> HttpResponse:
    sheet = read_sheet(code, person(request))
    if sheet is None:
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.return_assessment(sheet, reason=form.cleaned_data["reason"], by=person(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The sheet is with %(name)s again.") % {"name": sheet.juror.user})
            return redirect("judging:assessment", sheet.code)
    context = {"form": form, "sheet": sheet, "proposal": sheet.entry.proposal}
    return render(request, "judging/return.html", context, status=422 if form.errors else 200)
