"""What the public reads, what it cannot read yet, and the secretariat's pages around it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from announcements import actions
from announcements.extending import later_stages
from announcements.models import Announcement
from competitions import calendar
from competitions.models import Stage, StageRevision
from tests.proposals.conftest import pdf

READERS = ["anonymous", "innovator", "agency_admin", "evaluator", "panelist"]


def address(name, announcement) -> str:
    return reverse(f"announcements:{name}", args=[announcement.code])


@pytest.fixture
def reader(request, as_user):
    name = request.param
    return as_user(None if name == "anonymous" else request.getfixturevalue(name))


@pytest.mark.parametrize("reader", READERS, indirect=True)
@pytest.mark.parametrize("name", ["announcement", "announcement_pdf"])
def test_before_the_moment_there_is_nothing(reader, scheduled, name):
    absent = reader.get(reverse(f"announcements:{name}", args=["ABSENT"]))
    hidden = reader.get(address(name, scheduled))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert scheduled.title.encode() not in hidden.content


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_before_the_moment_no_list_counts_it(reader, scheduled):
    answer = reader.get(reverse("announcements:list"))
    assert scheduled.title not in answer.content.decode()
    assert answer.context["page"].paginator.count == 0


@pytest.mark.parametrize("name", ["innovator", "agency_admin", "other_admin"])
def test_before_the_moment_no_agency_sees_its_result(request, as_user, scheduled, name):
    page = as_user(request.getfixturevalue(name)).get(reverse("announcements:results"))
    assert "Finalis" not in page.content.decode()


def test_after_the_moment_everybody_reads_list_and_text_without_scores(as_user, published):
    page = as_user(None).get(address("announcement", published)).content.decode()
    for text in (published.number, published.title, "<strong>finalis</strong>", "Antar Obat", "Puskesmas Contoh"):
        assert text in page
    for hidden in ("Sekolah Apung", "90,2345", "90.2345"):
        assert hidden not in page
    assert "preview-ribbon" not in page
    pdf = as_user(None).get(address("announcement_pdf", published))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_the_secretariat_previews_under_a_ribbon(as_user, secretariat, scheduled):
    page = as_user(secretariat).get(address("announcement", scheduled)).content.decode()
    assert "preview-ribbon" in page
    assert "Antar Obat" in page


def test_agencies_see_their_own_result_only(as_user, published, innovator, agency_admin, outsider, other_admin):
    for person, own, foreign, reached in (
        (innovator, "Antar Obat", "Sekolah Apung", True),
        (agency_admin, "Antar Obat", "Sekolah Apung", True),
        (other_admin, "Sekolah Apung", "Antar Obat", False),
        (outsider, "Sekolah Apung", "Antar Obat", False),
    ):
        answer = as_user(person).get(reverse("announcements:results"))
        page = answer.content.decode()
        assert own in page
        assert foreign not in page
        [result] = answer.context["results"]
        assert [step.reached for step in result.steps] == [True, reached]


def test_raw_html_in_the_text_stays_text(as_user, year, secretariat):
    body = "Halo <script>alert(1)</script> [tautan](javascript:alert(1))"
    one = actions.draft_announcement(year, kind="news", number="N/1", title="Kabar", body=body, by=secretariat)
    actions.schedule(one, revision=one.revision, publish_at=None, by=secretariat)
    page = as_user(None).get(address("announcement", one)).content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    "name", ["manage", "new"],
)  # fmt: skip
@pytest.mark.parametrize("person", ["innovator", "agency_admin", "evaluator"])
def test_only_the_secretariat_prepares(request, as_user, year, name, person):
    answer = as_user(request.getfixturevalue(person)).get(reverse(f"announcements:{name}"))
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["edit", "schedule"])
def test_a_stranger_cannot_tell_a_hidden_announcement_from_none(as_user, agency_admin, drafted, name):
    browser = as_user(agency_admin)
    assert browser.get(address(name, drafted)).status_code == 403
    assert browser.get(reverse(f"announcements:{name}", args=["ABSENT"])).status_code == 403


def test_writing_and_scheduling_in_the_browser(as_user, year, finalists, secretariat):
    browser = as_user(secretariat)
    fields = {"kind": "selection", "number": "B/5", "title": "Finalis", "body": "Isi", "selections": [finalists.pk]}
    answer = browser.post(reverse("announcements:new"), fields)
    one = Announcement.objects.get()
    assert answer.url == address("edit", one)
    later, past = (timezone.localtime() + timedelta(days=days) for days in (2, -2))
    form = {"when": "later", "publish_at": past.strftime("%Y-%m-%dT%H:%M"), "revision": one.revision}
    assert "publish_at" in browser.post(address("schedule", one), form).context["form"].errors
    form = {"when": "later", "publish_at": later.strftime("%Y-%m-%dT%H:%M"), "revision": one.revision}
    confirm = browser.post(address("schedule", one), form)
    assert confirm.status_code == 200
    assert confirm.context["people"] == 2
    assert Announcement.objects.drafts().exists()
    answer = browser.post(address("schedule", one), form | {"confirm": "yes"})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert abs(one.publish_at - later) < timedelta(minutes=1)


def test_a_taken_number_comes_back_with_the_text_kept(as_user, drafted, secretariat):
    fields = {"kind": "news", "number": drafted.number, "title": "Lain", "body": "Teks panjang"}
    answer = as_user(secretariat).post(reverse("announcements:new"), fields)
    assert answer.status_code == 422
    assert "number" in answer.context["form"].errors
    assert "Teks panjang" in answer.content.decode()


def test_two_clerks_in_one_draft_see_both_texts_and_the_next_press_saves(
    as_user, drafted, finalists, secretariat, clerk
):
    fields = {"kind": "selection", "number": "B/5", "selections": [finalists.pk], "revision": drafted.revision}
    first, second = fields | {"title": "Satu", "body": "Teks satu"}, fields | {"title": "Dua", "body": "Teks dua"}
    assert as_user(secretariat).post(address("edit", drafted), first).status_code == 302
    assert as_user(secretariat).post(address("edit", drafted), first).status_code == 302  # pressed twice
    page = as_user(clerk).post(address("edit", drafted), second)
    assert page.status_code == 422
    assert all(text in page.content.decode() for text in ("Teks satu", "Teks dua"))
    now = second | {"revision": page.context["form"]["revision"].value()}
    assert as_user(clerk).post(address("edit", drafted), now).status_code == 302
    drafted.refresh_from_db()
    assert (drafted.title, drafted.revision) == ("Dua", 3)


def test_nothing_becomes_public_or_is_removed_that_was_not_read(as_user, drafted, finalists, secretariat):
    browser, read = as_user(secretariat), {"when": "now", "revision": drafted.revision, "confirm": "yes"}
    text = {"kind": "selection", "number": "B/5", "title": "Baru", "body": "Isi", "selections": [finalists.pk]}
    browser.post(address("edit", drafted), text | {"revision": drafted.revision})
    assert browser.post(address("schedule", drafted), read).status_code == 422
    del read["confirm"]
    unread = browser.post(address("schedule", drafted), read)
    assert unread.status_code == 422
    now = read | {"revision": unread.context["form"]["revision"].value()}
    assert browser.post(address("schedule", drafted), now).context["lists"]  # is asked once more
    removed = browser.post(address("discard", drafted), read, follow=True)
    assert "sudah berubah" in removed.content.decode()  # on the page of what stands now
    assert Announcement.objects.drafts().get() == drafted
    assert browser.post(address("discard", drafted), now).status_code == 302
    assert not Announcement.objects.exists()


def test_whoever_wrote_before_it_was_scheduled_reads_that_it_is(as_user, drafted, finalists, secretariat, clerk):
    read = drafted.revision
    actions.schedule(drafted, revision=read, publish_at=calendar.now() + timedelta(days=1), by=clerk)
    text = {"kind": "selection", "number": "B/5", "title": "Separuh", "body": "…", "selections": [finalists.pk]}
    page = as_user(secretariat).post(address("edit", drafted), text | {"revision": read})
    assert page.status_code == 422
    assert "Sudah dijadwalkan" in page.content.decode()


def test_removing_a_draft_asks_once_more(as_user, drafted, secretariat):
    browser = as_user(secretariat)
    assert f'href="{address("discard", drafted)}"' in browser.get(address("edit", drafted)).content.decode()
    assert browser.get(address("discard", drafted)).status_code == 200
    assert Announcement.objects.exists()


def test_a_public_announcement_is_not_edited(as_user, published, secretariat):
    assert as_user(secretariat).get(address("edit", published)).status_code == 409
    assert as_user(secretariat).get(address("schedule", published)).status_code == 409


def test_extending_in_the_browser(as_user, year, secretariat, agency_admin):
    stage = calendar.submission_stage(year)
    url = reverse("announcements:extend", args=[year.code, stage.key])
    browser = as_user(secretariat)
    assert browser.get(url).status_code == 200
    ends = timezone.localtime(stage.ends_at + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    fields = {"ends_at": ends, "letter_number": "B/97", "reason": "Pemeliharaan sistem."}
    confirm = browser.post(url, fields)
    assert confirm.context["people"] == 1
    assert confirm.context["groups"] == [("Admin instansi", 1), ("Inovator yang proposalnya belum dikirim", 0)]
    ticked = [each.stage.key for each in confirm.context["later"] if each.overlaps]
    assert ticked == ["screening", "desk", "panel", "interview"]
    assert not Announcement.objects.exists()
    assert browser.post(url, fields | {"confirm": "yes"}).status_code == 302
    assert Announcement.objects.public().count() == 1
    assert as_user(agency_admin).get(url).status_code == 403


def test_the_letter_goes_through_the_check_page_and_later_stages_move_along(as_user, year, secretariat, clerk):
    stage, days = calendar.submission_stage(year), timedelta(days=3)
    later = {each.key: each for each in year.stages.filter(order__gt=stage.order)}
    url = reverse("announcements:extend", args=[year.code, stage.key])
    ends = timezone.localtime(stage.ends_at + days).strftime("%Y-%m-%dT%H:%M")
    fields = {"ends_at": ends, "letter_number": "B/97", "reason": "Pemeliharaan sistem."}
    confirm = as_user(secretariat).post(url, fields | {"upload": pdf(name="surat.pdf")})
    letter = confirm.context["letter"]
    asked = fields | {"letter": str(letter.pk), "move": ["screening"], "confirm": "yes"}
    assert f'name="letter" value="{letter.pk}"' in confirm.content.decode()
    assert as_user(clerk).post(url, asked).status_code == 422  # somebody else's upload is no letter of theirs
    assert as_user(secretariat).post(url, asked).status_code == 302
    announcement = Announcement.objects.public().get()
    assert announcement.letter == letter
    assert later["screening"].name in announcement.body
    for each in year.stages.filter(key__in=later):
        shift = days if each.key == "screening" else timedelta()
        assert (each.starts_at, each.ends_at) == (later[each.key].starts_at + shift, later[each.key].ends_at + shift)
    assert set(StageRevision.objects.values_list("letter_number", flat=True)) == {"B/97"}


def test_a_letter_that_extends_a_second_stage_is_questioned(as_user, year, secretariat):
    browser = as_user(secretariat)

    def pages(key):
        stage = year.stages.get(key=key)
        ends = timezone.localtime(stage.ends_at + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        fields = {"ends_at": ends, "letter_number": " B/97 ", "reason": "Pemeliharaan sistem."}
        url = reverse("announcements:extend", args=[year.code, key])
        return browser.post(url, fields), browser.post(url, fields | {"confirm": "yes"})

    first, second = pages(calendar.submission_stage(year).key), pages("screening")
    assert [page[0].context["same_letter"] for page in (first, second)] == [
        None,
        Announcement.objects.get(number="B/97"),
    ]
    assert second[0].context["same_letter"].title in second[0].content.decode()
    assert second[1].status_code == 302


def test_a_letter_chosen_beside_a_wrong_date_is_kept(as_user, year, secretariat):
    stage = calendar.submission_stage(year)
    url = reverse("announcements:extend", args=[year.code, stage.key])
    fields = {"ends_at": "", "letter_number": "B/97", "reason": "x"}
    answer = as_user(secretariat).post(url, fields | {"upload": pdf(name="surat.pdf")})
    kept, page = answer.context["form"].cleaned_data["letter"], answer.content.decode()
    assert set(answer.context["form"].errors) == {"ends_at"}
    assert f'name="letter" value="{kept.pk}"' in page
    assert "surat.pdf tetap terlampir" in page


def test_what_is_no_pdf_is_no_letter(as_user, year, secretariat):
    stage = calendar.submission_stage(year)
    url = reverse("announcements:extend", args=[year.code, stage.key])
    ends = timezone.localtime(stage.ends_at + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    upload = SimpleUploadedFile("surat.pdf", b"not a PDF")
    answer = as_user(secretariat).post(
        url, {"ends_at": ends, "letter_number": "B/97", "reason": "x", "upload": upload, "confirm": "yes"}
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"upload"}
    assert not Announcement.objects.exists()


def test_an_extension_that_cannot_be_is_refused_before_it_is_confirmed(as_user, year, drafted, secretariat):
    stage = calendar.submission_stage(year)
    url = reverse("announcements:extend", args=[year.code, stage.key])
    browser = as_user(secretariat)

    def refused(days, **more):
        ends = timezone.localtime(stage.ends_at + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
        answer = browser.post(url, {"ends_at": ends, "letter_number": "B/97", "reason": "x"} | more)
        assert answer.status_code == 422
        return set(answer.context["form"].errors)

    assert refused(-1) == {"ends_at"}
    assert refused(3, letter_number=drafted.number) == {"letter_number"}
    assert refused(3, letter_number=drafted.number, confirm="yes") == {"letter_number"}
    assert calendar.closes_at(year) == stage.ends_at
    year.stages.filter(pk=stage.pk).update(ends_at=None)
    assert refused(3) == {"ends_at"}
    assert '<form class="form-measure"' not in browser.get(url).content.decode()


def queries_for(browser, url) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_lists_ask_the_same_number_of_queries_for_one_and_three(as_user, year, secretariat):
    def add(number):
        one = actions.draft_announcement(
            year, kind="news", number=f"N/{number}", title=f"Kabar {number}", body="x", by=secretariat
        )
        actions.schedule(one, revision=one.revision, publish_at=None, by=secretariat)

    urls = [reverse("announcements:list"), reverse("announcements:manage")]
    browser = as_user(secretariat)
    add(1)
    once = [queries_for(browser, url) for url in urls]
    add(2)
    add(3)
    assert [queries_for(browser, url) for url in urls] == once


def test_results_ask_the_same_number_of_queries_for_one_and_three(as_user, published, passed, agency_admin):
    browser, url = as_user(agency_admin), reverse("announcements:results")
    once = queries_for(browser, url)
    for number in range(2):
        passed[0].pk, passed[0].code, passed[0]._state.adding = None, f"COPY{number}", True
        passed[0].save()
    assert queries_for(browser, url) == once


def test_what_moves_along_takes_with_it_what_it_would_run_into(year):
    first, second, third = list(year.stages.exclude(starts_at=None).exclude(ends_at=None).order_by("order"))[-3:]
    now = timezone.now()
    for each, start, end in ((first, 1, 5), (second, 6, 8), (third, 9, 10)):
        times = {"starts_at": now + timedelta(days=start), "ends_at": now + timedelta(days=end)}
        Stage.objects.filter(pk=each.pk).update(**times)
    first.refresh_from_db()

    def ticked(days):
        return [each.stage for each in later_stages(first, now + timedelta(days=days)) if each.overlaps]

    assert [ticked(days) for days in (5.5, 7, 8)] == [[], [second, third], [second, third]]
