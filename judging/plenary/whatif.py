"""What-if scenarios of a round: other weights, the calibrated order, another tie rule, the written composition kept.

Computed from the same inputs as the ranking and compared with it; never official. A scenario's settings are
{"weights": {criterion: percent}, "order": ORDERS, "ties": TIES, "composition": bool}.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

import numpy as np
from django.utils.formats import number_format
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from scipy.optimize import Bounds, LinearConstraint, milp

from competitions.models import Criterion, Round
from judging.calibration import measuring
from judging.calibration.measuring import Chance
from judging.models import Scenario
from judging.ranking.changing import crossing
from judging.ranking.composition import Rule, rules_of
from judging.ranking.places import Inputs, Place, Ranking, compute, fetch, mean, reaches_grade
from judging.scoring.totals import sheet_total
from proposals.models import Proposal

OFFICIAL, CALIBRATED = "official", "calibrated"
HEAVIEST, ALL_CRITERIA, SHARED = "heaviest", "all_criteria", "shared"
ORDERS, TIES = (OFFICIAL, CALIBRATED), (HEAVIEST, ALL_CRITERIA, SHARED)
Rubric = list[tuple[str, str, int]]


@dataclass(frozen=True)
class Settings:
    weights: Mapping[str, str]
    order: str = OFFICIAL
    ties: str = HEAVIEST
    composition: bool = False


@dataclass(frozen=True)
class Ground:
    """What every scenario of a round starts from, read once: five queries."""

    inputs: Inputs
    rubric: Rubric
    chances: Mapping[str, Chance]
    proposals: Mapping[str, Proposal]
    rules: list[Rule]

    @cached_property
    def official(self) -> list[str]:
        """The codes within the quota by the written rule alone."""
        return [place.proposal for place in compute(self.inputs).places if place.within_quota]


@dataclass(frozen=True)
class Outcome:
    """Who a scenario selects (codes in its order), beside the official ranking. `is_possible` is False when no list
    keeps the composition rules."""

    selected: list[str]
    entering: list[str]
    leaving: list[str]
    is_possible: bool = True


ORDER_WORDS: dict[str, str | Promise] = {CALIBRATED: _("ordered by calibrated scores")}
TIE_WORDS: dict[str, str | Promise] = {
    ALL_CRITERIA: _("ties decided by every criterion, the heaviest first"),
    SHARED: _("equal totals stay equal"),
}


def words_of(settings: Settings, criteria: Iterable[Criterion]) -> list[str]:
    """What a scenario changes, a phrase each; empty when it changes nothing."""
    found: list[str | Promise] = []
    if settings.weights:
        parts = [f"{each.name} {number_format(settings.weights[each.key])}%" for each in criteria]
        found.append(_("weights: %(weights)s") % {"weights": ", ".join(parts)})
    found += [words[key] for words, key in ((ORDER_WORDS, settings.order), (TIE_WORDS, settings.ties)) if key in words]
    if settings.composition:
        found.append(_("the written rules of composition kept"))
    return [str(each) for each in found]


def ground_of(judging_round: Round) -> Ground:
    rubric = list(judging_round.criteria.order_by("order", "key").values_list("key", "weight", "scale_max"))
    run = measuring.latest(judging_round)
    entered = Proposal.objects.filter(entries__round=judging_round).select_related("agency", "category")
    return Ground(
        fetch(judging_round),
        [(key, str(weight), highest) for key, weight, highest in rubric],
        measuring.chances_of(run) if run else {},
        {proposal.code: proposal for proposal in entered},
        rules_of(judging_round),
    )


def settings_of(scenario: Scenario) -> Settings:
    return Settings(**scenario.options)


def outcome_of(scenario: Scenario) -> Outcome:
    return outcome(ground_of(scenario.round), settings_of(scenario))


def outcome(ground: Ground, settings: Settings) -> Outcome:
    """Apply the settings to the ground. Pure."""
    ranking = compute(_reweighed(ground, settings.weights))
    ordered = _ordered(ground, ranking, settings)
    chosen: list[str] | None = _first(ordered, ground.inputs)
    if settings.composition and ground.rules:
        chosen = _composed(ordered, ground)
    selected = chosen or []
    return Outcome(selected, *crossing(ground.official, selected), is_possible=chosen is not None)


def _reweighed(ground: Ground, weights: Mapping[str, str]) -> Inputs:
    """The inputs with this round's own sheets totalled by other weights."""
    inputs = ground.inputs
    if not weights:
        return inputs
    rubric = [(key, weights[key], highest) for key, _weight, highest in ground.rubric]
    sheets = [
        replace(sheet, total=str(sheet_total([Decimal(value) for value in sheet.scores], rubric)))
        if sheet.round == inputs.round
        else sheet
        for sheet in inputs.sheets
    ]
    criteria = inputs.criteria | {inputs.round: [(key, weight) for key, weight, _highest in rubric]}
    return replace(inputs, sheets=sheets, criteria=criteria)


