from datetime import UTC, date, datetime, timedelta

import pgtrigger
import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from audit.models import Event
from audit.naming import facts_of
from audit.recording import record
from audit.sealing import seal_new

DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def receipt(agency, innovator) -> Event:
    record("proposals.send", by=innovator, on=agency, data={"number": "KIPP-2023-0001", "sha256": DIGEST, "title": "Z"})
    return Event.objects.get()


@pytest.mark.parametrize("person", ["innovator", "agency_admin", "evaluator", "panelist", "outsider"])
def test_only_the_secretariat_reads_the_record(as_user, request, person):
    assert as_user(request.getfixturevalue(person)).get("/audit/").status_code == 403


def test_a_visitor_is_asked_to_log_in(as_user):
    assert as_user(None).get("/audit/").status_code == 302


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, {"proposals.send", "accounts.approve"}),
        ({"verb": "proposals.send"}, {"proposals.send"}),
        ({"person": "SECRETARIAT"}, {"accounts.approve"}),
        ({"person": "innovator@"}, {"proposals.send"}),
        ({"object_key": "77.71"}, {"accounts.approve"}),
        ({"object_key": "agency"}, {"proposals.send", "accounts.approve"}),
        ({"object_key": "instansi"}, {"proposals.send", "accounts.approve"}),
        ({"since": "2000-01-01", "until": "2000-01-02"}, set()),
        ({"since": "2000-01-01"}, {"proposals.send", "accounts.approve"}),
        ({"object_key": "x" * 81}, set()),
        ({"verb": "proposals.send", "person": "secretariat"}, set()),
    ],
)
def test_the_record_is_filtered(as_user, secretariat, receipt, other_agency, asked, shown):
    record("accounts.approve", by=secretariat, on=other_agency)
    response = as_user(secretariat).get("/audit/", asked)
    assert {event.verb for event in response.context["page"]} == shown


@pytest.mark.parametrize("asked", [{"since": "2000-01-02", "until": "2000-01-01"}, {"since": "kapan"}])
def test_days_that_are_none_are_said_so(as_user, secretariat, receipt, asked):
    response = as_user(secretariat).get("/audit/", asked)
    assert response.status_code == 422
    assert not response.context["lines"]


def test_a_day_is_whole_and_in_the_readers_zone(receipt):
    at = datetime(2023, 5, 2, 23, 30, tzinfo=UTC)  # the third in Jakarta
    with pgtrigger.ignore("audit.Event:append_only"):
        Event.objects.update(at=at)
    third = date(2023, 5, 3)
    with timezone.override("Asia/Jakarta"):
        assert [Event.objects.in_days(day, day).count() for day in (third - timedelta(1), third)] == [0, 1]


def test_the_page_speaks_words_and_says_whether_all_is_sealed(as_user, secretariat, receipt):
    page = as_user(secretariat).get("/audit/").content.decode()
    assert "Mengirim proposal ke kementerian" in page
    assert "Belum ada yang disegel" in page
    seal_new()
    assert "Setiap tindakan sudah disegel" in as_user(secretariat).get("/audit/").content.decode()


def test_a_seal_that_does_not_come_is_told(as_user, secretariat, receipt):
    with pgtrigger.ignore("audit.Event:append_only"):
        Event.objects.update(at=timezone.now() - timedelta(minutes=10))
    assert "Penyegelan terhenti" in as_user(secretariat).get("/audit/").content.decode()


def test_one_event_costs_as_many_queries_as_three(as_user, secretariat, receipt, innovator, other_agency,
                                                  django_assert_num_queries,
                                                  django_assert_max_num_queries):  # fmt: skip
    client = as_user(secretariat)
    client.get("/audit/")
    with django_assert_max_num_queries(15) as first:
        client.get("/audit/")
    record("a.b", by=secretariat, on=other_agency)  # each kind of object costs one query, however many there are
    record("a.c", by=innovator, on=other_agency)
    with django_assert_num_queries(len(first)):
        client.get("/audit/")


def test_facts_are_read_without_code(agency):
    at = "2023-05-02T16:59:00Z"
    data = {"scores": {"dampak": "71.00"}, "failed": ["usia"], "note": "", "count": 0, "anew": True, "until": at}
    record("a.b", by=None, on=agency, data=data)
    with translation.override("id"):
        found = {each.name: str(each.value) for each in facts_of("a.b", "accounts.agency", Event.objects.get().data)}
    assert found == {
        "jumlah": "0", "failed": "usia", "catatan": "–", "nilai › dampak": "71.00", "disusun ulang": "ya",
        "sampai": "2023-05-02 16:59:00+00:00",
    }  # fmt: skip


