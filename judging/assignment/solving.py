"""Who judges what: an exact balanced assignment, with the numbers that prove it.

A transportation problem: each entry still needs so many jurors, each juror carries their fair share within one, no
pair is a conflict, work that exists stays. The cost of a pair grows with the distance between the juror's field and
the entry, plus a seeded grain that makes the optimum one and the same on every run. Demands ask that at least so many
of an entry's new jurors are of a kind: an expert, somebody from another field, a panelist of a mixed team.

The demands of an entry nest within its need, and the loads stand apart: such a linear program has whole-number
corners, so the simplex method's optimum is the integer optimum. (Where demands cross, as in a mixed team that also
wants an expert, it may not; then the same program is solved by branch and bound, and the bound is its own.) It is
solved on each entry's cheapest candidates first, without the demands that are met anyway; its prices then tell which
left-out pair could improve it (none, when the dual bound over ALL pairs equals the objective) and its answer which
left-out demand it breaks. Those are added, and it is solved again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from judging.assignment.program import Demand, Program, Solved, solve_program
from judging.assignment.togetherness import default_limit, pair_counts, separations

__all__ = ["Demand", "Plan", "Problem", "fair_shares", "least_loaded", "solve"]

CANDIDATES = 15  # per entry in the first pass; pricing finds the rest if they matter
OUTSIDE_EXPERTISE = 1000
DISTANCE = 200  # for an entry whose words share nothing with the juror's
MOVED = 5000  # a sheet that somebody already holds changes hands only for balance, never for affinity
GRAIN = 20  # seeded; so small beside expertise that only a chain of fifty changes could outweigh one expert
UNBALANCED = 100_000  # per sheet a load lies outside its bounds
UNMET = 10_000_000  # per sheet nobody may take
SEPARATING_PASSES = 3

Watch = Callable[[str, int], None]


@dataclass(frozen=True)
class Problem:
    """`forbidden` and `outside` are (entries, jurors) booleans: a conflict or an existing sheet; not an expert.

    `needs` is how many sheets each entry still lacks; `loads` how many each juror already has. `distance` (0 near to
    1 far) compares texts; `caps` is the most sheets each juror takes (negative: no cap); `holds` are pairs that exist
    unstarted and may stay or move; `pairs_limit` is how many entries two jurors may share (0: a limit by size).
    `kept` are the (entry, juror) pairs that stay whatever happens, for counting who is together.
    """

    needs: np.ndarray
    loads: np.ndarray
    forbidden: np.ndarray
    outside: np.ndarray
    seed: int = 0
    distance: np.ndarray | None = None
    caps: np.ndarray | None = None
    holds: np.ndarray | None = None
    demands: Sequence[Demand] = ()
    pairs_limit: int = 0
    kept: Sequence[tuple[int, int]] = ()


@dataclass
class Plan:
    """Pairs (entry index, juror index) to add, and the proof: objective = dual bound means no better plan exists.

    `broken` says of each demand how many entries miss it, because nobody can meet it. `shares` are the bounds each
    load was to lie in. `separation` is what it cost to keep pairs of jurors from meeting too often.
    """

    pairs: list[tuple[int, int]]
    objective: float
    dual_bound: float
    loads: list[int]
    unmet: int
    outside_expertise: int
    rounds: int = 1
    seed: int = 0
    unserved: list[int] = field(default_factory=list)
    broken: dict[str, int] = field(default_factory=dict)
    shares: list[tuple[int, int]] = field(default_factory=list)
    pairs_limit: int = 0
    together: int = 0
    separation: float = 0.0

    @property
    def is_optimal(self) -> bool:
        return abs(self.objective - self.dual_bound) <= 1e-6 * max(1.0, abs(self.objective))

    @property
    def unbalanced(self) -> int:
        """How many sheets lie outside the fair shares; 0 unless conflicts or earlier work leave no other way."""
        return sum(
            max(load - most, least - load, 0)
            for load, (least, most) in zip(self.loads, self.shares, strict=True)
        )  # fmt: skip


def solve(problem: Problem, watch: Watch = lambda _step, _number: None) -> Plan:
    """The optimal plan. `watch` is told each pass, for a page that waits."""
    entries, jurors = problem.forbidden.shape
    if not entries or not jurors or not problem.needs.sum():
        return _nothing(problem)
    costs = _costs(problem)
    limit = problem.pairs_limit or default_limit(problem.needs, problem.kept, jurors)
    first: float | None = None
    passes = 0
    program, chosen = _program(problem, costs), _first_columns(problem, costs)
    active = [demand.least * demand.early for demand in problem.demands]
    for turn in range(SEPARATING_PASSES + 1):
        solved, passes = _solve(program, chosen, active, passes, watch)
        first = solved.objective if first is None else first
        apart = separations(solved.pairs, problem.kept, jurors, limit)
        if not apart or turn == SEPARATING_PASSES:
            break
        watch("separating", turn + 1)
        for pair in apart:
            costs[pair], chosen[pair] = np.inf, False
    return _plan(problem, solved, passes=passes, limit=limit, separation=solved.objective - (first or 0.0))


def fair_shares(loads: np.ndarray, needed: int, caps: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Least and most sheets of each juror in all: an equal share for everybody, or the juror's own cap if lower."""
    total, count = int(loads.sum()) + needed, len(loads)
    most = np.full(count, np.inf) if caps is None else np.where(caps < 0, np.inf, caps).astype(float)
    if np.isfinite(most).all() and most.sum() <= total:
        return most.astype(int), most.astype(int)
    level, open_ones, left = 0.0, np.ones(count, dtype=bool), float(total)
    while True:
        level = left / open_ones.sum()
        capped = open_ones & (most < level)
        if not capped.any():
            break
        left -= most[capped].sum()
        open_ones &= ~capped
    share = np.minimum(most, level)
    return np.floor(share + 1e-9).astype(int), np.ceil(share - 1e-9).astype(int)


