"""Reading a round for its assignment, and the plan as the secretariat sees it before anything is given out."""

import hashlib
from dataclasses import dataclass

import numpy as np
from django.db.models import Count

from competitions.models import Round
from judging.assignment import Plan, Problem, solve
from judging.conflicts import ties_of
from judging.models import Assessment, Entry, Juror


@dataclass
class JurorLoad:
    """One juror before and after the plan; `outside` of the new sheets are not in their field."""

    juror: Juror
    before: int
    new: int
    outside: int

    @property
    def after(self) -> int:
        return self.before + self.new


@dataclass
class RoundPlan:
    """What deploying would do. `pairs` are the new sheets; `waiting` the jurors left out for lack of a pact."""

    round: Round
    plan: Plan
    pairs: list[tuple[Entry, Juror]]
    loads: list[JurorLoad]
    waiting: list[Juror]
    unserved: list[Entry]
    kept: int
    conflicts: int

    @property
    def digest(self) -> str:
        """Changes with any pair: what was previewed is what is deployed."""
        text = ";".join(f"{entry.pk}:{juror.pk}" for entry, juror in self.pairs)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def least(self) -> int:
        return min((load.after for load in self.loads), default=0)

    @property
    def most(self) -> int:
        return max((load.after for load in self.loads), default=0)


def plan_round(judging_round: Round, *, seed: int = 0) -> RoundPlan:
    """Solve the assignment of what the round still lacks; existing sheets stay where they are. Changes nothing."""
    kind = Juror.objects.for_round(judging_round).select_related("user", "agency")
    jurors = list(kind.ready().prefetch_related("expertise").order_by("pk"))
    waiting = list(kind.current().filter(pact_accepted_at=None))
    entries = list(
        Entry.objects.filter(round=judging_round).select_related("proposal__agency").order_by("proposal__code")
    )
    problem, kept, conflict = _problem(judging_round, entries, jurors, seed)
    plan = solve(problem)
    pairs = [(entries[i], jurors[j]) for i, j in plan.pairs]
    return RoundPlan(
        round=judging_round,
        plan=plan,
        pairs=pairs,
        loads=_loads(problem, plan, jurors),
        waiting=waiting,
        unserved=[entries[i] for i in plan.unserved],
        kept=kept,
        conflicts=int(sum(conflict[i, j] for i, j in plan.pairs)),
    )


def _problem(
    judging_round: Round, entries: list[Entry], jurors: list[Juror], seed: int
) -> tuple[Problem, int, np.ndarray]:
    """The numbers, how many sheets exist, and the conflicts alone (an existing sheet forbids a pair too)."""
    shape = (len(entries), len(jurors))
    ties = ties_of(jurors)
    conflict = np.zeros(shape, dtype=bool)
    outside = np.ones(shape, dtype=bool)
    for j, juror in enumerate(jurors):
        bound, fields = ties[juror.pk], {category.pk for category in juror.expertise.all()}
        for i, entry in enumerate(entries):
            conflict[i, j] = bound.reason(entry.proposal) is not None
            outside[i, j] = entry.proposal.category_id not in fields
    forbidden = conflict.copy()
    row = {entry.pk: i for i, entry in enumerate(entries)}
    column = {juror.pk: j for j, juror in enumerate(jurors)}
    needs = np.full(len(entries), judging_round.assessors_per_proposal)
    loads = np.zeros(len(jurors), dtype=int)
    kept = 0
    sheets = Assessment.objects.in_round(judging_round).values_list("entry", "juror", "status", "is_anchor_only")
    for entry_id, juror_id, status, is_anchor_only in sheets:
        if juror_id in column:
            forbidden[row[entry_id], column[juror_id]] = True
        if is_anchor_only or status in (Assessment.Status.RECUSED, Assessment.Status.HANDED_BACK):
            continue
        kept += 1
        needs[row[entry_id]] = max(needs[row[entry_id]] - 1, 0)
        if juror_id in column:
            loads[column[juror_id]] += 1
    return Problem(needs, loads, forbidden, outside, seed), kept, conflict


def _loads(problem: Problem, plan: Plan, jurors: list[Juror]) -> list[JurorLoad]:
    new, outside = [0] * len(jurors), [0] * len(jurors)
    for i, j in plan.pairs:
        new[j] += 1
        outside[j] += int(problem.outside[i, j])
    return [
        JurorLoad(juror, int(problem.loads[j]), new[j], outside[j])
        for j, juror in sorted(enumerate(jurors), key=lambda pair: pair[1].user.name)
    ]


def live_loads(judging_round: Round) -> dict[int, int]:
    """How many live sheets each juror has in the round, by juror primary key."""
    sheets = Assessment.objects.in_round(judging_round).live().order_by()
    return dict(sheets.values_list("juror").annotate(Count("pk")))
