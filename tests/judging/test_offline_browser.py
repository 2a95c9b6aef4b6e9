"""A juror on a train: takes the pile along, scores without a line, and all of it arrives; nothing stays behind."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from judging.actions import save_assessment
from judging.models import Assessment, Entry
from tests.browser.people import barriers_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 20_000
KEPT = "async () => [await caches.keys(), (await indexedDB.databases()).length, localStorage.length]"


@pytest.fixture
def following(sheet, make_proposal) -> Assessment:
    entry = Entry.objects.create(round=sheet.entry.round, proposal=make_proposal("Proposal Kedua"))
    return Assessment.objects.create(entry=entry, juror=sheet.juror, place=2)


@pytest.fixture
def address(live_server):
    return lambda name, *parts: live_server.url + reverse(f"judging:{name}", args=parts)


@pytest.fixture
def sign_in(page, live_server, as_user):
    def give(user):
        value = as_user(user).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return give


@pytest.fixture
def packed(page, address, sheet, following, sign_in):
    """The pile is on this device."""
    sign_in(sheet.juror.user)
    page.goto(address("offline"))
    page.get_by_label("Saya mengerti").check()
    page.get_by_role("button", name="Simpan 2 proposal di perangkat ini").click()
    expect(page.locator("[data-said]")).to_have_text(
        "Tersimpan. Anda kini dapat bekerja tanpa sambungan.", timeout=SOON
    )
    assert not barriers_on(page)
    return page


def score(page, first, second):
    page.locator("[name=score-kebaruan]").fill(str(first))
    page.locator("[name=score-dampak]").fill(str(second))


def test_scored_without_a_line_and_sent_when_it_is_back(packed, address, sheet, following):
    asked = []
    packed.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    packed.context.set_offline(True)
    packed.goto(address("assessment", sheet.code))
    assert packed.get_by_role("heading", level=1).inner_text() == sheet.entry.proposal.title
    score(packed, 80, 70)
    packed.get_by_role("button", name="Simpan final & berikutnya").click()
    packed.wait_for_url(f"**/{following.code}/")
    assert asked == []  # nothing is lost by going on
    expect(packed.locator("[data-save-state]")).to_contain_text(f"“{sheet.entry.proposal.title}” sudah final di")
    expect(packed.locator(".pile-line [data-done]")).to_have_text("1/2")
    score(packed, 61, 60)
    packed.locator("[name=comment]").fill("Ditulis di kereta")
    packed.goto(address("desk"))  # was not taken along: leads to the list
    expect(packed).to_have_url(re.compile(f"{address('offline')}$"))
    expect(packed.locator("[data-waiting]")).to_have_text("Lembar yang menunggu dikirim: 2")
    expect(packed.locator("[data-list] li").first).to_contain_text("final, menunggu dikirim")
    packed.context.set_offline(False)
    packed.reload()
    expect(packed.locator("[data-said]")).to_have_text("Lembar yang terkirim ke portal: 2", timeout=SOON)
    expect(packed.locator("[data-waiting]")).to_have_text("")
    expect(packed.locator("[data-list] li").first).to_contain_text(re.compile(r"final · Tersimpan pukul \d\d\.\d\d"))
    sheet.refresh_from_db()
    following.refresh_from_db()
    assert (sheet.status, following.status, following.comment) == ("final", "draft", "Ditulis di kereta")
    assert Assessment.objects.with_total().get(pk=sheet.pk).total == 76


def test_what_another_window_saved_meanwhile_is_shown_beside_it(packed, address, sheet):
    packed.context.set_offline(True)
    packed.goto(address("assessment", sheet.code))
    score(packed, 80, 70)
    packed.goto(address("offline"))
    save_assessment(sheet, scores={"kebaruan": 20}, by=sheet.juror.user)
    packed.context.set_offline(False)
    packed.reload()
    expect(packed.locator("[data-list]")).to_contain_text("Ada dua versi", timeout=SOON)
    packed.goto(address("assessment", sheet.code))
    both = packed.locator(".both").first
    expect(both).to_contain_text("20", timeout=SOON)
    expect(both).to_contain_text("80")
    assert sheet.scores.get(criterion__key="kebaruan").value == 20


def test_a_login_that_ended_keeps_what_waits(packed, address, sheet, sign_in):
    packed.context.set_offline(True)
    packed.goto(address("assessment", sheet.code))
    score(packed, 80, 70)
    packed.goto(address("offline"))
    packed.context.set_offline(False)
    Session.objects.all().delete()
    packed.get_by_role("button", name="Kirim sekarang").click()
    expect(packed.locator("[data-said]")).to_contain_text("Anda sudah keluar", timeout=SOON)
    expect(packed.locator("[data-waiting]")).to_have_text("Lembar yang menunggu dikirim: 1")
    sign_in(sheet.juror.user)
    packed.goto(address("offline"))
    expect(packed.locator("[data-waiting]")).to_have_text("", timeout=SOON)
    assert sheet.scores.get(criterion__key="kebaruan").value == 80


def test_logging_out_leaves_nothing_behind(packed, address, sheet):
    packed.goto(address("desk"))
    packed.locator("details.user-menu").click()
    with packed.expect_navigation():
        packed.get_by_role("button", name="Keluar").click()
    expect(packed.get_by_role("link", name="Masuk").first).to_be_visible()
    caches, _databases, notes = packed.evaluate(KEPT)
    assert (caches, notes) == ([], 0)
    packed.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        packed.goto(address("assessment", sheet.code))


def test_somebody_else_on_this_computer_finds_no_pages(packed, address, sheet, sign_in, panelist):
    sign_in(panelist)
    packed.goto(address("desk"))
    packed.wait_for_function("async () => !(await caches.keys()).length")
    packed.goto(address("assessment", sheet.code))
    assert sheet.entry.proposal.title not in packed.content()


def test_the_button_takes_all_of_it_away(packed):
    packed.get_by_role("button", name="Hapus semua dari perangkat ini").click()
    expect(packed.locator("[data-said]")).to_have_text("Tidak ada lagi yang tersimpan di perangkat ini.", timeout=SOON)
    assert packed.evaluate(KEPT)[0] == []
