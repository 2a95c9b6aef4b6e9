"""What an invited person meets behind the link in the mail."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation, Membership, User

FIELDS = {
    "name": "Budi Santoso", "position": "Dokter", "phone": "+62 812-3456-789", "password": "perahu-obat-malam-hari",
    "consent": "on",
}  # fmt: skip


@pytest.fixture
def where(invitation) -> str:
    return reverse("accounts:invitation", args=[invitation.token])


def test_a_new_person_joins_is_signed_in_and_can_log_in_again(client, where, agency):
    done = client.post(where, FIELDS, follow=True)
    assert "Anda kini menjadi inovator" in done.content.decode()
    assert done.wsgi_request.user.name == "Budi Santoso"
    client.logout()
    client.post(reverse("account_login"), {"login": "budi@example.go.id", "password": FIELDS["password"]})
    assert client.session["_auth_user_id"] == str(Membership.objects.get(user__name="Budi Santoso").user_id)


def test_a_known_address_is_asked_to_log_in(client, outsider, agency, agency_admin):
    invitation = actions.invite_innovator(agency, email=outsider.email, by=agency_admin)
    where = reverse("accounts:invitation", args=[invitation.token])
    page = client.post(where, FIELDS)
    assert f"{reverse('account_login')}?next={where}" in page.content.decode()
    assert not Membership.objects.filter(agency=agency, user=outsider).exists()


def test_a_signed_in_person_joins_under_another_address(as_user, outsider, where, agency):
    client = as_user(outsider)
    page = client.get(where).content.decode()
    assert "Undangan ini dikirim ke budi@example.go.id" in page
    assert f"Terima sebagai {outsider.email}" in page
    client.post(where)
    assert Membership.objects.current().filter(agency=agency, user=outsider).count() == 1
    assert client.get(where).status_code == 302  # the link again: on to the portal


def test_who_is_signed_in_with_the_wrong_account_logs_out_and_comes_back_to_the_invitation(as_user, outsider, where):
    client = as_user(outsider)
    answer = client.post(reverse("account_logout"), {"next": where}, follow=True)
    assert answer.redirect_chain[-1][0] == where
    assert "Akun Anda" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"expires_at": timezone.now()}, "kedaluwarsa"),
        ({"revoked_at": timezone.now()}, "menarik undangan"),
        ({"accepted_at": timezone.now()}, "sudah digunakan"),
    ],
)
def test_what_no_longer_works_says_so(client, where, change, says):
    Invitation.objects.update(**change)
    for page in (client.get(where), client.post(where, FIELDS)):
        assert page.status_code == 410
        assert says in page.content.decode()
    assert not User.objects.filter(email="budi@example.go.id").exists()


def test_the_admins_page_never_shows_the_token(as_user, agency_admin, invitation):
    assert invitation.token not in as_user(agency_admin).get(reverse("accounts:agency")).content.decode()
