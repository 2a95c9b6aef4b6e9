"""A published announcement never changes: it is corrected by a version of its own, and a wrong list is held back."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from announcements import actions
from announcements.models import Announcement
from announcements.results import own_results
from announcements.versions import standing_version
from audit.models import Event
from catalogue.models import Award
from competitions import calendar
from competitions.models import Stage
from judging.models import Correction, Selection, SelectionEntry
from notifications.models import Message
from tests.announcements.test_actions import code_of, reach_the_moment


@pytest.fixture
def corrected_list(finalists, passed, clerk) -> Selection:
    """The panel's list made anew: the first is out, the second is in."""
    Correction.objects.create(selection=finalists, reason="Didiskualifikasi.", opened_by=clerk)
    made = Selection.objects.create(
        round=finalists.round, version=2, supersedes=finalists, because="Didiskualifikasi.", name=finalists.name,
        minutes_number="BA/2", minutes="…", input_sha256="1" * 64, frozen_by=clerk,
    )  # fmt: skip
    SelectionEntry.objects.create(selection=made, proposal=passed[1], rank=1, total=Decimal(80), is_selected=True)
    return made


def correct(announcement, by, number="B/2/PP.00.05/2023") -> Announcement:
    return actions.draft_correction(announcement, number=number, because="Ada diskualifikasi.", by=by)


def url(name, announcement):
    return reverse(f"announcements:{name}", args=[announcement.code])


def test_a_correction_begins_with_the_text_and_the_list_that_stands(published, corrected_list, secretariat):
    version = correct(published, secretariat)
    assert (version.version, version.corrects, version.title) == (2, published, published.title)
    assert list(version.selections.all()) == [corrected_list]
    assert Event.objects.get(verb="announcements.correct").data["because"] == "Ada diskualifikasi."


def test_what_is_not_public_is_not_corrected_and_nothing_twice(drafted, published, secretariat):
    correct(published, secretariat)
    with pytest.raises(ValidationError) as error:
        correct(published, secretariat, number="B/3")
    assert code_of(error) == "already_corrected"
    news = actions.draft_announcement(
        published.competition, kind="news", number="N/1", title="A", body="B", by=secretariat
    )
    with pytest.raises(ValidationError) as error:
        correct(news, secretariat, number="N/2")
    assert code_of(error) == "not_public"


