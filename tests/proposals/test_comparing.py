"""What was seen before: found after sending, shown to screeners as a question, never standing in the way."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from catalogue.models import Award, Innovation
from proposals import actions, resemblances, tasks
from proposals.actions import comparing
from proposals.models import Fingerprint, Proposal, Resemblance, Screening, Submission
from tests.proposals.sent_texts import OTHER, OWN, sent_with
from tests.proposals.test_sending import together

pytestmark = pytest.mark.django_db
TITLES = ("Antar Obat ke Pulau", "Rantang Kasih", "Pojok Dongeng", "Lumbung Air", "Sekolah Rawa")


@pytest.fixture
def send(year, agency, innovator):
    """send(text, title="", agency=…): one more proposal standing with the ministry."""

    def sent(text: str, title: str = "", **fields: object) -> Submission:
        number = Submission.objects.count() + 1
        owner = fields.pop("agency", agency)
        return sent_with(
            year, owner, innovator, number=number, text=text, title=title or TITLES[number - 1], **fields
        )  # fmt: skip

    return sent


def found() -> list[tuple[str, str, str]]:
    return [
        (each.submission.proposal.title, str(each.innovation or each.other.proposal.title), each.kind)
        for each in Resemblance.objects.all()
    ]


def test_a_copied_text_is_found_and_its_passage_named(send, other_agency):
    first, second = send(OWN), send(f"Pembuka sendiri. {OWN} {OTHER}", agency=other_agency)
    assert actions.compare_due() == 2
    (resemblance,) = Resemblance.objects.all()
    assert (resemblance.submission, resemblance.other, resemblance.kind) == (second, first, "text")
    assert resemblance.score == 100
    (pair,) = resemblances.pairs(resemblance, first)
    assert pair.words == 240
    assert pair.here.before == ""
    assert pair.there.before == "Pembuka sendiri. "


def test_comparing_twice_finds_nothing_twice_and_keeps_what_people_said(send, secretariat):
    send(OWN), send(OWN), send(OTHER)
    assert (actions.compare_due(), actions.compare_due()) == (3, 0)
    comparing.judge(Resemblance.objects.get(), judgement="dismissed", by=secretariat)
    call_command("compare_proposals", "2023")
    assert Resemblance.objects.get().judgement == "dismissed"


def test_a_later_sending_is_compared_with_all_before_it(send):
    send(OWN), send(OTHER)
    actions.compare_due()
    assert found() == []
    send(OWN)
    assert actions.compare_due() == 1
    assert found() == [("Pojok Dongeng", "Antar Obat ke Pulau", "text")]


def test_what_was_found_once_and_no_more_is_dropped_unless_judged(send, year, secretariat):
    send(OWN), send(OWN)
    actions.compare_due()
    second, before = Submission.objects.latest("sent_at"), timezone.now() - timedelta(days=1)
    stale = Innovation.objects.create(title="X")
    Resemblance.objects.create(submission=second, innovation=stale, kind="title", score=80, found_at=before)
    assert actions.compare_year(year) == 2
    assert found() == [("Rantang Kasih", "Antar Obat ke Pulau", "text")]


def test_a_withdrawn_text_and_the_proposals_own_first_sending_are_no_question(send):
    first = send(OWN)
    Submission.objects.filter(pk=first.pk).update(stands=False)
    send(OWN)
    assert actions.compare_due() == 1
    assert found() == []


def test_a_past_winner_under_a_longer_name_is_found_unless_the_proposal_names_it(send):
    winner = Innovation.objects.create(title="Rantang Kasih", agency_name="Banyuwangi")
    send(OWN, "Rantang Kasih Plus")
    send(OTHER, "Rantang Kasih 2.0", past_innovation=winner)
    actions.compare_due()
    assert ("Rantang Kasih Plus", "Rantang Kasih", "title") in found()
    assert ("Rantang Kasih 2.0", "Rantang Kasih", "title") not in found()
    assert ("Rantang Kasih 2.0", "Rantang Kasih Plus", "title") in found()


def test_many_sent_at_once_are_compared_together(send):
    send(OWN)
    assert actions.compare_due(rest=timedelta(seconds=20)) == 1
    send(OTHER)
    assert actions.compare_due(rest=timedelta(seconds=20)) == 0
    Fingerprint.objects.filter(compared_at__isnull=False).update(compared_at=timezone.now() - timedelta(minutes=1))
    tasks.compare()
    assert not Fingerprint.objects.filter(compared_at=None).exists()


def test_sending_wakes_the_comparison_once(in_review, agency_admin, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as woken:
        actions.send(in_review, by=agency_admin)
    assert [each.args for each in woken if getattr(each, "args", None) == (comparing.COMPARE,)] == [
        (comparing.COMPARE,)
    ]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_compare_at_the_same_time(send):
    send(OWN), send(OWN)
    counts = together(actions.compare_due, actions.compare_due)
    assert sum(counts) == 2
    assert len(found()) == 1


def test_the_comparison_asks_as_much_for_four_as_for_two(send):
    numbers = []
    for texts in ((OWN, OTHER), (OWN, OWN, OTHER, OTHER)):
        for text in texts:
            send(text, f"Judul {Submission.objects.count()} {text[:40]}")
        with CaptureQueriesContext(connection) as asked:
            assert actions.compare_due() == len(texts)
        numbers.append(len(asked))
    # Only when something is found are texts read and a row written.
    assert numbers[1] - numbers[0] == 2


class TestJudging:
    @pytest.fixture
    def question(self, send) -> Resemblance:
        send(OWN), send(OWN)
        actions.compare_due()
        return Resemblance.objects.get()

    @pytest.mark.parametrize(
        ("judgement", "note", "code"),
        [("confirmed", " ", "note_needed"), ("open", "x", "judgement_needed"), ("", "", "judgement_needed")],
    )
    def test_a_judgement_is_whole(self, question, secretariat, judgement, note, code):
        with pytest.raises(ValidationError) as refused:
            comparing.judge(question, judgement=judgement, note=note, by=secretariat)
        errors = refused.value.error_dict["note"] if code == "note_needed" else refused.value.error_list
        assert [error.code for error in errors] == [code]

    def test_only_the_secretariat_judges(self, question, innovator):
        with pytest.raises(PermissionDenied):
            comparing.judge(question, judgement="dismissed", by=innovator)

    def test_it_is_recorded_once_and_changes_nothing_else(self, question, secretariat):
        for _click in range(2):
            comparing.judge(question, judgement="confirmed", note="Sama persis.", by=secretariat)
        assert Event.objects.filter(verb="proposals.judge_resemblance").count() == 1
        assert set(Proposal.objects.values_list("status", flat=True)) == {"sent"}
        assert not Screening.objects.exclude(verdict="").exists()

    def test_it_ends_with_the_release_of_results(self, question, secretariat):
        now = timezone.now()
        Screening.objects.create(
            submission=question.submission, verdict="pass", decided_by=secretariat, decided_at=now, released_at=now
        )
        with pytest.raises(ValidationError) as refused:
            comparing.judge(question, judgement="dismissed", by=secretariat)
        assert refused.value.code == "released"

    def test_the_page_lays_both_side_by_side_and_takes_the_answer(self, question, secretariat, as_user):
        client = as_user(secretariat)
        for submission in (question.submission, question.other):
            url = reverse("proposals:screening_resemblance", args=[submission.proposal.code, question.pk])
            item = client.get(reverse("proposals:screening_item", args=[submission.proposal.code]))
            assert url in item.content.decode()
            assert client.get(url).content.decode().count("<mark>") == 2
        assert client.post(url, {"judgement": "confirmed"}).status_code == 422
        assert client.post(url, {"judgement": "confirmed", "note": "Lihat bagian 2."}).status_code == 302
        assert Resemblance.objects.get().judgement == "confirmed"

    def test_its_address_belongs_to_the_two_proposals_it_is_about(self, question, secretariat, as_user, send):
        stranger = send(OTHER)
        url = reverse("proposals:screening_resemblance", args=[stranger.proposal.code, question.pk])
        assert as_user(secretariat).get(url).status_code == 404

    def test_the_list_asks_as_much_for_one_as_for_three(self, send, question, django_assert_num_queries):
        Award.objects.create(
            innovation=Innovation.objects.create(title="Y"), year=2019, tier="finalist", label="Top 99"
        )
        here = Submission.objects.select_related("proposal").get(pk=question.submission_id)
        with django_assert_num_queries(1):
            assert len(resemblances.seen_from(here)) == 1
        Resemblance.objects.create(
            submission=question.submission, innovation=Innovation.objects.get(), kind="title", score=80
        )
        send(OWN)
        actions.compare_due()
        with django_assert_num_queries(2):
            assert len(resemblances.seen_from(here)) == 3
