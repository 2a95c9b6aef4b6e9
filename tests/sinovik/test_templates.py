"""What templates must keep that no single page's test would show."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = {str(path.relative_to(ROOT)): path.read_text() for path in ROOT.rglob("*.html")}
INCLUDE = re.compile(r'{% include "([^"]+)"([^%]*\bonly) %}')
NEEDS_TOKEN = {name for name, text in TEMPLATES.items() if "csrf_token" in text and "{% if csrf_token %}" not in text}


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_form_in_a_component_is_given_the_token_it_sends(name):
    """`only` hides the page's csrf_token; the test client does not ask for one, a browser's post is refused."""
    forgotten = [
        part for part, given in INCLUDE.findall(TEMPLATES[name]) if part in NEEDS_TOKEN and "csrf_token=" not in given
    ]
    assert forgotten == []


def has_summary(name):
    """Of its own, or of every page that it is a part of."""
    pages = [page for page, text in TEMPLATES.items() if f'{{% include "{name}"' in text]
    return "components/error_summary.html" in TEMPLATES[name] or (pages and all(map(has_summary, pages)))


@pytest.mark.parametrize("name", sorted(name for name, text in TEMPLATES.items() if "|crispy }}" in text))
def test_a_page_with_a_form_has_a_summary(name):
    """Crispy leaves what is wrong with the whole form to it."""
    assert has_summary(name)


@pytest.mark.django_db
def test_what_is_wrong_with_a_whole_form_is_said_once(as_user, year, group, secretariat, move_calendar):
    move_calendar(21)
    sent = {"group": group.pk, "kebaruan": "50", "dampak": "49"}
    page = as_user(secretariat).post(reverse("competitions:manage", args=[year.code]), sent)
    assert page.status_code == 422
    (said,) = page.context["form"].non_field_errors()
    assert page.content.decode().count(said) == 1
