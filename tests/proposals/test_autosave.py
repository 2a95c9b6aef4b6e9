"""What the browser does while somebody writes: saves by itself, never over another's text, never losing one's own."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from proposals import actions
from proposals.models import Answer, SetAside

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOON = 15_000


@pytest.fixture
def sign_in(live_server, as_user):
    """sign_in(context, person): a session for that person in that browser."""

    def give(context, user):
        value = as_user(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return give


@pytest.fixture
def address(live_server, draft):
    return live_server.url + reverse("proposals:aspect", args=[draft.code, "kebaruan"])


@pytest.fixture
def writing(page, address, innovator, sign_in):
    """The page of the first aspect, opened by the innovator."""
    sign_in(page.context, innovator)
    page.goto(address)
    return page


def state(page):
    return page.locator("[data-save-state]")


def write(page, text):
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").blur()


def is_saved(page):
    expect(state(page)).to_contain_text(re.compile(r"Tersimpan pukul \d\d\.\d\d WITA"), timeout=SOON)


def kept(page):
    """The texts that wait in the browser."""
    return page.evaluate("Object.entries(sessionStorage).filter(([key]) => key.startsWith('unsaved:'))")


def test_what_is_typed_is_saved_and_counted(writing, draft):
    write(writing, "kata " * 52)
    expect(writing.locator("[data-counter]")).to_contain_text("52")
    expect(writing.locator("[data-counter]")).to_have_class(re.compile("is-over"))
    is_saved(writing)
    assert draft.answers.get().words == 52
    assert kept(writing) == []
    writing.get_by_role("textbox").fill("Lebih singkat.")
    expect(state(writing)).to_contain_text("Belum tersimpan")
    is_saved(writing)  # without leaving the box
    assert Answer.objects.get().version == 2


def test_what_was_typed_back_to_the_stored_text_does_not_wait_in_the_browser(writing):
    write(writing, "Satu dua.")
    is_saved(writing)
    box = writing.get_by_role("textbox")
    box.press("End")
    box.press("x")
    assert kept(writing)
    box.press("Backspace")
    assert kept(writing) == []


@pytest.mark.parametrize(
    ("choice", "text"), [("Pakai punya saya", "Dari saya."), ("Pakai yang tersimpan", "Dari Sari.")]
)
def test_two_people_in_one_box_choose_and_lose_nothing(writing, draft, colleague, question, choice, text):
    actions.save_answer(draft, question, text="Dari Sari.", base_version=0, by=colleague)
    write(writing, "Dari saya.")
    both = writing.locator(".both")
    expect(state(writing)).to_contain_text("Sari menyimpan teks lain", timeout=SOON)
    expect(both.locator(".both__text")).to_have_text(["Dari saya.", "Dari Sari."])
    both.get_by_role("button", name=choice).click()
    expect(writing.get_by_role("textbox")).to_have_value(text)
    expect(both).to_have_count(0)
    if text == "Dari saya.":
        is_saved(writing)
    assert Answer.objects.get().text == text
    assert SetAside.objects.get().text == "Dari saya."
    assert kept(writing) == []


def test_the_same_conflict_without_scripts(browser, address, draft, innovator, colleague, question, sign_in):
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    sign_in(context, innovator)
    page = context.new_page()
    page.goto(address)
    actions.save_answer(draft, question, text="Dari Sari.", base_version=0, by=colleague)
    page.get_by_role("textbox").fill("Dari saya.")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_label("Teks Anda")).to_have_value("Dari saya.")
    expect(page.get_by_label("Tersimpan saat ini")).to_have_value("Dari Sari.")
    page.get_by_label("Pakai yang tersimpan").check()
    page.get_by_role("button", name="Simpan pilihan saya").click()
    expect(page.get_by_role("textbox")).to_have_value("Dari Sari.")
    page.get_by_role("link", name="Semua versi teks ini").click()
    page.get_by_role("link", name="Teks di luar proposal").click()
    page.get_by_role("button", name="Pulihkan teks ini").click()
    expect(page.get_by_role("textbox")).to_have_value("Dari saya.")
    context.close()


def fail_to_save(route):
    """The server's own proxy answers instead of the portal."""
    if route.request.method == "POST":
        route.fulfill(status=502)
    else:
        route.continue_()


