"""Bad days: a proposal disqualified after the ranking, weights that were wrong; each with its reason and trace."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Event
from competitions import calendar
from judging import actions
from judging.interviews.calendar_files import calendar_file
from judging.interviews.page import overview
from judging.models import Assessment, Disqualification, Entry, InterviewSlot, PlenaryMove, Selection, WeightRevision
from judging.plenary.verifying import verify
from judging.ranking.changing import changes_between
from judging.ranking.places import rank
from judging.ranking.selecting import Move
from judging.scoring import progress
from notifications.models import Message

MINUTES = {"minutes_number": "B/1/2023", "minutes": "Sidang pleno."}


def code_of(deed) -> str:
    with pytest.raises(ValidationError) as refused:
        deed()
    return refused.value.error_list[0].code


def proposal(title: str):
    return Entry.objects.filter(proposal__title=title).first().proposal


def disqualify(title: str, first, second) -> Disqualification:
    note = actions.propose_disqualification(proposal(title), reason="Data palsu", by=first)
    return actions.confirm_disqualification(note, by=second)


def test_it_counts_only_when_a_second_person_confirms(scored, secretariat, clerk, evaluator):
    desk_round = scored()
    with pytest.raises(PermissionDenied):
        actions.propose_disqualification(proposal("Proposal 0"), reason="x", by=evaluator)
    note = actions.propose_disqualification(proposal("Proposal 0"), reason="Data palsu", by=secretariat)
    assert len(rank(desk_round).places) == 6
    assert code_of(lambda: actions.confirm_disqualification(note, by=secretariat)) == "own_move"
    actions.confirm_disqualification(note, by=clerk)
    assert [place.proposal for place in rank(desk_round).places if place.rank == 1] == [proposal("Proposal 1").code]
    assert len(rank(desk_round).places) == 5
    assert code_of(lambda: actions.propose_disqualification(note.proposal, reason="y", by=clerk)) == "disqualified"
    assert code_of(lambda: actions.withdraw_disqualification(note, by=clerk)) == "disqualified"
    assert Event.objects.filter(verb="judging.disqualify", object_key=note.proposal.code).count() == 1


def test_an_unconfirmed_note_is_taken_back(scored, secretariat, clerk):
    scored()
    note = actions.propose_disqualification(proposal("Proposal 0"), reason="x", by=secretariat)
    actions.withdraw_disqualification(note, by=clerk)
    assert not Disqualification.objects.exists()


def test_what_nobody_judges_is_not_disqualified_here(make_proposal, secretariat):
    lone = make_proposal("Lain")
    assert code_of(lambda: actions.propose_disqualification(lone, reason="x", by=secretariat)) == "not_judged"


def test_its_open_sheets_and_moves_go_and_the_round_does_not_wait_for_it(
    scored, sheet, make_juror, secretariat, clerk, desk_round
):
    """The proposal of `sheet` has one open sheet of two: without it the round is complete."""
    scored()
    title = sheet.entry.proposal.title
    actions.prepare_move(desk_round, proposal=sheet.entry.proposal, put_in=True, reason="x", by=secretariat)
    assert rank(desk_round).incomplete
    disqualify(title, secretariat, clerk)
    sheet.refresh_from_db()
    assert sheet.status == Assessment.Status.HANDED_BACK
    assert not PlenaryMove.objects.exists()
    assert not rank(desk_round).incomplete
    state = progress.state_of(desk_round)
    assert (state.entries, state.short, state.state) == (6, 0, "complete")


def test_a_fixed_list_keeps_it_until_a_correction_names_the_next_in_line(scored, hold, secretariat, clerk):
    desk_round = scored()
    first = actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    disqualify("Proposal 0", secretariat, clerk)
    assert first.entries.filter(is_selected=True, proposal__title="Proposal 0").exists()
    assert verify(first) == []
    actions.open_correction(first, reason="Proposal didiskualifikasi", by=clerk)
    second = actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    found = changes_between(first, second)
    assert [each.title for each in found.entering] == ["Proposal 4"]
    assert [each.title for each in found.leaving] == ["Proposal 0"]
    assert verify(first) == verify(second) == []


def test_weights_are_corrected_by_letter_and_the_old_result_stays(
    desk_round, make_proposal, make_juror, score, secretariat, evaluator
):
    juror = make_juror("ani")
    for title, marks in {"A": (90, 60), "B": (60, 90)}.items():
        entry = Entry.objects.create(round=desk_round, proposal=make_proposal(title))
        score(Assessment.objects.create(entry=entry, juror=juror, place=1), *marks)
    keys = list(desk_round.criteria.order_by("order").values_list("key", flat=True))
    good = {"weights": {keys[0]: Decimal(40), keys[1]: Decimal(60)}, "letter_number": "S/9", "reason": "Salah ketik"}

    def revise(by=secretariat, **changed):
        seen = rank(desk_round).input_sha256
        return actions.revise_weights(desk_round, by=by, **({"seen": seen} | good | changed))

    assert code_of(lambda: revise(letter_number=" ")) == "letter_required"
    assert code_of(lambda: revise(reason=" ")) == "no_reason"
    assert code_of(lambda: revise(weights={keys[0]: Decimal(50)})) == "not_a_hundred"
    assert code_of(lambda: revise(weights={})) == "unchanged"
    with pytest.raises(PermissionDenied):
        revise(by=evaluator)
    before = rank(desk_round)
    assert code_of(lambda: revise(seen="0" * 64)) == "changed"
    revision = revise()
    assert revise(seen="") == revision  # pressed twice
    assert [place.proposal for place in rank(desk_round).places] == [proposal("B").code, proposal("A").code]
    assert [row[:3] for row in revision.ranking_before] == [
        [place.proposal, place.rank, str(place.total)] for place in before.places
    ]
    assert revision.input_sha256 == before.input_sha256
    names = list(desk_round.criteria.order_by("order").values_list("name", flat=True))
    assert dict(revision.changed) == {names[0]: ("60.00", "40.00"), names[1]: ("40.00", "60.00")}


def test_weights_of_a_fixed_list_stand(scored, hold, secretariat):
    desk_round = scored()
    actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    keys = list(desk_round.criteria.order_by("order").values_list("key", flat=True))
    weights = {keys[0]: Decimal(50), keys[1]: Decimal(50)}
    deed = {"weights": weights, "letter_number": "S/9", "reason": "x"}
    assert code_of(lambda: actions.revise_weights(desk_round, by=secretariat, seen="", **deed)) == "frozen"
    assert not WeightRevision.objects.exists()


def test_the_next_round_takes_the_corrected_list(scored, hold, secretariat, clerk, year):
    desk_round = scored()
    first = actions.freeze_selection(hold(desk_round), by=secretariat, **MINUTES)
    panel = desk_round.next
    assert actions.open_round(panel, by=secretariat) == 4
    disqualify("Proposal 0", secretariat, clerk)
    actions.open_correction(first, reason="x", by=clerk)
    actions.freeze_selection(hold(desk_round, Move(proposal("Proposal 5").code, False, "x")), by=secretariat, **MINUTES)
    assert actions.open_round(panel, by=secretariat) == 1
    codes = {place.proposal for place in rank(panel).places}
    assert codes == {proposal(f"Proposal {number}").code for number in (1, 2, 3, 4)}
    assert Selection.objects.of(desk_round).version == 2


def letters(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=f"judging/mail/{kind}").values_list("recipient__name", flat=True))


def test_who_may_confirm_a_disqualification_is_told_of_it(scored, secretariat, clerk):
    scored()
    actions.propose_disqualification(proposal("Proposal 0"), reason="Data palsu", by=secretariat)
    assert letters("disqualification_waits") == [clerk.name]


def test_agency_team_and_jurors_are_told_only_once_it_stands(
    sheet, secretariat, clerk, evaluator, innovator, agency_admin
):
    note = actions.propose_disqualification(sheet.entry.proposal, reason="Data palsu", by=secretariat)
    assert letters("disqualified") == letters("left_pile") == []
    actions.confirm_disqualification(note, by=clerk)
    actions.confirm_disqualification(note, by=clerk)
    assert letters("disqualified") == sorted([innovator.name, agency_admin.name])
    assert letters("left_pile") == [evaluator.name]
    assert "Data palsu" in Message.objects.filter(kind="judging/mail/disqualified")[0].body
    assert "Data palsu" not in Message.objects.get(kind="judging/mail/left_pile").body


def test_a_disqualified_proposal_gives_up_its_interview_and_the_time_is_free(
    slot_of, agency, agency_admin, secretariat, clerk, timetable
):
    slot = slot_of(agency)
    other = InterviewSlot.objects.filter(panel=slot.panel).exclude(pk=slot.pk)[0]
    actions.request_change(slot, reason="Berhalangan", by=agency_admin)
    note = actions.propose_disqualification(slot.entry.proposal, reason="Data palsu", by=secretariat)
    actions.confirm_disqualification(note, by=clerk)
    slot.refresh_from_db()
    assert (slot.status, slot.change_requests.get().outcome) == ("cancelled", "declined")
    assert Event.objects.get(verb="judging.cancel_interview").data["was"] == "waiting"
    hearers = timetable.panels.get(pk=slot.panel_id).members.all()
    assert letters("left_pile") == sorted(each.user.name for each in hearers)
    told = Message.objects.filter(kind__in=["judging/mail/disqualified", "judging/mail/left_pile"])
    assert all("tidak dilaksanakan" in each.body for each in told)
    freed = slot.starts_at
    InterviewSlot.objects.filter(pk=slot.pk).update(
        starts_at=calendar.now(), ends_at=calendar.now() + timedelta(hours=1)
    )
    for deed in (
        lambda: actions.put_back(slot, by=secretariat),
        lambda: actions.confirm_interview(slot, by=agency_admin),
        lambda: actions.move_interview(slot, panel=slot.panel, starts_at=freed, reason="x", by=secretariat),
    ):
        assert code_of(deed) in {"over", "begun"}
    # the panel may hear another in its place
    actions.move_interview(other, panel=slot.panel, starts_at=freed, reason="Maju", by=secretariat)
    assert overview(timetable, calendar.now()).count == 3
    assert b"STATUS:CANCELLED" in calendar_file([slot], name="x", at=calendar.now())


def test_an_interview_only_proposed_is_removed_without_a_word(
    interview_round, hours, make_juror, agency, secretariat, clerk
):
    actions.propose_timetable(interview_round, hours=hours, anew=True, by=secretariat)
    gone = InterviewSlot.objects.filter(entry__proposal__agency=agency)[0].entry.proposal
    note = actions.propose_disqualification(gone, reason="Data palsu", by=secretariat)
    actions.confirm_disqualification(note, by=clerk)
    assert not InterviewSlot.objects.filter(entry__proposal=gone).exists()
    assert letters("left_pile") == []
    actions.propose_timetable(interview_round, hours=hours, anew=True, by=secretariat)
    assert not InterviewSlot.objects.filter(entry__proposal=gone).exists()
    assert overview(interview_round, calendar.now()).left == []