def _ordered(ground: Ground, ranking: Ranking, settings: Settings) -> list[tuple[tuple[Any, ...], Place]]:
    """Places, best first, each with the key on which they are equal."""
    scores = _criterion_means(ground, settings.weights) if settings.ties == ALL_CRITERIA else {}

    def key(place: Place) -> tuple[Any, ...]:
        if settings.order == CALIBRATED and (chance := ground.chances.get(place.proposal)):
            return (Decimal(str(chance.score)),)
        if settings.ties == SHARED:
            return (place.total,)
        return (place.total, *scores.get(place.proposal, [place.heaviest]))

    keyed = [(key(place), place) for place in ranking.places]
    return sorted(keyed, key=lambda pair: (*(-part for part in pair[0]), pair[1].proposal))


def _criterion_means(ground: Ground, weights: Mapping[str, str]) -> dict[str, list[Decimal]]:
    """Each proposal's mean score on every criterion, the heaviest criterion first."""
    heavy = [Decimal(weights.get(key, weight)) for key, weight, _highest in ground.rubric]
    order = sorted(range(len(heavy)), key=lambda place: (-heavy[place], place))
    found: dict[str, list[list[str]]] = {}
    for sheet in ground.inputs.sheets:
        if sheet.round == ground.inputs.round:
            found.setdefault(sheet.proposal, []).append(sheet.scores)
    return {
        code: [mean(Decimal(scores[place]) for scores in sheets) for place in order] for code, sheets in found.items()
    }


def _first(ordered: Sequence[tuple[tuple[Any, ...], Place]], inputs: Inputs) -> list[str]:
    """Who is within the quota; whoever shares the place on its line is not, as in the written rule."""
    chosen: list[str] = []
    counted = 0
    for _key, equal in groupby(ordered, key=lambda pair: pair[0]):
        members = [place for _same, place in equal]
        counted += len(members)
        if counted > inputs.quota:
            break
        chosen += [place.proposal for place in members if place.totals and reaches_grade(place, inputs)]
    return chosen


def _composed(ordered: Sequence[tuple[tuple[Any, ...], Place]], ground: Ground) -> list[str] | None:
    """The list with the highest sum of scores that fills the quota and keeps every rule; None if there is none."""
    fit = [(key, place) for key, place in ordered if place.totals and reaches_grade(place, ground.inputs)]
    if not fit:
        return None
    rank = np.arange(len(fit))
    value = np.array([float(key[0]) for key, _place in fit]) - 1e-7 * rank  # among equals, the order decides
    size = min(ground.inputs.quota, len(fit))
    constraints = [LinearConstraint(np.ones(len(fit)), size, size)]
    for rule in ground.rules:
        covered = np.array([rule.covers(ground.proposals[place.proposal]) for _key, place in fit], dtype=float)
        most = np.inf if rule.at_most is None else rule.at_most
        constraints.append(LinearConstraint(covered, rule.at_least or 0, most))
    found = milp(-value, integrality=np.ones(len(fit)), bounds=Bounds(0, 1), constraints=constraints)
    if found.x is None:
        return None
    return [place.proposal for chosen, (_key, place) in zip(found.x, fit, strict=True) if chosen > 0.5]
