"""The ranking of a round: a pure function of fetched inputs, so that anyone can compute it again.

The written rule (RULE names its version; it is part of the digest):

1. An entry's mean in a round is the mean of its final sheets' totals, rounded half up to four decimals.
2. Its total is sum(share * mean) / 100 over the rounds in `Round.shares`; without shares, the round's own mean.
   Sheets are in percent of their scale, so rounds on different scales add up.
3. Entries are ordered by total, highest first. Equal totals (to four decimals) are a tie.
4. A tie goes to the higher mean score on the round's heaviest criterion (the first of equally heavy ones).
5. Who is still equal shares a rank, and the ranks after it are skipped (1, 2, 2, 4).
6. Whoever was looked at in a pass-or-fail round (one that supports this round, or this round itself) and stays below
   its grade, by default everything passed in every sheet, is not within the quota, whatever the total.

7. Whoever is disqualified is no entry any more.

Nothing else orders the list; within a shared rank entries stand by code, which means nothing.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef

from competitions.models import Criterion, Round
from judging.models import Assessment, Entry, Score
from judging.scoring.totals import rounded

RULE = "mean-of-final-sheets/heaviest-criterion/shared-rank:1"


@dataclass(frozen=True)
class Sheet:
    """One final sheet: its code, its round's key, its entry's proposal, its total, its scores in criterion order."""

    code: str
    round: str
    proposal: str
    total: str
    scores: list[str]


@dataclass(frozen=True)
class Gate:
    """A pass-or-fail round: the grade its mean must reach, sheets asked for each entry, the codes looked at."""

    grade: str
    required: int
    proposals: list[str]


@dataclass(frozen=True)
class Inputs:
    """All a ranking is computed from. `criteria` are (key, weight) by round key; `proposals` the codes entered."""

    rule: str
    competition: str
    group: str
    round: str
    quota: int
    required: int
    passing_grade: str | None
    shares: dict[str, str]
    criteria: dict[str, list[tuple[str, str]]]
    proposals: list[str]
    sheets: list[Sheet]
    gates: dict[str, Gate] = field(default_factory=dict)

    def sha256(self) -> str:
        """Hex digest of the canonical JSON: sorted keys, no spaces, UTF-8."""
        facts = vars(self) | {"sheets": [vars(sheet) for sheet in self.sheets]}
        gates = facts.pop("gates")
        if gates:  # a list fixed before there were gates keeps its digest
            facts["gates"] = {key: vars(gate) for key, gate in gates.items()}
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Place:
    """One entry in the ranking. `totals` are its sheets' totals in this round, highest first."""

    proposal: str
    total: Decimal
    heaviest: Decimal
    totals: list[Decimal]
    open_sheets: int = 0
    missing_rounds: list[str] = field(default_factory=list)
    failed_rounds: list[str] = field(default_factory=list)
    rank: int = 0
    is_tied: bool = False
    shares_rank: bool = False
    within_quota: bool = False
    on_the_line: bool = False

    @property
    def spread(self) -> Decimal:
        """Highest minus lowest sheet."""
        return self.totals[0] - self.totals[-1] if self.totals else Decimal(0)


@dataclass
class Ranking:
    """Places in order, with what they were computed from. `line_tie` are the places that share the rank on which the
    quota line falls: the rule cannot choose among them, the plenary must. `expected` is how many the Selection holds
    when nothing is left out on purpose: the quota, or all that reach the passing grade where they are fewer."""

    places: list[Place]
    quota: int
    required: int
    input_sha256: str
    line_tie: list[Place]
    expected: int

    @property
    def incomplete(self) -> list[Place]:
        """Places not ready to be decided on: too few final sheets, sheets still open, or an earlier round missing."""
        return [
            place
            for place in self.places
            if len(place.totals) < self.required or place.open_sheets or place.missing_rounds
        ]

    @property
    def is_complete(self) -> bool:
        return bool(self.places) and not self.incomplete


def rank(judging_round: Round) -> Ranking:
    """The ranking of that round as its sheets stand now, in a constant number of queries."""
    return rank_of(judging_round, fetch(judging_round))


def rank_of(judging_round: Round, inputs: Inputs) -> Ranking:
    """The ranking of inputs fetched already, with the sheets still open counted."""
    open_sheets: dict[str, int] = {}
    for code in (
        Assessment.objects.in_round(judging_round).official().open().values_list("entry__proposal__code", flat=True)
    ):
        open_sheets[code] = open_sheets.get(code, 0) + 1
    return compute(inputs, open_sheets=open_sheets)


def fetch(judging_round: Round) -> Inputs:
    """Read everything the ranking depends on: a constant number of queries, whatever the number of entries."""
    group = judging_round.group
    shares = {key: Decimal(str(share)) for key, share in (judging_round.shares or {judging_round.key: 100}).items()}
    gates = _gates(judging_round)
    criteria: dict[str, list[tuple[str, str]]] = {key: [] for key in shares}
    rows = Criterion.objects.filter(round__group=group, round__key__in=shares).order_by("round__order", "order", "key")
    for key, criterion, weight in rows.values_list("round__key", "key", "weight"):
        criteria[key].append((criterion, str(weight)))
    proposals = Entry.objects.competing().filter(round=judging_round).order_by("proposal__code")
    return Inputs(
        rule=RULE,
        competition=group.competition.code,
        group=group.key,
        round=judging_round.key,
        quota=judging_round.advance,
        required=judging_round.assessors_per_proposal,
        passing_grade=None if judging_round.passing_grade is None else str(judging_round.passing_grade),
        shares={key: str(share) for key, share in shares.items()},
        criteria=criteria,
        proposals=list(proposals.values_list("proposal__code", flat=True)),
        sheets=_final_sheets(judging_round, [*shares, *(key for key in gates if key not in shares)]),
        gates=gates,
    )


