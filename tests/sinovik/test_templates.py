"""What templates must keep that no single page's test would show."""

import re
from pathlib import Path

import pytest
from django.conf import settings

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
