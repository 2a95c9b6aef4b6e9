"""Saving: by version, never over somebody else's text, never after closing, never by the wrong person."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Unit
from competitions.models import Question
from proposals import actions
from proposals.models import AnswerVersion, Document, Proposal
from tests.proposals.conftest import pdf

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def aspect_url(proposal, key="kebaruan"):
    return reverse("proposals:aspect", args=[proposal.code, key])


def test_each_text_is_kept(draft, question, innovator):
    for version, text in enumerate(["Satu.", "Satu dua.", "Satu dua tiga."]):
        actions.save_answer(draft, question, text=text, base_version=version, by=innovator)
    answer = draft.answers.get()
    assert (answer.text, answer.words, answer.version) == ("Satu dua tiga.", 3, 3)
    assert list(AnswerVersion.objects.values_list("text", flat=True)) == ["Satu dua tiga.", "Satu dua.", "Satu."]


def test_the_same_text_again_changes_nothing(draft, question, innovator):
    actions.save_answer(draft, question, text="Satu\r\ndua", base_version=0, by=innovator)
    assert actions.save_answer(draft, question, text="Satu\ndua", base_version=0, by=innovator).version == 1


def test_too_many_words_are_stored_and_named_at_once(draft, question, innovator, as_user):
    too_many = "kata " * (question.max_words + 1)
    page = as_user(innovator).post(aspect_url(draft), {"text-isi": too_many, "version-isi": "0"}, follow=True)
    assert f"berisi {question.max_words + 1} kata" in page.content.decode()
    assert draft.answers.get().words == question.max_words + 1


def test_a_stale_page_shows_both_texts_and_loses_none(draft, question, innovator, colleague, as_user):
    actions.save_answer(draft, question, text="Teks rekan.", base_version=0, by=colleague)
    browser = as_user(innovator)
    answer = browser.post(aspect_url(draft), {"text-isi": "Teks saya.", "version-isi": "0"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Teks rekan." in page
    assert "Teks saya." in page
    assert "Sari" in page
    assert draft.answers.get().text == "Teks rekan."
    assert browser.post(aspect_url(draft), {"text-isi": "Teks saya.", "version-isi": "1"}).status_code == 302
    assert draft.answers.get().text == "Teks saya."
    assert AnswerVersion.objects.filter(text="Teks rekan.").exists()


def test_a_conflict_in_one_of_two_boxes_is_settled_alone(draft, question, innovator, colleague, as_user):
    Question.objects.create(aspect=question.aspect, key="lagi", label="Lagi?", order=2)
    actions.save_answer(draft, question, text="Teks rekan.", base_version=0, by=colleague)
    posted = {"text-isi": "Saya.", "version-isi": "0", "text-lagi": "Kotak kedua.", "version-lagi": "0"}
    browser = as_user(innovator)
    answer = browser.post(aspect_url(draft), posted)
    assert answer.status_code == 409
    assert 'name="text-lagi"' not in answer.content.decode()
    assert draft.answers.get(question__key="lagi").text == "Kotak kedua."
    assert browser.post(aspect_url(draft), {"text-isi": "Gabungan.", "version-isi": "1"}).status_code == 302
    assert sorted(draft.answers.values_list("text", flat=True)) == ["Gabungan.", "Kotak kedua."]


def test_autosave_answers_in_json(draft, question, innovator, colleague, as_user):
    browser = as_user(innovator)
    data = {"question": "isi", "text-isi": "Satu dua.", "version-isi": "0"}
    answer = browser.post(aspect_url(draft), data, **JSON)
    assert (answer.status_code, answer.json()["version"], answer.json()["words"]) == (200, 1, 2)
    assert "WITA" in answer.json()["saved"]
    actions.save_answer(draft, question, text="Teks rekan.", base_version=1, by=colleague)
    answer = browser.post(aspect_url(draft), data | {"text-isi": "Lain.", "version-isi": "1"}, **JSON)
    assert answer.status_code == 409
    assert "Sari" in answer.json()["message"]


def test_stale_details_show_both_values(draft, innovator, colleague, as_user):
    actions.save_details(draft, changes={"title": "Judul rekan"}, base_version=1, by=colleague)
    data = {"title": "Judul saya", "category": draft.category_id, "version": "1"}
    answer = as_user(innovator).post(reverse("proposals:details", args=[draft.code]), data)
    assert answer.status_code == 409
    assert "Judul rekan" in answer.content.decode()
    assert "Judul saya" in answer.content.decode()


def test_an_incomplete_draft_may_be_saved_but_not_a_wrong_link(draft, innovator, as_user):
    page = reverse("proposals:details", args=[draft.code])
    data = {"title": "Judul", "category": draft.category_id, "version": "1"}
    assert as_user(innovator).post(page, data).status_code == 302
    answer = as_user(innovator).post(page, data | {"version": "2", "video_url": "bukan tautan"})
    assert answer.status_code == 422
    assert "bukan tautan" in answer.content.decode()


def test_too_late_is_said_with_the_moment_and_keeps_the_text(draft, innovator, as_user, move_calendar):
    move_calendar(-25)
    browser = as_user(innovator)
    answer = browser.post(aspect_url(draft), {"text-isi": "Ketikan terlambat.", "version-isi": "0"})
    assert answer.status_code == 422
    assert "Ketikan terlambat." in answer.content.decode()
    assert "WITA" in answer.content.decode()
    assert browser.post(aspect_url(draft), {"question": "isi", "text-isi": "x", "version-isi": "0"}, **JSON
                        ).status_code == 422  # fmt: skip
    details = {"title": "Baru", "category": draft.category_id, "version": "1"}
    assert browser.post(reverse("proposals:details", args=[draft.code]), details).status_code == 422
    upload = {"requirement": "surat", "file": pdf()}
    assert browser.post(reverse("proposals:documents", args=[draft.code]), upload).status_code == 422
    assert browser.get(aspect_url(draft)).status_code == 302
    assert browser.get(reverse("proposals:new")).status_code == 200
    draft.refresh_from_db()
    assert (draft.title, draft.answers.count(), Document.objects.count()) == ("Antar Obat ke Pulau", 0, 0)


@pytest.mark.parametrize("status", ["in_review", "sent", "passed", "failed", "withdrawn"])
def test_what_is_handed_on_is_not_written_any_more(draft, question, innovator, status):
    Proposal.objects.filter(pk=draft.pk).update(status=status)
    with pytest.raises(ValidationError) as refused:
        actions.save_answer(draft, question, text="Susulan.", base_version=0, by=innovator)
    assert refused.value.code == "not_yours_now"


def test_a_text_posted_after_a_colleague_handed_it_on_is_shown_again(draft, innovator, as_user):
    Proposal.objects.filter(pk=draft.pk).update(status="in_review")
    answer = as_user(innovator).post(aspect_url(draft), {"text-isi": "Ketikan terakhir.", "version-isi": "0"})
    assert answer.status_code == 422
    assert "Ketikan terakhir." in answer.content.decode()
    assert not draft.answers.exists()


def test_the_agency_admin_corrects_what_is_under_review_only(draft, question, agency_admin):
    with pytest.raises(ValidationError) as refused:
        actions.save_answer(draft, question, text="Campur tangan.", base_version=0, by=agency_admin)
    assert refused.value.code == "not_yours_now"
    Proposal.objects.filter(pk=draft.pk).update(status="in_review")
    assert actions.save_answer(draft, question, text="Perbaikan.", base_version=0, by=agency_admin).version == 1


def test_a_draft_whose_lead_left_is_finished_by_the_agency_admin(complete, question, innovator, agency_admin, as_user):
    innovator.memberships.update(ended_at=complete.created_at)
    assert as_user(agency_admin).get(aspect_url(complete)).status_code == 200
    text = {"text": "Diteruskan admin.", "base_version": 1}
    assert actions.save_answer(complete, question, **text, by=agency_admin).version == 2
    assert actions.send(complete, by=agency_admin).stands


def test_a_former_member_writes_no_more(draft, question, innovator):
    innovator.memberships.update(ended_at=draft.created_at)
    with pytest.raises(PermissionDenied):
        actions.save_answer(draft, question, text="Masih.", base_version=0, by=innovator)
    assert not Proposal.objects.visible_to(innovator).exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"bukan pdf", "PDF"), (b"%PDF-1.4 rusak", "PDF"), (b"", "kosong|empty"), (b"%PDF" + b"0" * 1_100_000, "1")],
)  # fmt: skip
def test_a_refused_file_says_why_and_leaves_the_rest(complete, innovator, as_user, content, words):
    page = reverse("proposals:documents", args=[complete.code])
    file = SimpleUploadedFile("surat.pdf", content, content_type="application/pdf")
    answer = as_user(innovator).post(page, {"requirement": "surat", "file": file})
    assert answer.status_code == 422
    assert any(word in answer.content.decode() for word in words.split("|"))
    assert complete.documents.get().file.name == "surat.pdf"


def test_a_document_is_replaced_and_removed(complete, innovator, as_user):
    page = reverse("proposals:documents", args=[complete.code])
    browser = as_user(innovator)
    assert browser.post(page, {"requirement": "surat", "file": pdf(name="baru.pdf")}).status_code == 302
    assert complete.documents.get().file.name == "baru.pdf"
    assert browser.post(page, {"requirement": "surat", "remove": "yes"}).status_code == 302
    assert not complete.documents.exists()


def test_starting_needs_an_open_year_and_a_desk(year, group, agency, other_agency, innovator, move_calendar):
    wanted = {"group": group, "category": year.categories.first(), "title": "Baru", "by": innovator}
    with pytest.raises(PermissionDenied):
        actions.start_proposal(agency=other_agency, **wanted)
    Unit.objects.update(is_open=False)
    with pytest.raises(ValidationError) as refused:
        actions.start_proposal(agency=agency, unit=Unit.objects.get(), **wanted)
    assert refused.value.code == "unit_closed"
    move_calendar(-25)
    with pytest.raises(ValidationError) as refused:
        actions.start_proposal(agency=agency, **wanted)
    assert refused.value.code == "closed"


# --- What is not as it should be is said at once ------------------------------------------------------------------
def test_details_against_a_rule_are_stored_and_named_at_once(draft, innovator, as_user):
    page = reverse("proposals:details", args=[draft.code])
    data = {
        "title": draft.title, "category": draft.category_id, "version": "1", "then": "next", "started_on": "2099-01-01",
        "video_url": "https://www.youtube.com/",
    }  # fmt: skip
    told = [str(each) for each in as_user(innovator).post(page, data, follow=True).context["messages"]]
    assert any("tidak boleh melewati hari ini" in each for each in told)
    assert any("Tautan video" in each for each in told)
    draft.refresh_from_db()
    assert draft.video_url == "https://www.youtube.com/"


def test_a_long_title_is_refused_in_words_never_cut(draft, innovator, as_user):
    browser, page, long = as_user(innovator), reverse("proposals:details", args=[draft.code]), "Judul " * 50
    assert 'maxlength="200"' not in browser.get(page).content.decode().partition('name="title"')[2].partition(">")[0]
    answer = browser.post(page, {"title": long, "category": draft.category_id, "version": "1"})
    assert answer.status_code == 422
    assert "299 karakter" in str(answer.context["form"].errors["title"])
    assert long.strip() in answer.content.decode()


def test_one_person_in_two_windows_is_told_that_it_was_they(draft, question, innovator, as_user):
    browser, data = as_user(innovator), {"question": "isi", "text-isi": "Tab kedua.", "version-isi": "0"}
    actions.save_answer(draft, question, text="Tab pertama.", base_version=0, by=innovator)
    answer = browser.post(aspect_url(draft), data, **JSON).json()
    assert "Anda menyimpan teks lain" in answer["message"]
    assert answer["stored"]["by"].startswith("Oleh Anda (di jendela atau perangkat lain)")
    page = browser.post(aspect_url(draft), data)
    assert page.status_code == 409
    assert "Oleh Anda (di jendela atau perangkat lain)" in page.content.decode()
    assert "Orang lain" not in page.content.decode()


def test_a_counter_over_the_limit_is_marked_without_scripts_too(draft, question, innovator, as_user):
    actions.save_answer(draft, question, text="kata " * (question.max_words + 1), base_version=0, by=innovator)
    assert 'class="form-text is-over" id="counter-isi"' in as_user(innovator).get(aspect_url(draft)).content.decode()
