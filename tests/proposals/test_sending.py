"""Sending: one frozen, numbered, hashed snapshot, once, and never more than the cap."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Agency
from audit.models import Event
from proposals import actions, eligibility, snapshot
from proposals.models import Counter, Proposal, Submission
from tests.proposals.conftest import fill


def another(draft, title):
    return fill(Proposal.objects.create(
        competition=draft.competition, group=draft.group, category=draft.category, agency=draft.agency, unit=draft.unit,
        lead=draft.lead, title=title, started_on=draft.started_on, video_url=draft.video_url, status="in_review",
    ))  # fmt: skip


def together(*deeds):
    """Runs the deeds at the same moment, each on its own connection; returns what each gave or raised."""
    barrier, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        try:
            barrier.wait()
            results[place] = deed()
        except (ValidationError, PermissionDenied, actions.StaleVersion) as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db
def test_the_snapshot_holds_everything_and_can_be_checked(in_review, agency_admin):
    sent = actions.send(in_review, by=agency_admin)
    assert sent.payload["title"] == in_review.title
    assert [answer["text"] for answer in sent.payload["answers"]] == ["Obat diantar dengan perahu."] * 2
    assert sent.payload["documents"][0]["requirement"] == "surat"
    sent.refresh_from_db()
    assert snapshot.is_intact(sent)
    event = Event.objects.get(verb="proposals.send")
    assert (event.data["number"], event.data["sha256"]) == (sent.number, sent.sha256)
    sent.payload["title"] = "Lain"
    assert not snapshot.is_intact(sent)


@pytest.mark.django_db
def test_a_second_click_gets_the_same_receipt(in_review, agency_admin):
    assert actions.send(in_review, by=agency_admin) == actions.send(in_review, by=agency_admin)
    assert Counter.objects.get().last_number == 1


@pytest.mark.django_db
def test_a_sent_payload_cannot_be_changed(in_review, agency_admin):
    sent = actions.send(in_review, by=agency_admin)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=sent.pk).update(payload={})


@pytest.mark.django_db
def test_withdrawing_keeps_the_number_and_frees_the_place(in_review, agency_admin, group):
    group.cap_per_agency = 1
    group.save()
    first = actions.send(in_review, by=agency_admin)
    second = another(in_review, "Yang Kedua")
    with pytest.raises(ValidationError) as refused:
        actions.send(second, by=agency_admin)
    assert [error.code for error in refused.value.error_list] == ["cap"]
    actions.move(in_review, "withdraw", by=agency_admin, note="Diganti.")
    first.refresh_from_db()
    assert not first.stands
    assert actions.send(second, by=agency_admin).number == "KIPP-2023-000002"
    actions.move(in_review, "reopen", by=agency_admin)
    with pytest.raises(ValidationError) as refused:  # a draft of the innovator's again, to be handed over first
        actions.send(in_review, by=agency_admin)
    assert refused.value.code == "wrong_status"


@pytest.mark.django_db
def test_the_same_title_is_refused_once_one_was_sent(in_review, agency_admin):
    actions.send(in_review, by=agency_admin)
    twin = another(in_review, " antar OBAT, ke pulau! ")
    with pytest.raises(ValidationError) as refused:
        actions.send(twin, by=agency_admin)
    assert [error.code for error in refused.value.error_list] == ["duplicate_title"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_clicks_make_one_submission(in_review, agency_admin):
    results = together(*[lambda: actions.send(in_review, by=agency_admin)] * 8)
    assert {result.number for result in results} == {"KIPP-2023-000001"}
    assert Submission.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_exceed_the_cap(in_review, agency_admin, group):
    group.cap_per_agency = 2
    group.save()
    waiting = [another(in_review, f"Inovasi {letter}") for letter in "ABCD"]
    actions.send(in_review, by=agency_admin)
    results = together(*[lambda each=each: actions.send(each, by=agency_admin) for each in waiting])
    assert sum(isinstance(result, Submission) for result in results) == 1
    assert Submission.objects.filter(stands=True).count() == 2
    numbers = sorted(Submission.objects.values_list("number", flat=True))
    assert numbers == ["KIPP-2023-000001", "KIPP-2023-000002"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_tabs_on_one_box_lose_nothing(draft, innovator, question):
    def save(text):
        return lambda: actions.save_answer(draft, question, text=text, base_version=0, by=innovator)

    results = together(*[save(f"Naskah {number}") for number in range(6)])
    stale = [result for result in results if isinstance(result, actions.StaleVersion)]
    saved = [result for result in results if not isinstance(result, actions.StaleVersion)]
    assert (len(saved), len(stale)) == (1, 5)
    assert draft.answers.get().text == saved[0].text
    assert draft.answers.get().versions.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_nothing_slips_in_while_it_is_sent(in_review, agency_admin, question):
    def write():
        return actions.save_answer(in_review, question, text="Diubah saat dikirim.", base_version=1, by=agency_admin)

    sent, wrote = together(lambda: actions.send(in_review, by=agency_admin), write)
    frozen = next(answer["text"] for answer in sent.payload["answers"] if answer["aspect"] == question.aspect.key)
    assert frozen == in_review.answers.get(question=question).text
    assert isinstance(wrote, ValidationError) == (frozen != "Diubah saat dikirim.")


@pytest.mark.django_db
def test_an_enterprise_is_sent_by_its_governments_admin(in_review, agency, agency_admin, other_admin):
    company = Agency.objects.create(
        code="BD.1", name="Perumda Air", slug="perumda-air", type=Agency.Type.ROE, parent=agency
    )
    Proposal.objects.filter(pk=in_review.pk).update(agency=company, unit=None)
    in_review.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.send(in_review, by=other_admin)
    assert actions.send(in_review, by=agency_admin).payload["agency"]["code"] == "BD.1"


@pytest.mark.django_db
def test_corrected_and_sent_again_the_old_receipt_names_the_new(in_review, agency_admin, innovator, question, as_user):
    first = actions.send(in_review, by=agency_admin)
    actions.move(in_review, "correct", by=agency_admin, note="Angka salah.")
    actions.save_answer(in_review, question, text="Obat diantar dengan kapal.", base_version=1, by=agency_admin)
    with pytest.raises(ValidationError) as refused:  # the page of the first sending, posted again
        actions.send(in_review, by=agency_admin, sequence=1)
    assert refused.value.code == "already_processed"
    second = actions.send(in_review, by=agency_admin, sequence=2)
    first.refresh_from_db()
    assert (first.stands, first.withdrawn_because, second.sequence) == (False, "Angka salah.", 2)
    browser = as_user(innovator)
    old = browser.get(f"/proposals/{in_review.code}/receipts/1/").content.decode()
    assert second.number in old
    assert "Angka salah." in old
    history = browser.get(f"/proposals/{in_review.code}/receipts/").content.decode()
    assert "perahu" in history
    assert "kapal" in history
    assert browser.get(f"/proposals/{in_review.code}/receipts/2.pdf").content.startswith(b"%PDF")
    assert (
        as_user(None).get("/verify/", {"number": first.number, "sha256": first.sha256}).context["answer"] == "withdrawn"
    )


@pytest.mark.django_db
def test_the_grace_counts_and_is_recorded(in_review, agency_admin, year, settings):
    stage = year.stages.get(key="submission")
    stage.ends_at = timezone.now() - timedelta(seconds=20)
    stage.save()
    with pytest.raises(ValidationError):
        actions.send(in_review, by=agency_admin)
    settings.SUBMISSION_GRACE_SECONDS = 60
    actions.send(in_review, by=agency_admin)
    assert Event.objects.get(verb="proposals.send").data["seconds_late"] >= 20
    assert "open" not in {each.rule for each in eligibility.failures(eligibility.findings(in_review))}
