"""What the browser does while somebody writes: saves by itself, never over another's text, never losing one's own."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from proposals import actions
from proposals.models import Answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT_ONCE = 10_000


@pytest.fixture
def writing(page, live_server, draft, innovator, as_user):
    """The page of the first aspect, opened by the innovator."""
    cookie = as_user(innovator).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + reverse("proposals:aspect", args=[draft.code, "kebaruan"]))
    return page


def state(page):
    return page.locator("[data-save-state]")


def kept(page):
    """The texts that wait in the browser."""
    return page.evaluate("Object.entries(sessionStorage).filter(([key]) => key.startsWith('unsaved:'))")


def test_what_is_typed_is_saved_and_counted(writing, draft):
    writing.get_by_role("textbox").fill("kata " * 52)
    expect(writing.locator("[data-counter]")).to_contain_text("52")
    expect(writing.locator("[data-counter]")).to_have_class(re.compile("is-over"))
    writing.get_by_role("textbox").blur()
    expect(state(writing)).to_contain_text("WITA", timeout=AT_ONCE)
    assert draft.answers.get().words == 52
    assert kept(writing) == []
    writing.get_by_role("textbox").fill("Lebih singkat.")
    expect(state(writing)).to_contain_text("Belum tersimpan")
    expect(state(writing)).to_contain_text("WITA", timeout=AT_ONCE)
    assert Answer.objects.get().version == 2


def test_another_tab_is_never_overwritten(writing, draft, innovator, question):
    actions.save_answer(draft, question, text="Dari tab lain.", base_version=0, by=innovator)
    writing.get_by_role("textbox").fill("Dari tab ini.")
    writing.get_by_role("textbox").blur()
    writing.get_by_role("button", name="Lihat kedua versi").click(timeout=AT_ONCE)
    expect(writing.get_by_role("textbox")).to_have_value("Dari tab ini.")
    expect(writing.get_by_text("Dari tab lain.")).to_be_visible()
    assert Answer.objects.get().text == "Dari tab lain."
    writing.get_by_role("button", name="Simpan teks di kotak saya").click()
    expect(writing.get_by_role("textbox")).to_have_value("Dari tab ini.")
    assert Answer.objects.get().text == "Dari tab ini."


def test_a_lost_connection_keeps_the_text_until_it_is_back(writing, draft):
    writing.context.set_offline(True)
    writing.get_by_role("textbox").fill("Ditulis tanpa sambungan.")
    writing.get_by_role("textbox").blur()
    expect(state(writing)).to_contain_text("sambungan terputus", timeout=AT_ONCE)
    assert "Ditulis tanpa sambungan." in str(kept(writing))
    writing.context.set_offline(False)
    writing.reload()
    expect(writing.get_by_role("textbox")).to_have_value("Ditulis tanpa sambungan.")
    expect(state(writing)).to_contain_text("WITA", timeout=AT_ONCE)
    assert draft.answers.get().text == "Ditulis tanpa sambungan."


def test_an_ended_session_keeps_the_text_until_one_is_signed_in_again(writing, live_server, draft, innovator, as_user):
    writing.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    writing.get_by_role("textbox").fill("Sesi sudah berakhir.")
    writing.get_by_role("textbox").blur()
    expect(state(writing).get_by_role("link")).to_be_visible(timeout=AT_ONCE)
    expect(writing.get_by_role("textbox")).to_have_value("Sesi sudah berakhir.")
    assert not draft.answers.exists()
    session = as_user(innovator).cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: "a" * 32}  # as a new sign-in sets them
    writing.context.add_cookies([{"name": name, "value": value, "url": live_server.url}
                                 for name, value in cookies.items()])  # fmt: skip
    expect(state(writing)).to_contain_text("WITA", timeout=2 * AT_ONCE)
    assert draft.answers.get().text == "Sesi sudah berakhir."
