"""The public pages in a real browser: nothing is refused by our own safety rules, and nothing needs JavaScript."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = ["/", "/accounts/login/", "/register/", "/years/", "/catalogue/", "/announcements/", "/help/", "/verify/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_opens_without_a_complaint(page, live_server, path):
    complaints = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    response = page.goto(live_server.url + path)
    assert response.status == 200
    assert complaints == []


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_reads_the_same_without_javascript(browser, live_server, path):
    headings = []
    for with_javascript in (True, False):
        context = browser.new_context(java_script_enabled=with_javascript, locale="id-ID")
        page = context.new_page()
        page.goto(live_server.url + path)
        headings.append(page.locator("h1").all_inner_texts())
        context.close()
    assert headings[0] == headings[1] != []
