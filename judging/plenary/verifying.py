"""A frozen Selection computed again from its raw scores: the same digest, the same places, the same list.

What the numbers were computed by (weights, scales, shares, quota, entries, the sheets that counted) is kept with the
Selection, so that a later letter, disqualification or dropped sheet leaves an earlier list provable. The scores
themselves are read again from the database, and each sheet's total is computed here by the written formula, not by the
SQL that computed it then.
"""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from competitions.models import Criterion, Round
from judging.models import Score, Selection
from judging.ranking.places import Gate, Inputs, Sheet, compute, fetch
from judging.ranking.selecting import list_digest
from judging.scoring.totals import sheet_total

Kept = dict[str, Any]

PROBLEMS: dict[str, str | Promise] = {
    "inputs": _("The scores or rules no longer give the digest that was frozen."),
    "ranking": _("Computed again, the ranking differs from the frozen one."),
    "list": _("The frozen list no longer gives its own digest."),
    "record": _("The record of the plenary names another list or other inputs."),
}


def to_keep(judging_round: Round, inputs: Inputs) -> Kept:
    """The inputs as JSON without scores: sheets by code, each round's rubric as (key, weight, highest score)."""
    facts = asdict(inputs)
    sheets = facts.pop("sheets")
    rows = Criterion.objects.filter(round__group=judging_round.group_id).order_by("round__order", "order", "key")
    used = {sheet["round"] for sheet in sheets}
    rubrics: dict[str, list[list[Any]]] = {}
    for key, criterion, weight, highest in rows.values_list("round__key", "key", "weight", "scale_max"):
        if key in used:
            rubrics.setdefault(key, []).append([criterion, str(weight), highest])
    return {"facts": facts, "rubrics": rubrics, "sheets": [sheet["code"] for sheet in sheets]}


def recomputed(selection: Selection) -> Inputs:
    """The Selection's inputs, with every total computed anew from the scores as they stand today. Three queries."""
    kept: Kept = selection.inputs
    if not kept:  # fixed before the rules were kept with it
        return fetch(selection.round)
    facts = kept["facts"]
    gates = {key: Gate(**gate) for key, gate in facts["gates"].items()}
    criteria = {key: [(name, weight) for name, weight in rows] for key, rows in facts["criteria"].items()}
    return Inputs(**(facts | {"gates": gates, "criteria": criteria, "sheets": _sheets(kept)}))


def _sheets(kept: Kept) -> list[Sheet]:
    order = {(key, row[0]): place for key, rows in kept["rubrics"].items() for place, row in enumerate(rows)}
    heads: dict[str, tuple[str, str]] = {}
    scores: dict[str, dict[int, Decimal | None]] = {}
    rows = Score.objects.filter(assessment__code__in=kept["sheets"]).values_list(
        "assessment__code", "assessment__entry__round__key", "assessment__entry__proposal__code", "criterion__key",
        "value",
    )  # fmt: skip
    for code, key, proposal, criterion, value in rows:
        heads[code] = (key, proposal)
        scores.setdefault(code, {})[order.get((key, criterion), -1)] = value
    return [_sheet(code, *heads.get(code, ("", "")), scores.get(code, {}), kept) for code in kept["sheets"]]


def _sheet(code: str, key: str, proposal: str, scores: dict[int, Decimal | None], kept: Kept) -> Sheet:
    values = [scores[place] for place in sorted(scores)]
    total = sheet_total(values, kept["rubrics"].get(key, []))
    return Sheet(code, key, proposal, str(total), [str(value) for value in values])


def verify(selection: Selection) -> list[str]:
    """What does not hold, as keys of PROBLEMS; empty when the frozen list is what its scores give."""
    inputs = recomputed(selection)
    rows = selection.entries.values_list("rank", "proposal__code", "total", "is_selected", "is_tied")
    frozen = [(rank, code, total, is_in) for rank, code, total, is_in, _tied in rows]
    places = [(place.rank, place.proposal, place.total) for place in compute(inputs).places]
    listed, found = list_digest(frozen), []
    if inputs.sha256() != selection.input_sha256:
        found.append("inputs")
    if sorted(places) != sorted(line[:3] for line in frozen):
        found.append("ranking")
    if selection.list_sha256 and listed != selection.list_sha256:
        found.append("list")
    if not _is_recorded(selection, listed):
        found.append("record")
    return found


def _is_recorded(selection: Selection, listed: str) -> bool:
    event = frozen_event(selection)
    return event is not None and (
        (event.data["input_sha256"], event.data["list_sha256"]) == (selection.input_sha256, listed)
    )


def frozen_event(selection: Selection) -> Event | None:
    """The record of the moment it was frozen."""
    events = Event.objects.filter(verb="judging.freeze", object_type="judging.selection", object_key=selection.code)
    return events.first()
