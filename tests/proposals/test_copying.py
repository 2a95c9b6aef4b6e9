"""This year's proposal begins with an earlier one: what is taken over, marked, offered again, and by whom."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from audit.models import Event
from catalogue.models import Award, Innovation
from competitions import calendar
from competitions.loading import load_year
from files.models import StoredFile
from proposals import actions
from proposals.copying import inherited
from proposals.models import Answer, AnswerVersion, Document, Proposal
from tests.conftest import person

pytestmark = pytest.mark.django_db
YEARS = Path("competitions/years")


@pytest.fixture
def then():
    return load_year(YEARS / "2021.toml")


@pytest.fixture
def now():
    competition = load_year(YEARS / "2023.toml")
    stage = calendar.submission_stage(competition)
    stage.starts_at, stage.ends_at = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=9)
    stage.save()
    return competition


@pytest.fixture
def earlier(then, agency, unit, innovator):
    """A proposal of 2021 with every answer, and every file."""
    group = then.groups.get(key="umum")
    proposal = Proposal.objects.create(
        competition=then, group=group, category=then.categories.get(key="kesehatan"), agency=agency, unit=unit,
        lead=innovator, title="Antar Obat ke Pulau", started_on="2018-01-02", sdgs=[3], video_url="https://youtu.be/a",
        status=Proposal.Status.PASSED,
    )  # fmt: skip
    for aspect in group.aspects.all():
        for question in aspect.questions.all():
            text = f"Jawaban {aspect.key} {question.key}."
            Answer.objects.create(proposal=proposal, question=question, text=text, words=3, saved_by=innovator)
    for requirement in group.documents.filter(aspect=None):
        stored = StoredFile.objects.create(
            name=f"{requirement.key}.pdf", media_type="application/pdf", size=900_000, sha256="0" * 64,
            path=f"00/00/{requirement.key}",
        )  # fmt: skip
        Document.objects.create(proposal=proposal, requirement=requirement, file=stored, attached_by=innovator)
    return proposal


def begin(earlier, now, by, **changes):
    given = {
        "group": now.groups.get(key="umum"), "category": now.categories.get(key="kesehatan"),
        "agency": earlier.agency, "unit": earlier.unit, "title": earlier.title,
    }  # fmt: skip
    return actions.start_from(earlier, by=by, **given | changes)


def test_details_and_answers_are_taken_over_with_their_history(earlier, now, innovator):
    copy = Proposal.objects.get(pk=begin(earlier, now, innovator).pk)
    assert (copy.copied_from, copy.status, copy.lead) == (earlier, "draft", innovator)
    assert (copy.title, str(copy.started_on), copy.sdgs) == (earlier.title, "2018-01-02", [3])
    texts = {answer.question.key: answer.text for answer in copy.answers.select_related("question")}
    assert texts["ringkasan"] == "Jawaban ringkasan ringkasan."
    assert texts["signifikansi"] == "Jawaban signifikansi signifikansi."
    assert texts["keberlanjutan"] == "Jawaban keberlanjutan keberlanjutan."
    versions = AnswerVersion.objects.filter(answer__proposal=copy)
    assert {each.saved_by for each in versions.select_related("saved_by")} == {innovator}
    assert versions.count() == copy.answers.count()
    assert Event.objects.get(verb="proposals.copy").data["from"] == earlier.code
    assert copy.documents.count() == 0


def test_a_changed_question_is_marked_and_no_answer_is_lost(earlier, now):
    legacy = inherited(earlier, now.groups.get(key="umum"))
    assert {each.question.key for each in legacy.carried if each.is_changed} >= {
        "ringkasan",
        "signifikansi",
        "keberlanjutan",
    }
    placed = {each.answer.pk for each in legacy.carried if each.answer} | {each.pk for each in legacy.left_over}
    assert placed == set(earlier.answers.values_list("pk", flat=True))


def test_an_unchanged_year_marks_nothing(earlier, then):
    legacy = inherited(earlier, then.groups.get(key="umum"))
    assert ([each for each in legacy.carried if each.is_changed], legacy.left_over) == ([], [])
    assert len(legacy.carried) == earlier.answers.count()


def test_an_answer_over_the_new_limit_is_kept_and_flagged(earlier, now, innovator):
    earlier.answers.filter(question__key="ringkasan").update(words=230)
    legacy = inherited(earlier, now.groups.get(key="umum"))
    assert {each.question.key: each.words_too_many for each in legacy.carried}["ringkasan"] == 30
    copy = begin(earlier, now, innovator)
    assert copy.answers.get(question__key="ringkasan").words == 230


def test_what_it_won_becomes_its_history(earlier, now, innovator):
    won = Innovation.objects.create(title="Antar obat ke pulau", agency=earlier.agency, agency_name="Contoh")
    Award.objects.create(innovation=won, year=2021, tier="winner", label="Top 45")
    copy = begin(earlier, now, innovator)
    assert copy.past_innovation == won
    assert copy.matches.get().is_same


def test_a_second_start_is_refused_until_the_first_is_withdrawn(earlier, now, innovator):
    first = begin(earlier, now, innovator)
    with pytest.raises(ValidationError) as refused:
        begin(earlier, now, innovator)
    assert refused.value.code == "already_copied"
    Proposal.objects.filter(pk=first.pk).update(status="withdrawn")
    assert begin(earlier, now, innovator).pk != first.pk


def test_nothing_is_begun_when_the_year_refuses(earlier, now, innovator):
    before = Proposal.objects.count()
    calendar_stage = calendar.submission_stage(now)
    calendar_stage.ends_at = timezone.now() - timedelta(minutes=1)
    calendar_stage.save()
    with pytest.raises(ValidationError):
        begin(earlier, now, innovator)
    assert Proposal.objects.count() == before


def test_only_what_one_may_know_of_can_be_copied(earlier, now, outsider, agency, other_agency):
    colleague = person("of-another-unit")
    Membership.objects.create(user=colleague, agency=agency, role=Membership.Role.INNOVATOR)
    for stranger, where in ((outsider, other_agency), (outsider, agency), (colleague, agency)):
        with pytest.raises(PermissionDenied):
            begin(earlier, now, stranger, agency=where, unit=None)


def test_a_file_is_used_again_one_by_one(earlier, now, innovator, as_user):
    copy = begin(earlier, now, innovator)
    browser, url = as_user(innovator), reverse("proposals:carried", args=[copy.code])
    assert browser.get(url).content.decode().count('name="requirement"') == 2
    assert browser.post(url, {"requirement": "surat-identitas"}).status_code == 302
    held = copy.documents.get()
    assert held.file == earlier.documents.get(requirement__key="surat-identitas").file
    StoredFile.objects.filter(name="surat-implementasi.pdf").update(size=1_500_000)
    assert browser.post(url, {"requirement": "surat-implementasi"}).status_code == 422
    assert browser.post(url, {"requirement": "surat-replikasi"}).status_code == 422
    assert copy.documents.count() == 1


def test_from_the_list_to_the_new_proposal_through_the_pages(earlier, now, innovator, as_user, outsider):
    browser = as_user(innovator)
    start = reverse("proposals:copy", args=[now.code, earlier.code])
    assert start in browser.get(reverse("proposals:earlier", args=[now.code])).content.decode()
    page = browser.get(start)
    assert page.context["form"].initial["group"].key == "umum"
    posted = {name: getattr(value, "pk", value) for name, value in page.context["form"].initial.items()}
    assert browser.post(start, posted | {"title": ""}).status_code == 422
    answer = browser.post(start, posted)
    copy = Proposal.objects.get(copied_from=earlier)
    assert answer.url == reverse("proposals:carried", args=[copy.code])
    assert browser.get(answer.url).status_code == 200
    assert browser.post(start, posted).status_code == 422
    page = browser.get(reverse("proposals:aspect", args=[copy.code, "ringkasan"])).content.decode()
    assert "2021" in page
    assert "Jawaban ringkasan ringkasan." in page
    assert as_user(outsider).get(start).status_code == 404