def _gates(judging_round: Round) -> dict[str, Gate]:
    """The pass-or-fail rounds that decide here: those that support this round, and this one if it is such."""
    rounds = [each for each in judging_round.supporters() if each.is_pass_fail]
    if judging_round.is_pass_fail and judging_round.has_selection:
        rounds.append(judging_round)
    looked_at: dict[int, list[str]] = {each.pk: [] for each in rounds}
    if rounds:
        entries = Entry.objects.competing().filter(round__in=rounds).order_by("proposal__code")
        for pk, code in entries.values_list("round", "proposal__code"):
            looked_at[pk].append(code)
    return {
        each.key: Gate(
            "100" if each.passing_grade is None else str(each.passing_grade), each.assessors_per_proposal,
            looked_at[each.pk],
        )
        for each in rounds
    }  # fmt: skip


def _final_sheets(judging_round: Round, keys: list[str]) -> list[Sheet]:
    in_order = Score.objects.filter(assessment=OuterRef("pk")).order_by("criterion__order", "criterion__key")
    sheets = (
        Assessment.objects.final()
        .official()
        .competing()
        .filter(entry__round__group=judging_round.group_id, entry__round__key__in=keys)
        .filter(entry__proposal__entries__round=judging_round)
        .with_total()
        .annotate(
            values=ArraySubquery(in_order.values("value")),
            round_key=F("entry__round__key"),
            proposal=F("entry__proposal__code"),
        )
        .order_by("code")
        .values_list("code", "round_key", "proposal", "total", "values")
    )
    return [
        Sheet(code, key, proposal, str(rounded(total)), [str(value) for value in values])
        for code, key, proposal, total, values in sheets
    ]


def compute(inputs: Inputs, *, open_sheets: dict[str, int] | None = None) -> Ranking:
    """Apply the written rule to the inputs. Knows no database; the same inputs give the same ranking anywhere."""
    sheets: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in inputs.sheets:
        sheets.setdefault((sheet.round, sheet.proposal), []).append(sheet)
    heaviest = _heaviest(inputs.criteria[inputs.round]) if inputs.criteria.get(inputs.round) else None
    places = [_place(inputs, proposal, sheets, heaviest) for proposal in inputs.proposals]
    for place in places:
        place.open_sheets = (open_sheets or {}).get(place.proposal, 0)
    places.sort(key=lambda place: (-place.total, -place.heaviest, place.proposal))
    line_tie = _number(places, inputs)
    expected = min(inputs.quota, sum(reaches_grade(place, inputs) for place in places))
    return Ranking(places, inputs.quota, inputs.required, inputs.sha256(), line_tie, expected)


def _place(inputs: Inputs, proposal: str, sheets: dict[tuple[str, str], list[Sheet]], heaviest: int | None) -> Place:
    total, missing = Decimal(0), []
    for key, share in inputs.shares.items():
        found = sheets.get((key, proposal), [])
        if not found:
            missing.append(key)
        total += Decimal(share) * mean(Decimal(sheet.total) for sheet in found)
    own = sheets.get((inputs.round, proposal), [])
    weighty = [] if heaviest is None else [Decimal(sheet.scores[heaviest]) for sheet in own]
    totals = sorted((Decimal(sheet.total) for sheet in own), reverse=True)
    missing = [key for key in missing if key != inputs.round]
    place = Place(proposal, rounded(total / 100), mean(weighty), totals, missing_rounds=missing)
    for key, gate in inputs.gates.items():
        if proposal in gate.proposals:
            _pass_gate(place, key, gate, sheets.get((key, proposal), []), inputs)
    return place


def _pass_gate(place: Place, key: str, gate: Gate, found: list[Sheet], inputs: Inputs) -> None:
    if found and mean(Decimal(sheet.total) for sheet in found) < Decimal(gate.grade):
        place.failed_rounds.append(key)
    if len(found) < gate.required and key != inputs.round:
        place.missing_rounds.append(key)


def _number(places: list[Place], inputs: Inputs) -> list[Place]:
    """Give ranks and marks; return the places that share a rank across the quota line."""
    for _total, tied in groupby(places, key=lambda place: place.total):
        members = list(tied)
        for place in members:
            place.is_tied = len(members) > 1
    line_tie: list[Place] = []
    first = 1
    for _key, equal in groupby(places, key=lambda place: (place.total, place.heaviest)):
        members = list(equal)
        last = first + len(members) - 1
        for place in members:
            place.rank, place.shares_rank = first, len(members) > 1
            place.within_quota = last <= inputs.quota and reaches_grade(place, inputs)
            place.on_the_line = first <= inputs.quota < last and reaches_grade(place, inputs)
        line_tie += [place for place in members if place.on_the_line]
        first = last + 1
    return line_tie


def reaches_grade(place: Place, inputs: Inputs) -> bool:
    if place.failed_rounds:
        return False
    if inputs.passing_grade is None or inputs.round in inputs.gates:  # there the grade is the gate's
        return True
    return place.total >= Decimal(inputs.passing_grade)


def _heaviest(criteria: list[tuple[str, str]]) -> int:
    weights = [Decimal(weight) for _key, weight in criteria]
    return weights.index(max(weights))


def mean(values: Iterable[Decimal]) -> Decimal:
    numbers = list(values)
    return rounded(sum(numbers, Decimal(0)) / len(numbers)) if numbers else Decimal(0)
