"""The keys of the screening desk: two for a pass, none while somebody types, and none once they are switched off."""

import pytest
from playwright.sync_api import expect

from competitions.models import ReasonTemplate
from proposals.models import Screening
from tests.browser.people import Person
from tests.proposals.screening_cast import sent_proposal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def has_scripts() -> bool:
    return True


@pytest.fixture
def desk(clerk_at_work, year, agency, innovator) -> Person:
    """A clerk before the first of three items."""
    for number in (1, 2, 3):
        sent_proposal(year, agency, innovator, number=number)
    ReasonTemplate.objects.create(competition=year, title="Kurang umur", text="Usia kurang dari {batas} bulan.")
    clerk_at_work.opens("/screening/")
    clerk_at_work.clicks("Ambil berikutnya")
    return clerk_at_work


def test_an_item_is_failed_and_the_next_passed_by_keys(desk):
    keys, page = desk.page.keyboard, desk.page
    desk.looks_over_the_page()
    lengkap, usia = desk.content.get_by_label("Isian lengkap"), desk.content.get_by_label("Usia inovasi cukup")
    expect(lengkap).to_be_checked()  # the machine's suggestion
    keys.press("2")
    keys.press("1")
    expect(lengkap).not_to_be_checked()
    expect(usia).to_be_checked()
    keys.press("f")
    keys.press("r")
    page.locator("#id_template").select_option(label="Kurang umur")
    desk.content.get_by_role("button", name="Sisipkan").click()
    note = page.locator("#id_note")
    expect(note).to_have_value("Usia kurang dari 24 bulan.")
    keys.type(" npf")  # in the note keys are letters
    expect(note).to_have_value("Usia kurang dari 24 bulan. npf")
    with page.expect_navigation():
        keys.press("Control+Enter")
    keys.press("2")
    keys.press("p")
    with page.expect_navigation():
        keys.press("n")
    assert [row.verdict for row in Screening.objects.order_by("submission__sent_at")] == ["fail", "pass", ""]
    desk.looks_over_the_page()


def test_help_says_the_keys_and_switches_them_off_for_good(desk):
    page = desk.page
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Tombol pintas")).to_be_visible()
    page.get_by_label("Gunakan tombol pintas di perangkat ini").uncheck()
    page.get_by_role("button", name="Tutup").click()
    page.reload()
    page.keyboard.press("p")
    expect(page.locator("#verdict-pass")).not_to_be_checked()
    desk.looks_over_the_page()
