"""The whole proposal as one document: complete, accessible, and for a sent one the same for ever."""

import io

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from proposals import papers
from proposals.models import Answer, Proposal, SentPaper
from tests.proposals.sent_texts import freeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(complete):
    return freeze(complete)


def bytes_of(response) -> bytes:
    return response.getvalue() if response.streaming else response.content


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [
        str(each.S) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each and "/P" in each
    ]


def test_it_is_tagged_in_indonesian_and_named_after_the_proposal(frozen, innovator, as_user):
    content = bytes_of(as_user(innovator).get(reverse("proposals:document_pdf", args=[frozen.proposal.code])))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "id"
        assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TH"} <= set(tags(pdf))
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == f"{frozen.proposal.title} · {frozen.number}"
            assert metadata["pdfuaid:part"] == "1"


def test_everything_that_was_sent_stands_in_it(frozen):
    content = papers._content(papers.reading_of(frozen.proposal, frozen), frozen)
    said = str(content)
    assert content["receipt"]["digest"] == frozen.sha256
    for answer in frozen.payload["answers"]:
        assert answer["text"] in said
    for document in frozen.payload["documents"]:
        assert document["name"] in said
        assert document["sha256"] in said
    for value in (frozen.number, frozen.payload["title"], frozen.payload["agency"]["name"], frozen.payload["unit"]):
        assert value in said


def test_what_was_sent_stays_though_the_rows_change(frozen, innovator, as_user):
    url = reverse("proposals:document_pdf", args=[frozen.proposal.code])
    first = bytes_of(as_user(innovator).get(url))
    Proposal.objects.update(title="Judul lain")
    Answer.objects.update(text="Teks lain")
    assert bytes_of(as_user(innovator).get(url)) == first
    SentPaper.objects.all().delete()
    assert bytes_of(as_user(innovator).get(url)) == first
    page = as_user(innovator).get(reverse("proposals:paper", args=[frozen.proposal.code])).content.decode()
    assert "Obat diantar dengan perahu." in page
    assert "Teks lain" not in page


def test_it_is_written_once_for_each_language(frozen, innovator, as_user):
    url = reverse("proposals:document_pdf", args=[frozen.proposal.code])
    for language in ("id", "id", "en"):
        innovator.language = language
        innovator.save()
        bytes_of(as_user(innovator).get(url))
    assert sorted(SentPaper.objects.values_list("language", flat=True)) == ["en", "id"]
    assert all(default_storage.exists(paper.file.path) for paper in SentPaper.objects.all())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#let x = 1 \\ *bold* $a$ <label> @ref",
        "Baris satu\n\n\nBaris dua\ttab",
        "emoji 🚤, العربية, 漢字, \u200b\u202e",
        "a" * 5000,
    ],
)
def test_whatever_is_written_comes_out_as_text(draft, innovator, as_user, text):
    draft.answers.create(question=draft.group.aspects.first().questions.get(), text=text, words=1, saved_by=innovator)
    response = as_user(innovator).get(reverse("proposals:document_pdf", args=[draft.code]))
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")


def test_a_draft_says_so_on_page_and_paper(draft, innovator, as_user):
    page = as_user(innovator).get(reverse("proposals:paper", args=[draft.code])).content.decode()
    assert "callout" in page
    assert "Draf" in papers._content(papers.reading_of(draft, None), None, status="Draf")["notice"]
    assert not SentPaper.objects.exists()


@pytest.mark.parametrize("name", ["proposals:paper", "proposals:document_pdf"])
def test_only_those_who_may_read_the_proposal_get_it(
    name, frozen, draft, innovator, agency_admin, secretariat, outsider, other_admin, evaluator, as_user
):
    url = reverse(name, args=[frozen.proposal.code])
    people = (innovator, agency_admin, secretariat, outsider, other_admin, evaluator)
    statuses = []
    for person in people:
        response = as_user(person).get(url)
        statuses.append(response.status_code)
        bytes_of(response)
    assert statuses == [200, 200, 200, 404, 404, 404]
    assert as_user(None).get(url).status_code == 302


def test_the_secretariat_sees_no_draft(draft, secretariat, as_user):
    assert as_user(secretariat).get(reverse("proposals:paper", args=[draft.code])).status_code == 404


def test_a_page_asks_few_questions(frozen, innovator, as_user, django_assert_max_num_queries):
    client = as_user(innovator)
    with django_assert_max_num_queries(22):
        client.get(reverse("proposals:paper", args=[frozen.proposal.code]))
