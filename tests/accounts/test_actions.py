import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import actions
from accounts.models import Agency, Invitation, Membership, Registration, Unit, User
from audit.models import Event
from notifications.models import Message
from tests.accounts.conftest import PERSON


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=f"accounts/mail/{kind}").values_list("address", flat=True))


def verbs() -> list[str]:
    return list(Event.objects.values_list("verb", flat=True))


class Refused:
    """The code with which an action refuses."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.expected = pytest.raises(ValidationError)

    def __enter__(self):
        self.info = self.expected.__enter__()
        return self.info

    def __exit__(self, *exc):
        caught = self.expected.__exit__(*exc)
        assert self.info.value.error_list[0].code == self.code
        return caught


# --- registering ---
def test_registering_makes_an_account_that_is_not_confirmed(agency, letter):
    registration = actions.register(
        agency, letter_number="065/1", letter=letter, email="Siti@Example.go.id", password="sangat-rahasia-1", **PERSON
    )
    user = registration.user
    assert (user.email, user.check_password("sangat-rahasia-1")) == ("siti@example.go.id", True)
    assert user.consented_at
    assert not EmailAddress.objects.get(user=user).verified
    assert (registration.status, registration.letter.name) == ("pending", "surat tugas.pdf")
    assert told("confirm_email") == told("registration_received") == ["siti@example.go.id"]
    assert verbs() == ["accounts.register"]


def test_an_address_with_an_account_only_tells_its_owner(agency, innovator, stored_letter):
    made = actions.register(agency, letter_number="1", letter=stored_letter, email=innovator.email, **PERSON)
    assert made is None
    assert not Registration.objects.exists()
    assert told("account_exists") == [innovator.email]


def test_a_wrong_file_leaves_nothing_behind(agency):
    upload = SimpleUploadedFile("surat.pdf", b"bukan pdf", content_type="application/pdf")
    with Refused("wrong_kind"):
        actions.register(agency, letter_number="1", letter=upload, email="siti@example.go.id", **PERSON)
    assert not User.objects.filter(email="siti@example.go.id").exists()


def test_who_may_not_register(agency, agency_admin, innovator, stored_letter):
    enterprise = Agency.objects.create(code="BD9", name="Perumda", slug="p", type="roe", parent=agency)
    area = Agency.objects.create(code="31.71", name="Kota Adm", slug="k", type="city", participates=False)
    for where, who, code in [
        (enterprise, None, "uses_its_governments_admin"),
        (area, None, "does_not_take_part"),
        (agency, agency_admin, "already_admin"),
    ]:
        with Refused(code):
            actions.register(where, letter_number="1", letter=stored_letter, user=who, email="a@b.go.id", **PERSON)
    actions.register(agency, letter_number="1", letter=stored_letter, user=innovator)
    with pytest.raises(ValidationError, match="sudah mendaftar"):
        actions.register(agency, letter_number="2", letter=stored_letter, user=innovator)


# --- deciding ---
def test_approving_makes_the_admin(agency, registration, secretariat):
    membership = actions.approve(registration, by=secretariat)
    registration.refresh_from_db()
    assert agency.admin == registration.user == membership.user
    assert (registration.status, registration.decided_by) == ("approved", secretariat)
    assert told("registration_approved") == ["siti@example.go.id"]
    assert verbs() == ["accounts.register", "accounts.add_member", "accounts.approve"]


def test_approving_hands_over_with_history(agency, agency_admin, registration, secretariat):
    actions.approve(registration, by=secretariat, replacing=agency_admin)
    former = Membership.objects.get(user=agency_admin)
    assert agency.admin == registration.user
    assert former.ended_at
    assert "Siti Aminah" in former.ended_because
    assert told("membership_ended") == [agency_admin.email]


def test_when_a_registration_cannot_be_approved(agency, agency_admin, register_for, registration, secretariat, clerk):
    unconfirmed = register_for(agency, "baru@example.go.id", confirmed=False)
    with Refused("email_not_confirmed"):
        actions.approve(unconfirmed, by=secretariat)
    with Refused("admin_changed"):  # the clerk saw no admin
        actions.approve(registration, by=secretariat, replacing=None)
    actions.approve(registration, by=secretariat, replacing=agency_admin)
    with Refused("already_decided") as refusal:
        actions.approve(registration, by=clerk)
    assert "Secretariat" in refusal.value.messages[0]  # says who was first
    actions.confirm_email(unconfirmed.user)
    User.objects.filter(pk=unconfirmed.user_id).update(is_active=False)
    with Refused("account_disabled"):
        actions.approve(unconfirmed, by=secretariat)
    assert agency.admin == registration.user


def test_refusing_needs_a_reason_and_leaves_the_way_open(
    agency, registration, register_for, secretariat, stored_letter
):
    with Refused("reason_missing"):
        actions.refuse(registration, reason="  ", by=secretariat)
    actions.refuse(registration, reason="Surat belum ditandatangani.", by=secretariat)
    message = Message.objects.get(kind="accounts/mail/registration_refused")
    assert "Surat belum ditandatangani." in message.body
    assert actions.register(agency, letter_number="2", letter=stored_letter, user=registration.user)
    with Refused("already_decided"):
        actions.refuse(registration, reason="x", by=secretariat)


# --- units ---
def test_units_open_close_and_keep_their_names_apart(agency, agency_admin, unit):
    other = actions.open_unit(agency, name="  Dinas   Kesehatan ", by=agency_admin)
    assert other.name == "Dinas Kesehatan"
    with pytest.raises(ValidationError, match="sudah memiliki unit"):
        actions.open_unit(agency, name=unit.name, by=agency_admin)
    with pytest.raises(ValidationError, match="sudah memiliki unit"):
        actions.rename_unit(other, name=unit.name, by=agency_admin)
    actions.set_unit_open(unit, is_open=False, by=agency_admin)
    actions.set_unit_open(unit, is_open=False, by=agency_admin)
    assert list(Unit.objects.open()) == [Unit.objects.get(name="Dinas Kesehatan")]
    assert verbs() == ["accounts.open_unit", "accounts.close_unit"]


def test_nobody_approves_their_own_registration(registration, secretariat, as_user):
    registration.user.is_secretariat = True
    registration.user.save()
    with Refused("own_registration"):
        actions.approve(registration, by=registration.user)
    page = as_user(registration.user).get(f"/registrations/{registration.code}/").content.decode()
    assert f"/registrations/{registration.code}/approve/" not in page
    assert actions.approve(registration, by=secretariat).user == registration.user


# --- inviting ---
def test_an_address_is_invited_once(agency, agency_admin, invitation):
    again = actions.invite_innovator(agency, email="BUDI@example.go.id ", by=agency_admin)
    assert again == invitation
    assert told("invitation") == ["budi@example.go.id"]
    message = Message.objects.get(kind="accounts/mail/invitation")
    assert message.link == f"/invitations/{invitation.token}/"


def test_an_address_invited_again_goes_to_the_unit_named_last(agency, agency_admin, invitation):
    other = Unit.objects.create(agency=agency, name="Puskesmas Lain")
    assert actions.invite_innovator(agency, email=invitation.email, unit=other, by=agency_admin).unit == other
    assert actions.invite_innovator(agency, email=invitation.email, by=agency_admin).unit == other
    assert told("invitation") == [invitation.email]
    assert actions.accept_invitation(invitation, name="Budi").unit == other


def test_an_expired_invitation_is_renewed(agency, agency_admin, invitation):
    Invitation.objects.update(expires_at=timezone.now())
    Message.objects.all().delete()
    again = actions.invite_innovator(agency, email=invitation.email, by=agency_admin)
    assert (again, again.state) == (invitation, "open")
    assert told("invitation") == [invitation.email]


def test_who_cannot_be_invited(agency, other_agency, agency_admin, innovator, unit):
    foreign = Unit.objects.create(agency=other_agency, name="Unit Lain")
    closed = Unit.objects.create(agency=agency, name="Unit Lama", is_open=False)
    for email, where, code in [
        (innovator.email, None, "already_member"),
        ("x@example.go.id", foreign, "unit_of_another_agency"),
        ("x@example.go.id", closed, "unit_closed"),
    ]:
        with Refused(code):
            actions.invite_innovator(agency, email=email, unit=where, by=agency_admin)


def test_accepting_makes_a_confirmed_account(agency, unit, agency_admin, invitation):
    membership = actions.accept_invitation(invitation, name="Budi", phone="0812", password="sangat-rahasia-1")
    user = membership.user
    assert (membership.agency, membership.unit, membership.role) == (agency, unit, "innovator")
    assert (user.email, user.time_zone) == ("budi@example.go.id", agency.time_zone)
    assert EmailAddress.objects.get(user=user).verified
    assert told("invitation_accepted") == [agency_admin.email]
    assert actions.accept_invitation(invitation, user=user) == membership  # the same press twice
    assert Membership.objects.filter(user=user).count() == 1


def test_accepting_with_an_account_one_has(agency, other_agency, outsider, invitation):
    actions.accept_invitation(invitation, user=outsider)
    assert {membership.agency for membership in outsider.memberships.current()} == {agency, other_agency}


def test_what_cannot_be_accepted(agency, agency_admin, outsider, invitation):
    with Refused("sign_in_first"):
        known = actions.invite_innovator(agency, email=outsider.email, by=agency_admin)
        actions.accept_invitation(known, name="Bukan Saya", password="sangat-rahasia-1")
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    with Refused("invitation_expired"):
        actions.accept_invitation(invitation, name="Budi")
    actions.resend_invitation(invitation, by=agency_admin)
    actions.revoke_invitation(invitation, by=agency_admin)
    for deed in (actions.resend_invitation, actions.revoke_invitation):
        with Refused("invitation_revoked"):
            deed(invitation, by=agency_admin)
    with Refused("invitation_revoked"):
        actions.accept_invitation(invitation, name="Budi")
    fresh = actions.invite_innovator(agency, email=invitation.email, by=agency_admin)
    actions.accept_invitation(fresh, name="Budi")
    with Refused("invitation_accepted"):
        actions.accept_invitation(fresh, user=outsider)


# --- memberships ---
def test_ending_a_membership(agency, innovator, agency_admin):
    membership = innovator.memberships.get()
    with Refused("reason_missing"):
        actions.end_membership(membership, reason="", by=agency_admin)
    for _again in range(2):
        actions.end_membership(membership, reason="Pindah tugas.", by=agency_admin)
    membership.refresh_from_db()
    assert membership.ended_because == "Pindah tugas."
    assert told("membership_ended") == [innovator.email]
    assert verbs() == ["accounts.end_membership"]
    back = actions.add_member(agency, user=innovator, role=Membership.Role.INNOVATOR, by=agency_admin)
    assert back != membership


def test_a_second_admin_is_refused_by_the_database(agency, agency_admin, outsider):
    with pytest.raises(ValidationError, match="sudah memiliki admin"):
        actions.add_member(agency, user=outsider, role=Membership.Role.ADMIN, by=None)


def test_naming_a_successor(agency, agency_admin):
    actions.suggest_successor(agency, email="Baru@example.go.id", name="Baru", by=agency_admin)
    message = Message.objects.get(kind="accounts/mail/asked_to_succeed")
    assert (message.address, message.link) == ("baru@example.go.id", f"/register/?agency={agency.code}")
    assert agency.admin == agency_admin


def test_few_queries_each(agency, stored_letter, secretariat, django_assert_max_num_queries):
    """The rehearsal lives hundreds of agencies through these."""
    with django_assert_max_num_queries(15):
        registration = actions.register(agency, letter_number="1", letter=stored_letter, email="a@b.go.id", **PERSON)
    actions.confirm_email(registration.user)
    with django_assert_max_num_queries(16):
        membership = actions.approve(registration, by=secretariat)
    with django_assert_max_num_queries(10):
        invitation = actions.invite_innovator(agency, email="c@d.go.id", by=membership.user)
    with django_assert_max_num_queries(20):
        actions.accept_invitation(invitation, name="C")
