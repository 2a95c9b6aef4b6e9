"""The plenary fixes a list once; what it was computed from can be computed again; a correction supersedes it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from audit.models import Event
from judging.actions import (
    confirm_moves,
    draw_from_tie,
    freeze_selection,
    note_present,
    open_correction,
    prepare_move,
    prepared_moves,
    return_assessment,
    withdraw_correction,
)
from judging.models import Assessment, Attendance, Correction, Entry, Selection
from judging.plenary.verifying import verify
from judging.ranking.places import rank
from judging.ranking.selecting import Move, shown_digest
from tests.judging.racing import at_once, refused

MINUTES = {"minutes_number": "B/1/2023", "minutes": "Sidang pleno."}


def titles(selection: Selection) -> list[str]:
    return list(selection.entries.filter(is_selected=True).values_list("proposal__title", flat=True))


def problems_of(deed) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        deed()
    return {error.code for error in refused.value.error_list}


def test_the_first_of_the_ranking_are_fixed_with_their_digest(scored, hold, secretariat):
    desk_round = hold(scored())
    selection = freeze_selection(desk_round, by=secretariat, **MINUTES)
    assert titles(selection) == [f"Proposal {number}" for number in range(4)]
    assert selection.entries.count() == 6
    assert selection.input_sha256 == rank(desk_round).input_sha256
    facts = Event.objects.get(verb="judging.freeze").data
    assert (facts["input_sha256"], facts["list_sha256"]) == (selection.input_sha256, selection.list_sha256)
    assert [each["name"] for each in selection.present] == [secretariat.name, "Ani"]
    assert not Attendance.objects.exists()
    assert (selection.version, selection.supersedes, verify(selection)) == (1, None, [])


def test_a_fixed_list_cannot_be_changed_nor_fixed_again(scored, hold, secretariat):
    desk_round = hold(scored())
    selection = freeze_selection(desk_round, by=secretariat, **MINUTES)
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"frozen"}
    assert problems_of(lambda: note_present(desk_round, people=[], guests=[("A", "")], by=secretariat)) == {"frozen"}
    for change in (lambda: selection.entries.update(rank=1), selection.delete, lambda: selection.save()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_open_sheet_stops_the_plenary_and_is_named(scored, hold, secretariat, sheet):
    with pytest.raises(ValidationError) as refused:
        freeze_selection(hold(scored()), by=secretariat, **MINUTES)
    assert refused.value.error_list[0].code == "incomplete"
    assert sheet.entry.proposal.code in refused.value.messages[0]


def test_nothing_is_frozen_in_an_empty_room(scored, secretariat):
    assert problems_of(lambda: freeze_selection(scored(), by=secretariat, **MINUTES)) == {"nobody_present"}


def test_moves_keep_the_quota_and_both_names(scored, hold, secretariat, clerk):
    desk_round = scored()
    places = [place.proposal for place in rank(desk_round).places]
    hold(desk_round, Move(places[4], True, "Wilayah tertinggal"))
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"too_many"}
    hold(desk_round, Move(places[3], False, "Temuan verifikasi"))
    selection = freeze_selection(desk_round, by=secretariat, **MINUTES)
    assert titles(selection) == ["Proposal 0", "Proposal 1", "Proposal 2", "Proposal 4"]
    moved = selection.entries.get(proposal__code=places[4])
    assert (moved.moved_because, moved.moved_by, moved.confirmed_by) == ("Wilayah tertinggal", secretariat, clerk)


def test_a_move_nobody_else_confirmed_stops_the_plenary(scored, hold, secretariat):
    desk_round = hold(scored())
    first = Entry.objects.get(proposal__title="Proposal 0").proposal
    prepare_move(desk_round, proposal=first, put_in=True, reason="x", by=secretariat)
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"unconfirmed"}


def test_fewer_than_the_quota_needs_a_reason(scored, hold, secretariat):
    desk_round = scored()
    hold(desk_round, Move(rank(desk_round).places[3].proposal, False, "Mengundurkan diri"))
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"too_few"}
    selection = freeze_selection(desk_round, by=secretariat, fewer_because="Mundur", **MINUTES)
    assert (len(titles(selection)), selection.fewer_because) == (3, "Mundur")


def test_a_tie_on_the_line_is_decided_by_the_plenary_only(scored, hold, secretariat, clerk):
    desk_round = hold(scored((90, 85, 80, 75, 75, 75)))
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"too_few"}
    assert draw_from_tie(desk_round, reason="Undian", by=secretariat) == 1
    confirm_moves(desk_round, proposals=[move.proposal for move in prepared_moves(desk_round)], by=clerk)
    selection = freeze_selection(desk_round, by=secretariat, **MINUTES)
    drawn = selection.entries.exclude(moved_because="").get()
    assert (drawn.rank, drawn.is_tied, drawn.is_selected, drawn.moved_because) == (4, True, True, "Undian")


def test_what_was_shown_is_what_is_fixed(scored, hold, secretariat, clerk):
    desk_round = hold(scored())
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, expected="0", **MINUTES)) == {"changed"}
    shown = shown_digest(rank(desk_round), [])
    hold(desk_round, Move(rank(desk_round).places[0].proposal, True, "x"))
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, expected=shown, **MINUTES)) == {"changed"}


def test_minutes_are_not_optional(scored, hold, secretariat):
    desk_round = hold(scored())
    empty = MINUTES | {"minutes": " "}
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **empty)) == {"no_minutes"}


def test_a_corrected_list_supersedes_and_both_stay(scored, hold, secretariat, clerk):
    desk_round = scored()
    first = freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    assert problems_of(lambda: open_correction(first, reason=" ", by=secretariat)) == {"no_reason"}
    opened = open_correction(first, reason="Salah hitung", by=secretariat)
    assert open_correction(first, reason="lagi", by=secretariat) == opened
    assert not Selection.objects.fixing(desk_round).exists()
    assert Selection.objects.of(desk_round) == first
    places = [place.proposal for place in rank(desk_round).places]
    hold(desk_round, Move(places[0], False, "x"), Move(places[4], True, "y"))
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"second_person"}
    second = freeze_selection(desk_round, by=clerk, **MINUTES)
    assert (second.version, second.supersedes, second.because) == (2, first, "Salah hitung")
    assert Selection.objects.of(desk_round) == second
    assert titles(first) != titles(second)
    assert verify(first) == verify(second) == []
    assert problems_of(lambda: open_correction(first, reason="x", by=secretariat)) == {"superseded"}


def test_a_correction_is_withdrawn_only_while_nothing_changed(scored, hold, secretariat, clerk, score):
    desk_round = scored()
    first = freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    withdraw_correction(open_correction(first, reason="x", by=secretariat), by=clerk)
    assert Selection.objects.fixing(desk_round).get() == first
    opened = open_correction(first, reason="x", by=secretariat)
    sheet = Assessment.objects.first()
    return_assessment(sheet, reason="Salah ketik", by=secretariat)
    score(sheet, 1, 1)
    assert problems_of(lambda: withdraw_correction(opened, by=clerk)) == {"changed"}
    assert Correction.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_sheet_is_returned_or_the_list_is_fixed_never_both(
    desk_round, make_proposal, make_juror, score, secretariat, clerk
):
    """One clerk returns a final sheet while another freezes, and a third freezes again: exactly one deed happens."""
    jurors = [make_juror("ani"), make_juror("budi")]
    entry = Entry.objects.create(round=desk_round, proposal=make_proposal("A"))
    sheets = [Assessment.objects.create(entry=entry, juror=juror, place=1) for juror in jurors]
    for sheet in sheets:
        score(sheet, 80, 80)
    note_present(desk_round, people=[secretariat], guests=[], by=secretariat)
    found = at_once(
        lambda: return_assessment(sheets[0], reason="Periksa lagi", by=clerk),
        lambda: freeze_selection(desk_round, by=secretariat, **MINUTES),
        lambda: freeze_selection(desk_round, by=clerk, **MINUTES),
    )
    assert len(refused(found)) == 2
    was_returned = not isinstance(found[0], ValidationError)
    assert Selection.objects.count() == (not was_returned)
    assert Assessment.objects.final().count() == 2 - was_returned


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_corrected_lists_never_both_stand(desk_round, make_proposal, make_juror, score, secretariat, clerk):
    """Two clerks fix the corrected list at once: one version 2, and one list stands."""
    jurors = [make_juror("ani"), make_juror("budi")]
    entry = Entry.objects.create(round=desk_round, proposal=make_proposal("A"))
    for juror in jurors:
        score(Assessment.objects.create(entry=entry, juror=juror, place=1), 80, 80)
    note_present(desk_round, people=[secretariat], guests=[], by=secretariat)
    first = freeze_selection(desk_round, by=clerk, **MINUTES)
    open_correction(first, reason="x", by=clerk)
    secretariat_two = type(clerk).objects.create_user(email="ketiga@example.go.id", name="Ketiga", is_secretariat=True)
    note_present(desk_round, people=[secretariat], guests=[], by=secretariat)
    found = at_once(
        lambda: freeze_selection(desk_round, by=secretariat, **MINUTES),
        lambda: freeze_selection(desk_round, by=secretariat_two, **MINUTES),
    )
    assert refused(found) == ["frozen"]
    assert list(Selection.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert Selection.objects.standing().count() == 1
