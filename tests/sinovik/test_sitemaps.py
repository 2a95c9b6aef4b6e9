"""What search engines are told: public pages by their addresses, and the folders of mailed links they keep out of."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_search_engines_find_the_public_pages_and_stay_out_of_mailed_links(as_user):
    browser = as_user(None)
    sitemap = browser.get(reverse("sitemap")).content.decode()
    for name in ("home", "yearbook:statistics", "helpdesk:help", "catalogue:list"):
        assert f"{reverse(name)}</loc>" in sitemap
    lines = browser.get(reverse("robots")).content.decode().splitlines()
    for name in ("helpdesk:track", "helpdesk:write", "objections:track", "objections:file"):
        assert any(reverse(name, args=["k"]).startswith(line.removeprefix("Disallow: ")) for line in lines[1:-1])
    assert not any(reverse("helpdesk:help").startswith(line.removeprefix("Disallow: ")) for line in lines[1:-1])
