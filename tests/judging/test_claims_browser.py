"""A team in the field: what it finds is kept without a line and sent when it is back; two who differ see both."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from judging import actions
from tests.browser.people import barriers_on
from tests.judging.interviewing import reload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 20_000


@pytest.fixture
def visit(page, live_server, as_user, panelist, entry, claim):
    """The form, open before the panelist."""
    value = as_user(panelist).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    found = entry.round
    address = reverse(
        "judging:visit", args=[found.group.competition.code, found.group.key, found.key, entry.proposal.code]
    )
    page.goto(live_server.url + address)
    return page


@pytest.fixture
def form(visit, claim):
    return visit.locator(f"form[data-claim='{claim.code}']")


def find(form, finding, note):
    form.locator(f"[name=finding][value={finding}]").check()
    form.locator("[name=note]").fill(note)


def said(form):
    return form.locator("[data-save-state]")


def test_a_finding_saves_itself_and_a_doubt_waits_for_its_reason(visit, form, claim):
    form.locator("[name=finding][value=partly]").check()
    expect(said(form)).to_have_text("Belum tersimpan")
    form.locator("[name=note]").fill("Dua dari lima puskesmas")
    form.locator("[name=note]").blur()
    expect(said(form)).to_contain_text("Tersimpan", timeout=SOON)
    assert (reload(claim).finding, reload(claim).note) == ("partly", "Dua dari lima puskesmas")


def test_found_without_a_line_and_kept_until_the_form_is_opened_again(visit, form, claim):
    visit.context.set_offline(True)
    find(form, "confirmed", "Dilihat di loket")
    form.locator("[name=note]").blur()
    expect(said(form)).to_contain_text("sambungan", timeout=SOON)
    assert reload(claim).finding == ""
    address = visit.url
    visit.goto("about:blank")
    visit.context.set_offline(False)
    visit.goto(address)
    expect(form.locator("[name=note]")).to_have_value("Dilihat di loket")
    # sent by this page, or by the one that was left as soon as there was a line: then this one has nothing to say
    expect(said(form)).to_have_text(re.compile("^$|Tersimpan"), timeout=SOON)
    assert (reload(claim).finding, reload(claim).note) == ("confirmed", "Dilihat di loket")


def test_two_who_differ_see_both_and_one_is_chosen(visit, form, claim, evaluator):
    actions.record_finding(claim, finding="not", note="Loket tutup", version=1, by=evaluator)
    find(form, "confirmed", "Dilihat di loket")
    form.locator("[name=note]").blur()
    expect(form.locator(".callout")).to_contain_text("Loket tutup", timeout=SOON)
    assert reload(claim).finding == "not"
    form.get_by_role("button", name="Pakai milik saya").click()
    expect(said(form)).to_contain_text("Tersimpan", timeout=SOON)
    assert (reload(claim).finding, reload(claim).note) == ("confirmed", "Dilihat di loket")


def test_the_form_fits_a_narrow_phone_and_has_no_barrier(visit, form):
    visit.set_viewport_size({"width": 320, "height": 700})
    assert visit.evaluate("document.documentElement.scrollWidth") <= 320
    assert not barriers_on(visit)
