"""Drafting, scheduling, telling once, and extending a deadline."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import User
from announcements import actions
from announcements.models import Announcement
from audit.models import Event
from catalogue.models import Award
from competitions import calendar
from competitions.models import Competition
from notifications.models import Message
from proposals.models import Proposal


def code_of(error) -> str:
    errors = error.value.error_dict.values() if hasattr(error.value, "error_dict") else [error.value.error_list]
    return next(iter(errors))[0].code


def reach_the_moment(announcement) -> None:
    Announcement.objects.filter(pk=announcement.pk).update(publish_at=calendar.now() - timedelta(seconds=1))


def test_only_the_secretariat_announces(year, agency_admin):
    with pytest.raises(PermissionDenied):
        actions.draft_announcement(year, kind="news", number="1", title="A", body="B", by=agency_admin)


def test_a_number_is_given_once(year, drafted, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.draft_announcement(year, kind="news", number=drafted.number, title="A", body="B", by=secretariat)
    assert "number" in error.value.error_dict


def test_a_draft_is_edited_until_it_is_public(published, drafted, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.edit_announcement(drafted, kind="news", number="2", title="A", body="B", revision=1, by=secretariat)
    assert code_of(error) == "already_public"


@pytest.mark.parametrize(
    ("kind", "keeps_list", "code"), [("selection", False, "no_list"), ("news", True, "foreign_list")]
)
def test_what_is_scheduled_stays_fit_to_be_published(scheduled, finalists, secretariat, kind, keeps_list, code):
    lists = [finalists] if keeps_list else []
    with pytest.raises(ValidationError) as error:
        actions.edit_announcement(
            scheduled, kind=kind, number="2", title="A", body="B", selections=lists, revision=2, by=secretariat
        )
    assert code_of(error) == code
    scheduled.refresh_from_db()
    assert (scheduled.kind, list(scheduled.selections.all())) == ("selection", [finalists])


@pytest.mark.parametrize(
    ("kind", "body", "code"), [("selection", "x", "no_list"), ("news", "", "empty"), ("screening", "x", "not_released")]
)
def test_nothing_empty_is_published(year, secretariat, kind, body, code):
    one = actions.draft_announcement(year, kind=kind, number="9", title="A", body=body, by=secretariat)
    with pytest.raises(ValidationError) as error:
        actions.schedule(one, revision=one.revision, publish_at=None, by=secretariat)
    assert code_of(error) == code


def test_a_moment_in_the_past_is_refused(drafted, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.schedule(
            drafted, revision=drafted.revision, publish_at=calendar.now() - timedelta(minutes=1), by=secretariat
        )
    assert code_of(error) == "in_the_past"


def test_publicity_is_a_matter_of_the_clock_not_of_a_task(scheduled):
    assert not Announcement.objects.public().exists()
    reach_the_moment(scheduled)
    assert Announcement.objects.public().get() == scheduled


def test_nobody_is_told_before_the_moment(scheduled):
    assert actions.announce_due() == 0
    assert not Message.objects.exists()


def test_one_that_cannot_be_told_keeps_no_other_waiting(published, year, innovator, agency_admin, secretariat, caplog):
    news = actions.draft_announcement(year, kind="news", number="N/1", title="Kabar", body="Isi", by=secretariat)
    actions.schedule(news, revision=news.revision, publish_at=None, by=secretariat)
    reach_the_moment(published)
    User.objects.filter(pk=innovator.pk).update(time_zone="Asia/Nirwana")  # a letter to them can only fail
    assert actions.announce_due() == 1
    assert [each.recipient for each in Message.objects.all()] == [agency_admin]
    assert "could not be told" in caplog.text
    User.objects.filter(pk=innovator.pk).update(time_zone="Asia/Jakarta")
    assert actions.announce_due() == 1


def test_those_concerned_are_told_once_and_the_catalogue_fed(
    scheduled, agency_admin, innovator, other_admin, outsider, finalists
):
    reach_the_moment(scheduled)
    assert actions.announce_due() == 1
    assert actions.announce_due() == 0
    assert set(Message.objects.values_list("recipient", flat=True)) == {
        agency_admin.pk, innovator.pk, other_admin.pk, outsider.pk,
    }  # fmt: skip
    theirs = Message.objects.get(recipient=innovator).body
    assert "Antar Obat" in theirs
    assert "Sekolah Apung" not in theirs
    assert "9" + "0.2345" not in theirs
    award = Award.objects.get(innovation__title="Antar Obat")
    assert (award.year, award.tier, award.label) == (2023, "finalist", "Finalis Top Inovasi")
    assert not Award.objects.filter(innovation__title="Sekolah Apung").exists()
    assert Event.objects.get(verb="announcements.publish").data["told"] == 4


@pytest.mark.parametrize(("in_a_demo", "awards"), [(False, 0), (True, 1)])
def test_invented_winners_reach_no_catalogue_but_a_demonstrations(scheduled, settings, in_a_demo, awards):
    settings.DEMO = in_a_demo
    Competition.objects.update(is_demonstration=True)
    reach_the_moment(scheduled)
    actions.announce_due()
    assert Award.objects.filter(innovation__title="Antar Obat").count() == awards


def test_an_unscheduled_announcement_is_a_draft_again(scheduled, secretariat):
    actions.unschedule(scheduled, by=secretariat)
    assert Announcement.objects.drafts().get() == scheduled


def test_extending_moves_the_deadline_announces_it_and_tells_those_with_work_left(
    year, draft, agency_admin, secretariat, evaluator
):
    stage = calendar.submission_stage(year)
    before, after = stage.ends_at, stage.ends_at + timedelta(days=4)
    one = actions.extend_deadline(
        stage, ends_at=after, letter_number="B/97/2023", reason="Cuti bersama.", by=secretariat
    )
    assert calendar.closes_at(year) == after
    assert Announcement.objects.public().get() == one
    assert (one.kind, one.number) == ("extension", "B/97/2023")
    assert "Cuti bersama." in one.body
    for zone in ("WIB", "WITA", "WIT"):
        assert one.body.count(zone) >= 2
    assert set(Message.objects.values_list("recipient", flat=True)) == {agency_admin.pk, draft.lead.pk}
    assert actions.announce_due() == 0
    assert before < after


def test_an_extension_only_goes_later(year, secretariat):
    stage = calendar.submission_stage(year)
    with pytest.raises(ValidationError) as error:
        actions.extend_deadline(
            stage, ends_at=stage.ends_at - timedelta(days=1), letter_number="B/1", reason="x", by=secretariat
        )
    assert code_of(error) == "not_later"


def test_one_letter_may_extend_two_stages(year, secretariat):
    for stage in year.stages.filter(key__in=["registration", "submission"]):
        actions.extend_deadline(
            stage, ends_at=stage.ends_at + timedelta(days=2), letter_number="B/9", reason="x", by=secretariat
        )
    assert set(Announcement.objects.values_list("number", flat=True)) == {"B/9", "B/9 (Submission)"}


def test_screening_results_concern_those_who_sent(year, draft, agency_admin, other_admin, secretariat):
    """Announced once released: leads and agency admins with a standing proposal."""
    from tests.proposals.screening_cast import sent_proposal

    sent_proposal(year, draft.agency, draft.lead)
    one = Announcement.objects.create(
        competition=year, kind="screening", number="S/1", title="Hasil", publish_at=calendar.now()
    )
    assert actions.announce_due() == 1
    assert set(Message.objects.values_list("recipient", flat=True)) == {agency_admin.pk, draft.lead.pk}
    assert Proposal.objects.count() == 2
    one.refresh_from_db()
    assert one.told_at is not None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_clocks_tell_once(published, agency_admin, other_admin):
    told = []

    def tick():
        try:
            told.append(actions.announce_due())
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(told) == 1
    assert Message.objects.count() == 4
    assert Event.objects.filter(verb="announcements.publish").count() == 1
