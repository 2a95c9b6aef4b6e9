"""A frozen list is computed again from its raw scores; whoever touches one is found."""

from decimal import Decimal
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from judging import actions
from judging.models import Assessment, Score, Selection
from judging.plenary.verifying import recomputed, verify
from judging.ranking.places import rank
from judging.scoring.totals import sheet_total

MINUTES = {"minutes_number": "B/1/2023", "minutes": "Sidang pleno."}


@pytest.fixture
def frozen(scored, hold, secretariat) -> Selection:
    return actions.freeze_selection(hold(scored()), by=secretariat, **MINUTES)


def test_the_written_formula_agrees_with_the_database(read_round):
    """The second spelling of the formula, sheet by sheet, beside querysets.SCORED."""
    rubric = list(read_round.criteria.order_by("order").values_list("key", "weight", "scale_max"))
    for sheet in Assessment.objects.with_total().prefetch_related("scores"):
        values = list(sheet.scores.order_by("criterion__order").values_list("value", flat=True))
        assert sheet_total(values, rubric) == sheet.total.quantize(Decimal("0.0001"))


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 100)), min_size=1, max_size=6))
def test_full_marks_are_a_hundred_on_every_scale(lines):
    weights = [Decimal(100) / len(lines)] * len(lines)
    rubric = [(str(n), str(weight), scale) for n, ((_v, scale), weight) in enumerate(zip(lines, weights, strict=True))]
    assert sheet_total([Decimal(scale) for _value, scale in lines], rubric) == 100


def test_a_tampered_score_is_detected(frozen):
    assert verify(frozen) == []
    score = Score.objects.order_by("pk").first()
    Score.objects.filter(pk=score.pk).update(value=score.value - 1)
    assert "inputs" in verify(frozen)
    with pytest.raises(CommandError):
        call_command("verify_selection", frozen.code, stdout=StringIO(), stderr=StringIO())


def test_a_removed_score_is_detected(frozen):
    Score.objects.order_by("pk").first().delete()
    assert "inputs" in verify(frozen)


def test_a_rewritten_place_is_detected(frozen):
    """Even by somebody who may switch the triggers off."""
    with pgtrigger.ignore("judging.SelectionEntry:a_place_is_frozen"):
        frozen.entries.filter(rank=4).update(is_selected=False)
        frozen.entries.filter(rank=5).update(is_selected=True)
    assert verify(frozen) == ["list", "record"]


def test_the_rules_of_then_are_kept(frozen, clerk, secretariat):
    """A letter corrects the weights later: the old list is still what its scores gave by the weights of then."""
    actions.open_correction(frozen, reason="Bobot salah", by=secretariat)
    keys = list(frozen.round.criteria.order_by("order").values_list("key", flat=True))
    weights = {keys[0]: Decimal(50), keys[1]: Decimal(50)}
    actions.revise_weights(
        frozen.round, weights=weights, letter_number="S/1", reason="x", seen=rank(frozen.round).input_sha256, by=clerk
    )
    assert recomputed(frozen).sha256() == frozen.input_sha256 != rank(frozen.round).input_sha256
    assert verify(frozen) == []


def test_all_are_verified_by_one_command(frozen):
    out = StringIO()
    call_command("verify_selection", "--all", stdout=out)
    assert f"{frozen.code} " in out.getvalue()
    assert frozen.input_sha256 in out.getvalue()
    for wrong in ([], [frozen.code, "--all"], ["TIDAKADA"]):
        with pytest.raises(CommandError):
            call_command("verify_selection", *wrong, stdout=out)
