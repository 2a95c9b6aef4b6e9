"""The plenary fixes a list once, and what it was computed from can be computed again."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from audit.models import Event
from judging.actions import (
    draw_from_tie,
    freeze_selection,
    prepare_move,
    return_assessment,
    shown_digest,
    undo_move,
)
from judging.models import Assessment, Entry, Selection
from judging.ranking import rank
from judging.selecting import Move

MINUTES = {"minutes_number": "B/1/2023", "minutes": "Sidang pleno.", "attendance": ["Ani"]}


@pytest.fixture
def scored(desk_round, make_proposal, make_juror, score):
    """Six entries with two final sheets each; the quota of the round is four."""
    jurors = [make_juror("ani"), make_juror("budi")]

    def fill(marks=(90, 85, 80, 75, 70, 65)):
        for number, mark in enumerate(marks):
            entry = Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {number}"))
            for juror in jurors:
                score(Assessment.objects.create(entry=entry, juror=juror, place=number), mark, mark)
        return desk_round

    return fill


def titles(selection: Selection) -> list[str]:
    return list(selection.entries.filter(is_selected=True).values_list("proposal__title", flat=True))


def problems_of(deed) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        deed()
    return {error.code for error in refused.value.error_list}


def test_the_first_of_the_ranking_are_fixed_with_their_digest(scored, secretariat):
    desk_round = scored()
    selection = freeze_selection(desk_round, by=secretariat, **MINUTES)
    assert titles(selection) == [f"Proposal {number}" for number in range(4)]
    assert selection.entries.count() == 6
    assert selection.input_sha256 == rank(desk_round).input_sha256
    assert Event.objects.get(verb="judging.freeze").data["input_sha256"] == selection.input_sha256


def test_a_fixed_list_cannot_be_changed_nor_fixed_again(scored, secretariat):
    desk_round = scored()
    selection = freeze_selection(desk_round, by=secretariat, **MINUTES)
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"frozen"}
    for change in (lambda: selection.entries.update(rank=1), selection.delete, lambda: selection.save()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_open_sheet_stops_the_plenary_and_is_named(scored, secretariat, sheet):
    with pytest.raises(ValidationError) as refused:
        freeze_selection(scored(), by=secretariat, **MINUTES)
    assert refused.value.error_list[0].code == "incomplete"
    assert sheet.entry.proposal.code in refused.value.messages[0]


def test_moves_need_reasons_and_keep_the_quota(scored, secretariat):
    desk_round = scored()
    places = [place.proposal for place in rank(desk_round).places]
    into, out = Move(places[4], True, "Wilayah tertinggal"), Move(places[3], False, "Temuan verifikasi")

    def freeze(*moves, **more):
        return freeze_selection(desk_round, by=secretariat, moves=moves, **MINUTES, **more)

    assert problems_of(lambda: freeze(into)) == {"too_many"}
    assert problems_of(lambda: freeze(out)) == {"too_few"}
    assert problems_of(lambda: freeze(into, Move(places[3], False, " "))) == {"no_reason"}
    assert problems_of(lambda: freeze(Move("XXXXXXXX", True, "x"), into, out)) == {"unknown_proposal"}
    selection = freeze(into, out)
    assert titles(selection) == ["Proposal 0", "Proposal 1", "Proposal 2", "Proposal 4"]
    assert selection.entries.get(proposal__code=places[4]).moved_because == "Wilayah tertinggal"


def test_fewer_than_the_quota_needs_a_reason(scored, secretariat):
    desk_round = scored()
    last = rank(desk_round).places[3].proposal
    selection = freeze_selection(
        desk_round, by=secretariat, moves=[Move(last, False, "Mengundurkan diri")], fewer_because="Mundur", **MINUTES
    )
    assert (len(titles(selection)), selection.fewer_because) == (3, "Mundur")


def test_a_tie_on_the_line_is_decided_by_the_plenary_only(scored, secretariat):
    desk_round = scored((90, 85, 80, 75, 75, 75))
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"too_few"}
    assert draw_from_tie(desk_round, reason="Undian", by=secretariat) == 1
    selection = freeze_selection(desk_round, by=secretariat, **MINUTES)
    drawn = selection.entries.exclude(moved_because="").get()
    assert (drawn.rank, drawn.is_tied, drawn.is_selected, drawn.moved_because) == (4, True, True, "Undian")


def test_prepared_moves_are_used_and_can_be_undone(scored, secretariat, evaluator):
    desk_round = scored()
    first = Entry.objects.get(proposal__title="Proposal 0").proposal
    fifth = Entry.objects.get(proposal__title="Proposal 4").proposal
    prepare_move(desk_round, proposal=first, put_in=False, reason="x", by=secretariat)
    prepare_move(desk_round, proposal=fifth, put_in=True, reason="y", by=secretariat)
    undo_move(desk_round, proposal=fifth, by=secretariat)
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **MINUTES)) == {"too_few"}
    with pytest.raises(PermissionDenied):
        prepare_move(desk_round, proposal=fifth, put_in=True, reason="y", by=evaluator)


def test_what_was_shown_is_what_is_fixed(scored, secretariat):
    desk_round = scored()
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, expected="0", **MINUTES)) == {"changed"}
    shown = shown_digest(rank(desk_round), [])
    first = Entry.objects.get(proposal__title="Proposal 0").proposal
    prepare_move(desk_round, proposal=first, put_in=True, reason="x", by=secretariat)
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, expected=shown, **MINUTES)) == {"changed"}


def test_minutes_are_not_optional(scored, secretariat):
    desk_round = scored()
    empty = MINUTES | {"minutes": " "}
    assert problems_of(lambda: freeze_selection(desk_round, by=secretariat, **empty)) == {"no_minutes"}


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
    done: list[str] = []

    def run(name, deed):
        try:
            deed()
            done.append(name)
        except ValidationError:
            pass
        finally:
            connection.close()

    deeds = {
        "return": lambda: return_assessment(sheets[0], reason="Periksa lagi", by=clerk),
        "freeze": lambda: freeze_selection(desk_round, by=secretariat, **MINUTES),
        "again": lambda: freeze_selection(desk_round, by=clerk, **MINUTES),
    }
    threads = [threading.Thread(target=run, args=pair) for pair in deeds.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert Selection.objects.count() == (done != ["return"])
    assert Assessment.objects.final().count() == 2 - (done == ["return"])
