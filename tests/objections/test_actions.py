"""Filing in time, once, with a number; answering, referring, deciding by two; nothing lost, nobody named."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.mailed_links import LINKS_AN_HOUR
from announcements import actions as announcing
from audit.models import Event
from competitions import calendar
from competitions.models import Stage
from competitions.progress import current_years
from desk.matters import Moment, counted
from judging.models import ConflictOfInterest, Disqualification, Juror
from notifications.models import Message
from objections import actions
from objections.models import Evidence, FilingLink, Objection
from tests.announcements.test_actions import code_of
from tests.announcements.test_published_files import paper
from tests.objections.conftest import OWNER


def file(finalist, **fields):
    given = {"email": OWNER, "name": "Warga Peduli", "text": "Tidak benar.", "by": None} | fields
    return actions.file_objection(finalist, **given)


def test_an_objection_gets_a_number_and_everybody_concerned_a_letter(finalist, secretariat, clerk, agency_admin):
    filed = file(finalist, uploads=[paper()])
    assert filed.number == "SGH-2023-00001"
    assert Evidence.objects.get(objection=filed).file.media_type == "application/pdf"
    letters = Message.objects.filter(key__startswith="objections.")
    receipt = letters.get(address=OWNER)
    assert receipt.link == filed.tracking_url
    assert filed.number in receipt.body
    told = {each.recipient_id: each for each in letters.exclude(address=OWNER)}
    assert set(told) == {secretariat.pk, clerk.pk, agency_admin.pk, finalist.lead_id}
    for letter in told.values():
        assert OWNER not in letter.body + letter.subject + letter.link
        assert "Warga" not in letter.body
        assert filed.token not in letter.body + letter.link
    event = Event.objects.get(verb="objections.file")
    assert event.actor is None
    assert "warga" not in str(event.data).lower()


def test_sending_again_changes_nothing_and_another_text_is_refused(finalist):
    first = file(finalist)
    assert file(finalist, email=OWNER.upper()) == first
    with pytest.raises(ValidationError) as error:
        file(finalist, text="Lain lagi.")
    assert code_of(error) == "already_filed"
    assert Message.objects.filter(address=OWNER).count() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"text": "  "}, "text_needed"), ({"name": ""}, "name_needed"), ({"uploads": [0] * 6}, "too_many_files")],
)
def test_what_is_missing_is_named(finalist, fields, code):
    with pytest.raises(ValidationError) as error:
        file(finalist, **fields)
    assert code_of(error) == code


@pytest.mark.parametrize("days", [(-5, -1), (1, 5)])
def test_only_within_the_period_by_the_database_s_clock(finalist, stage, days, asker):
    now = timezone.now()
    Stage.objects.filter(pk=stage.pk).update(
        starts_at=now + timedelta(days=days[0]), ends_at=now + timedelta(days=days[1])
    )
    for attempt in (lambda: file(finalist), lambda: actions.ask_link(finalist, email=OWNER, visitor=asker)):
        with pytest.raises(ValidationError) as error:
            attempt()
        assert code_of(error) == "closed"
    assert not Objection.objects.exists()


def test_only_a_published_finalist_can_be_objected_to(finalist, passed):
    with pytest.raises(ValidationError) as error:
        file(passed[1])
    assert code_of(error) == "not_a_finalist"


def test_before_the_announcement_nobody_can_be_objected_to(scheduled, passed, stage):
    with pytest.raises(ValidationError) as error:
        file(passed[0])
    assert code_of(error) == "not_a_finalist"


def test_a_link_is_mailed_and_not_more_than_a_few(finalist, asker):
    link = actions.ask_link(finalist, email=OWNER, visitor=asker)
    assert Message.objects.get(address=OWNER).link.endswith(f"{link.token}/")
    for _again in range(LINKS_AN_HOUR - 1):
        actions.ask_link(finalist, email=OWNER, visitor=asker)
    with pytest.raises(ValidationError) as error:
        actions.ask_link(finalist, email=OWNER, visitor=asker)
    assert code_of(error) == "too_many"
    actions.ask_link(finalist, email="lain@contoh.id", visitor=asker)
    assert "10.0.0.1" not in FilingLink.objects.first().visitor


def test_no_link_outlives_the_period(finalist, stage, asker):
    Stage.objects.filter(pk=stage.pk).update(ends_at=timezone.now() + timedelta(hours=1))
    stage.refresh_from_db()
    assert actions.ask_link(finalist, email=OWNER, visitor=asker).expires_at == stage.ends_at


def test_what_was_filed_never_changes_and_is_never_deleted(filed):
    for change in (
        lambda: Objection.objects.filter(pk=filed.pk).update(text="x"),
        lambda: Objection.objects.filter(pk=filed.pk).update(email="x@y.id"),
        lambda: Objection.objects.filter(pk=filed.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_agency_answers_once(filed, agency_admin, innovator, other_admin, secretariat):
    for person in (innovator, other_admin, secretariat):
        with pytest.raises(PermissionDenied):
            actions.answer(filed, text="Tidak benar.", by=person)
    actions.answer(filed, text="Alat dipakai sejak 2021.", by=agency_admin)
    actions.answer(filed, text="Alat dipakai sejak 2021.", by=agency_admin)
    with pytest.raises(ValidationError) as error:
        actions.answer(filed, text="Lain.", by=agency_admin)
    assert code_of(error) == "already_answered"
    assert Message.objects.filter(kind="objections/mail/answered").count() == 1


def test_two_of_the_panel_decide_and_everybody_hears(referred, panelist, second_panelist, agency_admin, secretariat):
    proposed = actions.propose_decision(referred, outcome="dismissed", reason="Tidak terbukti.", by=panelist)
    assert Message.objects.get(kind="objections/mail/proposed").recipient == second_panelist
    with pytest.raises(ValidationError) as error:
        actions.confirm_decision(proposed, expected=actions.stamp(proposed), by=panelist)
    assert code_of(error) == "own_proposal"
    decided = actions.confirm_decision(proposed, expected=actions.stamp(proposed), by=second_panelist)
    assert decided.state == "dismissed"
    assert "Tidak terbukti." in Message.objects.get(kind="objections/mail/decided").body
    assert agency_admin in {each.recipient for each in Message.objects.filter(kind="objections/mail/decided_agency")}
    assert Message.objects.get(kind="objections/mail/decided_clerk").recipient == secretariat
    with pytest.raises(ValidationError) as error:
        actions.propose_decision(decided, outcome="upheld", reason="x", by=panelist)
    assert code_of(error) == "decided"


def test_a_decision_rewritten_meanwhile_is_not_confirmed_unread(referred, panelist, second_panelist):
    read = actions.stamp(actions.propose_decision(referred, outcome="dismissed", reason="Tidak.", by=panelist))
    actions.propose_decision(referred, outcome="upheld", reason="Ya.", by=panelist)
    with pytest.raises(ValidationError) as error:
        actions.confirm_decision(referred, expected=read, by=second_panelist)
    assert code_of(error) == "changed"


def test_nobody_decides_outside_the_panel_or_with_a_tie(referred, year, secretariat, agency_admin, evaluator, panelist):
    for person in (secretariat, agency_admin, evaluator):
        with pytest.raises(PermissionDenied):
            actions.propose_decision(referred, outcome="upheld", reason="x", by=person)
    ConflictOfInterest.objects.create(
        juror=Juror.objects.get(user=panelist), proposal=referred.proposal, reason="Teman."
    )
    with pytest.raises(PermissionDenied):
        actions.propose_decision(referred, outcome="upheld", reason="x", by=panelist)


def test_the_panel_needs_two_free_members(filed, panelist, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.refer(filed, finding="Dicek.", by=secretariat)
    assert code_of(error) == "no_panel"


def test_an_upheld_objection_leads_to_a_disqualification(upheld, finalist, secretariat):
    with pytest.raises(PermissionDenied):
        actions.carry_out(upheld, by=finalist.lead)
    actions.carry_out(upheld, by=secretariat)
    note = Disqualification.objects.get(proposal=finalist)
    assert upheld.number in note.reason
    assert note.confirmed_at is None
    assert Event.objects.filter(verb="objections.carry_out").count() == 1


def test_a_dismissed_one_does_not(referred, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.carry_out(referred, by=secretariat)
    assert code_of(error) == "not_upheld"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_a_number_each_and_the_same_person_one(finalist):
    filed, start = [], threading.Barrier(6)

    def go(who):
        start.wait(30)
        try:
            filed.append(file(finalist, email=f"warga{who}@contoh.id").number)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(who,)) for who in (1, 1, 2, 3, 4, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(set(filed)) == [f"SGH-2023-0000{place}" for place in range(1, 5)]
    assert len(filed) == 6
    assert Objection.objects.count() == 4
    assert Message.objects.filter(kind="objections/mail/receipt").count() == 4


def test_results_about_to_be_public_are_late_on_the_desk_while_somebody_objects(
    referred, finalists, year, secretariat, panelist, second_panelist
):
    waiting = announcing.draft_announcement(
        year, kind="winner", number="B/9", title="Top 45", body="", selections=[finalists], by=secretariat
    )
    at = Moment.of(current_years())
    assert counted(at)["objected"].late == 0
    announcing.schedule(waiting, revision=1, publish_at=calendar.now() + timedelta(days=1), by=secretariat)
    found = counted(at)["objected"]
    assert (found.late, found.since) == (1, referred.filed_at)
    proposed = actions.propose_decision(referred, outcome="dismissed", reason="Tidak terbukti.", by=panelist)
    actions.confirm_decision(proposed, expected=actions.stamp(proposed), by=second_panelist)
    assert counted(at)["objected"].late == 0
