"""What stands around every page: language, navigation, account pages, errors."""

import re

import pytest
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Agency

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", re.IGNORECASE)
PUBLIC = [
    "home", "helpdesk:help", "account_login", "account_reset_password", "account_reset_password_done", "account_signup",
    "account_email_verification_sent", "account_inactive", "account_reset_password_from_key_done",
]  # fmt: skip
SIGNED_IN = ["home", "account_logout", "account_change_password", "account_email", "account_reauthenticate"]


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_carry_no_inline_code(as_user, name):
    answer = as_user(None).get(reverse(name))
    assert answer.status_code == 200
    assert not INLINE.search(answer.content.decode())


@pytest.mark.parametrize("name", SIGNED_IN)
def test_signed_in_pages_carry_no_inline_code(as_user, innovator, name):
    innovator.set_password("kata-sandi-yang-panjang")
    innovator.save()
    answer = as_user(innovator).get(reverse(name))
    assert answer.status_code == 200
    assert not INLINE.search(answer.content.decode())


def test_a_visitors_language_is_kept_in_a_cookie(as_user, db):
    client = as_user(None)
    assert 'lang="id"' in client.get("/").content.decode()
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/help/"})
    assert answer.url == "/help/"
    assert 'lang="en"' in client.get("/").content.decode()


def test_a_signed_in_persons_language_is_kept_with_the_account(as_user, innovator):
    client = as_user(innovator)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    innovator.refresh_from_db()
    assert innovator.language == "en"
    assert 'lang="en"' in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["xx", "fr", ""])
def test_a_language_the_portal_does_not_speak_changes_nothing(as_user, innovator, language):
    as_user(innovator).post(reverse("set_language"), {"language": language, "next": "/"})
    innovator.refresh_from_db()
    assert innovator.language == "id"


def test_the_language_switch_does_not_lead_away_from_the_portal(as_user, db):
    answer = as_user(None).post(reverse("set_language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.url == "/"


@pytest.mark.parametrize(
    ("who", "there", "absent"),
    [
        (None, ["/years/", "/catalogue/", "/announcements/"], ["/proposals/", "/judging/", "/registrations/"]),
        ("innovator", ["/proposals/"], ["/agency/", "/judging/", "/registrations/"]),
        ("agency_admin", ["/proposals/", "/agency/"], ["/judging/", "/registrations/"]),
        ("secretariat", ["/registrations/", "/screening/", "/judging/manage/2023/"], ["/agency/"]),
        ("evaluator", ["/judging/"], ["/proposals/", "/registrations/"]),
    ],
)
def test_the_navigation_follows_the_role(request, as_user, year, who, there, absent):
    user = request.getfixturevalue(who) if who else None
    answer = as_user(user).get("/")
    links = [link.url for link in answer.context["portal"].navigation]
    assert [url for url in there if url not in links] == []
    assert [url for url in absent if url in links] == []
    assert links[0] == "/"


@pytest.mark.parametrize(
    ("page", "part"),
    [
        (("accounts:registrations",), ("accounts:registrations",)),
        (("judging:ranking", "2023", "umum", "desk"), ("judging:manage", "2023")),
    ],
)
def test_the_part_one_is_in_is_marked(as_user, secretariat, year, page, part):
    answer = as_user(secretariat).get(reverse(page[0], args=page[1:]))
    current = [link.url for link in answer.context["portal"].navigation if link.current]
    assert current == [reverse(part[0], args=part[1:])]


def test_a_page_that_is_not_there_says_so_in_the_portals_frame(as_user, innovator):
    answer = as_user(innovator).get("/nowhere/at/all/")
    assert answer.status_code == 404
    assert "Halaman ini tidak ada" in answer.content.decode()


def test_the_failure_page_needs_nothing_that_may_have_failed():
    from django.template.loader import get_template

    assert "Terjadi gangguan" in get_template("500.html").render()


def test_nothing_chosen_is_said_in_words_in_every_list_of_choices(db):
    class Form(forms.Form):
        kind = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "A")])
        agency = forms.ModelChoiceField(Agency.objects.none())

    for language, words in (("id", "Pilih …"), ("en", "Choose …")):
        with override(language):
            shown = str(Form())
        assert shown.count(words) == 2
        assert "---" not in shown