def test_a_lost_line_keeps_the_text_until_it_is_back(writing, draft):
    writing.context.set_offline(True)
    write(writing, "Ditulis tanpa sambungan.")
    expect(state(writing)).to_contain_text("sambungan terputus", timeout=SOON)
    assert "Ditulis tanpa sambungan." in str(kept(writing))
    writing.context.set_offline(False)
    is_saved(writing)  # told by the browser that the line is back
    assert kept(writing) == []
    writing.route("**/aspects/**", fail_to_save)
    write(writing, "Ditulis saat server tidak menjawab.")
    expect(state(writing)).to_contain_text("dicoba lagi", timeout=SOON)
    writing.unroute_all()
    writing.reload()
    expect(writing.get_by_role("textbox")).to_have_value("Ditulis saat server tidak menjawab.")
    is_saved(writing)
    assert draft.answers.get().text == "Ditulis saat server tidak menjawab."


def test_an_answer_that_was_lost_on_the_way_is_asked_for_again_and_saved_once(writing, draft):
    lost = []

    def lose_the_first(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    writing.route("**/aspects/**", lose_the_first)
    write(writing, "Tersimpan, tetapi jawabannya hilang.")
    is_saved(writing)
    assert lost == [200]
    assert draft.answers.get().version == 1


def test_an_ended_session_keeps_the_text_until_one_is_signed_in_again(writing, draft, innovator, sign_in):
    Session.objects.all().delete()
    write(writing, "Sesi sudah berakhir.")
    link = state(writing).get_by_role("link", name="Masuk kembali")
    expect(link).to_have_attribute("href", re.compile("next=/signed-in/"), timeout=SOON)
    expect(writing.get_by_role("textbox")).to_have_value("Sesi sudah berakhir.")
    assert not draft.answers.exists()
    sign_in(writing.context, innovator)
    new_token = {"name": settings.CSRF_COOKIE_NAME, "value": "a" * 32, "url": writing.url}  # as a new sign-in sets it
    writing.context.add_cookies([new_token])
    is_saved(writing)
    assert draft.answers.get().text == "Sesi sudah berakhir."


def test_closing_while_somebody_writes_is_said_and_the_text_kept(writing, draft, move_calendar):
    move_calendar(-25)
    write(writing, "Ketikan menjelang penutupan.")
    expect(state(writing)).to_contain_text("Pengajuan ditutup pada", timeout=SOON)
    expect(state(writing)).to_contain_text("di luar proposal")
    expect(writing.get_by_role("textbox")).to_have_value("Ketikan menjelang penutupan.")
    assert SetAside.objects.get().reason == "late"


def test_the_details_save_themselves_and_show_a_clash_at_its_field(
    page, live_server, draft, innovator, colleague, sign_in
):
    sign_in(page.context, innovator)
    page.goto(live_server.url + reverse("proposals:details", args=[draft.code]))
    page.get_by_label("Judul inovasi").fill("Judul dari saya")
    page.get_by_label("Judul inovasi").blur()
    is_saved(page)
    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("Judul dari saya", 2)
    changes = {"title": "Judul dari Sari", "sdgs": [3]}
    actions.save_details(draft, changes=changes, base_version=2, by=colleague)
    page.get_by_label("Judul inovasi").fill("Judul lain lagi")
    page.get_by_label("Tautan video").fill("https://youtu.be/baru")
    page.get_by_label("Tautan video").blur()
    both = page.locator("#div_id_title .both")
    expect(both.locator(".both__text")).to_have_text(["Judul lain lagi", "Judul dari Sari"], timeout=SOON)
    both.get_by_role("button", name="Pakai yang tersimpan").click()
    expect(page.get_by_label("Judul inovasi")).to_have_value("Judul dari Sari")
    expect(page.locator("input[name=sdgs][value='3']")).to_be_checked()
    is_saved(page)
    draft.refresh_from_db()
    wanted = ("Judul dari Sari", "https://youtu.be/baru", [3])
    assert (draft.title, draft.video_url, draft.sdgs) == wanted


def test_the_pages_own_button_stays_while_the_line_is_away(writing, draft):
    address, button = writing.url, writing.get_by_role("button", name="Simpan dan lanjutkan")
    writing.get_by_role("textbox").fill("Ditulis di atas perahu.")
    writing.context.set_offline(True)
    button.click()
    expect(state(writing)).to_contain_text("sambungan terputus", timeout=SOON)
    assert writing.url == address
    expect(writing.get_by_role("textbox")).to_have_value("Ditulis di atas perahu.")
    writing.context.set_offline(False)
    is_saved(writing)
    assert draft.answers.get().text == "Ditulis di atas perahu."
    writing.context.set_offline(True)
    button.click()  # nothing is unsaved, but the next page cannot be reached
    expect(state(writing)).to_contain_text("Semua sudah tersimpan")
    assert writing.url == address
    writing.context.set_offline(False)
    button.click()
    expect(writing).not_to_have_url(address)
