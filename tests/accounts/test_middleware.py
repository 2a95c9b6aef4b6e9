import pytest
from django.conf import settings
from django.urls import reverse

PAGE = "/register/"


@pytest.mark.parametrize(
    ("accepts", "cookie", "language"),
    [
        ("", "", "id"),
        ("en-US,en;q=0.9", "", "id"),  # the browser's language is not a choice
        ("en-US,en;q=0.9", "id", "id"),
        ("id", "en", "en"),
        ("", "xx", "id"),
        ("", "de", "id"),
    ],
)
def test_a_visitor_reads_indonesian_unless_they_chose(db, client, accepts, cookie, language):
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    page = client.get(PAGE, headers={"Accept-Language": accepts})
    assert page["Content-Language"] == language
    assert f'<html lang="{language}"' in page.content.decode()


def test_the_switch_is_remembered(db, client):
    client.post(reverse("set_language"), {"language": "en", "next": PAGE})
    assert client.get(PAGE)["Content-Language"] == "en"
    client.post(reverse("set_language"), {"language": "id", "next": PAGE})
    assert client.get(PAGE)["Content-Language"] == "id"


@pytest.mark.parametrize(("language", "zone"), [("id", "WITA"), ("en", "WITA"), ("id", "WIT")])
def test_a_person_reads_their_language_and_zone(as_user, registration, language, zone):
    person = registration.user
    person.language = language
    person.time_zone = {"WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}[zone]
    person.save()
    page = as_user(person).get(reverse("accounts:registration", args=[registration.code]))
    assert page["Content-Language"] == language
    assert f" {zone}" in page.content.decode()


def test_nothing_of_one_reader_stays_for_the_next(as_user, client, registration):
    registration.user.language = "en"
    registration.user.save()
    as_user(registration.user).get(reverse("accounts:profile"))
    assert client.get(PAGE)["Content-Language"] == "id"
