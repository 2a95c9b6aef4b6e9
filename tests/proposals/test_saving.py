"""The autosave protocol: asked twice saves once, both texts of a conflict stay, what is refused is set aside."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from proposals import actions, pasted
from proposals.models import AnswerVersion, DetailsVersion, Proposal, SaveOnce, SetAside
from proposals.tasks import forget_old_keys

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def aspect_page(draft):
    return reverse("proposals:aspect", args=[draft.code, "kebaruan"])


@pytest.fixture
def details_page(draft):
    return reverse("proposals:details", args=[draft.code])


def details(draft, **given):
    """The details page as a browser posts it, with the fields as they are stored unless given."""
    stored = {"title": draft.title, "category": draft.category_id, "unit": draft.unit_id, "version": "1",
              "started_on": "2015-01-02", "video_url": draft.video_url}  # fmt: skip
    return stored | given


# --- the same key again ---------------------------------------------------------------------------------------------
def test_the_same_save_again_gets_the_first_result(draft, question, innovator, colleague):
    asked = {"text": "Teks saya.", "base_version": 0, "by": innovator, "key": "k1"}
    first = actions.save_answer(draft, question, **asked)
    actions.save_answer(draft, question, text="Teks rekan.", base_version=1, by=colleague)
    again = actions.save_answer(draft, question, **asked)
    assert (again.version, again.text, again.saved_at) == (1, "Teks saya.", first.saved_at)
    assert draft.answers.get().text == "Teks rekan."
    assert (AnswerVersion.objects.count(), SetAside.objects.count()) == (2, 0)


def test_the_same_save_again_gets_the_first_result_after_closing(draft, question, innovator, move_calendar):
    asked = {"text": "Sesaat sebelum tutup.", "base_version": 0, "by": innovator, "key": "k1"}
    actions.save_answer(draft, question, **asked)
    move_calendar(-25)
    assert actions.save_answer(draft, question, **asked).version == 1
    assert not SetAside.objects.exists()


def test_an_old_key_with_another_text_is_another_save(draft, question, innovator):
    """A page that was gone back to in the browser's history posts its old key with what was typed since."""
    actions.save_answer(draft, question, text="Satu.", base_version=0, by=innovator, key="k1")
    assert actions.save_answer(draft, question, text="Satu dua.", base_version=1, by=innovator, key="k1").version == 2


def test_a_key_of_somebody_else_opens_nothing(draft, question, innovator, outsider):
    asked = {"text": "Teks.", "base_version": 0, "key": "k1"}
    actions.save_answer(draft, question, by=innovator, **asked)
    with pytest.raises(PermissionDenied):
        actions.save_answer(draft, question, by=outsider, **asked)
    assert not SetAside.objects.exists()


def test_the_page_without_scripts_carries_a_key_too(draft, innovator, aspect_page, as_user):
    browser = as_user(innovator)
    key = browser.get(aspect_page).context["save_key"]
    posted = {"text-isi": "Klik dua kali.", "version-isi": "0", "key": key}
    assert [browser.post(aspect_page, posted).status_code for _click in range(2)] == [302, 302]
    assert (draft.answers.get().version, SaveOnce.objects.count()) == (1, 1)


def test_keys_are_forgotten_after_a_day(draft, question, innovator):
    for version, age in enumerate([25, 23]):
        actions.save_answer(draft, question, text=f"{age}", base_version=version, by=innovator, key=f"{age}")
        SaveOnce.objects.filter(version=version + 1).update(made_at=timezone.now() - timedelta(hours=age))
    forget_old_keys()
    assert SaveOnce.objects.get().version == 2


# --- conflicts ------------------------------------------------------------------------------------------------------
def test_the_losing_text_is_kept_once(draft, question, innovator, colleague, aspect_page, as_user):
    actions.save_answer(draft, question, text="Teks rekan.", base_version=0, by=colleague)
    data = {"question": "isi", "text-isi": "Teks saya.", "version-isi": "0"}
    for _try in range(2):
        answer = as_user(innovator).post(aspect_page, data, **JSON)
        assert answer.status_code == 409
    assert answer.json()["stored"] | {"by": ""} == {"text": "Teks rekan.", "version": 1, "by": ""}
    assert "Sari" in answer.json()["stored"]["by"]
    kept = SetAside.objects.get()
    assert (kept.text, kept.reason, kept.made_by) == ("Teks saya.", "conflict", innovator)


