"""Anchors: read by everybody first, counted by few, and told to each juror alone."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count

from judging import actions
from judging.assignment.planning import Options, propose
from judging.calibration import anchors
from judging.models import Anchor, Assessment, Entry
from judging.ranking.places import rank
from judging.scoring.progress import state_of
from notifications.models import Message
from tests.judging.racing import at_once


@pytest.fixture
def crew(make_juror):
    return [make_juror(name) for name in ("ani", "budi", "citra", "dedi")]


@pytest.fixture
def entered(desk_round, make_proposal) -> list[Entry]:
    return [Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {n}")) for n in range(6)]


@pytest.fixture
def marked(desk_round, entered, crew, secretariat) -> list[Anchor]:
    """Four anchors with agreed totals of 80, not yet given out."""
    found = actions.choose_anchors(desk_round, codes=[each.proposal.code for each in entered[:4]], by=secretariat)
    for anchor in found:
        scores = {"kebaruan": Decimal(80), "dampak": Decimal(80)}
        actions.agree_on_anchor(anchor, scores=scores, by=secretariat)
    return found


def test_everybody_gets_the_anchors_first_but_only_the_asked_number_counts(marked, desk_round, secretariat, crew):
    assert actions.give_anchors(desk_round, by=secretariat) == 16
    assert actions.give_anchors(desk_round, by=secretariat) == 0
    for anchor in marked:
        assert Assessment.objects.official().filter(entry=anchor.entry).count() == desk_round.assessors_per_proposal
    counted = [Assessment.objects.official().filter(juror=juror).count() for juror in crew]
    assert max(counted) - min(counted) <= 1
    actions.assign(desk_round, by=secretariat)
    for juror in crew:
        pile = list(Assessment.objects.filter(juror=juror).order_by("place", "pk"))
        assert [sheet.entry_id for sheet in pile[:4]] == [s.entry_id for s in pile if hasattr(s.entry, "anchor")]


def test_the_plan_gives_an_anchor_nothing_more_and_the_other_entries_theirs(marked, desk_round, secretariat):
    actions.give_anchors(desk_round, by=secretariat)
    rows, _proof = propose(desk_round, Options())
    assert len(rows) == 2 * desk_round.assessors_per_proposal
    assert not {entry for entry, _juror, _sheet in rows} & {anchor.entry_id for anchor in marked}


def test_a_sheet_that_only_compares_never_counts_in_mean_or_progress(marked, desk_round, secretariat, score):
    actions.give_anchors(desk_round, by=secretariat)
    entry = marked[0].entry
    for sheet in Assessment.objects.filter(entry=entry):
        score(sheet, 10, 10) if sheet.is_anchor_only else score(sheet, 90, 90)
    place = next(each for each in rank(desk_round).places if each.proposal == entry.proposal.code)
    assert place.total == 90
    assert len(place.totals) == desk_round.assessors_per_proposal
    state = state_of(desk_round)
    assert (state.final, state.sheets) == (2, 8)
    waiting = {each.proposal for each in rank(desk_round).incomplete}
    assert entry.proposal.code not in waiting


def test_where_a_regular_reader_recuses_a_comparing_sheet_begins_to_count(marked, desk_round, secretariat):
    actions.give_anchors(desk_round, by=secretariat)
    entry = marked[0].entry
    sheet = Assessment.objects.official().filter(entry=entry).first()
    actions.recuse(sheet, reason="Kerabat", by=sheet.juror.user)
    assert Assessment.objects.official().live().filter(entry=entry).count() == 2
    assert Assessment.objects.filter(entry=entry).count() == 4


def test_what_is_missing_or_wrong_is_said(desk_round, entered, secretariat, innovator, crew):
    code = entered[0].proposal.code
    with pytest.raises(PermissionDenied):
        actions.choose_anchors(desk_round, codes=[code], by=innovator)
    for deed, wrong in (
        (lambda: actions.give_anchors(desk_round, by=secretariat), "no_anchors"),
        (lambda: actions.choose_anchors(desk_round, codes=[code, "LAIN"], by=secretariat), "unknown_proposal"),
    ):
        with pytest.raises(ValidationError) as refused:
            deed()
        assert refused.value.code == wrong
    assert not Anchor.objects.exists()
    (anchor,) = actions.choose_anchors(desk_round, codes=[code, code], by=secretariat)
    too_high = {"kebaruan": Decimal(101), "dampak": Decimal(1)}
    for deed, wrong in (
        (lambda: actions.give_anchors(desk_round, by=secretariat), "not_agreed"),
        (lambda: actions.agree_on_anchor(anchor, scores={"kebaruan": Decimal(1)}, by=secretariat), "incomplete"),
        (lambda: actions.agree_on_anchor(anchor, scores=too_high, by=secretariat), "out_of_range"),
    ):
        with pytest.raises(ValidationError) as refused:
            deed()
        assert refused.value.code == wrong
    actions.remove_anchor(anchor, by=secretariat)
    assert not Anchor.objects.exists()


def test_a_given_anchor_stays_one(marked, desk_round, secretariat):
    actions.give_anchors(desk_round, by=secretariat)
    with pytest.raises(ValidationError) as refused:
        actions.remove_anchor(marked[0], by=secretariat)
    assert refused.value.code == "given"


def test_feedback_is_one_s_own_and_waits_for_the_last_anchor(marked, desk_round, secretariat, crew, score, innovator):
    actions.give_anchors(desk_round, by=secretariat)
    strict, other = crew[0], crew[1]
    sheets = list(Assessment.objects.filter(juror=strict).order_by("pk"))
    for mark, sheet in zip((71, 69, 70), sheets, strict=False):
        score(sheet, mark, mark)
    assert anchors.feedback_for(strict.user) == []
    score(sheets[3], 70, 70)
    (found,) = anchors.feedback_for(strict.user)
    assert (found.sheets, found.bias, found.leaning) == (4, pytest.approx(-10), "strict")
    # by hand: 1, -1, 0, 0 around -10: s = sqrt(2 / 3); t(3, 0.95) = 2.3534
    assert found.noise == pytest.approx((2 / 3) ** 0.5)
    assert found.bias_high == pytest.approx(-10 + 2.3534 * (2 / 3) ** 0.5 / 2, abs=1e-3)
    assert anchors.feedback_for(other.user) == anchors.feedback_for(innovator) == []
    assert anchors.feedback_for(secretariat) == []


def test_an_agreed_total_is_that_of_a_sheet_on_every_scale(marked, desk_round, secretariat):
    assert list(anchors.agreed_totals(desk_round).values()) == [80] * 4
    desk_round.criteria.update(scale_max=1)
    actions.agree_on_anchor(marked[0], scores={"kebaruan": Decimal(1), "dampak": Decimal(0)}, by=secretariat)
    assert anchors.agreed_totals(desk_round)[marked[0].entry_id] == 60


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clerks_give_the_anchors_at_once(marked, desk_round, secretariat, clerk):
    found = at_once(
        lambda: actions.give_anchors(desk_round, by=secretariat), lambda: actions.give_anchors(desk_round, by=clerk)
    )
    assert sorted(found) == [0, 16]
    counts = Assessment.objects.official().values_list("entry").annotate(count=Count("pk"))
    assert set(dict(counts).values()) == {desk_round.assessors_per_proposal}
    assert Message.objects.filter(kind="judging/mail/assigned").count() == 4
