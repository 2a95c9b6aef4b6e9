"""What-if scenarios of a round: kept under a name, compared with the official ranking and with each other, chosen."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import refusals_on
from competitions.models import Round
from judging import actions
from judging.forms.plenary import ScenarioForm
from judging.forms.reasons import ReasonForm
from judging.models import Scenario, Selection
from judging.plenary.whatif import ground_of, outcome, settings_of, words_of
from judging.ranking.changing import changes
from judging.views.desk import person, posted
from judging.views.jurors import for_secretariat
from judging.views.rounds import round_or_404, round_url


@require_http_methods(["GET", "POST"])
@for_secretariat
def scenarios(request: HttpRequest, code: str, group: str, key: str) -> HttpResponse:
    """All scenarios of the round beside the official ranking, and a form for one more."""
    found = round_or_404(code, group, key)
    ground = ground_of(found)
    criteria = list(found.criteria.order_by("order", "key"))
    form = ScenarioForm(
        posted(request), criteria=criteria, calibrated=bool(ground.chances),
        composed=bool(ground.rules),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.keep_scenario(
                found, name=form.cleaned_data["name"], settings=form.settings, by=person(request)
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            return redirect("judging:scenario", kept.code)
    rows = []
    for each in Scenario.objects.filter(round=found).select_related("made_by"):
        settings = settings_of(each)
        rows.append({"scenario": each, "words": words_of(settings, criteria), "outcome": outcome(ground, settings)})
    context = {"round": found, "competition": found.group.competition, "form": form, "rows": rows}
    return render(request, "judging/scenarios.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_secretariat
def scenario(request: HttpRequest, code: str) -> HttpResponse:
    """One scenario: who enters and who leaves, against the official ranking or another; the plenary may choose it."""
    scenarios = Scenario.objects.select_related("round__group__competition", "round__stage", "made_by")
    found = get_object_or_404(scenarios, code=code)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            count = actions.choose_scenario(found, reason=form.cleaned_data["reason"], by=person(request))
            words = ngettext(
                "The plenary follows the scenario: %(count)d departure waits for its second person.",
                "The plenary follows the scenario: %(count)d departures wait for their second person.",
                count,
            )
            messages.success(request, words % {"count": count})
            return redirect(round_url("plenary", found.round))
    context = _compared(found, request.GET.get("with", "")) | {
        "form": form,
        "can_choose": found.round.has_selection and not Selection.objects.fixing(found.round).exists(),
    }
    return render(request, "judging/scenario.html", context, status=422 if form.errors else 200)


def _compared(found: Scenario, beside: str) -> dict[str, Any]:
    judging_round: Round = found.round
    ground = ground_of(judging_round)
    others = Scenario.objects.filter(round=judging_round).exclude(pk=found.pk)
    other = next((each for each in others if each.code == beside), None)
    criteria = judging_round.criteria.order_by("order", "key")
    mine = outcome(ground, settings_of(found))
    before = outcome(ground, settings_of(other)).selected if other else ground.official
    return {
        "scenario": found,
        "round": judging_round,
        "competition": judging_round.group.competition,
        "words": words_of(settings_of(found), criteria),
        "outcome": mine,
        "others": others,
        "other": other,
        "beside": other.name if other else _("the official ranking"),
        "changes": changes(before, mine.selected),
    }