def least_loaded(candidates: Sequence[int], loads: dict[int, int], experts: set[int]) -> int | None:
    """Who steps in for one sheet: the least loaded of the candidates, an expert among equals, then the first."""
    return min(candidates, key=lambda juror: (loads.get(juror, 0), juror not in experts, juror), default=None)


def _nothing(problem: Problem) -> Plan:
    none = np.zeros(0, dtype=int)
    least, most = fair_shares(problem.loads, 0, problem.caps) if len(problem.loads) else (none, none)
    return Plan(
        [], 0.0, 0.0, [int(load) for load in problem.loads], int(problem.needs.sum()), 0, seed=problem.seed,
        unserved=[int(i) for i in np.flatnonzero(problem.needs)],
        shares=list(zip(least.tolist(), most.tolist(), strict=True)),
    )  # fmt: skip


def _costs(problem: Problem) -> np.ndarray:
    grain = np.random.default_rng(problem.seed).integers(0, GRAIN, problem.forbidden.shape)
    costs = problem.outside * float(OUTSIDE_EXPERTISE) + grain
    if problem.distance is not None:
        costs += np.round(problem.distance * DISTANCE)
    if problem.holds is not None:
        costs += np.where(problem.holds, 0, MOVED)
    costs[problem.forbidden] = np.inf
    costs[problem.needs == 0] = np.inf
    return costs


def _program(problem: Problem, costs: np.ndarray) -> Program:
    least, most = fair_shares(problem.loads, int(problem.needs.sum()), problem.caps)
    return Program(
        costs=costs, needs=problem.needs, least=np.maximum(least - problem.loads, 0),
        most=np.maximum(most - problem.loads, 0), room=_room(problem), demands=tuple(problem.demands),
        unbalanced=UNBALANCED, unmet=UNMET,
    )  # fmt: skip


def _first_columns(problem: Problem, costs: np.ndarray) -> np.ndarray:
    chosen = _cheapest(costs, CANDIDATES)
    if problem.holds is not None:
        chosen |= problem.holds & np.isfinite(costs)
    return chosen


def _solve(
    program: Program, chosen: np.ndarray, active: list[np.ndarray], passes: int, watch: Watch
) -> tuple[Solved, int]:
    """Solve, adding to `chosen` and `active` what is found to matter; returns the number of passes so far."""
    while True:
        passes += 1
        watch("solving", passes)
        solved = solve_program(program, chosen, active)
        better = (solved.reduced < -1e-7) & ~chosen & np.isfinite(program.costs)
        missed = _missed(program.demands, active, solved)
        if not better.any() and not missed:
            return solved, passes
        chosen |= better


def _room(problem: Problem) -> np.ndarray:
    """How many more sheets a juror can take at the very most: without end, or up to the cap."""
    if problem.caps is None:
        return np.full(len(problem.loads), np.inf)
    return np.where(problem.caps < 0, np.inf, np.maximum(problem.caps - problem.loads, 0))


def _missed(demands: Sequence[Demand], active: list[np.ndarray], solved: Solved) -> bool:
    """Switch on the demands the answer breaks; whether there was any."""
    found = False
    for number, demand in enumerate(demands):
        short = (demand.met(solved.pairs) < demand.least) & (active[number] == 0)
        active[number] = np.where(short, demand.least, active[number])
        found |= bool(short.any())
    return found


def _cheapest(costs: np.ndarray, count: int) -> np.ndarray:
    chosen = np.zeros(costs.shape, dtype=bool)
    count = min(count, costs.shape[1])
    order = np.argpartition(costs, count - 1, axis=1)[:, :count]
    np.put_along_axis(chosen, order, True, axis=1)
    return chosen & np.isfinite(costs)


def _plan(problem: Problem, solved: Solved, *, passes: int, limit: int, separation: float) -> Plan:
    rows = np.array([entry for entry, _juror in solved.pairs], dtype=int)
    columns = np.array([juror for _entry, juror in solved.pairs], dtype=int)
    short = problem.needs - np.bincount(rows, minlength=len(problem.needs))
    least, most = fair_shares(problem.loads, int(problem.needs.sum()), problem.caps)
    counts = pair_counts([*solved.pairs, *problem.kept], len(problem.loads))
    return Plan(
        pairs=solved.pairs,
        objective=round(solved.objective, 6),
        dual_bound=round(solved.dual_bound, 6),
        loads=[int(load) for load in problem.loads + np.bincount(columns, minlength=len(problem.loads))],
        unmet=int(short.sum()),
        outside_expertise=int(problem.outside[rows, columns].sum()),
        rounds=passes,
        seed=problem.seed,
        unserved=[int(i) for i in np.flatnonzero(short > 0)],
        broken={each.name: int((each.met(solved.pairs) < each.least).sum()) for each in problem.demands},
        shares=list(zip(least.tolist(), most.tolist(), strict=True)),
        pairs_limit=limit,
        together=int(counts.max(initial=0)),
        separation=round(separation, 6),
    )
