"""The written rule of ranking, tried on inputs and on rows."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from judging.models import Assessment, Entry
from judging.ranking.places import RULE, Inputs, Sheet, compute, fetch, rank


def inputs(scores: dict[str, list[tuple[str, str]]], *, quota: int = 2, required: int = 1, **more) -> Inputs:
    """One round with criteria a (60 %) and b (40 %); scores by proposal, a sheet per pair."""
    sheets = [
        Sheet(f"{proposal}{number}", "desk", proposal, str((Decimal(a) * 60 + Decimal(b) * 40) / 100), [a, b])
        for proposal, found in scores.items()
        for number, (a, b) in enumerate(found)
    ]
    values = {
        "rule": RULE, "competition": "2023", "group": "umum", "round": "desk", "quota": quota, "required": required,
        "passing_grade": None, "shares": {"desk": "100"}, "criteria": {"desk": [("a", "60"), ("b", "40")]},
        "proposals": sorted(scores), "sheets": sheets,
    }  # fmt: skip
    return Inputs(**(values | more))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"P": [("80", "70")], "Q": [("90", "90")]}, [("Q", 1, "90.0000"), ("P", 2, "76.0000")]),
        # equal totals: the heaviest criterion (a) decides, and both are shown as a tie
        ({"P": [("80", "80")], "Q": [("82", "77")]}, [("Q", 1, "80.0000"), ("P", 2, "80.0000")]),
        # equal there too: the rank is shared and the next one skipped
        ({"P": [("80", "80")], "Q": [("80", "80")], "R": [("1", "1")]},
         [("P", 1, "80.0000"), ("Q", 1, "80.0000"), ("R", 3, "1.0000")]),
        # the mean of the final sheets
        ({"P": [("80", "80"), ("60", "60")], "Q": [("70.01", "70")]}, [("Q", 1, "70.0060"), ("P", 2, "70.0000")]),
    ],
)  # fmt: skip
def test_the_written_rule_orders_the_entries(scores, expected):
    ranking = compute(inputs(scores))
    assert [(place.proposal, place.rank, str(place.total)) for place in ranking.places] == expected


def test_a_tie_is_marked_even_where_the_rule_breaks_it():
    ranking = compute(inputs({"P": [("80", "80")], "Q": [("82", "77")], "R": [("1", "1")]}))
    assert [(p.proposal, p.is_tied, p.shares_rank) for p in ranking.places] == [
        ("Q", True, False), ("P", True, False), ("R", False, False)
    ]  # fmt: skip


def test_a_shared_rank_across_the_line_is_left_to_the_plenary():
    ranking = compute(inputs({"P": [("90", "90")], "Q": [("80", "80")], "R": [("80", "80")]}, quota=2))
    assert [place.proposal for place in ranking.places if place.within_quota] == ["P"]
    assert [place.proposal for place in ranking.line_tie] == ["Q", "R"]
    assert ranking.expected == 2


def test_shares_mix_earlier_rounds():
    mixed = inputs({"P": [("80", "80")]}, shares={"panel": "40", "desk": "60"})
    earlier = Sheet("E", "panel", "P", "50", ["50"])
    place = compute(Inputs(**{**mixed.__dict__, "sheets": [*mixed.sheets, earlier]})).places[0]
    assert place.total == Decimal("68.0000")
    assert compute(mixed).places[0].missing_rounds == ["panel"]


def test_nothing_below_the_passing_grade_is_within_the_quota():
    ranking = compute(inputs({"P": [("90", "90")], "Q": [("50", "50")]}, passing_grade="85"))
    assert [place.within_quota for place in ranking.places] == [True, False]
    assert ranking.expected == 1


def test_an_entry_short_of_sheets_is_incomplete():
    ranking = compute(inputs({"P": [("90", "90")], "Q": [("50", "50"), ("40", "40")]}, required=2))
    assert [place.proposal for place in ranking.incomplete] == ["P"]


marks = st.integers(0, 100).map(str)


@given(st.dictionaries(st.sampled_from("ABCDEFGHIJ"), st.lists(st.tuples(marks, marks), min_size=1, max_size=3)))
def test_ranks_follow_totals_and_the_digest_follows_the_inputs(scores):
    given_inputs = inputs(scores, quota=3)
    ranking = compute(given_inputs)
    keys = [(-place.total, -place.heaviest) for place in ranking.places]
    assert keys == sorted(keys)
    for position, place in enumerate(ranking.places):
        assert place.rank == 1 + sum(key < keys[position] for key in keys)
    assert compute(given_inputs).input_sha256 == ranking.input_sha256
    assert sum(place.within_quota for place in ranking.places) + bool(ranking.line_tie) <= 3 + bool(ranking.line_tie)


@pytest.fixture
def scored(desk_round, make_proposal, make_juror, score):
    """scored(n): n more entries, each with two final sheets."""
    jurors = [make_juror("ani"), make_juror("budi")]

    def more(count: int) -> None:
        for number in range(count):
            entry = Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {number}"))
            for place, juror in enumerate(jurors):
                score(Assessment.objects.create(entry=entry, juror=juror, place=place), 70 + number, 61.25 + place)

    return more


def test_with_total_equals_the_plain_computation(scored):
    scored(3)
    for sheet in Assessment.objects.with_total():
        plain = sum(score.criterion.weight * score.value for score in sheet.scores.select_related("criterion")) / 100
        assert sheet.total == plain


def test_a_place_has_the_mean_of_final_totals(scored, desk_round):
    scored(1)
    totals = list(Assessment.objects.with_total().values_list("total", flat=True))
    assert rank(desk_round).places[0].total == sum(totals) / len(totals)


def test_a_ranking_takes_the_same_queries_at_any_size(scored, desk_round):
    counts = []
    for more in (1, 3):
        scored(more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rank(desk_round)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_score_changes_the_digest(scored, desk_round):
    scored(2)
    before = fetch(desk_round)
    sheet = Assessment.objects.first()
    sheet.scores.update(value=1)
    assert fetch(desk_round).sha256() != before.sha256()
