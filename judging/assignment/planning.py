"""Reading a round for its assignment, and turning the solver's answer into the rows of a plan with their proof."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import Count

from competitions.models import Round
from judging.assignment.solving import Demand, Plan, Problem, Watch, solve
from judging.jurors.affinity import distances
from judging.jurors.conflicts import Ties, ties_of
from judging.models import Assessment, AssignmentPlan, Entry, Juror

Row = list[int | None]  # entry, juror, the unstarted sheet it takes from another juror or None

LINKS_PERCENT = 20
EXPERT, LINK = "expert", "link"
TAKEN_BACK = (Assessment.Status.RECUSED, Assessment.Status.HANDED_BACK)


@dataclass(frozen=True)
class Options:
    """What the secretariat chooses: the draw, how many percent of the entries get a juror from another field too, how
    often two jurors may meet (0: a limit by size), and whether unstarted sheets may move."""

    seed: int = 0
    links_percent: int = LINKS_PERCENT
    pairs_limit: int = 0
    level: bool = False


@dataclass
class Reading:
    """A round as the solver sees it. Arrays are (entries, jurors); `sheets` are the live ones as (entry, juror, pk,
    unstarted) indexes; `closed` are pairs that were taken back and must not come again."""

    round: Round
    entries: list[Entry]
    jurors: list[Juror]
    waiting: list[Juror]
    ties: dict[int, Ties]
    conflict: np.ndarray
    outside: np.ndarray
    closed: np.ndarray
    sheets: list[tuple[int, int, int, bool]] = field(default_factory=list)
    strangers: dict[int, int] = field(default_factory=dict)  # entry → live sheets of jurors who take no more


def read_round(judging_round: Round) -> Reading:
    """Read everything once; a constant number of queries."""
    kind = Juror.objects.for_round(judging_round).select_related("user", "agency")
    jurors = list(kind.ready().prefetch_related("expertise").order_by("pk"))
    found = (
        Entry.objects.competing().filter(round=judging_round).select_related("proposal__agency", "proposal__category")
    )
    entries = list(found.order_by("proposal__code"))
    shape = (len(entries), len(jurors))
    reading = Reading(
        judging_round, entries, jurors, list(kind.current().filter(pact_accepted_at=None)), ties_of(jurors),
        conflict=np.zeros(shape, dtype=bool), outside=np.ones(shape, dtype=bool), closed=np.zeros(shape, dtype=bool),
    )  # fmt: skip
    _mark_pairs(reading)
    _mark_sheets(reading)
    return reading


def _mark_pairs(reading: Reading) -> None:
    agencies = np.array([entry.proposal.agency_id for entry in reading.entries])
    leads = np.array([entry.proposal.lead_id for entry in reading.entries])
    categories = np.array([entry.proposal.category_id for entry in reading.entries])
    place = {entry.proposal_id: i for i, entry in enumerate(reading.entries)}
    for j, juror in enumerate(reading.jurors):
        ties = reading.ties[juror.pk]
        reading.conflict[:, j] = np.isin(agencies, list(ties.agencies)) | (leads == juror.user_id)
        reading.conflict[[place[pk] for pk in ties.proposals if pk in place], j] = True
        reading.outside[:, j] = ~np.isin(categories, [category.pk for category in juror.expertise.all()])


def _mark_sheets(reading: Reading) -> None:
    row = {entry.pk: i for i, entry in enumerate(reading.entries)}
    column = {juror.pk: j for j, juror in enumerate(reading.jurors)}
    sheets = (
        Assessment.objects.in_round(reading.round)
        .order_by("pk")
        .values_list("entry", "juror", "pk", "status", "is_anchor_only")
    )
    for entry, juror, pk, status, is_anchor_only in sheets:
        if is_anchor_only or status in TAKEN_BACK:
            if juror in column:
                reading.closed[row[entry], column[juror]] = True
        elif juror in column:
            reading.sheets.append((row[entry], column[juror], pk, status == Assessment.Status.ASSIGNED))
        else:
            reading.strangers[row[entry]] = reading.strangers.get(row[entry], 0) + 1


def problem_of(reading: Reading, options: Options) -> Problem:
    """The numbers for the solver: sheets that stay are counted, sheets that may move are asked for anew."""
    size, jurors = len(reading.entries), len(reading.jurors)
    needs = np.full(size, reading.round.assessors_per_proposal)
    for entry, count in reading.strangers.items():
        needs[entry] -= count
    loads, held = np.zeros(jurors, dtype=int), np.zeros((size, jurors), dtype=bool)
    kept: list[tuple[int, int]] = []
    for entry, juror, _pk, unstarted in reading.sheets:
        if options.level and unstarted and not reading.conflict[entry, juror]:
            held[entry, juror] = True
            continue
        kept.append((entry, juror))
        needs[entry] -= 1
        loads[juror] += 1
    needs = np.maximum(needs, 0)
    forbidden = reading.conflict | reading.closed
    if kept:
        forbidden[tuple(np.array(kept).T)] = True
    caps = np.array([-1 if juror.cap is None else juror.cap for juror in reading.jurors])
    return Problem(
        needs, loads, forbidden, reading.outside, options.seed, distance=distances(reading.entries, reading.jurors),
        caps=caps if (caps >= 0).any() else None, holds=held if options.level else None,
        demands=_demands(reading, needs, kept, options), pairs_limit=options.pairs_limit, kept=kept,
    )  # fmt: skip


def _demands(
    reading: Reading, needs: np.ndarray, kept: Sequence[tuple[int, int]], options: Options
) -> tuple[Demand, ...]:
    """An expert for every entry, somebody from another field for the drawn ones, and each kind of a mixed team."""
    inside = ~reading.outside

    def still(members: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        has = np.zeros(len(needs), dtype=int)
        for entry, juror in kept:
            has[entry] += members[entry, juror]
        return np.minimum(np.maximum(wanted - has, 0), needs)

    found = []
    if inside.any():
        found.append(Demand(EXPERT, inside, still(inside, np.ones(len(needs), dtype=int))))
        drawn = linking_entries(reading, options)
        found.append(Demand(LINK, reading.outside, still(reading.outside, drawn), early=True))
    for kind, count in reading.round.team.items():
        members = np.tile([juror.kind == kind for juror in reading.jurors], (len(needs), 1))
        found.append(Demand(kind, members, still(members, np.full(len(needs), count)), early=True))
    return tuple(found)


def linking_entries(reading: Reading, options: Options) -> np.ndarray:
    """1 for the entries drawn to link the fields, 0 for the others; none where one juror reads alone."""
    size = len(reading.entries)
    drawn = np.zeros(size, dtype=int)
    if reading.round.assessors_per_proposal > 1:
        order = np.random.default_rng(options.seed + 1).permutation(size)
        drawn[order[: -(-size * options.links_percent // 100)]] = 1
    return drawn


def options_of(plan: AssignmentPlan) -> Options:
    return Options(seed=plan.seed, level=plan.mode == AssignmentPlan.Mode.LEVEL, **plan.options)


def propose(
    judging_round: Round, options: Options, watch: Watch = lambda _step, _number: None
) -> tuple[list[Row], dict[str, Any]]:
    """Rows and proof of the optimal plan as the round stands now. Changes nothing."""
    began = time.monotonic()
    watch("reading", 0)
    reading = read_round(judging_round)
    problem = problem_of(reading, options)
    plan = solve(problem, watch)
    rows = _rows(reading, plan, options)
    return rows, proof_of(plan) | {"seconds": round(time.monotonic() - began, 1)}


def _rows(reading: Reading, plan: Plan, options: Options) -> list[Row]:
    """New pairs; with `level`, each beside the unstarted sheet of the same entry that it replaces."""
    if not options.level:
        return [[reading.entries[i].pk, reading.jurors[j].pk, None] for i, j in plan.pairs]
    chosen = set(plan.pairs)
    held = {(i, j): pk for i, j, pk, unstarted in reading.sheets if unstarted and not reading.conflict[i, j]}
    given_up: dict[int, list[int]] = {}
    for (i, j), pk in held.items():
        if (i, j) not in chosen:
            given_up.setdefault(i, []).append(pk)
    rows: list[Row] = []
    for i, j in plan.pairs:
        if (i, j) not in held:
            waiting = given_up.get(i, [])
            rows.append([reading.entries[i].pk, reading.jurors[j].pk, waiting.pop(0) if waiting else None])
    return rows


def proof_of(plan: Plan) -> dict[str, Any]:
    """What the solver says of its answer, as JSON."""
    return {
        "objective": plan.objective, "dual_bound": plan.dual_bound, "is_optimal": plan.is_optimal,
        "passes": plan.rounds, "unmet": plan.unmet, "unbalanced": plan.unbalanced, "broken": plan.broken,
        "pairs_limit": plan.pairs_limit, "separation": plan.separation,
    }  # fmt: skip


def live_loads(judging_round: Round) -> dict[int, int]:
    """How many live sheets each juror has in the round, by juror primary key."""
    sheets = Assessment.objects.in_round(judging_round).live().order_by()
    return dict(sheets.values_list("juror").annotate(Count("pk")))
