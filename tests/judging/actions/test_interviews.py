"""From forming panels to the end of an interview, as rows, letters and refusals."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from competitions import calendar
from judging import actions
from judging.actions.timetables import confirm_by
from judging.forms.interviews import TimetableForm
from judging.interviews import page
from judging.interviews.sittings import days_of
from judging.models import Assessment, ChangeRequest, InterviewSlot, Panel
from notifications.models import Message
from tests.judging.interviewing import reload
from tests.judging.racing import at_once


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=f"judging/mail/{kind}").values_list("address", flat=True))


def refused(code: str, deed) -> ValidationError:
    with pytest.raises(ValidationError) as error:
        deed()
    assert code in {each.code for each in error.value.error_list}
    return error.value


def test_a_timetable_is_proposed_for_every_finalist_and_told_to_nobody(interview_round, hours, secretariat):
    found = actions.propose_timetable(interview_round, hours=hours, anew=True, by=secretariat)
    assert (len(found.placed), found.left) == (4, {})
    assert not page.overview(interview_round, calendar.now()).clashes
    assert not Message.objects.exists()
    assert not InterviewSlot.objects.published().exists()


def test_proposing_again_keeps_what_is_published_and_places_what_is_new(timetable, hours, secretariat, finalist):
    before = dict(InterviewSlot.objects.values_list("code", "starts_at"))
    finalist("Menyusul")
    actions.propose_timetable(timetable, hours=hours, anew=True, by=secretariat)
    after = dict(InterviewSlot.objects.values_list("code", "starts_at"))
    assert before.items() < after.items()
    assert len(after) == 5


def test_what_cannot_be_placed_is_told_why(interview_round, hours, secretariat, agency, finalist, make_juror):
    for panel in interview_round.panels.all():
        panel.members.first().conflicts.create(agency=agency, reason="Saudara")
    actions.propose_timetable(interview_round, hours=hours, anew=True, by=secretariat)
    left = page.overview(interview_round, calendar.now()).left
    assert {each.entry.proposal.agency for each in left} == {agency}
    assert all(len(each.barred) == 2 for each in left)


def test_publishing_gives_the_panels_their_sheets_in_the_order_of_the_day(timetable):
    for slot in InterviewSlot.objects.all():
        jurors = set(Assessment.objects.filter(entry=slot.entry).values_list("juror", flat=True))
        assert jurors == set(slot.panel.members.values_list("pk", flat=True))
    for panel in Panel.objects.all():
        pile = Assessment.objects.filter(juror=panel.members.first()).order_by("place")
        starts = list(pile.values_list("entry__slot__starts_at", flat=True))
        assert starts == sorted(starts)


def test_publishing_tells_each_agency_and_each_panelist_once(
    timetable, secretariat, agency_admin, other_admin, innovator
):
    assert told("interview") == {agency_admin.email, other_admin.email, innovator.email}
    assert len(told("timetable")) == 4
    count = Message.objects.count()
    refused("nothing", lambda: actions.publish_timetable(timetable, by=secretariat))
    assert Message.objects.count() == count


def test_sheets_dealt_out_before_go_back_unless_begun(interview_round, hours, secretariat, make_juror):
    stranger = make_juror("lama", kind="panelist")
    first, second = interview_round.entries.order_by("pk")[:2]
    untouched = Assessment.objects.create(entry=first, juror=stranger, place=1)
    begun = Assessment.objects.create(entry=second, juror=stranger, place=2)
    Assessment.objects.filter(pk=begun.pk).update(status="draft")
    actions.propose_timetable(interview_round, hours=hours, anew=True, by=secretariat)
    actions.publish_timetable(interview_round, by=secretariat)
    assert (reload(untouched).status, reload(begun).status) == ("handed_back", "draft")


def test_only_the_secretariat_makes_timetables(interview_round, hours, agency_admin, panelist):
    for person in (agency_admin, panelist):
        with pytest.raises(PermissionDenied):
            actions.propose_timetable(interview_round, hours=hours, anew=True, by=person)
        with pytest.raises(PermissionDenied):
            actions.form_panels(interview_round, count=1, by=person)
        with pytest.raises(PermissionDenied):
            actions.publish_timetable(interview_round, by=person)


def test_a_panel_too_small_is_not_published(interview_round, hours, secretariat):
    actions.propose_timetable(interview_round, hours=hours, anew=True, by=secretariat)
    Panel.objects.first().members.first().delete()
    refused("too_few", lambda: actions.publish_timetable(interview_round, by=secretariat))


# --- Moving --------------------------------------------------------------------------------------------------------
def test_a_moved_interview_is_told_anew_and_must_be_confirmed_again(
    timetable, secretariat, agency_admin, slot_of, agency
):
    slot = slot_of(agency)
    actions.confirm_interview(slot, by=agency_admin)
    later = slot.starts_at + timedelta(days=7)
    moved = actions.move_interview(slot, panel=slot.panel, starts_at=later, reason="Gangguan listrik", by=secretariat)
    assert (moved.confirmed_at, moved.version, moved.planned_at) == (None, 2, later)
    assert agency_admin.email in told("interview_moved")
    assert "Gangguan listrik" in Message.objects.filter(kind="judging/mail/interview_moved").first().body


def test_a_move_into_another_interview_is_refused_in_words(timetable, secretariat):
    first, second = InterviewSlot.objects.order_by("starts_at", "pk")[:2]
    error = refused(
        "clash",
        lambda: actions.move_interview(
            first, panel=second.panel, starts_at=second.starts_at + timedelta(minutes=5), reason="Coba", by=secretariat
        ),
    )
    assert second.entry.proposal.title in " ".join(error.messages)
    assert reload(first).version == 1


def test_an_agency_cannot_present_twice_at_the_same_time(timetable, secretariat, agency):
    mine = list(InterviewSlot.objects.filter(entry__proposal__agency=agency).order_by("starts_at"))
    other = Panel.objects.exclude(pk=mine[0].panel_id).get()
    error = refused(
        "clash",
        lambda: actions.move_interview(
            mine[1], panel=other, starts_at=mine[0].starts_at, reason="Coba", by=secretariat
        ),
    )
    assert str(agency) in " ".join(error.messages)


def test_nobody_moves_to_a_panel_with_a_conflict(timetable, secretariat, agency, slot_of):
    slot = slot_of(agency)
    other = Panel.objects.exclude(pk=slot.panel_id).get()
    other.members.first().conflicts.create(agency=agency, reason="Saudara")
    later = slot.starts_at + timedelta(days=7)
    refused("conflict", lambda: actions.move_interview(slot, panel=other, starts_at=later, reason="x", by=secretariat))


def test_two_interviews_change_places_with_their_sheets(timetable, secretariat):
    panels = list(Panel.objects.all())
    first, second = (panel.slots.order_by("starts_at").last() for panel in panels)
    actions.swap_interviews(first, second, reason="Permintaan", by=secretariat)
    assert reload(first).panel == panels[1]
    jurors = set(Assessment.objects.live().filter(entry=first.entry).values_list("juror", flat=True))
    assert jurors == set(panels[1].members.values_list("pk", flat=True))


def test_the_database_itself_keeps_a_panel_from_hearing_two(timetable):
    first, second = Panel.objects.first().slots.order_by("starts_at")[:2]

    @transaction.atomic
    def squeeze() -> None:
        InterviewSlot.objects.filter(pk=second.pk).update(starts_at=first.starts_at, ends_at=first.ends_at)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError):
        squeeze()


def test_a_new_link_leaves_who_stepped_in_for_a_conflict(timetable, secretariat, make_juror):
    slot = InterviewSlot.objects.first()
    substitute = make_juror("pengganti", kind="panelist")
    sheet = Assessment.objects.filter(entry=slot.entry).first()
    actions.recuse(sheet, reason="Saudara", by=sheet.juror.user)
    assert Assessment.objects.live().filter(entry=slot.entry, juror=substitute).exists()
    panel = slot.panel
    actions.save_panel(
        timetable, panel, name=panel.name, members=list(panel.members.all()), video_url="https://rapat.go.id/1",
        by=secretariat,
    )  # fmt: skip
    assert Assessment.objects.live().filter(entry=slot.entry, juror=substitute).exists()


# --- Confirming ----------------------------------------------------------------------------------------------------
def test_the_agency_confirms_once(timetable, agency, agency_admin, other_admin, innovator, slot_of):
    slot = slot_of(agency)
    for person in (other_admin, innovator):
        with pytest.raises(PermissionDenied):
            actions.confirm_interview(slot, by=person)
    first = actions.confirm_interview(slot, by=agency_admin).confirmed_at
    assert actions.confirm_interview(slot, by=agency_admin).confirmed_at == first


def test_after_the_last_moment_only_the_secretariat_notes_it(timetable, agency, agency_admin, secretariat, slot_of):
    slot = slot_of(agency)
    InterviewSlot.objects.update(confirm_by=calendar.now() - timedelta(minutes=1))
    refused("too_late", lambda: actions.confirm_interview(slot, by=agency_admin))
    assert actions.confirm_interview(slot, by=secretariat).confirmed_by == secretariat


def test_an_agency_told_late_still_has_a_day():
    start, hour = datetime(2023, 6, 30, 9, tzinfo=UTC), timedelta(hours=1)
    assert confirm_by(start, start - 100 * hour) == start - 24 * hour
    assert confirm_by(start, start - 30 * hour) == start - 6 * hour
    assert confirm_by(start, start - 5 * hour) == start


def test_a_request_for_another_time_is_answered_once(timetable, agency, agency_admin, secretariat, clerk, slot_of):
    slot = slot_of(agency)
    refused("no_reason", lambda: actions.request_change(slot, reason=" ", by=agency_admin))
    asked = actions.request_change(slot, reason="Bupati dinas luar", by=agency_admin)
    refused("asked", lambda: actions.request_change(slot, reason="Lagi", by=agency_admin))
    assert told("change_requested") == {secretariat.email, clerk.email}
    actions.decline_change(asked, answer="Jadwal penuh", by=secretariat)
    refused("answered", lambda: actions.decline_change(asked, answer="Lagi", by=clerk))
    assert agency_admin.email in told("change_declined")


def test_moving_answers_the_request(timetable, agency, agency_admin, secretariat, slot_of):
    slot = slot_of(agency)
    actions.request_change(slot, reason="Bupati dinas luar", by=agency_admin)
    later = slot.starts_at + timedelta(days=7)
    actions.move_interview(slot, panel=slot.panel, starts_at=later, reason="Sesuai permintaan", by=secretariat)
    assert ChangeRequest.objects.get().outcome == "moved"


def test_who_has_not_confirmed_is_reminded_once_and_then_the_secretariat_told(timetable, secretariat, agency_admin):
    assert actions.remind_interviews() == 0
    InterviewSlot.objects.update(published_at=calendar.now() - timedelta(days=5))
    slot = InterviewSlot.objects.first()
    InterviewSlot.objects.filter(pk=slot.pk).update(confirm_by=calendar.now() + timedelta(hours=20))
    assert (actions.remind_interviews(), actions.remind_interviews()) == (1, 0)
    assert told("interview_confirm")
    InterviewSlot.objects.filter(pk=slot.pk).update(confirm_by=calendar.now() - timedelta(hours=1))
    assert (actions.remind_interviews(), actions.remind_interviews()) == (1, 0)
    assert told("unconfirmed") == {secretariat.email}


def test_a_confirmed_interview_is_not_asked_for_again(timetable, agency, agency_admin, slot_of):
    slot = slot_of(agency)
    actions.confirm_interview(slot, by=agency_admin)
    InterviewSlot.objects.exclude(pk=slot.pk).delete()
    hours_before = {
        "published_at": calendar.now() - timedelta(days=5),
        "confirm_by": calendar.now() + timedelta(hours=2),
    }
    InterviewSlot.objects.update(**hours_before)
    assert actions.remind_interviews() == 0


# --- The day -------------------------------------------------------------------------------------------------------
def test_an_interview_is_begun_ended_and_its_attendance_noted(today, secretariat):
    slot = InterviewSlot.objects.first()
    member = slot.panel.members.first().user
    refused("not_begun", lambda: actions.end_interview(slot, presenters="Ani", leader_attended=True, by=member))
    actions.begin_interview(slot, by=member)
    following = slot.panel.slots.exclude(pk=slot.pk).first()
    refused("running", lambda: actions.begin_interview(following, by=member))
    refused("no_presenters", lambda: actions.end_interview(slot, presenters=" ", leader_attended=True, by=member))
    actions.end_interview(slot, presenters="Ani\nBudi", leader_attended=False, by=member)
    done = reload(slot)
    assert (done.status, done.presenters, done.leader_attended) == ("done", "Ani\nBudi", False)
    actions.begin_interview(following, by=secretariat)
    actions.put_back(following, by=secretariat)
    assert reload(following).status == "waiting"


def test_only_who_hears_it_runs_an_interview_and_only_on_its_day(timetable, agency_admin, panelist):
    slot = InterviewSlot.objects.first()
    other = Panel.objects.exclude(pk=slot.panel_id).get().members.first().user
    for person in (agency_admin, panelist, other):
        with pytest.raises(PermissionDenied):
            actions.begin_interview(slot, by=person)
    member = slot.panel.members.first().user
    refused("not_the_day", lambda: actions.begin_interview(slot, by=member))


def test_a_panel_that_runs_late_shifts_the_rest_of_its_day_with_notice(today, agency_admin):
    panel = Panel.objects.first()
    others = dict(InterviewSlot.objects.exclude(panel=panel).values_list("pk", "starts_at"))
    before = dict(panel.slots.values_list("pk", "starts_at"))
    member = panel.members.first().user
    assert actions.shift_panel(panel, minutes=15, by=member) == len(before)
    for slot in panel.slots.all():
        assert slot.starts_at - before[slot.pk] == timedelta(minutes=15) == timedelta(minutes=slot.minutes_late)
    assert dict(InterviewSlot.objects.exclude(panel=panel).values_list("pk", "starts_at")) == others
    assert told("interview_late")
    refused("minutes", lambda: actions.shift_panel(panel, minutes=0, by=member))
    with pytest.raises(PermissionDenied):
        actions.shift_panel(panel, minutes=15, by=agency_admin)


def test_a_panel_is_not_shifted_over_midnight(today):
    last = InterviewSlot.objects.latest("starts_at")
    midnight = calendar.start_of_day(last.starts_at) + timedelta(days=1)
    InterviewSlot.objects.filter(pk=last.pk).update(
        starts_at=midnight - timedelta(minutes=30), ends_at=midnight - timedelta(minutes=10)
    )
    member = last.panel.members.first().user
    refused("after_midnight", lambda: actions.shift_panel(last.panel, minutes=11, by=member))
    assert reload(last).ends_at == midnight - timedelta(minutes=10)
    actions.shift_panel(last.panel, minutes=10, by=member)
    assert reload(last).ends_at == midnight


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_leave_one(timetable, agency, agency_admin, secretariat, slot_of):
    slot = slot_of(agency)
    found = at_once(
        lambda: actions.confirm_interview(slot, by=agency_admin).confirmed_by_id,
        lambda: actions.confirm_interview(slot, by=secretariat).confirmed_by_id,
    )
    assert found[0] == found[1] == reload(slot).confirmed_by_id


def test_days_offered_are_the_stage_s_working_days_without_holidays(interview_round):
    days = days_of(interview_round)
    assert all(day.weekday() < 5 for day in days)
    weekend, beyond = days[0] + timedelta(days=5 - days[0].weekday()), days[-1] + timedelta(days=60)
    holidays = {days[1].isoformat(): "Iduladha", weekend.isoformat(): "Sabtu", beyond.isoformat(): "Nanti"}
    interview_round.group.competition.holidays = holidays
    assert days_of(interview_round) == [days[0], *days[2:]]
    form = TimetableForm(judging_round=interview_round)
    assert days[1].isoformat() not in dict(form.fields["days"].choices)
    assert "Iduladha" in form.fields["days"].help_text
    assert "Nanti" not in form.fields["days"].help_text


def test_the_interviews_of_2023_have_the_thirteen_working_days_the_ministry_named(year):
    file = tomllib.loads(Path("competitions/years/2023.toml").read_text())
    stage = next(each for each in file["stages"] if each["key"] == "interview")
    holidays = file["competition"]["holidays"]
    assert sum(day.isoformat() not in holidays for day in calendar.working_days(stage["start"], stage["end"])) == 13
