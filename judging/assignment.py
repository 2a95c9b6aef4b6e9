"""Who judges what: an exact balanced assignment, with the numbers that prove it.

A transportation problem: each entry still needs so many jurors, each juror carries the same load within one, no pair
is a conflict, work that exists stays. The cost of a pair is small for a juror whose expertise is the entry's category,
plus a seeded grain that makes the optimum one and the same on every run. The linear program over such a graph has
whole-number corners, so the simplex method's optimum is the integer optimum. It is solved on each entry's cheapest
candidates first; its prices then tell which left-out pair could improve it (none, when the dual bound over ALL pairs
equals the objective), those are added, and it is solved again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

CANDIDATES = 25  # per entry in the first pass; pricing finds the rest if they matter
OUTSIDE_EXPERTISE = 1000
GRAIN = 20  # seeded; so small beside expertise that only a chain of fifty changes could outweigh one expert
UNBALANCED = 100_000  # per sheet a load lies outside its bounds
UNMET = 10_000_000  # per sheet nobody may take


@dataclass(frozen=True)
class Problem:
    """`forbidden` and `outside` are (entries, jurors) booleans: a conflict or an existing sheet; not an expert.

    `needs` is how many sheets each entry still lacks; `loads` how many each juror already has.
    """

    needs: np.ndarray
    loads: np.ndarray
    forbidden: np.ndarray
    outside: np.ndarray
    seed: int = 0


@dataclass
class Plan:
    """Pairs (entry index, juror index) to add, and the proof: objective = dual bound means no better plan exists."""

    pairs: list[tuple[int, int]]
    objective: float
    dual_bound: float
    loads: list[int]
    unmet: int
    outside_expertise: int
    rounds: int = 1
    seed: int = 0
    unserved: list[int] = field(default_factory=list)

    @property
    def is_optimal(self) -> bool:
        return abs(self.objective - self.dual_bound) <= 1e-6 * max(1.0, abs(self.objective))


def solve(problem: Problem) -> Plan:
    """The optimal plan. About two seconds for 2,135 entries, 80 jurors and two sheets each."""
    entries, jurors = problem.forbidden.shape
    if not entries or not jurors or not problem.needs.sum():
        unmet = int(problem.needs.sum())
        loads = [int(load) for load in problem.loads]
        unserved = [int(i) for i in np.flatnonzero(problem.needs)]
        return Plan([], 0.0, 0.0, loads, unmet, 0, seed=problem.seed, unserved=unserved)
    costs = _costs(problem)
    chosen = _cheapest(costs, CANDIDATES)
    passes = 0
    while True:
        passes += 1
        pairs, taken, objective, reduced, base = _solve_on(problem, costs, chosen)
        dual_bound = base + float(np.minimum(reduced, 0).sum())
        better = (reduced < -1e-7) & ~chosen & np.isfinite(costs)
        if not better.any():
            break
        chosen |= better
    return _plan(problem, pairs, taken, objective, dual_bound, passes)


def _costs(problem: Problem) -> np.ndarray:
    grain = np.random.default_rng(problem.seed).integers(0, GRAIN, problem.forbidden.shape)
    costs = problem.outside * float(OUTSIDE_EXPERTISE) + grain
    costs[problem.forbidden] = np.inf
    costs[problem.needs == 0] = np.inf
    return costs


def _cheapest(costs: np.ndarray, count: int) -> np.ndarray:
    chosen = np.zeros(costs.shape, dtype=bool)
    count = min(count, costs.shape[1])
    order = np.argpartition(costs, count - 1, axis=1)[:, :count]
    np.put_along_axis(chosen, order, True, axis=1)
    return chosen & np.isfinite(costs)


def _bounds(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Least and most new sheets per juror, so that all loads end within one of each other where work so far allows."""
    jurors = len(problem.loads)
    total = int(problem.needs.sum() + problem.loads.sum())
    least, most = total // jurors, -(-total // jurors)
    return np.maximum(least - problem.loads, 0), np.maximum(most - problem.loads, 0)


def _solve_on(
    problem: Problem, costs: np.ndarray, chosen: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, float, np.ndarray, float]:
    """Solve over the chosen pairs. Returns the pairs, what was taken, the objective, every pair's reduced cost and the
    part of the dual objective that does not depend on pairs."""
    entries, jurors = costs.shape
    rows, columns = np.nonzero(chosen)
    count = len(rows)
    least, most = _bounds(problem)
    # Columns: the pairs, then unmet need per entry, then load above and load below the bounds per juror.
    size = count + entries + 2 * jurors
    objective = np.concatenate([
        costs[rows, columns], np.full(entries, float(UNMET)), np.full(2 * jurors, float(UNBALANCED))
    ])  # fmt: skip
    above, below = count + entries + np.arange(jurors), count + entries + jurors + np.arange(jurors)
    need = _sparse(
        (np.concatenate([rows, np.arange(entries)]), np.arange(count + entries), np.ones(count + entries)),
        (entries, size),
    )
    load_rows = np.concatenate([columns, np.arange(jurors), columns + jurors, np.arange(jurors) + jurors])
    load_columns = np.concatenate([np.arange(count), above, np.arange(count), below])
    values = np.concatenate([np.ones(count), -np.ones(jurors), -np.ones(count), -np.ones(jurors)])
    loads = _sparse((load_rows, load_columns, values), (2 * jurors, size))
    upper = np.concatenate([np.ones(count), np.full(entries + 2 * jurors, np.inf)])
    result = linprog(
        objective, A_ub=loads, b_ub=np.concatenate([most, -least]), A_eq=need, b_eq=problem.needs,
        bounds=np.column_stack([np.zeros(size), upper]), method="highs-ds",
    )  # fmt: skip
    if result.status != 0:
        raise ArithmeticError(f"The assignment was not solved: {result.message}")
    by_entry, by_load = result.eqlin.marginals, result.ineqlin.marginals
    price = by_load[:jurors] - by_load[jurors:]
    base = float(by_entry @ problem.needs + by_load @ np.concatenate([most, -least]))
    reduced = np.where(np.isfinite(costs), costs - by_entry[:, None] - price[None, :], 0.0)
    return (rows, columns), result.x[:count] > 0.5, float(result.fun), reduced, base


def _sparse(entries: tuple[np.ndarray, np.ndarray, np.ndarray], shape: tuple[int, int]) -> coo_matrix:
    rows, columns, values = entries
    return coo_matrix((values, (rows, columns)), shape=shape).tocsr()


def _plan(
    problem: Problem,
    pairs: tuple[np.ndarray, np.ndarray],
    taken: np.ndarray,
    objective: float,
    bound: float,
    passes: int,
) -> Plan:
    rows, columns = pairs[0][taken], pairs[1][taken]
    given = np.bincount(rows, minlength=len(problem.needs))
    loads = problem.loads + np.bincount(columns, minlength=len(problem.loads))
    short = problem.needs - given
    return Plan(
        pairs=sorted(zip(rows.tolist(), columns.tolist(), strict=True)),
        objective=round(objective, 6),
        dual_bound=round(bound, 6),
        loads=[int(load) for load in loads],
        unmet=int(short.sum()),
        outside_expertise=int(problem.outside[rows, columns].sum()),
        rounds=passes,
        seed=problem.seed,
        unserved=[int(i) for i in np.flatnonzero(short > 0)],
    )


def least_loaded(candidates: Sequence[int], loads: dict[int, int], experts: set[int]) -> int | None:
    """Who steps in for one sheet: the least loaded of the candidates, an expert among equals, then the first."""
    return min(candidates, key=lambda juror: (loads.get(juror, 0), juror not in experts, juror), default=None)