def test_the_database_wants_a_reason_and_an_order_of_versions(published):
    for fields in ({"version": 2}, {"version": 2, "corrects": published}, {"corrects": published, "because": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Announcement.objects.create(competition=published.competition, kind="news", number="x", title="x", **fields)


def test_until_its_moment_the_old_version_stands_and_afterwards_stays_readable(
    as_user, published, corrected_list, secretariat
):
    version = correct(published, secretariat)
    browser = as_user(None)
    actions.schedule(version, revision=version.revision, publish_at=calendar.now() + timedelta(hours=1), by=secretariat)
    page = browser.get(url("announcement", published))
    assert "Antar Obat" in page.content.decode()
    assert "Ada diskualifikasi." not in page.content.decode()
    assert browser.get(url("version", version)).status_code == 404
    reach_the_moment(version)
    assert browser.get(url("announcement", published)).url == url("announcement", version)
    now = browser.get(url("announcement", version)).content.decode()
    assert "Sekolah Apung" in now
    assert "Ada diskualifikasi." in now
    old = browser.get(url("version", published)).content.decode()
    for text in ("Antar Obat", "Ada diskualifikasi.", version.number, url("announcement", version)):
        assert text in old
    assert standing_version(published) == version
    for page in (browser.get(reverse("announcements:list")), browser.get(reverse("announcements:feed"))):
        text = page.content.decode()
        assert version.code in text
        assert url("announcement", published) not in text


def test_those_who_leave_the_list_are_told_and_the_catalogue_follows(
    published, corrected_list, secretariat, innovator, outsider
):
    reach_the_moment(published)
    actions.announce_due()
    assert Award.objects.filter(innovation__title="Antar Obat", tier="finalist").exists()
    version = actions.schedule(correct(published, secretariat), revision=1, publish_at=None, by=secretariat)
    assert actions.announce_due() == 1
    letters = Message.objects.filter(key=f"announcements.published:{version.code}")
    out, in_ = letters.get(recipient=innovator), letters.get(recipient=outsider)
    assert "Antar Obat" in out.body
    assert "tidak terpilih" in out.body
    assert "Ada diskualifikasi." in out.body
    assert "Sekolah Apung" in in_.body
    assert not Award.objects.filter(innovation__title="Antar Obat", tier="finalist").exists()
    assert Award.objects.filter(innovation__title="Sekolah Apung", tier="finalist").exists()


def test_a_version_corrected_before_it_was_told_feeds_nothing(published, corrected_list, secretariat):
    reach_the_moment(published)
    actions.schedule(correct(published, secretariat), revision=1, publish_at=None, by=secretariat)
    assert actions.announce_due() == 2
    assert [award.innovation.title for award in Award.objects.filter(tier="finalist")] == ["Sekolah Apung"]


def test_the_home_page_tells_an_innovator_what_is_public(published, innovator, as_user):
    Stage.objects.filter(kind="submission").update(starts_at=None, ends_at=None)
    home = as_user(innovator).get("/")
    assert [task.hint for task in home.context["proposals"]] == ["Finalis Top Inovasi: Terpilih"]
    assert home.context["innovator_step"].url == "/results/"
    assert 'href="/certificates/"' in home.content.decode()


def test_an_agency_s_results_follow_the_standing_version(published, corrected_list, secretariat, innovator, outsider):
    def last_step(person):
        [result] = own_results(person)
        return result.steps[-1].name, result.steps[-1].reached

    assert last_step(innovator) == ("Finalis Top Inovasi", True)
    assert last_step(outsider) == ("Finalis Top Inovasi", False)
    actions.schedule(correct(published, secretariat), revision=1, publish_at=None, by=secretariat)
    assert last_step(outsider) == ("Finalis Top Inovasi", True)
    assert last_step(innovator)[0] == "Seleksi administrasi"


def test_a_list_opened_for_correction_before_the_moment_never_becomes_public(
    as_user, scheduled, finalists, secretariat, clerk
):
    Correction.objects.create(selection=finalists, reason="Salah.", opened_by=clerk)
    reach_the_moment(scheduled)
    Correction.objects.update(opened_at=calendar.now() - timedelta(hours=1))
    assert not Announcement.objects.public().exists()
    assert Announcement.objects.held().get() == scheduled
    assert actions.announce_due() == 0
    assert as_user(None).get(url("announcement", scheduled)).status_code == 404
    page = as_user(secretariat).get(reverse("announcements:manage")).content.decode()
    assert "Ditahan" in page
    with pytest.raises(ValidationError) as error:
        actions.schedule(scheduled, revision=scheduled.revision, publish_at=None, by=secretariat)
    assert code_of(error) == "superseded_list"


def test_a_held_one_is_a_draft_again_once_it_is_edited(scheduled, corrected_list, secretariat):
    reach_the_moment(scheduled)
    Correction.objects.update(opened_at=calendar.now() - timedelta(hours=1))
    actions.edit_announcement(
        scheduled, kind="finalist", number="B/1", title="Finalis", body="", selections=[corrected_list],
        revision=scheduled.revision, by=secretariat,
    )  # fmt: skip
    scheduled.refresh_from_db()
    assert Announcement.objects.drafts().get() == scheduled
    actions.schedule(scheduled, revision=scheduled.revision, publish_at=None, by=secretariat)
    assert Announcement.objects.public().get() == scheduled


def test_a_correction_opened_after_the_publication_takes_nothing_back(published, finalists, clerk):
    reach_the_moment(published)
    Correction.objects.create(selection=finalists, reason="Salah.", opened_by=clerk)
    assert Announcement.objects.public().get() == published


@pytest.mark.parametrize("deed", [actions.unschedule, partial(actions.discard, revision=1)])
def test_in_the_last_minute_nothing_can_be_stopped(drafted, secretariat, deed):
    one = actions.schedule(
        drafted, revision=drafted.revision, publish_at=calendar.now() + timedelta(seconds=50), by=secretariat
    )
    with pytest.raises(ValidationError) as error:
        deed(one, by=secretariat)
    assert code_of(error) == "too_close"


def test_only_a_draft_is_removed(drafted, secretariat):
    actions.discard(drafted, revision=drafted.revision, by=secretariat)
    assert not Announcement.objects.exists()
    assert Event.objects.get(verb="announcements.discard").data["number"] == "B/1/PP.00.05/2023"


def test_a_scheduled_one_is_not_removed(scheduled, secretariat):
    with pytest.raises(ValidationError) as error:
        actions.discard(scheduled, revision=scheduled.revision, by=secretariat)
    assert code_of(error) == "scheduled"


def test_correcting_in_the_browser(as_user, published, secretariat, agency_admin):
    where = url("correct", published)
    assert as_user(agency_admin).get(where).status_code == 403
    browser = as_user(secretariat)
    assert browser.post(where, {"number": published.number, "because": "Salah ketik."}).status_code == 422
    assert browser.post(where, {"number": "B/7", "because": " "}).status_code == 422
    answer = browser.post(where, {"number": "B/7", "because": "Salah ketik."})
    version = Announcement.objects.get(corrects=published)
    assert answer.url == url("edit", version)
    assert browser.get(where).url == url("edit", version)
    fields = {"kind": "selection", "number": "B/7", "because": "Salah ketik nama.", "title": "Finalis", "body": "x"}
    fields |= {"selections": [each.pk for each in version.selections.all()], "revision": version.revision}
    assert browser.post(url("edit", version), fields).status_code == 302
    version.refresh_from_db()
    assert version.because == "Salah ketik nama."
