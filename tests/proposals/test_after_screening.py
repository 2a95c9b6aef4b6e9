"""What an agency can do once results are known: object once, or mend what was named."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from audit.verification import check_receipt
from audit.views import ENDING_VERBS, RECEIPT_VERB
from competitions.models import ScreeningRules
from files.storing import store
from notifications.models import Message
from proposals import screening
from proposals.models import Correction, Move, Objection, Screening, Submission
from proposals.snapshot import is_intact
from tests.proposals.conftest import fill, pdf
from tests.proposals.screening_cast import sent_proposal
from tests.proposals.test_screening import code_of, fail


@pytest.fixture
def rules(year):
    return ScreeningRules.objects.create(competition=year, correction_days=5, objection_days=3)


@pytest.fixture
def sent(year, rules, agency, unit, innovator):
    submission = sent_proposal(year, agency, innovator, unit=unit)
    submission.proposal.answers.all().delete()
    fill(submission.proposal)
    return submission


@pytest.fixture
def failed(sent, year, secretariat, agency_admin, move_calendar):
    """Released, not passed, and assessment is still some days off."""
    fail(screening.claim_next(year, by=secretariat), secretariat, year.screening_checks.filter(key="usia"))
    move_calendar(-21)
    screening.release_results(year, by=secretariat)
    sent.proposal.refresh_from_db()
    return sent.proposal


def test_the_admin_objects_once_in_time(failed, agency_admin, innovator, other_admin):
    for stranger in (innovator, other_admin):
        with pytest.raises(PermissionDenied):
            screening.object_to(failed, text="Usianya cukup.", by=stranger)
    screening.object_to(failed, text="Usianya cukup.", upload=pdf(), by=agency_admin)
    with pytest.raises(ValidationError) as error:
        screening.object_to(failed, text="Sekali lagi.", by=agency_admin)
    assert code_of(error) == "already_filed"
    assert Message.objects.filter(kind="proposals/mail/objection_filed").count() == 2


def test_too_late_is_said_in_words(failed, agency_admin):
    Screening.objects.update(released_at=timezone.now() - timedelta(days=4))
    with pytest.raises(ValidationError) as error:
        screening.object_to(failed, text="Usianya cukup.", by=agency_admin)
    assert code_of(error) == "closed"


def test_without_a_window_there_are_no_objections(failed, rules, agency_admin):
    ScreeningRules.objects.update(objection_days=None)
    with pytest.raises(ValidationError) as error:
        screening.object_to(failed, text="Usianya cukup.", by=agency_admin)
    assert code_of(error) == "no_objections"


def test_somebody_else_answers_and_what_is_overturned_passes(failed, agency_admin, secretariat, clerk):
    objection = screening.object_to(failed, text="Usianya cukup.", by=agency_admin)
    with pytest.raises(ValidationError) as error:
        screening.answer_objection(objection, outcome="overturned", answer="Benar.", by=secretariat)
    assert code_of(error) == "own_decision"
    screening.answer_objection(objection, outcome="overturned", answer="Surat membuktikannya.", by=clerk)
    screening.answer_objection(objection, outcome="overturned", answer="Surat membuktikannya.", by=clerk)
    failed.refresh_from_db()
    assert failed.status == "passed"
    assert Move.objects.get(name="overturn").made_by == clerk
    assert Message.objects.filter(kind="proposals/mail/objection_answered").count() == 2


def test_once_assessment_has_begun_nothing_is_overturned(failed, agency_admin, clerk, move_calendar):
    objection = screening.object_to(failed, text="Usianya cukup.", by=agency_admin)
    move_calendar(-10)
    with pytest.raises(ValidationError) as error:
        screening.answer_objection(objection, outcome="overturned", answer="Benar.", by=clerk)
    assert code_of(error) == "assessment_begun"
    assert Objection.objects.get().outcome == ""
    screening.answer_objection(objection, outcome="upheld", answer="Tetap.", by=clerk)
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_the_objection_page_is_the_agencys_and_keeps_what_was_typed(as_user, failed, agency_admin, innovator, outsider):
    url = reverse("proposals:objection", args=[failed.code])
    admin = as_user(agency_admin)
    own = reverse("proposals:proposal", args=[failed.code])
    assert url in admin.get(own).content.decode()
    no_pdf = SimpleUploadedFile("bukti.pdf", b"<html>", content_type="application/pdf")
    refused = admin.post(url, {"text": "Usianya cukup.", "attachment": no_pdf})
    assert refused.status_code == 422
    assert "Usianya cukup." in refused.content.decode()
    assert not Objection.objects.exists()
    assert admin.post(url, {"text": "Usianya cukup."}).status_code == 302
    assert as_user(outsider).get(url).status_code == 404
    assert as_user(innovator).get(url).status_code == 200
    assert as_user(innovator).post(url, {"text": "Saya juga."}).status_code == 403
    again = admin.post(url, {"text": "Sekali lagi."})
    assert again.status_code == 422
    assert Objection.objects.get().text == "Usianya cukup."


def test_a_check_that_cannot_be_mended_is_refused(sent, year, secretariat):
    item = screening.claim_next(year, by=secretariat)
    usia = year.screening_checks.filter(key="usia")
    with pytest.raises(ValidationError) as error:
        screening.decide(item, verdict="correct", failed_checks=usia, note="Perbaiki.", by=secretariat)
    assert code_of(error) == "not_correctable"


def test_without_a_correction_period_there_is_no_such_verdict(sent, year, rules, secretariat, as_user):
    ScreeningRules.objects.update(correction_days=None)
    year.screening_checks.update(corrects=["documents"])
    item = screening.claim_next(year, by=secretariat)
    with pytest.raises(ValidationError) as error:
        screening.decide(
            item, verdict="correct", failed_checks=year.screening_checks.all()[:1], note="Ya.", by=secretariat
        )
    assert code_of(error) == "no_correction"
    page = as_user(secretariat).get(reverse("proposals:screening_item", args=[sent.proposal.code]))
    assert "verdict-correct" not in page.content.decode()


@pytest.fixture
def mending(sent, year, secretariat, agency_admin, move_calendar):
    """The letter is to be corrected, and the agency has been told."""
    year.screening_checks.filter(key="lengkap").update(corrects=["documents:surat", "answers:dampak"])
    item = screening.claim_next(year, by=secretariat)
    lengkap = year.screening_checks.filter(key="lengkap")
    screening.decide(item, verdict="correct", failed_checks=lengkap, note="Surat tidak sah.", by=secretariat)
    move_calendar(-21)
    with pytest.raises(ValidationError) as error:
        screening.release_results(year, by=secretariat)
    assert code_of(error) == "corrections_not_open"
    assert screening.open_corrections(year, by=secretariat) == 1
    assert Message.objects.filter(kind="proposals/mail/correction_opened", recipient=agency_admin).exists()
    return sent.proposal


def test_a_correction_is_a_new_submission_and_is_screened_again(as_user, mending, sent, year, agency_admin, clerk):
    url = reverse("proposals:correction", args=[mending.code])
    admin = as_user(agency_admin)
    assert url in admin.get(reverse("proposals:proposal", args=[mending.code])).content.decode()
    assert "Surat tidak sah." in admin.get(url).content.decode()
    dampak = mending.group.aspects.get(key="dampak").questions.get()
    kept = admin.post(url, {f"answer-{dampak.pk}": "kata " * 60})
    assert kept.status_code == 422
    assert "kata kata kata" in kept.content.decode()
    letter = mending.group.documents.get()
    answer = admin.post(url, {f"answer-{dampak.pk}": "Kunjungan naik.", f"document-{letter.pk}": pdf()})
    assert answer.status_code == 302, answer.context["form"].errors
    first, second = Submission.objects.order_by("sequence")
    assert (first.stands, second.stands, is_intact(second)) == (False, True, True)
    assert Correction.objects.get().submission == second
    answers = [
        check_receipt(verb=RECEIPT_VERB, ended_by=ENDING_VERBS, number=each.number, sha256=each.sha256).answer
        for each in (first, second)
    ]
    assert answers == ["unknown", "valid"]  # the first was sent without the portal's own deed, so it left no event
    with pytest.raises(ValidationError) as error:
        screening.send_correction(mending, answers={dampak: "Lagi."}, uploads={}, fields={}, by=agency_admin)
    assert code_of(error) == "closed"
    item = screening.claim_next(year, by=clerk)
    assert item.submission == second
    screening.decide(item, verdict="pass", by=clerk)
    assert screening.release_results(year, by=clerk)["passed"] == 1


def test_only_what_was_named_can_be_mended_by_the_admin_only(mending, innovator, agency_admin):
    kebaruan = mending.group.aspects.get(key="kebaruan").questions.get()
    with pytest.raises(PermissionDenied):
        screening.send_correction(mending, answers={kebaruan: "Baru."}, uploads={}, fields={}, by=innovator)
    with pytest.raises(ValidationError) as error:
        screening.send_correction(mending, answers={kebaruan: "Baru."}, uploads={}, fields={}, by=agency_admin)
    assert code_of(error) == "not_correctable"
    with pytest.raises(ValidationError) as error:
        screening.send_correction(mending, answers={}, uploads={}, fields={}, by=agency_admin)
    assert code_of(error) == "nothing_changed"


def test_what_is_not_corrected_in_time_fails(mending, year, secretariat):
    with pytest.raises(ValidationError) as error:
        screening.release_results(year, by=secretariat)
    assert code_of(error) == "corrections_running"
    Correction.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    assert screening.release_results(year, by=secretariat)["failed"] == 1
    mending.refresh_from_db()
    assert mending.status == "failed"


def correct(mending, by, **given):
    fields = {"answers": {}, "uploads": {}, "fields": {}} | given
    return screening.send_correction(mending, **fields, by=by)


def dampak_of(proposal):
    return proposal.group.aspects.get(key="dampak").questions.get()


@pytest.mark.parametrize(("text", "code"), [("", "answer:dampak/isi"), ("kata " * 60, "words:dampak/isi")])
def test_a_correction_that_could_not_be_sent_today_is_not_sent(mending, agency_admin, text, code):
    with pytest.raises(ValidationError) as error:
        correct(mending, agency_admin, answers={dampak_of(mending): text})
    assert code_of(error) == code
    assert Submission.objects.count() == 1
    assert dampak_of(mending).pk in mending.answers.exclude(text=text).values_list("question", flat=True)


def test_a_correction_does_not_take_a_title_that_stands(mending, year, other_agency, outsider, agency_admin):
    year.screening_checks.filter(key="lengkap").update(corrects=["title"])
    sent_proposal(year, other_agency, outsider, number=2, title="Perahu Obat")
    with pytest.raises(ValidationError) as error:
        correct(mending, agency_admin, fields={"title": "PERAHU OBAT"})
    assert code_of(error) == "duplicate_title"
    correct(mending, agency_admin, fields={"title": "Perahu  Obat\u200b Kita"})
    assert Submission.objects.get(proposal=mending, stands=True).payload["title"] == "Perahu Obat Kita"


def test_what_is_corrected_is_kept_as_every_save(mending, year, agency_admin):
    year.screening_checks.filter(key="lengkap").update(corrects=["title", "answers:dampak"])
    before = mending.title
    correct(mending, agency_admin, fields={"title": "Judul Baru"}, answers={dampak_of(mending): "Naik\u00a0pesat\r\n"})
    titles = mending.details_versions.order_by("version").values_list("version", "values__title")
    assert list(titles) == [(1, before), (2, "Judul Baru")]
    assert mending.answers.get(question=dampak_of(mending)).text == "Naik pesat\n"
    assert "seconds_late" not in Event.objects.get(verb="proposals.send").data  # a correction has its own deadline


def test_the_same_file_again_corrects_nothing(mending, agency_admin):
    letter, file = mending.group.documents.get(), pdf()
    mending.documents.update(file=store(file, kinds=letter.accepts, by=agency_admin, max_mb=letter.max_mb))
    file.seek(0)
    with pytest.raises(ValidationError) as error:
        correct(mending, agency_admin, uploads={letter: file})
    assert code_of(error) == "nothing_changed"
