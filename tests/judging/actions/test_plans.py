"""A plan's life: requested, computed, changed by hand, compared, deployed; and what may go wrong on the way."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Event
from competitions import calendar
from judging import actions
from judging.assignment.comparing import compare
from judging.assignment.planning import Options, propose
from judging.assignment.weighing import measure
from judging.models import Assessment, AssignmentPlan, Entry, Juror
from notifications.models import Message
from tests.judging.racing import at_once


@pytest.fixture
def entries(desk_round, make_proposal, other_agency) -> list[Entry]:
    """Eight entries of two agencies and two categories."""
    made = []
    for number in range(8):
        fields = {"agency": other_agency} if number % 2 else {}
        proposal = make_proposal(f"Proposal {number}", category=number % 2, **fields)
        made.append(Entry.objects.create(round=desk_round, proposal=proposal))
    return made


@pytest.fixture
def jurors(make_juror, year) -> list[Juror]:
    """Four jurors, two experts of each category."""
    found = [make_juror(name) for name in ("ani", "budi", "cici", "dodi")]
    for number, juror in enumerate(found):
        juror.expertise.set([year.categories.all()[number % 2]])
    return found


@pytest.fixture
def proposed(desk_round, entries, jurors, secretariat) -> AssignmentPlan:
    plan = actions.request_plan(desk_round, options=Options(seed=3), by=secretariat, wake=False)
    solved = actions.solve_plan(plan.pk)
    assert solved is not None
    return solved


def deploy(plan: AssignmentPlan, by) -> actions.Deployed:
    return actions.deploy_plan(plan, version=plan.version, by=by)


def refused(code: str):
    return pytest.raises(ValidationError, check=lambda error: error.error_list[0].code == code)


def test_nothing_is_given_before_the_plan_is_deployed(proposed, secretariat):
    assert proposed.state == "proposed"
    assert len(proposed.rows) == 16
    assert not Assessment.objects.exists()
    assert not Message.objects.exists()
    numbers = proposed.proof["numbers"]
    assert (numbers["conflicts"], numbers["without_expert"], numbers["least"], numbers["most"]) == (0, 0, 4, 4)
    assert proposed.proof["is_optimal"]
    done = deploy(proposed, secretariat)
    assert (done.given, done.moved, Assessment.objects.count()) == (16, 0, 16)
    assert Message.objects.filter(kind="judging/mail/assigned").count() == 4
    assert Event.objects.filter(verb="judging.deploy_plan").exists()


def test_a_plan_is_computed_once_and_deployed_once(proposed, secretariat):
    assert actions.solve_plan(proposed.pk) is None
    deploy(proposed, secretariat)
    with refused("done"):
        deploy(proposed, secretariat)
    assert Assessment.objects.count() == 16


def test_a_plan_whose_worker_died_is_computed_again(desk_round, entries, jurors, secretariat):
    plan = actions.request_plan(desk_round, options=Options(), by=secretariat, wake=False)
    AssignmentPlan.objects.update(state="solving", begun_at=calendar.now() - timedelta(minutes=5))
    assert actions.solve_waiting() == 0
    AssignmentPlan.objects.update(begun_at=calendar.now() - timedelta(hours=1))
    assert actions.solve_waiting() == 1
    plan.refresh_from_db()
    assert plan.state == "proposed"


def test_only_the_secretariat_plans(proposed, evaluator, desk_round):
    with pytest.raises(PermissionDenied):
        actions.request_plan(desk_round, options=Options(), by=evaluator)
    with pytest.raises(PermissionDenied):
        deploy(proposed, evaluator)
    with pytest.raises(PermissionDenied):
        actions.discard_plan(proposed, by=evaluator)


def test_the_fields_are_linked_as_asked(desk_round, entries, jurors):
    rows, proof = propose(desk_round, Options(seed=1, links_percent=50))
    plan = AssignmentPlan(round=desk_round, rows=rows)
    measured = measure(plan)
    assert measured.linked >= 4
    assert measured.without_expert == 0
    assert measured.links.components == 1
    assert proof["broken"] == {"expert": 0, "link": 0}


def another(plan: AssignmentPlan, jurors: list[Juror]) -> tuple[int, Juror, Juror]:
    """A row of the plan and a juror who does not have that entry."""
    entry, holder, _sheet = plan.rows[0]
    on_it = {row[1] for row in plan.rows if row[0] == entry}
    by_pk = {juror.pk: juror for juror in jurors}
    return entry, by_pk[holder], next(juror for juror in jurors if juror.pk not in on_it)


def test_one_sheet_moves_by_hand_with_a_reason(proposed, jurors, secretariat):
    entry, giver, taker = another(proposed, jurors)
    with refused("no_reason"):
        actions.move_row(proposed, entry=entry, giver=giver, taker=taker, reason=" ", version=1, by=secretariat)
    changed = actions.move_row(
        proposed, entry=entry, giver=giver, taker=taker, reason="Ahli", version=1, by=secretariat
    )
    assert [entry, taker.pk, None] in changed.rows
    assert (changed.version, changed.edits[0]["reason"]) == (2, "Ahli")
    assert changed.proof["numbers"]["most"] == 5
    with refused("changed"):
        deploy(proposed, secretariat)
    deploy(changed, secretariat)
    assert Assessment.objects.filter(entry=entry, juror=taker).exists()


def test_two_jurors_exchange_sheets(proposed, jurors, secretariat):
    by_pk = {juror.pk: juror for juror in jurors}
    pairs = {(row[0], row[1]) for row in proposed.rows}
    one, other = next(
        (a, b) for a in sorted(pairs) for b in sorted(pairs)
        if a[1] != b[1] and (a[0], b[1]) not in pairs and (b[0], a[1]) not in pairs
    )  # fmt: skip
    swapped = actions.swap_rows(
        proposed, one=(one[0], by_pk[one[1]]), other=(other[0], by_pk[other[1]]), reason="Tukar", version=1,
        by=secretariat,
    )  # fmt: skip
    after = {(row[0], row[1]) for row in swapped.rows}
    assert {(one[0], other[1]), (other[0], one[1])} <= after
    assert Counter(juror for _entry, juror in after) == Counter(juror for _entry, juror in pairs)


def test_no_hand_may_make_a_conflict_or_a_double(proposed, jurors, secretariat, agency):
    entry, giver, taker = another(proposed, jurors)
    double = next(juror for juror in jurors if [entry, juror.pk, None] in proposed.rows and juror != giver)
    common = {"entry": entry, "giver": giver, "reason": "x", "version": 1, "by": secretariat}
    with refused("has_it"):
        actions.move_row(proposed, taker=double, **common)
    proposal = Entry.objects.get(pk=entry).proposal
    taker.agency = proposal.agency
    taker.save()
    with refused("conflict") as error:
        actions.move_row(proposed, taker=taker, **common)
    assert proposal.agency.name in error.value.messages[0]
    with refused("unknown_row"):
        actions.move_row(proposed, taker=giver, **(common | {"giver": taker}))


def test_a_tie_declared_meanwhile_stops_the_deployment(proposed, jurors, secretariat, agency):
    actions.declare_conflict(jurors[0], agency=agency, reason="Konsultan", by=secretariat)
    assert measure(proposed).conflicts
    with refused("conflict"):
        deploy(proposed, secretariat)
    assert not Assessment.objects.exists()


def test_what_no_longer_fits_is_not_deployed(proposed, jurors, secretariat, desk_round):
    other = actions.solve_plan(actions.request_plan(desk_round, options=Options(seed=9), by=secretariat).pk)
    deploy(proposed, secretariat)
    with refused("changed"):
        deploy(other, secretariat)
    assert Assessment.objects.count() == 16


def test_who_gets_what_is_compared(proposed, jurors, secretariat, desk_round):
    changes = compare(proposed, None)
    assert sum(len(each.here) for each in changes) == 16
    assert compare(proposed, proposed) == []
    entry, giver, taker = another(proposed, jurors)
    rows = proposed.rows
    changed = actions.move_row(proposed, entry=entry, giver=giver, taker=taker, reason="x", version=1, by=secretariat)
    before = AssignmentPlan(round=desk_round, rows=rows, state="proposed")
    assert {each.juror: (len(each.here), len(each.there)) for each in compare(changed, before)} == {
        giver: (0, 1), taker: (1, 0)
    }  # fmt: skip


def level(judging_round, secretariat) -> AssignmentPlan:
    plan = actions.request_plan(judging_round, options=Options(level=True), by=secretariat, wake=False)
    return actions.solve_plan(plan.pk)


def test_a_late_juror_takes_a_fair_share_of_what_nobody_began(proposed, jurors, make_juror, secretariat, desk_round):
    deploy(proposed, secretariat)
    begun = Assessment.objects.filter(juror=jurors[0]).first()
    actions.save_assessment(begun, scores={"kebaruan": 70}, by=jurors[0].user)
    late = make_juror("eka")
    plan = level(desk_round, secretariat)
    measured = measure(plan)
    assert len(measured.moves) == len(plan.rows) == 3
    assert {load.after for load in measured.loads} <= {3, 4}
    assert begun.pk not in {row[2] for row in plan.rows}
    done = deploy(plan, secretariat)
    assert (done.given, done.moved) == (0, 3)
    assert late.assessments.count() == 3
    assert Assessment.objects.live().count() == 16
    assert Message.objects.filter(kind="judging/mail/taken").count() >= 1


def test_a_lower_cap_is_kept_by_the_next_levelling(proposed, jurors, secretariat, desk_round):
    deploy(proposed, secretariat)
    Juror.objects.filter(pk=jurors[0].pk).update(cap=1)
    deploy(level(desk_round, secretariat), secretariat)
    live = Counter(Assessment.objects.live().values_list("juror", flat=True))
    assert live[jurors[0].pk] == 1
    assert sorted(live.values()) == [1, 5, 5, 5]


def test_a_sheet_begun_meanwhile_stays(proposed, jurors, make_juror, secretariat, desk_round):
    deploy(proposed, secretariat)
    make_juror("eka")
    plan = level(desk_round, secretariat)
    begun = Assessment.objects.select_related("juror__user").get(pk=plan.rows[0][2])
    actions.save_assessment(begun, scores={"kebaruan": 70}, by=begun.juror.user)
    done = deploy(plan, secretariat)
    assert (done.moved, done.left_out) == (2, 1)
    begun.refresh_from_db()
    assert begun.status == "draft"


def test_counting_a_plan_takes_the_same_queries(proposed, make_proposal, desk_round, django_assert_max_num_queries):
    for number in range(20):
        Entry.objects.create(round=desk_round, proposal=make_proposal(f"Lagi {number}"))
    with django_assert_max_num_queries(11):
        measure(proposed)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clerks_deploy_two_plans_at_once(proposed, secretariat, desk_round):
    other = actions.solve_plan(actions.request_plan(desk_round, options=Options(seed=9), by=secretariat).pk)
    found = at_once(lambda: deploy(proposed, secretariat), lambda: deploy(other, secretariat))
    assert sum(isinstance(each, ValidationError) for each in found) == 1
    assert Assessment.objects.count() == 16
    assert set(Counter(Assessment.objects.values_list("entry", flat=True)).values()) == {2}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_juror_begins_a_sheet_while_it_moves(proposed, make_juror, secretariat, desk_round):
    """Either it moves and the juror is told, or it was begun and stays; its scores are never lost."""
    deploy(proposed, secretariat)
    make_juror("eka")
    plan = level(desk_round, secretariat)
    sheet = Assessment.objects.select_related("juror__user").get(pk=plan.rows[0][2])
    saved, done = at_once(
        lambda: actions.save_assessment(sheet, scores={"kebaruan": 70}, by=sheet.juror.user),
        lambda: deploy(plan, secretariat),
    )
    sheet.refresh_from_db()
    if isinstance(saved, ValidationError):
        assert (sheet.status, done.moved) == ("handed_back", 3)
    else:
        assert (sheet.status, done.left_out) == ("draft", 1)
    assert Assessment.objects.live().count() == 16
