"""A professor before a sheet: by keyboard alone, saved while typing, two tabs, the line away."""

import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from judging.actions import save_assessment
from judging.models import Assessment, Entry
from tests.browser.people import Person, barriers_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 15_000


@pytest.fixture
def at_the_sheet(page, live_server, as_user, sheet):
    value = as_user(sheet.juror.user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page.goto(live_server.url + reverse("judging:assessment", args=[sheet.code]))
    return page


def box(page, key):
    return page.locator(f"[name=score-{key}]")


def is_saved(page):
    expect(page.locator("[data-save-state]")).to_contain_text(re.compile(r"Tersimpan pukul \d\d\.\d\d"), timeout=SOON)


def test_a_sheet_is_scored_by_keys_alone(at_the_sheet, sheet, make_proposal):
    entry = Entry.objects.create(round=sheet.entry.round, proposal=make_proposal("Berikutnya"))
    following = Assessment.objects.create(entry=entry, juror=sheet.juror, place=2)
    at_the_sheet.reload()
    keys, presses = at_the_sheet.keyboard, 0
    for step in ("s", "80", "Enter", "70", "Enter", "Control+Enter"):
        if step.isdigit():
            keys.type(step)
        else:
            keys.press(step)
            presses += 1
    at_the_sheet.wait_for_url(f"**/{following.code}/")
    criteria = sheet.entry.round.criteria.count()
    print(f"presses={presses} criteria={criteria}")  # read by bench/keyboard.py
    assert presses <= criteria + 3
    sheet.refresh_from_db()
    assert (sheet.status, Assessment.objects.with_total().get(pk=sheet.pk).total) == ("final", 76)


def test_single_keys_move_in_the_pile_but_never_while_typing_and_not_once_off(at_the_sheet, sheet, make_proposal):
    entry = Entry.objects.create(round=sheet.entry.round, proposal=make_proposal("Berikutnya"))
    following = Assessment.objects.create(entry=entry, juror=sheet.juror, place=2)
    page = at_the_sheet
    page.reload()
    page.locator("[name=comment]").focus()
    page.keyboard.type("jkjk?s")
    expect(page.locator("[name=comment]")).to_have_value("jkjk?s")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("j")
    assert following.code in page.url
    with page.expect_navigation():
        page.keyboard.press("k")
    expect(page.locator("[name=comment]")).to_have_value("jkjk?s")  # saved on leaving
    page.keyboard.press("?")
    page.get_by_label("Gunakan tombol pintas di perangkat ini").uncheck()
    page.get_by_role("button", name="Tutup").click()
    page.keyboard.press("s")
    expect(box(page, "kebaruan")).not_to_be_focused()
    assert not barriers_on(page)


def test_what_is_typed_is_saved_by_itself_with_its_total_and_meaning(at_the_sheet, sheet):
    anchors = [{"from": 0, "to": 79, "text": "Biasa"}, {"from": 80, "to": 100, "text": "Luar biasa"}]
    sheet.entry.round.criteria.filter(key="kebaruan").update(anchors=anchors)
    at_the_sheet.reload()
    box(at_the_sheet, "kebaruan").fill("80")
    expect(at_the_sheet.locator("[data-total]")).to_have_text("48,00")
    expect(at_the_sheet.locator("[data-meaning]").first).to_have_text("Luar biasa")
    box(at_the_sheet, "kebaruan").blur()
    is_saved(at_the_sheet)
    assert sheet.scores.get(criterion__key="kebaruan").value == 80


@pytest.mark.parametrize("browser_context_args", [{"locale": "en-US"}])
def test_a_comma_is_kept_in_an_english_browser(at_the_sheet, sheet):
    page = at_the_sheet
    box(page, "kebaruan").fill("tujuh")
    expect(page.locator("[data-total]")).to_have_text("–")
    expect(box(page, "kebaruan")).to_have_class(re.compile("is-invalid"))
    box(page, "kebaruan").fill("")
    page.keyboard.type("75,5")
    expect(page.locator("[data-total]")).to_have_text("45,30")
    is_saved(page)
    assert sheet.scores.get(criterion__key="kebaruan").value == Decimal("75.5")


def test_two_tabs_show_both_sides_and_lose_neither(at_the_sheet, sheet):
    save_assessment(sheet, scores={"kebaruan": 60}, comment="Dari jendela lain", by=sheet.juror.user)
    box(at_the_sheet, "kebaruan").fill("80")
    box(at_the_sheet, "kebaruan").blur()
    both = at_the_sheet.locator(".both")
    expect(both).to_have_count(2, timeout=SOON)
    expect(both.first).to_contain_text("60")
    expect(both.first).to_contain_text("80")
    assert not barriers_on(at_the_sheet)
    both.first.get_by_role("button", name="Pakai punya saya").click()
    at_the_sheet.locator(".both").get_by_role("button", name="Pakai yang tersimpan").click()
    is_saved(at_the_sheet)
    sheet.refresh_from_db()
    assert (sheet.scores.get(criterion__key="kebaruan").value, sheet.comment) == (80, "Dari jendela lain")


def test_without_a_line_it_waits_and_is_saved_when_the_line_is_back(at_the_sheet, sheet):
    at_the_sheet.context.set_offline(True)
    box(at_the_sheet, "kebaruan").fill("80")
    box(at_the_sheet, "kebaruan").blur()
    expect(at_the_sheet.locator("[data-save-state]")).to_contain_text("sambungan terputus", timeout=SOON)
    at_the_sheet.context.set_offline(False)
    is_saved(at_the_sheet)
    assert sheet.scores.get(criterion__key="kebaruan").value == 80


def test_after_the_end_the_typed_text_stays_on_the_page(at_the_sheet, sheet, move_calendar):
    move_calendar(-30)
    box(at_the_sheet, "kebaruan").fill("80")
    box(at_the_sheet, "kebaruan").blur()
    expect(at_the_sheet.locator("[data-save-state]")).to_contain_text("Masa penilaian telah berakhir", timeout=SOON)
    expect(box(at_the_sheet, "kebaruan")).to_have_value("80")


@pytest.mark.parametrize("has_scripts", [False, True], ids=["without scripts", "with scripts"])
def test_the_journey_on_a_telephone(new_context, live_server, as_user, sheet, make_proposal, has_scripts):
    """From the desk through two sheets, one put off and come back to, to the last word; 390 px wide."""
    entry = Entry.objects.create(round=sheet.entry.round, proposal=make_proposal("Berikutnya"))
    following = Assessment.objects.create(entry=entry, juror=sheet.juror, place=2)
    size = {"width": 390, "height": 844}
    page = new_context(base_url=live_server.url, java_script_enabled=has_scripts, viewport=size).new_page()
    value = as_user(sheet.juror.user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    person = Person(page, "", has_scripts=has_scripts, looked_over=set())
    person.opens(reverse("judging:desk"))
    person.looks_over_the_page()
    person.clicks("Mulai dari proposal pertama")
    person.looks_over_the_page()
    person.clicks("Lewati dulu")
    for current in (following, sheet):
        assert current.code in page.url
        page.get_by_role("link", name="Nilai", exact=True).click()  # the jump bar
        for number in (box(page, "kebaruan"), box(page, "dampak")):
            number.fill("75")
        person.clicks("Simpan final & berikutnya")
    person.sees("Semua lembar Anda sudah final")
    assert Assessment.objects.final().count() == 2