def test_days_in_the_wrong_order_are_said_and_not_that_nothing_was_found(as_user, secretariat):
    page = as_user(secretariat).get("/audit/", {"since": "2023-05-02", "until": "2023-05-01"})
    assert page.status_code == 422
    assert "Tanggal akhir mendahului tanggal awal." in page.content.decode()
    assert "Tidak ada catatan yang cocok" not in page.content.decode()


def verify(as_user, **asked):
    return as_user(None).get("/verify/", asked)


def test_a_receipt_matches_before_and_after_its_seal(as_user, receipt):
    page = verify(as_user, number="kipp-2023-0001", sha256=DIGEST.upper())
    assert (page.context["event"], page.context["proof"]) == (receipt, None)
    seal = seal_new()
    page = verify(as_user, number=" KIPP-2023-0001 ", sha256=f"{DIGEST[:32]} {DIGEST[32:]}")
    assert page.context["proof"].holds()
    assert seal.root in page.content.decode()


def test_the_answer_tells_nothing_but_the_match(as_user, receipt, agency, innovator):
    seal_new()
    text = verify(as_user, number="KIPP-2023-0001", sha256=DIGEST).content.decode()
    for secret in (agency.name, agency.code, innovator.name, innovator.email, "<td>Z"):
        assert secret not in text


def answer(response) -> str:
    """The page without what was asked and what the clock says."""
    text = response.content.decode()
    start = text.index('class="callout')
    return text[start : text.index("<form", start)]


def test_unknown_and_wrong_say_nothing_of_the_proposal(as_user, receipt):
    seal_new()
    wrong = verify(as_user, number="KIPP-2023-0001", sha256="f" * 64)
    unknown = verify(as_user, number="KIPP-2023-9999", sha256=DIGEST)
    assert wrong.status_code == unknown.status_code == 200
    assert (wrong.context["answer"], unknown.context["answer"]) == ("differs", "unknown")
    assert not any(each in answer(page) for page in (wrong, unknown) for each in ("Pemerintah", "Innovator"))
    assert wrong.context["event"] is unknown.context["event"] is None


@pytest.mark.parametrize("sha256", ["abc", "g" * 64, "0" * 63, "0" * 65])
def test_what_is_no_digest_is_said_so(as_user, receipt, sha256):
    page = verify(as_user, number="KIPP-2023-0001", sha256=sha256)
    assert page.status_code == 422
    assert page.context["receipt"].errors.keys() == {"sha256"}


def test_a_number_alone_is_known_or_not_and_nothing_more_is_said(as_user, receipt):
    known, unknown = verify(as_user, number="kipp-2023-0001"), verify(as_user, number="KIPP-2023-9999", sha256="")
    assert known.status_code == unknown.status_code == 200
    assert (known.context["answer"], unknown.context["answer"]) == ("given", "unknown")
    assert known.context["event"] is None
    assert not any(each in answer(known) for each in ("Pemerintah", "Innovator", DIGEST))
    assert "hanya sidik" in answer(known).lower()


def test_a_root_is_found_by_its_digits(as_user, receipt):
    seal = seal_new()
    assert verify(as_user, root=seal.root.upper()).context["found"] == seal
    assert verify(as_user, root="0" * 64).context["found"] is None
    assert verify(as_user, root="0").status_code == 422


def test_the_page_is_public_and_shows_the_last_root(as_user, receipt):
    seal = seal_new()
    assert seal.root in verify(as_user).content.decode()


def test_an_empty_record_has_a_page_too(as_user, db):
    assert verify(as_user).status_code == 200


def test_the_four_answers_about_a_receipt(as_user, receipt, innovator, agency):
    other = "f" * 64
    asked = {"number": "KIPP-2023-0001", "sha256": DIGEST}
    assert verify(as_user, **asked).context["answer"] == "valid"
    assert verify(as_user, **asked | {"sha256": other}).context["answer"] == "differs"
    assert verify(as_user, **asked | {"number": "KIPP-2023-0002"}).context["answer"] == "unknown"
    record("proposals.withdraw", by=innovator, on=agency, data={"number": "KIPP-2023-0001"})
    assert verify(as_user, **asked).context["answer"] == "withdrawn"
    assert verify(as_user, **asked | {"sha256": other}).context["answer"] == "differs"


def test_too_many_questions_are_asked_to_wait(as_user, receipt, monkeypatch):
    monkeypatch.setattr("audit.views.ANSWERS_A_MINUTE", 2)
    cache.clear()
    browser = as_user(None)
    answers = [browser.get("/verify/", {"number": "X", "sha256": DIGEST}).status_code for _turn in range(3)]
    cache.clear()
    assert answers == [200, 200, 429]
