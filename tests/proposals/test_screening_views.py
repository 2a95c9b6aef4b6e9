"""The screening desk in the browser, without JavaScript; and that no verdict leaves it before release."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competitions.models import ReasonTemplate
from proposals import screening
from proposals.models import Screening
from tests.proposals.screening_cast import sent_proposal

QUEUE, NEXT, RELEASE = (reverse(f"proposals:{name}") for name in ("screening", "screening_next", "screening_release"))


def item_url(submission) -> str:
    return reverse("proposals:screening_item", args=[submission.proposal.code])


@pytest.fixture
def sent(year, agency, unit, innovator):
    return [sent_proposal(year, agency, innovator, number=number, unit=unit) for number in (1, 2)]


@pytest.mark.parametrize("name", ["innovator", "agency_admin", "evaluator", "panelist"])
def test_the_desk_is_the_secretariats(request, as_user, sent, name):
    browser = as_user(request.getfixturevalue(name))
    for url in (QUEUE, RELEASE, item_url(sent[0])):
        assert browser.get(url).status_code == 403
    assert browser.post(NEXT, {"year": "2023"}).status_code == 403


def test_an_unknown_item_is_not_found(as_user, secretariat, year):
    assert as_user(secretariat).get(reverse("proposals:screening_item", args=["ABSENT"])).status_code == 404


def test_a_clerk_works_through_the_queue(as_user, sent, year, secretariat):
    browser = as_user(secretariat)
    assert browser.get(QUEUE).context["figures"].waiting == 2
    first = browser.post(NEXT, {"year": year.code})
    assert first.url == item_url(sent[0])
    page = browser.get(first.url)
    assert "Isi nomor 1." in page.content.decode()
    usia = year.screening_checks.get(key="usia")
    answer = browser.post(
        first.url, {"verdict": "fail", "failed_checks": [usia.pk], "note": "Terlalu muda.", "then": "next"}
    )
    assert answer.url == item_url(sent[1])
    answer = browser.post(answer.url, {"verdict": "pass", "then": "next"})
    assert answer.url.startswith(QUEUE)
    figures = browser.get(QUEUE).context["figures"]
    assert (figures.waiting, figures.passed, figures.failed) == (0, 1, 1)


def test_what_the_machine_found_is_ticked_but_nothing_is_decided(as_user, sent, year, secretariat):
    """The answers and the letter are missing: 'lengkap' is suggested, no verdict is chosen."""
    screening.claim_next(year, by=secretariat)
    page = as_user(secretariat).get(item_url(sent[0]))
    ticked = {line.check.key for line, on in page.context["form"].checklist() if on}
    assert ticked == {"lengkap"}
    assert 'name="verdict" value="pass" id="verdict-pass">' in page.content.decode()
    assert not Screening.objects.exclude(verdict="").exists()


def test_a_fail_without_reason_comes_back_with_the_note_kept(as_user, sent, year, secretariat):
    screening.claim_next(year, by=secretariat)
    answer = as_user(secretariat).post(item_url(sent[0]), {"verdict": "fail", "note": "Catatan saya."})
    assert answer.status_code == 422
    assert "failed_checks" in answer.context["form"].errors
    assert "Catatan saya." in answer.content.decode()


def test_a_colleagues_item_says_so(as_user, sent, year, secretariat, clerk):
    screening.claim_next(year, by=secretariat)
    browser = as_user(clerk)
    page = browser.get(item_url(sent[0]))
    assert page.context["held_by_other"]
    assert str(secretariat) in page.content.decode()
    answer = browser.post(item_url(sent[0]), {"verdict": "pass"})
    assert answer.status_code == 422
    assert str(secretariat) in answer.content.decode()
    renewal = browser.post(
        reverse("proposals:screening_claim", args=[sent[0].proposal.code]), headers={"Accept": "application/json"}
    )
    assert renewal.status_code == 409


def test_a_hold_is_not_renewed_without_a_session(as_user, sent, year, secretariat):
    held = screening.claim_next(year, by=secretariat)
    code = held.submission.proposal.code
    renewal = as_user(None).post(
        reverse("proposals:screening_claim", args=[code]), headers={"Accept": "application/json"}
    )
    assert (renewal.status_code, renewal.json()["code"]) == (401, "signed_out")
    assert Screening.objects.get(pk=held.pk).claimed_until == held.claimed_until


def test_an_item_decided_meanwhile_says_by_whom(as_user, sent, year, secretariat, clerk):
    item = screening.claim_next(year, by=secretariat)
    screening.decide(item, verdict="pass", by=secretariat)
    answer = as_user(clerk).post(item_url(sent[0]), {"verdict": "pass"})
    assert answer.status_code == 422
    assert str(secretariat) in answer.content.decode()


def test_taking_giving_back_and_reopening(as_user, sent, year, secretariat):
    browser, code = as_user(secretariat), sent[1].proposal.code
    browser.post(reverse("proposals:screening_claim", args=[code]))
    assert Screening.objects.get().claimed_by == secretariat
    browser.post(reverse("proposals:screening_give_back", args=[code]))
    assert Screening.objects.get().claimed_by is None
    browser.post(reverse("proposals:screening_claim", args=[code]))
    browser.post(item_url(sent[1]), {"verdict": "pass"})
    browser.post(reverse("proposals:screening_reopen", args=[code]))
    item = Screening.objects.get()
    assert (item.verdict, item.claimed_by) == ("", secretariat)
    assert len(browser.get(item_url(sent[1])).context["events"]) == 2


def test_filters_narrow_the_list(as_user, sent, year, secretariat):
    screening.decide(screening.claim_next(year, by=secretariat), verdict="pass", by=secretariat)
    browser = as_user(secretariat)
    for asked, found in (
        ({"state": "passed"}, 1),
        ({"state": "waiting"}, 1),
        ({"state": "failed"}, 0),
        ({"q": "inovasi 002"}, 1),
        ({"q": "kota lain"}, 0),
        ({"q": "contoh 00001"}, 1),
    ):
        assert browser.get(QUEUE, asked).context["page"].paginator.count == found, asked


def test_the_release_page_says_what_is_missing_then_releases(as_user, sent, year, secretariat, move_calendar):
    browser = as_user(secretariat)
    assert not browser.get(RELEASE).context["is_closed"]
    move_calendar(-21)
    assert browser.post(RELEASE, {"year": year.code}, follow=True).context["figures"].unreleased == 2
    while item := screening.claim_next(year, by=secretariat):
        screening.decide(item, verdict="pass", by=secretariat)
    browser.post(RELEASE, {"year": year.code})
    sent[0].proposal.refresh_from_db()
    assert sent[0].proposal.status == "passed"


@pytest.mark.parametrize("name", ["innovator", "agency_admin"])
def test_before_release_nobody_outside_sees_a_verdict(request, as_user, sent, year, secretariat, name):
    """Byte for byte, own pages are the same before and after the decision."""
    browser = as_user(request.getfixturevalue(name))
    urls = [reverse("proposals:list"), reverse("proposals:proposal", args=[sent[0].proposal.code])]
    urls.append(reverse("announcements:results"))

    def seen():
        return [browser.get(url).content.decode() for url in urls]

    item = screening.claim_next(year, by=secretariat)
    before = seen()
    screening.decide(
        item, verdict="fail", failed_checks=year.screening_checks.all()[:1], note="Rahasia dulu.", by=secretariat
    )
    after = seen()
    assert not any("Rahasia dulu." in page or "Tidak memenuhi" in page for page in after)
    assert [without_tokens(page) for page in before] == [without_tokens(page) for page in after]


def without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line and "server-time" not in line]


def queries_for(browser, url) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_the_desk_asks_the_same_number_of_queries_for_one_and_three(
    as_user, year, agency, innovator, secretariat, clerk
):
    browser = as_user(secretariat)

    def add(number):
        sent_proposal(year, agency, innovator, number=number)
        screening.decide(screening.claim_next(year, by=clerk), verdict="pass", by=clerk)

    add(1)
    once = [queries_for(browser, url) for url in (QUEUE, RELEASE)]
    add(2)
    add(3)
    assert [queries_for(browser, url) for url in (QUEUE, RELEASE)] == once


def test_an_item_is_read_in_few_queries(as_user, sent, year, secretariat):
    """Six for every page's frame, the rest for the proposal, the year's rules and the checklist."""
    screening.claim_next(year, by=secretariat)
    assert queries_for(as_user(secretariat), item_url(sent[0])) <= 25


def test_the_figures_and_their_files_show_clerks_to_heads_only(as_user, sent, year, secretariat, clerk):
    usia = year.screening_checks.filter(key="usia")
    item = screening.claim_next(year, by=secretariat)
    screening.decide(item, verdict="fail", failed_checks=usia, note="=2+2", by=secretariat)
    page, file = reverse("proposals:screening_figures"), reverse("proposals:screening_figures_csv", args=["clerks"])
    checks = reverse("proposals:screening_figures_csv", args=["checks"])
    browser = as_user(secretariat)
    assert [table.key for table in browser.get(page).context["tables"]][-1] == "second-looks"
    assert browser.get(file, {"year": year.code}).status_code == 404
    assert "Usia inovasi cukup,1,0,1" in browser.get(checks, {"year": year.code}).content.decode()
    screening.name_head(year, secretariat, by=clerk)
    assert browser.get(page).context["tables"][-1].rows[0][:3] == ["Secretariat", 1, 1]
    assert browser.get(file, {"year": year.code}).status_code == 200


def test_a_prepared_reason_is_put_into_the_note_without_scripts(as_user, sent, year, secretariat):
    reason = ReasonTemplate.objects.create(
        competition=year, title="Kurang umur", text="{judul}: {umur} dari {batas} bulan, {temuan}."
    )
    screening.claim_next(year, by=secretariat)
    typed = {"then": "insert", "template": reason.code, "note": "Catatan saya.", "verdict": "fail"}
    page = as_user(secretariat).post(item_url(sent[0]), typed)
    assert page.status_code == 200
    note = page.context["form"]["note"].value()
    assert note.startswith("Catatan saya.\nInovasi 001: ")
    assert " dari 24 bulan, …." in note
    assert page.context["form"]["verdict"].value() == "fail"
    assert not Screening.objects.exclude(verdict="").exists()


def test_reasons_are_the_secretariats_own(as_user, year, secretariat):
    browser, new = as_user(secretariat), reverse("proposals:screening_new_reason")
    wrong = browser.post(new, {"year": year.code, "title": "Usia", "text": "Baru {usia} bulan."})
    assert wrong.status_code == 422
    assert "{usia}" in wrong.content.decode()
    browser.post(new, {"year": year.code, "title": "Usia", "text": "Baru {umur} bulan."})
    kept = ReasonTemplate.objects.get()
    again = browser.post(new, {"year": year.code, "title": "Usia", "text": "Lain."})
    assert again.status_code == 422
    one = reverse("proposals:screening_reason", args=[kept.code])
    browser.post(one, {"title": "Usia", "text": "Usia {umur} bulan."})
    assert ReasonTemplate.objects.get().text == "Usia {umur} bulan."
    browser.post(one, {"delete": "yes"})
    assert not ReasonTemplate.objects.exists()


def test_a_decision_after_a_colleague_took_over_keeps_what_was_typed(as_user, sent, year, secretariat, clerk):
    item = screening.claim_next(year, by=secretariat)
    Screening.objects.filter(pk=item.pk).update(claimed_until=timezone.now() - timedelta(minutes=1))
    taken = as_user(clerk).post(reverse("proposals:screening_claim", args=[sent[0].proposal.code]), follow=True)
    assert str(secretariat) in taken.content.decode()
    answer = as_user(secretariat).post(item_url(sent[0]), {"verdict": "pass", "note": "Catatan yang lama."})
    assert answer.status_code == 422
    assert str(clerk) in answer.content.decode()
    assert "Catatan yang lama." in answer.content.decode()


def test_where_clerk_and_machine_differ_is_kept(sent, year, secretariat):
    item = screening.claim_next(year, by=secretariat)  # the machine suggests 'lengkap'
    screening.decide(item, verdict="pass", by=secretariat)
    assert Screening.objects.get(pk=item.pk).differences == {"cleared": ["lengkap"]}
