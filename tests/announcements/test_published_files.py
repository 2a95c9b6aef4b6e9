"""The signed letter, the feed and the sitemap: public with the announcement, and not one byte before."""

from datetime import datetime
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from announcements import actions
from announcements.drafts import suggestion
from files.storing import store
from tests.announcements.test_actions import reach_the_moment

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def paper() -> SimpleUploadedFile:
    content = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content)
    return SimpleUploadedFile("surat.pdf", content.getvalue(), content_type="application/pdf")


@pytest.fixture
def with_letter(scheduled, finalists, secretariat):
    letter = store(paper(), kinds=["pdf"], by=secretariat, max_mb=1)
    return actions.edit_announcement(
        scheduled, kind="finalist", number="B/1", title="Finalis 2023", body="Isi", selections=[finalists],
        letter=letter, revision=scheduled.revision, by=secretariat,
    )  # fmt: skip


def test_the_letter_becomes_public_with_the_announcement(as_user, with_letter, secretariat):
    url = reverse("announcements:letter", args=[with_letter.code])
    assert as_user(None).get(url).status_code == 404
    assert as_user(secretariat).get(url).getvalue().startswith(b"%PDF")
    reach_the_moment(with_letter)
    answer = as_user(None).get(url)
    assert answer.getvalue().startswith(b"%PDF")
    assert url in as_user(None).get(with_letter.get_absolute_url()).content.decode()


def test_a_letter_is_attached_and_taken_out_in_the_browser(as_user, drafted, finalists, secretariat):
    browser, url = as_user(secretariat), reverse("announcements:edit", args=[drafted.code])
    fields = {"kind": "finalist", "number": "B/1", "title": "Finalis", "body": "Isi", "selections": [finalists.pk]}
    wrong = SimpleUploadedFile("surat.pdf", b"not a pdf at all")

    def save(**more: object):
        drafted.refresh_from_db()
        return browser.post(url, fields | {"revision": drafted.revision} | more)

    answer = save(upload=wrong)
    assert answer.status_code == 422
    assert "upload" in answer.context["form"].errors
    assert save(upload=paper()).status_code == 302
    drafted.refresh_from_db()
    assert drafted.letter.name == "surat.pdf"
    save()
    drafted.refresh_from_db()
    assert drafted.letter is not None
    save(without_letter="on")
    drafted.refresh_from_db()
    assert drafted.letter is None


def test_the_feed_is_atom_and_holds_what_is_public(as_user, scheduled, year, secretariat):
    news = actions.draft_announcement(
        year, kind="news", number="N/1", title="Kabar <b>baik</b> & lain", body="**Isi**", by=secretariat
    )
    news = actions.schedule(news, revision=news.revision, publish_at=None, by=secretariat)

    def entries():
        answer = as_user(None).get(reverse("announcements:feed"))
        assert answer["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.content)  # noqa: S314  our own
        for part in ("id", "title", "updated"):
            assert feed.find(f"{ATOM}{part}").text
        return feed.findall(f"{ATOM}entry")

    [entry] = entries()
    assert entry.find(f"{ATOM}title").text == news.title
    assert entry.find(f"{ATOM}id").text.startswith("http")
    assert datetime.fromisoformat(entry.find(f"{ATOM}updated").text) == news.publish_at
    assert "<strong>Isi</strong>" in entry.find(f"{ATOM}summary").text
    reach_the_moment(scheduled)
    assert {each.find(f"{ATOM}title").text for each in entries()} == {news.title, scheduled.title}


def test_the_sitemap_names_it_from_its_moment_on(as_user, scheduled):
    def addresses():
        answer = as_user(None).get("/sitemap.xml")
        assert answer["Content-Type"].startswith("application/xml")
        return [each.text for each in ElementTree.fromstring(answer.content).iter(f"{MAP}loc")]  # noqa: S314  our own

    assert not [each for each in addresses() if scheduled.code in each]
    reach_the_moment(scheduled)
    [found] = [each for each in addresses() if scheduled.code in each]
    assert found.startswith("http")
    assert "/sitemap.xml" in as_user(None).get("/robots.txt").content.decode()


def test_an_announcement_of_lists_begins_with_those_that_wait(as_user, year, finalists, secretariat):
    begun = suggestion(year, "finalist")
    assert begun["selections"] == [finalists]
    assert finalists.name in begun["title"]
    assert finalists.minutes_number in begun["body"]
    assert suggestion(year, "winner") == {"kind": "winner"}
    page = as_user(secretariat).get(reverse("announcements:manage")).content.decode()
    assert f"?kind=finalist&amp;year={year.code}" in page
    actions.draft_announcement(year, number="B/1", by=secretariat, **begun)
    assert suggestion(year, "finalist") == {"kind": "finalist"}


def test_an_opening_begins_with_the_calendar(year):
    begun = suggestion(year, "opening")
    assert "KIPP 2023" in begun["title"]
    assert all(stage.name in begun["body"] for stage in year.stages.all())
