"""Every text is found again, compared and restored by those who write, and by nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proposals import actions, versions
from proposals.comparing import compare
from proposals.models import Answer, AnswerVersion, SetAside

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(draft, question, innovator):
    for number, text in enumerate(["Obat diantar perahu.", "Obat diantar kapal cepat.", "Obat diantar kapal."]):
        actions.save_answer(draft, question, text=text, base_version=number, by=innovator)
    return draft


def list_url(proposal):
    return reverse("proposals:versions", args=[proposal.code, "kebaruan"])


def version_url(proposal, which):
    return reverse("proposals:version", args=[proposal.code, "kebaruan", "isi", which])


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("satu dua", "satu dua", [("same", "satu dua")]),
        ("", "satu", [("added", "satu")]),
        ("satu dua tiga", "satu tiga", [("same", "satu"), ("removed", " dua"), ("same", " tiga")]),
        ("a\nb", "a\n\nb", [("same", "a\n"), ("added", "\n"), ("same", "b")]),
    ],
)
def test_comparing(old, new, pieces):
    assert [(each.kind, each.text) for each in compare(old, new).pieces] == pieces


@pytest.mark.parametrize("old", ["", "a " * 30_000, "\n" * 30_000, "kata lain " * 10, " " * 60_000])
@pytest.mark.parametrize("new", ["", "a b " * 15_000, "\nx" * 30_000, "lain kata " * 10])
def test_comparing_gives_both_texts_back(old, new):
    pieces = compare(old, new).pieces
    assert "".join(each.text for each in pieces if each.kind != "added") == old
    assert "".join(each.text for each in pieces if each.kind != "removed") == new


def test_versions_are_gathered_by_sitting(written, question, agency_admin):
    first = AnswerVersion.objects.get(version=1)
    AnswerVersion.objects.filter(pk=first.pk).update(saved_at=first.saved_at - timedelta(hours=3))
    AnswerVersion.objects.filter(version=3).update(saved_by=agency_admin)
    box = versions.of_aspect(written, question.aspect)[0]
    assert [[each.version for each in sitting.versions] for sitting in box.sittings] == [[3], [2], [1]]
    AnswerVersion.objects.filter(version=3).update(saved_by=written.lead)
    box = versions.of_aspect(written, question.aspect)[0]
    assert [[each.version for each in sitting.versions] for sitting in box.sittings] == [[3, 2], [1]]


def test_a_version_is_compared_and_restored(written, innovator, as_user):
    browser = as_user(innovator)
    page = browser.get(version_url(written, "2"))
    assert [(each.kind, each.text) for each in page.context["change"].pieces][1:] == [
        ("removed", " perahu."), ("added", " kapal cepat."),
    ]  # fmt: skip
    assert "<ins>" in page.content.decode()
    assert browser.get(version_url(written, "2") + "?with=3").context["other"].version == 3
    assert browser.post(version_url(written, "1"), {"version": "3"}).status_code == 302
    answer = Answer.objects.get()
    assert (answer.text, answer.version) == ("Obat diantar perahu.", 4)


def test_restoring_overwrites_nothing_unseen(written, question, innovator, as_user):
    actions.save_answer(written, question, text="Lebih baru.", base_version=3, by=innovator)
    for base in ("3", "", "x"):
        assert as_user(innovator).post(version_url(written, "1"), {"version": base}).status_code == 422
    assert Answer.objects.get().text == "Lebih baru."


def test_a_text_set_aside_is_listed_and_restored(written, question, innovator, as_user):
    with pytest.raises(actions.StaleVersion):
        actions.save_answer(written, question, text="Versi yang kalah.", base_version=1, by=innovator)
    kept = f"kept-{SetAside.objects.get().code}"
    browser = as_user(innovator)
    assert kept in browser.get(list_url(written)).content.decode()
    page = browser.get(version_url(written, kept))
    assert page.context["other"].version == 3
    assert browser.post(version_url(written, kept), {"version": "3"}).status_code == 302
    assert Answer.objects.get().text == "Versi yang kalah."


def test_after_closing_a_late_text_is_read_not_restored(written, question, innovator, as_user, move_calendar):
    move_calendar(-25)
    with pytest.raises(Exception, match="ditutup"):
        actions.save_answer(written, question, text="Terlambat sekali.", base_version=3, by=innovator)
    url = version_url(written, f"kept-{SetAside.objects.get().code}")
    page = as_user(innovator).get(url).content.decode()
    assert "Terlambat sekali." in page
    assert "<button" not in page.split("<main")[1].split('id="change"')[0]
    assert as_user(innovator).post(url, {"version": "3"}).status_code == 422
    assert Answer.objects.get().version == 3


def test_who_may_read_the_history(written, innovator, agency_admin, outsider, other_admin, secretariat, as_user):
    pages = [list_url(written), version_url(written, "1"), reverse("proposals:details_versions", args=[written.code])]
    for page in pages:
        seen = [as_user(each).get(page).status_code for each in (innovator, agency_admin)]
        assert seen == [200, 200]
        hidden = [as_user(each).get(page).status_code for each in (outsider, other_admin, secretariat)]
        assert hidden == [404, 404, 404]
    written.status = "sent"
    written.save()
    assert [as_user(secretariat).get(page).status_code for page in pages] == [403, 403, 403]


@pytest.mark.parametrize("which", ["99", "0", "kept-ABC", "x"])
def test_a_version_that_never_was_is_not_found(written, innovator, which, as_user):
    assert as_user(innovator).get(version_url(written, which)).status_code == 404


def test_the_history_takes_the_same_number_of_queries_however_long_it_is(draft, question, innovator, as_user):
    actions.save_answer(draft, question, text="0", base_version=0, by=innovator)
    counts = []
    for more in (1, 6):
        for _n in range(more):
            last = draft.answers.get().version
            actions.save_answer(draft, question, text=f"teks {last}", base_version=last, by=innovator)
            with pytest.raises(actions.StaleVersion):
                actions.save_answer(draft, question, text=f"kalah {last}", base_version=0, by=innovator)
        browser = as_user(innovator)
        browser.get(list_url(draft))
        for page in (list_url(draft), version_url(draft, "1")):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(page).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 15


def test_the_details_are_restored_too(draft, innovator, as_user):
    category = draft.competition.categories.last()
    actions.save_details(draft, changes={"title": "Judul kedua", "category": category}, base_version=1, by=innovator)
    actions.save_details(draft, changes={"title": "Judul ketiga"}, base_version=2, by=innovator)
    page = reverse("proposals:details_versions", args=[draft.code])
    states = as_user(innovator).get(page).context["states"]
    assert [(each.which, [became.value for _was, became in each.changed]) for each in states] == [
        ("3", ["Judul ketiga"]), ("2", ["Judul kedua", "Pendidikan"]), ("1", []),
    ]  # fmt: skip
    assert as_user(innovator).post(page, {"which": "1", "version": "2"}).status_code == 422
    assert as_user(innovator).post(page, {"which": "1", "version": "3"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.category.key, draft.version) == ("Antar Obat ke Pulau", "kesehatan", 4)