def test_a_conflict_settled_for_the_stored_text_changes_nothing(
    draft, question, innovator, colleague, aspect_page, as_user
):
    actions.save_answer(draft, question, text="Teks rekan.", base_version=0, by=colleague)
    settled = {"text-isi": "Teks saya.", "version-isi": "1", "take-isi": "stored"}
    assert as_user(innovator).post(aspect_page, settled).status_code == 302
    assert draft.answers.get().text == "Teks rekan."


def test_two_people_change_different_details_without_hindering_each_other(
    draft, innovator, colleague, details_page, as_user
):
    mine, theirs = as_user(innovator), as_user(colleague)
    assert theirs.post(details_page, details(draft, title="Judul rekan")).status_code == 302
    assert mine.post(details_page, details(draft, video_url="https://youtu.be/baru")).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.video_url, draft.version) == ("Judul rekan", "https://youtu.be/baru", 3)
    assert list(DetailsVersion.objects.values_list("version", flat=True)) == [3, 2, 1]


def test_only_what_clashes_in_the_details_waits_for_a_choice(draft, innovator, colleague, details_page, as_user):
    as_user(colleague).post(details_page, details(draft, title="Judul rekan"))
    posted = details(draft, title="Judul saya", video_url="https://youtu.be/baru")
    answer = as_user(innovator).post(details_page, posted, **JSON)
    assert answer.status_code == 409
    assert answer.json()["fields"] == [
        {"name": "title", "label": "Judul", "stored": "Judul rekan", "value": "Judul rekan"}
    ]
    draft.refresh_from_db()
    assert (draft.title, draft.video_url) == ("Judul rekan", "https://youtu.be/baru")
    assert SetAside.objects.get().values == {"title": "Judul saya"}
    settled = posted | {"version": answer.json()["version"], "take-title": "stored"}
    assert as_user(innovator).post(details_page, settled).status_code == 302
    assert Proposal.objects.get().title == "Judul rekan"
    assert as_user(innovator).post(details_page, settled | {"take-title": "mine"}).status_code == 302
    assert Proposal.objects.get().title == "Judul saya"


def test_a_page_learns_what_others_stored_where_it_left_alone(draft, innovator, colleague, details_page, as_user):
    """It goes on from the newest version, so its next save must not take the old values for a wish."""
    as_user(colleague).post(details_page, details(draft, title="Judul rekan", sdgs=["3", "10"]))
    browser = as_user(innovator)
    answer = browser.post(details_page, details(draft, video_url="https://youtu.be/baru"), **JSON).json()
    assert (answer["version"], answer["merged"]) == (3, {"title": "Judul rekan", "sdgs": ["3", "10"]})
    page = browser.post(details_page, details(draft, title="Judul saya", video_url="https://youtu.be/lain"))
    assert page.status_code == 409
    again = page.context["form"]
    settled = {name: again[name].value() or "" for name in again.fields} | {"take-title": "stored"}
    assert browser.post(details_page, settled).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.sdgs) == ("Judul rekan", [3, 10])


def test_a_field_that_is_not_good_yet_holds_back_itself_only(draft, innovator, details_page, as_user):
    posted = details(draft, title="Judul baru", video_url="https//salah ketik")
    answer = as_user(innovator).post(details_page, posted, **JSON)
    assert answer.status_code == 200
    assert list(answer.json()["held_back"]) == ["video_url"]
    draft.refresh_from_db()
    assert (draft.title, draft.video_url) == ("Judul baru", "https://youtu.be/contoh")


# --- too late, signed out, somebody else ----------------------------------------------------------------------------
def test_a_text_after_closing_is_set_aside_and_never_part_of_the_proposal(
    draft, innovator, aspect_page, details_page, as_user, move_calendar
):
    move_calendar(-25)
    browser = as_user(innovator)
    answer = browser.post(aspect_page, {"question": "isi", "text-isi": "Terlambat.", "version-isi": "0"}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "closed")
    assert "riwayat" in answer.json()["message"]
    assert browser.post(details_page, details(draft, title="Terlambat"), **JSON).status_code == 422
    assert sorted(SetAside.objects.values_list("text", "values__title", "reason")) == [
        ("", "Terlambat", "late"), ("Terlambat.", None, "late"),
    ]  # fmt: skip
    draft.refresh_from_db()
    assert (draft.title, draft.answers.count()) == ("Antar Obat ke Pulau", 0)


def test_a_text_typed_while_a_colleague_handed_it_on_is_set_aside(draft, question, innovator):
    Proposal.objects.update(status="in_review")
    with pytest.raises(ValidationError):
        actions.save_answer(draft, question, text="Ketikan terakhir.", base_version=0, by=innovator)
    assert SetAside.objects.get().text == "Ketikan terakhir."


