"""A sign no database can hold never ends in an error page."""

import pytest
from django.conf import settings
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    ["/catalogue/?q=%00", "/catalogue/?q=a%00b&year=%00", "/registrations/?q=%00", "/registrations/?status=%00",
     "/proposals/?year=%00&status=%00", "/audit/?q=%00&kind=%00", "/screening/?q=%00"],
)  # fmt: skip
def test_a_filter_with_nul_is_a_filter_without(address, secretariat, as_user):
    assert as_user(secretariat).get(address).status_code in (200, 404)


def test_an_address_with_nul_leads_nowhere(secretariat, as_user):
    for address in ("/screening/%00/", "/catalogue/%00/", "/%00"):
        assert as_user(secretariat).get(address).status_code == 404


def test_a_form_with_nul_is_saved_without(draft, innovator, as_user):
    data = {"title": "Judul\x00 baru", "category": draft.category_id, "version": "1", "x\x00y": "\x00"}
    assert as_user(innovator).post(reverse("proposals:details", args=[draft.code]), data).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Judul baru"


@pytest.mark.parametrize("name", [settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME])
def test_a_cookie_with_nul_is_no_cookie(name, client):
    assert client.get("/proposals/", headers={"cookie": f'{name}="a\\000b"'}).status_code == 302


def test_signing_in_with_nul_is_refused_in_words(client):
    answer = client.post(reverse("account_login"), {"login": "a\x00@example.go.id", "password": "x\x00"})
    assert answer.status_code == 200
