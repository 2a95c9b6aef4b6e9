"""The plenary before its list is frozen: attendance, moves with a second person, scenarios it may follow."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from audit.models import Event
from judging import actions
from judging.models import Attendance, Entry, PlenaryMove, Scenario
from judging.plenary.whatif import Settings
from judging.ranking.places import rank
from judging.ranking.selecting import problems
from notifications.models import Message


def code_of(deed) -> str:
    with pytest.raises(ValidationError) as refused:
        deed()
    return refused.value.error_list[0].code


def proposal(title: str):
    return Entry.objects.get(proposal__title=title).proposal


def test_people_and_guests_are_present_once(desk_round, secretariat, evaluator):
    guests = [("Siti Rahma", "Inspektorat"), ("Siti Rahma", "Inspektorat")]
    assert actions.note_present(desk_round, people=[secretariat, evaluator], guests=guests, by=secretariat) == 3
    assert actions.note_present(desk_round, people=[secretariat], guests=guests[:1], by=secretariat) == 0
    offices = dict(Attendance.objects.values_list("name", "office"))
    assert offices["Siti Rahma"] == "Inspektorat"
    assert "(TE)" in offices[evaluator.name]
    row = Attendance.objects.get(user=evaluator)
    actions.note_absent(desk_round, attendance=row.pk, by=secretariat)
    actions.note_absent(desk_round, attendance=row.pk, by=secretariat)
    assert Event.objects.filter(verb="judging.note_absent").count() == 1
    with pytest.raises(PermissionDenied):
        actions.note_present(desk_round, people=[], guests=guests, by=evaluator)


def test_a_move_needs_a_reason_and_an_entry(scored, secretariat, make_proposal, evaluator):
    desk_round, first = scored(), proposal("Proposal 0")
    move = {"put_in": False, "by": secretariat}
    assert code_of(lambda: actions.prepare_move(desk_round, proposal=first, reason=" ", **move)) == "no_reason"
    stranger = make_proposal("Lain")
    assert code_of(lambda: actions.prepare_move(desk_round, proposal=stranger, reason="x", **move)) == (
        "unknown_proposal"
    )
    with pytest.raises(PermissionDenied):
        actions.prepare_move(desk_round, proposal=first, put_in=True, reason="y", by=evaluator)


def test_nobody_confirms_their_own_move(scored, secretariat, clerk):
    desk_round, first = scored(), proposal("Proposal 0")
    actions.prepare_move(desk_round, proposal=first, put_in=False, reason="x", by=secretariat)
    confirm = {"proposals": [first.code]}
    assert code_of(lambda: actions.confirm_moves(desk_round, by=secretariat, **confirm)) == "own_move"
    assert actions.confirm_moves(desk_round, by=clerk, **confirm) == 1
    assert actions.confirm_moves(desk_round, by=clerk, **confirm) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        PlenaryMove.objects.update(confirmed_by=secretariat)
    # changed afterwards, it must be confirmed anew
    actions.prepare_move(desk_round, proposal=first, put_in=False, reason="y", by=secretariat)
    assert PlenaryMove.objects.get().confirmed_by is None


def test_a_panelist_confirms_only_when_noted_as_present(scored, secretariat, panelist, evaluator):
    desk_round, first = scored(), proposal("Proposal 0")
    actions.prepare_move(desk_round, proposal=first, put_in=False, reason="x", by=secretariat)
    for person in (panelist, evaluator):
        with pytest.raises(PermissionDenied):
            actions.confirm_moves(desk_round, proposals=[first.code], by=person)
    actions.note_present(desk_round, people=[panelist, evaluator], guests=[], by=secretariat)
    with pytest.raises(PermissionDenied):  # an evaluator is present, but decides nothing
        actions.confirm_moves(desk_round, proposals=[first.code], by=evaluator)
    assert actions.confirm_moves(desk_round, proposals=[first.code], by=panelist) == 1


def test_what_stands_against_freezing_is_told(scored, secretariat, hold):
    desk_round, first = scored(), proposal("Proposal 0")
    actions.prepare_move(desk_round, proposal=first, put_in=False, reason="x", by=secretariat)
    found = problems(rank(desk_round), actions.prepared_moves(desk_round))
    assert [each.code for each in found] == ["unconfirmed", "too_few"]


def test_a_move_is_undone(scored, secretariat, hold):
    desk_round, first = scored(), proposal("Proposal 0")
    actions.prepare_move(desk_round, proposal=first, put_in=False, reason="x", by=secretariat)
    actions.undo_move(desk_round, proposal=first, by=secretariat)
    assert actions.prepared_moves(desk_round) == []


def test_a_scenario_is_kept_under_its_name_and_never_changes(scored, secretariat):
    desk_round = scored()
    kept = actions.keep_scenario(desk_round, name="Bobot lain", settings=Settings({}), by=secretariat)
    with pytest.raises(ValidationError):
        actions.keep_scenario(desk_round, name="Bobot lain", settings=Settings({}), by=secretariat)
    wrong = Settings({"kebaruan": "50", "dampak": "40"})
    assert code_of(lambda: actions.keep_scenario(desk_round, name="x", settings=wrong, by=secretariat)) == (
        "not_a_hundred"
    )
    from django.db import DatabaseError

    with pytest.raises(DatabaseError), transaction.atomic():
        Scenario.objects.filter(pk=kept.pk).update(name="y")


def test_following_a_scenario_makes_each_move_explicit(
    desk_round, make_proposal, make_juror, score, secretariat, clerk
):
    """Swapped weights let E enter for D; both are moves with the reason, and wait for their second person."""
    from judging.models import Assessment

    jurors = [make_juror("ani"), make_juror("budi")]
    for title, marks in {"A": (90, 90), "B": (85, 85), "C": (80, 80), "D": (75, 60), "E": (60, 75)}.items():
        entry = Entry.objects.create(round=desk_round, proposal=make_proposal(title))
        for juror in jurors:
            score(Assessment.objects.create(entry=entry, juror=juror, place=1), *marks)
    keys = list(desk_round.criteria.order_by("order").values_list("key", flat=True))
    settings = Settings({keys[0]: "40", keys[1]: "60"})
    scenario = actions.keep_scenario(desk_round, name="Bobot ditukar", settings=settings, by=secretariat)
    assert code_of(lambda: actions.choose_scenario(scenario, reason=" ", by=secretariat)) == "no_reason"
    assert actions.choose_scenario(scenario, reason="Kehendak sidang", by=secretariat) == 2
    moves = {row.proposal.title: (row.put_in, row.confirmed_by, row.reason) for row in PlenaryMove.objects.all()}
    assert {title: (put_in, second) for title, (put_in, second, _reason) in moves.items()} == {
        "D": (False, None), "E": (True, None)
    }  # fmt: skip
    assert all("Bobot ditukar" in reason and "Kehendak sidang" in reason for *_rest, reason in moves.values())
    assert rank(desk_round).places[0].total == Decimal(90)


def test_who_may_be_the_second_person_is_told_until_they_confirmed(scored, secretariat, clerk, panelist, evaluator):
    desk_round = scored()
    actions.note_present(desk_round, people=[panelist, evaluator], guests=[], by=secretariat)

    def move(number: int, by) -> None:
        actions.prepare_move(desk_round, proposal=proposal(f"Proposal {number}"), put_in=False, reason="x", by=by)

    def told() -> list[str]:
        rows = Message.objects.filter(kind="judging/mail/second_person")
        return sorted(rows.values_list("recipient__name", flat=True))

    move(0, secretariat)
    assert told() == sorted([clerk.name, panelist.name])
    assert Message.objects.filter(kind="judging/mail/second_person")[0].link.endswith("/plenary/confirm/")
    move(1, secretariat)
    assert told() == sorted([clerk.name, panelist.name])  # something waits for both already
    move(2, clerk)
    assert told() == sorted([clerk.name, panelist.name, secretariat.name])
    actions.confirm_moves(desk_round, proposals=[proposal("Proposal 0").code, proposal("Proposal 1").code], by=clerk)
    move(3, secretariat)
    assert told() == sorted([clerk.name, clerk.name, panelist.name, secretariat.name])
