"""The linear program of an assignment, written for HiGHS: numbers in, numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix

MISSED = 50_000  # per entry a demand stays unmet: dearer than any affinity, cheaper than a load out of balance


@dataclass(frozen=True)
class Demand:
    """At least `least[entry]` of an entry's new jurors are in `members` (entries, jurors). `early`: asked from the
    first pass on, because it is rarely met by chance."""

    name: str
    members: np.ndarray
    least: np.ndarray
    early: bool = False

    def met(self, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
        if not pairs:
            return np.zeros(len(self.least), dtype=int)
        rows, columns = np.array(pairs).T
        return np.bincount(rows, weights=self.members[rows, columns], minlength=len(self.least)).astype(int)


@dataclass(frozen=True)
class Program:
    """`costs` (entries, jurors) are infinite where a pair is forbidden; `least` and `most` bound each juror's new
    sheets at a price, `room` at no price."""

    costs: np.ndarray
    needs: np.ndarray
    least: np.ndarray
    most: np.ndarray
    room: np.ndarray
    demands: tuple[Demand, ...]
    unbalanced: float
    unmet: float


@dataclass
class Solved:
    """`reduced` is what each pair, taken or left out, would add to the objective at the prices found."""

    pairs: list[tuple[int, int]]
    objective: float
    dual_bound: float
    reduced: np.ndarray


@dataclass
class _Matrices:
    """min cost·x, needs·x = need, limits·x <= limit, 0 <= x <= upper; columns: pairs, unmet, above, below, missed."""

    rows: np.ndarray
    columns: np.ndarray
    cost: np.ndarray
    needs: csr_matrix
    limits: csr_matrix
    limit: np.ndarray
    upper: np.ndarray
    asked: list[tuple[int, np.ndarray]]


def solve_program(program: Program, chosen: np.ndarray, active: Sequence[np.ndarray]) -> Solved:
    """Solve over the chosen pairs, with the demands that `active` asks (least per entry, 0: not asked)."""
    made = _matrices(program, chosen, active)
    bounds = np.column_stack([np.zeros(len(made.upper)), made.upper])
    result = linprog(
        made.cost, A_ub=made.limits, b_ub=made.limit, A_eq=made.needs, b_eq=program.needs, bounds=bounds,
        method="highs-ds",
    )  # fmt: skip
    if result.status != 0:
        raise ArithmeticError(f"The assignment was not solved: {result.message}")
    taken = result.x[: len(made.rows)]
    reduced, base = _prices(program, made, result)
    if np.abs(taken - np.round(taken)).max(initial=0) > 1e-6:
        return _branch_and_bound(program, chosen, active)
    dual_bound = base + float(np.minimum(reduced, 0).sum())
    return Solved(_pairs(made, taken), float(result.fun), dual_bound, reduced)


def _branch_and_bound(program: Program, chosen: np.ndarray, active: Sequence[np.ndarray]) -> Solved:
    """Demands cross and the corner is not whole: the same program over all pairs, in whole numbers."""
    everything = np.isfinite(program.costs)
    made = _matrices(program, everything, active)
    count = len(made.rows)
    result = milp(
        made.cost, integrality=(np.arange(len(made.cost)) < count).astype(int), bounds=(0, made.upper),
        constraints=[
            LinearConstraint(made.needs, program.needs, program.needs),
            LinearConstraint(made.limits, -np.inf, made.limit),
        ],
        options={"mip_rel_gap": 0, "time_limit": 120},
    )  # fmt: skip
    if result.x is None:
        raise ArithmeticError(f"The assignment was not solved: {result.message}")
    reduced = np.zeros(program.costs.shape)
    return Solved(_pairs(made, result.x[:count]), float(result.fun), float(result.mip_dual_bound), reduced)


def _pairs(made: _Matrices, taken: np.ndarray) -> list[tuple[int, int]]:
    used = taken > 0.5
    return sorted(zip(made.rows[used].tolist(), made.columns[used].tolist(), strict=True))


def _matrices(program: Program, chosen: np.ndarray, active: Sequence[np.ndarray]) -> _Matrices:
    entries, jurors = program.costs.shape
    rows, columns = np.nonzero(chosen)
    asked = [(number, np.flatnonzero(least)) for number, least in enumerate(active) if least.any()]
    count, missed = len(rows), sum(len(wanted) for _number, wanted in asked)
    size = count + entries + 2 * jurors + missed
    above, below = count + entries + np.arange(jurors), count + entries + jurors + np.arange(jurors)
    places = np.arange(count)
    ones = np.ones(count)
    parts = [  # (rows, columns, values) of limits: most + above, then -least - below, then the demands
        (columns, places, ones), (np.arange(jurors), above, -np.ones(jurors)),
        (columns + jurors, places, -ones), (np.arange(jurors) + jurors, below, -np.ones(jurors)),
    ]  # fmt: skip
    limit = [program.most.astype(float), -program.least.astype(float)]
    row, slack = 2 * jurors, count + entries + 2 * jurors
    for number, wanted in asked:
        at = np.full(entries, -1)
        at[wanted] = row + np.arange(len(wanted))
        counts = program.demands[number].members[rows, columns] & (at[rows] >= 0)
        parts += [
            (at[rows[counts]], places[counts], -ones[counts]),
            (at[wanted], slack + np.arange(len(wanted)), -np.ones(len(wanted))),
        ]
        limit.append(-active[number][wanted].astype(float))
        row, slack = row + len(wanted), slack + len(wanted)
    return _Matrices(
        rows=rows, columns=columns, asked=asked,
        cost=np.concatenate([
            program.costs[rows, columns], np.full(entries, program.unmet), np.full(2 * jurors, program.unbalanced),
            np.full(missed, float(MISSED)),
        ]),
        needs=_sparse([(rows, places, ones), (np.arange(entries), count + np.arange(entries), np.ones(entries))],
                      (entries, size)),
        limits=_sparse(parts, (row, size)),
        limit=np.concatenate(limit),
        upper=np.concatenate([
            ones, np.full(entries, np.inf), np.maximum(program.room - program.most, 0),
            np.full(jurors + missed, np.inf),
        ]),
    )  # fmt: skip


def _sparse(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]], shape: tuple[int, int]) -> csr_matrix:
    rows, columns, values = (np.concatenate(each) for each in zip(*parts, strict=True))
    return coo_matrix((values, (rows, columns)), shape=shape).tocsr()


def _prices(program: Program, made: _Matrices, result: object) -> tuple[np.ndarray, float]:
    """Every pair's reduced cost, and the part of the dual objective that does not depend on pairs."""
    by_entry, by_limit = result.eqlin.marginals, result.ineqlin.marginals  # type: ignore[attr-defined]
    jurors = program.costs.shape[1]
    by_load = by_limit[:jurors] - by_limit[jurors : 2 * jurors]
    reduced = program.costs - by_entry[:, None] - by_load[None, :]
    row = 2 * jurors
    for number, wanted in made.asked:
        prices = np.zeros(len(program.needs))
        prices[wanted] = -by_limit[row : row + len(wanted)]
        reduced -= prices[:, None] * program.demands[number].members
        row += len(wanted)
    reduced = np.where(np.isfinite(program.costs), reduced, 0.0)
    base = float(by_entry @ program.needs + by_limit @ made.limit)
    bounded = np.isfinite(made.upper[len(made.rows) :])
    extra = made.upper[len(made.rows) :][bounded] * result.upper.marginals[len(made.rows) :][bounded]  # type: ignore[attr-defined]
    return reduced, base + float(extra.sum())
