"""What-if scenarios: other weights, the calibrated order, other ties, the composition rules kept."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from judging.calibration.measuring import Chance
from judging.plenary.whatif import ALL_CRITERIA, CALIBRATED, SHARED, Ground, Settings, outcome
from judging.ranking.composition import Rule
from judging.ranking.places import compute
from tests.judging.test_ranking import inputs

RUBRIC = [("a", "60", 100), ("b", "40", 100)]


def ground(scores, *, quota=2, chances=None, kinds=None, rules=()) -> Ground:
    proposals = {
        code: SimpleNamespace(agency=SimpleNamespace(type=kind, province=""), category=SimpleNamespace(key=""))
        for code, kind in (kinds or {}).items()
    }
    return Ground(inputs(scores, quota=quota), RUBRIC, chances or {}, proposals, list(rules))


def chance(score: float) -> Chance:
    return Chance(score, 1.0, 1, 1, 1, 0.5, None)


def test_other_weights_let_another_in():
    found = outcome(
        ground({"P": [("90", "10")], "Q": [("80", "20")], "R": [("10", "90")]}), Settings({"a": "40", "b": "60"})
    )
    assert (found.selected, found.entering, found.leaving) == (["R", "Q"], ["R"], ["P"])


def test_the_calibrated_order_decides():
    chances = {"P": chance(70), "Q": chance(90), "R": chance(80)}
    scores = {"P": [("90", "90")], "Q": [("80", "80")], "R": [("70", "70")]}
    found = outcome(ground(scores, chances=chances), Settings({}, order=CALIBRATED))
    assert (found.selected, found.entering, found.leaving) == (["Q", "R"], ["R"], ["P"])


def test_ties_stay_equal_or_every_criterion_decides():
    scores = {"P": [("90", "90")], "Q": [("82", "77")], "R": [("80", "80")]}
    assert outcome(ground(scores), Settings({})).selected == ["P", "Q"]
    assert outcome(ground(scores), Settings({}, ties=SHARED)).selected == ["P"]
    assert outcome(ground(scores), Settings({}, ties=ALL_CRITERIA)).selected == ["P", "Q"]


def test_composition_rules_are_kept_by_the_best_list():
    scores = {"P": [("90", "90")], "Q": [("80", "80")], "R": [("70", "70")], "S": [("60", "60")]}
    kinds = {"P": "ministry", "Q": "ministry", "R": "regency", "S": "regency"}
    rule = Rule("agency_type", ("regency",), at_least=1, at_most=None, text="x")
    found = outcome(ground(scores, kinds=kinds, rules=[rule]), Settings({}, composition=True))
    assert (found.selected, found.entering, found.leaving, found.is_possible) == (["P", "R"], ["R"], ["Q"], True)
    off = outcome(ground(scores, kinds=kinds, rules=[rule]), Settings({}))
    assert off.selected == ["P", "Q"]
    never = Rule("agency_type", ("regency",), at_least=3, at_most=None, text="x")
    assert not outcome(ground(scores, kinds=kinds, rules=[never]), Settings({}, composition=True)).is_possible


marks = st.integers(0, 100).map(str)
tables = st.dictionaries(st.sampled_from("ABCDEFGH"), st.lists(st.tuples(marks, marks), min_size=1, max_size=3))


@given(tables, st.integers(1, 8))
def test_a_scenario_that_changes_nothing_changes_nobody(scores, quota):
    found = outcome(ground(scores, quota=quota), Settings({}))
    official = [place.proposal for place in compute(inputs(scores, quota=quota)).places if place.within_quota]
    assert (found.selected, found.entering, found.leaving) == (official, [], [])


@given(tables, st.integers(1, 8), st.data())
def test_the_rules_of_composition_are_always_kept(scores, quota, data):
    kinds = {code: data.draw(st.sampled_from(["ministry", "regency"])) for code in scores}
    rule = Rule("agency_type", ("regency",), data.draw(st.integers(0, 3)), data.draw(st.integers(3, 8)), "x")
    found = outcome(ground(scores, quota=quota, kinds=kinds, rules=[rule]), Settings({}, composition=True))
    count = sum(kinds[code] == "regency" for code in found.selected)
    if found.is_possible:
        assert rule.allows(count)
        assert len(found.selected) == min(quota, len(scores))
