"""The assignment at full size, and over many small random rounds: optimal, fair, without a conflict, in seconds."""

import time
from collections.abc import Iterator

import numpy as np
from figures import Figure

from judging.assignment.linking import MIN_EIGENVALUE, links_of
from judging.assignment.solving import Demand, Plan, Problem, solve

CATEGORIES, FIELDS = 9, 4  # of the year; of each juror
CONFLICTS, LINKS, SECONDS = 0.05, 20, 10.0


def main(instances: int) -> list[Figure]:
    return [*_full(3500, 100, 2), *_full(2135, 120, 3), *_random(instances)]


def problem(
    entries: int, jurors: int, each: int, seed: int, conflicts: float = CONFLICTS, fields: int = FIELDS
) -> Problem:
    """Jurors know some fields, entries have one, pairs are conflicts by chance, a fifth is to be read across fields."""
    rng = np.random.default_rng(seed)
    category = rng.integers(0, CATEGORIES, entries)
    knows = np.zeros((jurors, CATEGORIES), dtype=bool)
    for juror in range(jurors):
        knows[juror, rng.choice(CATEGORIES, fields, replace=False)] = True
    outside = ~knows[:, category].T
    drawn = np.zeros(entries, dtype=int)
    drawn[rng.choice(entries, -(-entries * LINKS // 100), replace=False)] = 1
    demands = (
        Demand("expert", ~outside, np.ones(entries, dtype=int)), Demand("link", outside, drawn, early=True)
    )  # fmt: skip
    return Problem(
        np.full(entries, each), np.zeros(jurors, dtype=int), rng.random((entries, jurors)) < conflicts, outside, seed,
        distance=rng.random((entries, jurors)), demands=demands,
    )  # fmt: skip


def conflicts_in(given: Problem, plan: Plan) -> int:
    return sum(bool(given.forbidden[pair]) for pair in plan.pairs)


def _full(entries: int, jurors: int, each: int) -> Iterator[Figure]:
    size = f"{entries} proposals x {jurors} jurors x {each}"
    given = problem(entries, jurors, each, seed=2023)
    began, worked = time.monotonic(), time.process_time()
    plan = solve(given)
    seconds, worked = time.monotonic() - began, time.process_time() - worked
    rows, columns = np.array(plan.pairs).T
    links = links_of(rows, columns, entries, jurors)
    bound = f"{plan.objective:.0f} = {plan.dual_bound:.0f}"
    yield Figure(f"{size}: objective = dual bound", bound, "equal", plan.is_optimal)
    conflicts = conflicts_in(given, plan)
    yield Figure(f"{size}: conflicts", str(conflicts), "0", conflicts == 0)
    served = len(plan.pairs) == entries * each == len(set(plan.pairs))
    yield Figure(f"{size}: sheets", str(len(plan.pairs)), str(entries * each), served)
    least, most = min(plan.loads), max(plan.loads)
    yield Figure(f"{size}: loads", f"{least}-{most}", "within 1", most - least <= 1)
    missing = plan.broken["expert"]
    yield Figure(f"{size}: proposals without an expert", str(missing), "0", missing == 0)
    unlinked = plan.broken["link"]
    yield Figure(f"{size}: drawn proposals not read across fields", str(unlinked), "0", unlinked == 0)
    together = f"{plan.together}, limit {plan.pairs_limit}"
    yield Figure(f"{size}: most proposals two jurors share", together, "the limit", plan.together <= plan.pairs_limit)
    strong = links.eigenvalue >= MIN_EIGENVALUE
    yield Figure(f"{size}: link eigenvalue", f"{links.eigenvalue:.3f}", f">= {MIN_EIGENVALUE}", strong)
    yield Figure(f"{size}: processor seconds in {plan.rounds} passes", f"{worked:.1f}")
    yield Figure(f"{size}: seconds", f"{seconds:.1f}", f"<= {SECONDS:.0f}", seconds <= SECONDS)


def _random(instances: int) -> Iterator[Figure]:
    """Small rounds of every shape: few jurors, many conflicts, some that cannot be served."""
    conflicts = unproven = lost = 0
    for seed in range(instances):
        rng = np.random.default_rng(seed)
        entries, jurors, each = int(rng.integers(1, 30)), int(rng.integers(2, 10)), int(rng.integers(1, 4))
        given = problem(entries, jurors, each, seed, conflicts=float(rng.random() * 0.6), fields=2)
        plan = solve(given)
        conflicts += conflicts_in(given, plan)
        unproven += not plan.is_optimal
        lost += len(plan.pairs) + plan.unmet != entries * each
    yield Figure(f"{instances} random assignments: conflicted pairs", str(conflicts), "0", conflicts == 0)
    yield Figure(f"{instances} random assignments: not proven optimal", str(unproven), "0", unproven == 0)
    yield Figure(f"{instances} random assignments: sheets unaccounted for", str(lost), "0", lost == 0)
