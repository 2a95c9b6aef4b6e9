"""The assignment: balanced, without conflicts, preferring expertise, and proven optimal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.assignment.solving import Problem, least_loaded, solve


def problem(entries: int, jurors: int, k: int, *, seed: int = 0, conflicts: float = 0.0, experts: float = 0.5, **more):
    rng = np.random.default_rng(seed)
    values = {
        "needs": np.full(entries, k),
        "loads": np.zeros(jurors, dtype=int),
        "forbidden": rng.random((entries, jurors)) < conflicts,
        "outside": rng.random((entries, jurors)) >= experts,
        "seed": seed,
    }
    return Problem(**(values | more))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.integers(2, 12), st.integers(1, 2), st.integers(0, 1000))
def test_without_conflicts_all_is_served_and_loads_differ_by_one_at_most(entries, jurors, k, seed):
    plan = solve(problem(entries, jurors, k, seed=seed))
    assert len(plan.pairs) == len(set(plan.pairs)) == entries * k
    assert max(plan.loads) - min(plan.loads) <= 1
    assert plan.is_optimal


@settings(deadline=None, max_examples=40)
@given(st.integers(20, 60), st.integers(8, 15), st.integers(0, 1000))
def test_no_conflict_is_ever_assigned(entries, jurors, seed):
    given_problem = problem(entries, jurors, 2, seed=seed, conflicts=0.15)
    plan = solve(given_problem)
    assert not any(given_problem.forbidden[pair] for pair in plan.pairs)
    assert len(plan.pairs) + plan.unmet == entries * 2
    assert plan.is_optimal


def test_the_same_seed_gives_the_same_plan_and_another_seed_another():
    first, again, other = (solve(problem(30, 6, 2, seed=seed)) for seed in (1, 1, 2))
    assert first.pairs == again.pairs
    assert first.pairs != other.pairs


def test_expertise_is_preferred():
    outside = np.ones((6, 6), dtype=bool)
    outside[np.arange(6), np.arange(6)] = False
    plan = solve(problem(6, 6, 1, outside=outside))
    assert plan.pairs == [(i, i) for i in range(6)]
    assert plan.outside_expertise == 0


def test_existing_work_counts_towards_the_load_and_stays():
    plan = solve(problem(4, 2, 1, loads=np.array([4, 0])))
    assert plan.loads == [4, 4]
    assert {juror for _entry, juror in plan.pairs} == {1}


def test_an_entry_nobody_may_judge_is_named():
    forbidden = np.zeros((3, 2), dtype=bool)
    forbidden[1] = True
    plan = solve(problem(3, 2, 1, forbidden=forbidden))
    assert plan.unserved == [1]
    assert plan.unmet == 1
    assert plan.is_optimal


@pytest.mark.parametrize(("entries", "jurors"), [(0, 3), (3, 0)])
def test_nothing_to_do_is_a_plan_too(entries, jurors):
    plan = solve(problem(entries, jurors, 2))
    assert plan.pairs == []
    assert plan.unmet == entries * 2


def test_pricing_finds_the_juror_left_out_of_the_short_list():
    """Sixty jurors, of whom each entry's short list sees twenty-five; balance needs the others."""
    outside = np.ones((120, 60), dtype=bool)
    outside[:, :30] = False
    plan = solve(problem(120, 60, 1, outside=outside))
    assert max(plan.loads) == min(plan.loads) == 2
    assert plan.is_optimal


def test_the_least_loaded_steps_in_and_an_expert_among_equals():
    assert least_loaded([1, 2, 3], {1: 5, 2: 4, 3: 4}, {3}) == 3
    assert least_loaded([], {}, set()) is None