def test_without_a_session_autosave_is_told_so_in_json(draft, aspect_page, as_user):
    answer = as_user(None).post(aspect_page, {"question": "isi", "text-isi": "x", "version-isi": "0"}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert as_user(None).post(aspect_page, {}).status_code == 302


def test_a_page_never_saves_in_the_name_of_who_signed_in_after(draft, innovator, colleague, aspect_page, as_user):
    data = {"question": "isi", "text-isi": "x", "version-isi": "0", "reader": innovator.email}
    answer = as_user(colleague).post(aspect_page, data, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "somebody_else")
    assert as_user(colleague).post(aspect_page, data).status_code == 422
    assert not draft.answers.exists()
    assert as_user(innovator).post(aspect_page, data, **JSON).status_code == 200


def test_presence_answers_without_valkey(draft, question, innovator, outsider, as_user):
    actions.save_answer(draft, question, text="Teks.", base_version=0, by=innovator)
    url = reverse("proposals:presence", args=[draft.code])
    answer = as_user(innovator).post(url, {"page": "kebaruan"})
    assert answer.json() == {"others": "", "versions": {"isi": 1}}
    assert as_user(innovator).post(url, {"page": "details"}).json()["versions"] == {"details": 1}
    assert as_user(innovator).post(url, {"page": "tidak-ada"}).status_code == 404
    assert as_user(outsider).post(url, {"page": "kebaruan"}).status_code == 404


# --- what is pasted -------------------------------------------------------------------------------------------------
def test_what_is_pasted_is_cleaned_and_remarked_on(draft, innovator, aspect_page, as_user):
    pasted_text = "“Inovasi”\u00a0ini\r\nber\u00admanfaat\x00 \u202ebagi\u202c warga. â€œRusak\ufffd"
    data = {"question": "isi", "text-isi": pasted_text, "version-isi": "0"}
    answer = as_user(innovator).post(aspect_page, data, **JSON).json()
    assert draft.answers.get().text == "“Inovasi” ini\nbermanfaat bagi warga. â€œRusak\ufffd"
    assert answer["words"] == 6
    assert "â€œRusak" in " ".join(answer["remarks"])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Puskesmas “Sehat” – 100 %, é", 0), ("rusak \ufffd", 1), ("Ã©tat", 1), ("<p class=\"MsoNormal\">x", 1),
        ("<!--[if gte mso 9]><o:p></o:p>", 1), ("mso-style \ufffd <w:Word>", 2), ("a < b dan b > c", 0),
    ],
)  # fmt: skip
def test_remarks(text, number):
    assert len(pasted.remarks(text)) == number


def test_a_text_beyond_all_bounds_is_refused_in_words(draft, innovator, aspect_page, as_user):
    data = {"question": "isi", "text-isi": "kata " * 20_000, "version-isi": "0"}
    answer = as_user(innovator).post(aspect_page, data, **JSON)
    assert answer.status_code == 422
    assert "60.000" in answer.json()["message"] or "60000" in answer.json()["message"]
    assert "maxlength" not in as_user(innovator).get(aspect_page).content.decode()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_writers_in_one_box_lose_nothing(draft, question, innovator, colleague):
    """The small size of bench/lost_updates.py: also asked twice at the same moment."""
    start, accepted, refused = Barrier(4), [], []

    def write(writer, name):
        try:
            start.wait()
            for turn in range(10):
                answer = draft.answers.first()
                text = f"{name} {turn}"
                try:
                    actions.save_answer(draft, question, text=text, base_version=answer.version if answer else 0,
                                        by=writer, key=text)  # fmt: skip
                    accepted.append(text)
                except actions.StaleVersion:
                    refused.append(text)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        writers = enumerate([innovator, innovator, colleague, colleague])
        for done in [pool.submit(write, each, f"{n}") for n, each in writers]:
            done.result()
    assert len(accepted) + len(refused) == 40
    assert sorted(AnswerVersion.objects.values_list("text", flat=True)) == sorted(accepted)
    assert sorted(SetAside.objects.values_list("text", flat=True)) == sorted(refused)
    assert draft.answers.get().version == len(accepted)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_save_asked_twice_at_once_is_one(draft, question, innovator):
    start = Barrier(2)

    def ask():
        try:
            start.wait()
            return actions.save_answer(draft, question, text="Sekali.", base_version=0, by=innovator, key="k").version
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert [each.result() for each in [pool.submit(ask), pool.submit(ask)]] == [1, 1]
    assert (AnswerVersion.objects.count(), SetAside.objects.count()) == (1, 0)
