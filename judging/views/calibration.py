"""The secretariat's pages of advice: calibration, readings at the line, anchors. None of it changes a rank; a reading
that is released ends in a sheet that counts."""

from collections import Counter
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import refusals_on, refusals_said
from competitions.models import Round
from judging import actions
from judging.calibration import anchors, measuring, page, readings
from judging.calibration.borderline import Budget
from judging.forms.calibration import AgreedScoresForm, AnchorsForm, BudgetForm
from judging.models import Anchor, CalibrationRun
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url


@require_http_methods(["GET", "POST"])
@for_secretariat
def calibration(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """The last run in words and tables; computed anew on demand."""
    found = round_or_404(code, group, key)
    run = measuring.latest(found)
    budget = measuring.budget_of(run)
    form = BudgetForm(posted(request), initial={"percent": budget.percent, "waves": budget.waves})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.run_calibration(found, by=person(request), budget=Budget(**form.cleaned_data))
            messages.success(request, _("The calibration is computed from the final sheets as they stand now."))
            return redirect(round_url("calibration", found))
    context = {"round": found, "competition": found.group.competition, "form": form, **_about(found, run)}
    return render(request, "judging/calibration.html", context, status=422 if form.errors else 200)


def _about(judging_round: Round, run: CalibrationRun | None) -> dict[str, object]:
    if run is None:
        return {"run": None}
    return {
        "run": run,
        "is_current": measuring.is_current(run, measuring.read_sheets(judging_round)),
        "why_off": page.WHY_OFF.get(run.results["why_off"], ""),
        "links": run.results["links"],
        "fit": page.fit_words(run),
        "jurors": page.juror_rows(run),
        "days": page.day_rows(run),
        "agreement": page.agreement_rows(run),
        "earlier": CalibrationRun.objects.filter(round=judging_round).exclude(pk=run.pk).defer("results")[:10],
    }


@require_http_methods(["GET", "POST"])
@for_secretariat
def readings_at_the_line(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """What the last run proposes to read once more; released as a whole or in part, after a look at who gets what."""
    found = round_or_404(code, group, key)
    run = measuring.latest(found)
    rows = readings.rows(run) if run else []
    chosen = [row for row in rows if row.reading.proposal in request.POST.getlist("proposal") and not row.given]
    if request.method == "POST":
        seen = run is not None and request.POST.get("run") == run.code
        if request.POST.get("deed") == "release" or not chosen or not seen:
            return _release(request, found, run)
    context: dict[str, object] = {
        "round": found, "competition": found.group.competition, "run": run, "rows": rows,
        "is_current": run is None or measuring.is_current(run, measuring.read_sheets(found)),
    }  # fmt: skip
    if request.method == "POST":
        people = Counter(row.juror for row in chosen).most_common()
        return render(request, "judging/readings_confirm.html", context | {"rows": chosen, "people": people})
    context |= {
        "open": sum(not row.given for row in rows),
        "spent": readings.spent(found),
        "budget": measuring.budget_of(run),
    }
    return render(request, "judging/readings.html", context)


def _release(request: HttpRequest, judging_round: Round, run: CalibrationRun | None) -> HttpResponse:
    wanted = request.POST.getlist("proposal")
    if run is None or run.code != request.POST.get("run"):
        messages.error(request, _("These readings were computed anew meanwhile. Look at the new list."))
    elif not wanted:
        messages.error(request, _("Choose at least one reading."))
    else:
        with refusals_said(request):
            count = actions.release_readings(run, proposals=wanted, by=person(request))
            words = ngettext("%(count)d reading was given out.", "%(count)d readings were given out.", count)
            nothing = _("Nothing new was given out: these readings were given already, or nobody is left who may read.")
            _say(request, count, words, nothing)
    return redirect(round_url("readings", judging_round))


@require_http_methods(["GET", "POST"])
@for_secretariat
def anchors_of_round(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """Choose anchors by proposal code, see who has them, give them out."""
    found = round_or_404(code, group, key)
    wants_giving = request.POST.get("deed") == "give"
    form = AnchorsForm(None if wants_giving else posted(request))
    if wants_giving and _give(request, found):
        return redirect(round_url("anchors", found))
    if form.is_bound and form.is_valid():
        try:
            actions.choose_anchors(found, codes=form.cleaned_data["codes"], by=person(request))
        except ValidationError as error:
            form.add_error("codes", error)
        else:
            return redirect(round_url("anchors", found))
    context = {
        "round": found, "competition": found.group.competition, "form": form, "rows": anchors.rows(found),
        "few": anchors.FEW, "many": anchors.MANY,
    }  # fmt: skip
    return render(request, "judging/anchors.html", context, status=422 if form.errors else 200)


def _give(request: HttpRequest, judging_round: Round) -> bool:
    with refusals_said(request):
        count = actions.give_anchors(judging_round, by=person(request))
        words = ngettext("%(count)d anchor sheet was given out.", "%(count)d anchor sheets were given out.", count)
        _say(request, count, words, _("Nothing new was given out: every juror who may read the anchors has them."))
    return True


def _say(request: HttpRequest, count: int, words: str, nothing: str) -> None:
    """What was given out; whoever came second learns that it had been done."""
    if count:
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, nothing)


@require_http_methods(["GET", "POST"])
@for_secretariat
def anchor(request: HttpRequest, code: str, group: str, key: str, proposal: str) -> HttpResponse:
    """The agreed scores of one anchor; or make it an ordinary entry again."""
    found = round_or_404(code, group, key)
    marked = get_object_or_404(
        Anchor.objects.select_related("entry__proposal__agency", "entry__round"),
        entry__round=found, entry__proposal__code=proposal,
    )  # fmt: skip
    criteria = list(found.criteria.order_by("order", "key"))
    known = {score.criterion_id: score.value for score in marked.scores.all()}
    removing = request.POST.get("deed") == "remove"
    form = AgreedScoresForm(None if removing else posted(request), criteria=criteria, known=known)
    try:
        if removing:
            actions.remove_anchor(marked, by=person(request))
            messages.success(request, _("The proposal is an ordinary entry again."))
            return redirect(round_url("anchors", found))
        if form.is_bound and form.is_valid():
            scores: dict[str, Decimal] = form.scores
            actions.agree_on_anchor(marked, scores=scores, by=person(request))
            messages.success(request, _("The agreed scores are saved."))
            return redirect(round_url("anchors", found))
    except ValidationError as error:
        if removing:
            messages.error(request, " ".join(error.messages))
        else:
            form.add_error(None, error)
    context = {"round": found, "competition": found.group.competition, "anchor": marked, "form": form}
    return render(request, "judging/anchor.html", context, status=422 if form.errors else 200)
