from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from judging import actions
from judging.jurors import invitations
from judging.models import Assessment, ConflictOfInterest, Juror
from notifications.models import Message


@pytest.fixture
def invite(year, secretariat):
    def do(email="ani@kampus.ac.id", **fields):
        values = {"name": "Ani Wijaya", "kind": "evaluator", "by": secretariat}
        return actions.invite_juror(year, email=email, **(values | fields))

    return do


def test_a_new_person_gets_an_account_only_the_link_can_open(invite):
    juror = invite("Ani@Kampus.ac.id")
    assert juror.user.email == "ani@kampus.ac.id"
    assert not juror.user.has_usable_password()
    link = Message.objects.get(recipient=juror.user).link
    assert link.startswith("/judging/invitations/")
    opened = actions.open_account(invitations.token_for(juror), name="Dr. Ani", password="kalimat yang panjang")
    user = User.objects.get(pk=opened.user_id)
    assert user.check_password("kalimat yang panjang")
    assert user.emailaddress_set.get().verified


def test_a_link_opens_once(invite):
    juror = invite()
    token = invitations.token_for(juror)
    actions.open_account(token, name="Ani", password="kalimat yang panjang")
    with pytest.raises(ValidationError) as refused:
        actions.open_account(token, name="Lain", password="kalimat lain yang panjang")
    assert refused.value.code == "used"


def test_a_changed_or_expired_link_opens_nothing(invite, time_machine):
    token = invitations.token_for(invite())
    with pytest.raises(ValidationError) as refused:
        invitations.read(token[:-2] + "xx")
    assert refused.value.code == "invalid"
    time_machine.move_to(datetime.now(UTC) + timedelta(days=invitations.DAYS_VALID + 1))
    with pytest.raises(ValidationError) as refused:
        invitations.read(token)
    assert refused.value.code == "expired"


def test_an_existing_person_is_led_to_the_pact(invite, innovator):
    innovator.set_password("kalimat yang panjang")
    innovator.save()
    juror = invite(innovator.email)
    assert juror.user == innovator
    assert Message.objects.get(recipient=innovator).link == "/judging/pact/2023/"


def test_nobody_is_invited_twice_and_one_who_left_is_called_back(invite, secretariat):
    juror = invite()
    with pytest.raises(ValidationError) as refused:
        invite()
    assert refused.value.code == "already_juror"
    actions.leave(juror, reason="Sakit", by=secretariat)
    assert invite() == juror
    assert Juror.objects.get().left_at is None


def test_only_the_secretariat_invites(year, evaluator):
    with pytest.raises(PermissionDenied):
        actions.invite_juror(year, email="x@x.id", name="x", kind="evaluator", by=evaluator)


def test_the_first_acceptance_of_the_pact_stands(make_juror, secretariat):
    juror = make_juror("ani", signed=False)
    with pytest.raises(PermissionDenied):
        actions.accept_pact(juror, by=secretariat)
    actions.accept_pact(juror, by=juror.user)
    first = Juror.objects.get().pact_accepted_at
    actions.accept_pact(juror, by=juror.user)
    assert Juror.objects.get().pact_accepted_at == first is not None


def test_a_late_declaration_drops_even_final_sheets_and_finds_who_steps_in(sheet, score, make_juror, agency):
    stand_in = make_juror("budi")
    score(sheet, 80, 70)
    actions.declare_conflict(sheet.juror, agency=agency, reason="Pernah menjadi konsultan", by=sheet.juror.user)
    sheet.refresh_from_db()
    assert sheet.status == "recused"
    assert stand_in.assessments.get().entry == sheet.entry


def test_the_secretariat_may_record_a_tie_others_may_not(sheet, agency, secretariat, panelist):
    actions.declare_conflict(sheet.juror, agency=agency, reason="x", by=secretariat)
    with pytest.raises(PermissionDenied):
        actions.declare_conflict(sheet.juror, agency=agency, reason="x", by=panelist)
    actions.declare_conflict(sheet.juror, agency=agency, reason="again", by=secretariat)
    with pytest.raises(ValidationError):
        actions.declare_conflict(sheet.juror, reason="x", by=secretariat)
    actions.withdraw_conflict(ConflictOfInterest.objects.get(), by=sheet.juror.user)
    assert not ConflictOfInterest.objects.exists()


def test_who_leaves_hands_back_open_sheets_and_keeps_final_ones(sheet, score, make_juror, make_proposal, secretariat):
    stand_in = make_juror("budi")
    done = Assessment.objects.create(
        entry=sheet.entry.round.entries.create(proposal=make_proposal("B")), juror=sheet.juror, place=2
    )
    score(done, 80, 80)
    back = actions.leave(sheet.juror, reason="Sakit", by=secretariat)
    assert (back.taken, back.given, back.short) == (1, 1, 0)
    sheet.refresh_from_db()
    done.refresh_from_db()
    assert (sheet.status, done.status) == ("handed_back", "final")
    assert stand_in.assessments.get().entry == sheet.entry


def test_a_new_own_agency_moves_its_proposals_away(sheet, agency, secretariat):
    moved = actions.update_juror(sheet.juror, agency=agency, institution="", expertise=[], by=secretariat)
    assert moved == 1
