"""The yearly follow-up of past winners: who is asked and reminded, who answers and decides, what everybody reads."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency
from audit.models import Event
from catalogue import actions, following
from catalogue.models import FollowUp, FollowUpReport, Innovation
from competitions import calendar
from notifications.models import Message
from tests.files.hostile import plain

DAY = timedelta(days=1)
SAID = {"standing": "running", "text": "12.000 pasien setahun."}


def proof() -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile("laporan.pdf", plain())]


def won(agency: Agency | None, title: str, year: int = 2019, tier: str = "winner") -> Innovation:
    name = agency.name if agency else "Badan Lama"
    facts = {"agency": agency, "agency_name": name, "year": year, "tier": tier, "label": "Top 45"}
    return actions.record_award(title=title, **facts).innovation


@pytest.fixture
def follow_up(innovation, secretariat) -> FollowUp:
    closes_at = calendar.now() + 30 * DAY
    return actions.open_follow_up(first_year=2018, last_year=2020, closes_at=closes_at, by=secretariat)


@pytest.fixture
def report(follow_up) -> FollowUpReport:
    return follow_up.reports.get()


@pytest.fixture
def sent(report, agency_admin) -> FollowUpReport:
    return read(actions.send_report(report, **SAID, uploads=proof(), by=agency_admin))


def read(report: FollowUpReport) -> FollowUpReport:
    return FollowUpReport.objects.get(pk=report.pk)


def accepted(report: FollowUpReport, by) -> FollowUpReport:
    return actions.accept_report(report, expected=report.stamp, by=by)


def letters(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=f"catalogue/mail/{kind}").values_list("address", flat=True))


def code_of(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    return next(each.code for each in refused.value.error_list)


def error_of(refused: pytest.ExceptionInfo[ValidationError], field: str) -> str:
    return refused.value.error_dict[field][0].code


def test_winners_of_the_years_are_asked_and_each_admin_gets_one_letter(
    innovation, agency, other_agency, agency_admin, other_admin, secretariat
):
    won(agency, "Zona Sehat", 2020)
    won(other_agency, "Hanya finalis", 2019, "finalist")
    won(other_agency, "Terlalu lama", 2014)
    won(None, "Tanpa instansi", 2019)
    found = actions.open_follow_up(first_year=2018, last_year=2020, closes_at=calendar.now() + 30 * DAY, by=secretariat)
    assert [each.innovation.title for each in found.reports.all()] == ["Antar Obat", "Zona Sehat"]
    assert letters("follow_up_opened") == [agency_admin.email]
    assert "2 inovasi" in Message.objects.get(kind="catalogue/mail/follow_up_opened").body
    assert Event.objects.filter(verb="catalogue.open_follow_up").count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"first_year": 2020, "last_year": 2018}, "last_year", "order"),
        ({"days": -1}, "last_day", "past"),
        ({"days": 400}, "last_day", "far"),
        ({"first_year": 2014, "last_year": 2015}, None, "nobody"),
    ],
)
def test_what_cannot_be_opened(innovation, secretariat, changes, field, code):
    given = {"first_year": 2018, "last_year": 2020, "days": 30, **changes}
    closes_at = calendar.now() + given.pop("days") * DAY
    with pytest.raises(ValidationError) as refused:
        actions.open_follow_up(**given, closes_at=closes_at, by=secretariat)
    assert (error_of(refused, field) if field else code_of(refused)) == code


def test_a_year_is_followed_up_once_and_by_the_secretariat(follow_up, secretariat, agency_admin):
    given = {"first_year": 2018, "last_year": 2020, "closes_at": follow_up.closes_at}
    with pytest.raises(ValidationError) as refused:
        actions.open_follow_up(**given, by=secretariat)
    assert code_of(refused) == "opened_already"
    with pytest.raises(PermissionDenied):
        actions.open_follow_up(**given, by=agency_admin)


def test_what_runs_needs_evidence_and_what_stopped_does_not(report, agency_admin):
    with pytest.raises(ValidationError) as refused:
        actions.send_report(report, **SAID, by=agency_admin)
    assert error_of(refused, "uploads") == "evidence_needed"
    stopped = actions.send_report(report, standing="stopped", text="Anggaran habis.", by=agency_admin)
    assert read(stopped).state == "sent"


def test_only_the_agency_sends_and_only_the_secretariat_decides(sent, agency_admin, other_admin, outsider, secretariat):
    for stranger in (other_admin, outsider, secretariat):
        with pytest.raises(PermissionDenied):
            actions.send_report(sent, **SAID, by=stranger)
    for stranger in (agency_admin, other_admin, outsider):
        with pytest.raises(PermissionDenied):
            accepted(sent, stranger)
        with pytest.raises(PermissionDenied):
            actions.send_back_report(sent, note="Kurang.", expected="", by=stranger)


def test_what_is_accepted_is_public_and_stands(client, sent, innovation, agency_admin, secretariat):
    assert "12.000 pasien" not in client.get(innovation.get_absolute_url()).content.decode()
    accepted(sent, secretariat)
    accepted(sent, secretariat)  # twice is once
    assert letters("report_approved") == [agency_admin.email]
    page = client.get(innovation.get_absolute_url()).content.decode()
    assert "12.000 pasien" in page
    assert f"Menurut instansi, diterima Sekretariat, tahun {sent.follow_up.year}" in page
    assert "laporan.pdf" not in page
    with pytest.raises(ValidationError) as refused:
        actions.send_report(sent, **SAID, by=agency_admin)
    assert code_of(refused) == "accepted"


def test_the_secretariat_decides_on_what_it_read(sent, secretariat):
    FollowUpReport.objects.update(sent_at=sent.sent_at + timedelta(seconds=1))  # sent again while it was read
    with pytest.raises(ValidationError) as refused:
        accepted(sent, secretariat)
    assert code_of(refused) == "changed"


def test_what_is_sent_back_can_be_mended_for_a_week_past_the_closing(sent, follow_up, agency_admin, secretariat):
    actions.send_back_report(sent, note="Bukti kurang.", expected=sent.stamp, by=secretariat)
    assert "Bukti kurang." in Message.objects.get(kind="catalogue/mail/report_returned").body
    FollowUp.objects.update(closes_at=calendar.now() - DAY)
    assert FollowUpReport.objects.unanswered().count() == 1
    actions.send_report(read(sent), **SAID, uploads=proof(), by=agency_admin)  # the file sent before
    assert sent.files.count() == 1
    FollowUpReport.objects.update(state="returned", decided_at=calendar.now() - 8 * DAY)
    assert FollowUpReport.objects.unanswered().count() == 0
    with pytest.raises(ValidationError) as refused:
        actions.send_report(read(sent), **SAID, by=agency_admin)
    assert code_of(refused) == "closed"


def test_nobody_answers_after_the_closing(report, agency_admin):
    FollowUp.objects.update(closes_at=calendar.now() - DAY)
    with pytest.raises(ValidationError) as refused:
        actions.send_report(read(report), standing="stopped", text="Habis.", by=agency_admin)
    assert code_of(refused) == "closed"


@pytest.mark.parametrize(("left", "number"), [(20, 0), (14, 1), (10, 1), (7, 1), (1, 1), (-1, 0)])
def test_those_who_have_not_answered_are_reminded_once(follow_up, agency_admin, left, number):
    closes_at = calendar.now() + left * DAY
    FollowUp.objects.update(opened_at=closes_at - 40 * DAY, closes_at=closes_at)
    assert [actions.remind_of_follow_ups(), actions.remind_of_follow_ups()] == [number, number]
    assert letters("follow_up_remind") == [agency_admin.email] * number


def test_each_of_the_three_reminders_goes_once(follow_up, agency_admin):
    """The follow-up's days pass one by one."""
    closes_at = follow_up.closes_at
    FollowUp.objects.update(opened_at=closes_at - 40 * DAY)
    for left in range(30, -2, -1):
        actions.remind_of_follow_ups(closes_at - left * DAY)
    keys = Message.objects.filter(kind="catalogue/mail/follow_up_remind").values_list("key", flat=True)
    assert sorted(key.rpartition(":")[2] for key in keys) == ["1", "14", "7"]


def test_a_reminder_of_a_day_before_the_opening_is_left_out(follow_up):
    FollowUp.objects.update(closes_at=follow_up.opened_at + 10 * DAY)
    assert actions.remind_of_follow_ups() == 0


def test_nobody_is_reminded_of_what_was_sent(sent):
    FollowUp.objects.update(closes_at=calendar.now() + DAY, opened_at=calendar.now() - 30 * DAY)
    assert actions.remind_of_follow_ups() == 0


def test_moving_the_closing_tells_those_who_still_report(report, follow_up, agency_admin, secretariat):
    later = follow_up.closes_at + 5 * DAY
    actions.move_closing(follow_up, closes_at=later, by=secretariat)
    actions.move_closing(follow_up, closes_at=later, by=secretariat)
    assert letters("follow_up_moved") == [agency_admin.email]
    assert Event.objects.filter(verb="catalogue.move_follow_up").count() == 1


def test_the_share_that_still_runs_by_year_of_award(innovation, agency, agency_admin, secretariat, as_user):
    won(agency, "Antar Obat", 2020)  # won twice
    stopped, silent = won(agency, "Berhenti", 2020), won(agency, "Diam", 2020)
    found = actions.open_follow_up(first_year=2018, last_year=2020, closes_at=calendar.now() + DAY, by=secretariat)
    accepted(
        read(actions.send_report(found.reports.get(innovation=innovation), **SAID, uploads=proof(), by=agency_admin)),
        secretariat,
    )
    accepted(
        read(
            actions.send_report(
                found.reports.get(innovation=stopped), standing="stopped", text="Habis.", by=agency_admin
            )
        ),
        secretariat,
    )
    assert found.reports.get(innovation=silent).state == "waiting"
    shown = [
        (each.year, each.asked, each.accepted, each.running, each.stopped, each.share)
        for each in following.figures(found)
    ]
    assert shown == [(2019, 1, 1, 1, 0, 100), (2020, 3, 2, 1, 1, 50), (0, 3, 2, 1, 1, 50)]
    table = as_user(secretariat).get(reverse("catalogue:follow_up_figures", args=[found.year])).content.decode()
    assert table.splitlines()[1:] == ["2019,1,1,1,0,0,100", "2020,3,2,1,0,1,50", "Semua,3,2,1,0,1,50"]


def test_reports_follow_joining_and_count_once(client, sent, innovation, agency, agency_admin, secretariat):
    kept = won(agency, "Antar Obat ke Pulau", 2020)
    FollowUpReport.objects.create(follow_up=sent.follow_up, innovation=kept)
    accepted(sent, secretariat)
    joined = actions.merge(innovation, into=kept, reason="Sama.", by=secretariat)
    assert [each.pk for each in sent.follow_up.reports.counted()] == [sent.pk]
    assert sent.follow_up.reports.counted().unanswered().count() == 0
    assert "12.000 pasien" in client.get(kept.get_absolute_url()).content.decode()
    assert following.figures(sent.follow_up)[-1].asked == 1
    actions.undo_merge(joined, by=secretariat)
    assert sent.follow_up.reports.counted().count() == 2
    assert "12.000 pasien" not in client.get(kept.get_absolute_url()).content.decode()


def test_a_follow_up_in_the_portal(as_user, innovation, agency_admin, secretariat, other_admin, outsider):
    clerk, own = as_user(secretariat), as_user(agency_admin)
    day = timezone.localdate() + 20 * DAY
    typed = {"first_year": "2019", "last_year": "2019", "last_day": day.isoformat()}
    assert clerk.post(reverse("catalogue:new_follow_up"), {**typed, "last_day": "2020-01-01"}).status_code == 422
    opened = clerk.post(reverse("catalogue:new_follow_up"), typed)
    found = FollowUp.objects.get()
    assert opened["Location"] == found.get_absolute_url()
    assert timezone.localtime(found.closes_at).strftime("%d %H:%M") == f"{day:%d} 23:59"
    report = found.reports.get()
    address = report.get_absolute_url()
    assert "1 laporan menunggu Anda" in own.get(reverse("catalogue:follow_ups")).content.decode()
    for stranger in (other_admin, outsider):
        assert as_user(stranger).get(address).status_code == 404
    assert own.post(address, {"deed": "accept"}).status_code == 403
    assert own.post(address, {"deed": "send", **SAID}).status_code == 422  # no evidence
    assert own.post(address, {"deed": "send", **SAID, "uploads": proof()}).status_code == 302
    expected = read(report).stamp
    assert clerk.post(address, {"deed": "send_back", "note": "", "expected": expected}).status_code == 422
    assert clerk.post(address, {"deed": "accept", "expected": "kemarin"}).status_code == 422
    for page in (clerk.get(address), clerk.get(address, {"deed": "accept"})):
        assert f'value="{expected}"' in page.content.decode()
    assert 'value="accept"' not in clerk.get(address).content.decode()
    assert clerk.post(address, {"deed": "accept", "expected": expected}).status_code == 302
    assert own.post(address, {"deed": "send", **SAID}).status_code == 422
    narrowed = clerk.get(found.get_absolute_url(), {"state": "approved"})
    assert [each.pk for each in narrowed.context["page"]] == [report.pk]


def test_a_report_sent_again_meanwhile_is_read_before_it_is_accepted(as_user, sent, agency_admin, secretariat):
    clerk, address = as_user(secretariat), sent.get_absolute_url()
    (link,) = re.findall(r'href="([^"]*deed=accept[^"]*)"', clerk.get(address).content.decode())
    as_user(agency_admin).post(address, {"deed": "send", **SAID, "text": "Sudah berhenti.", "uploads": proof()})
    asked = clerk.get(address + html.unescape(link)).context["form"]
    refused = clerk.post(address, {"deed": "accept", "expected": asked["expected"].value()})
    assert refused.status_code == 422
    assert "Sudah berhenti." in refused.content.decode()
    assert read(sent).state == "sent"


def test_the_pages_need_as_many_queries_for_three_as_for_one(as_user, follow_up, agency, agency_admin, secretariat):
    def queries(client, address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    pages = [
        (as_user(secretariat), follow_up.get_absolute_url()),
        (as_user(agency_admin), reverse("catalogue:follow_ups")),
    ]
    [queries(*page) for page in pages]
    one = [queries(*page) for page in pages]
    for number in (1, 2):
        FollowUpReport.objects.create(follow_up=follow_up, innovation=won(agency, f"Lain {number}"))
    assert [queries(*page) for page in pages] == one
    assert max(one) <= 15


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_report_sent_again_while_it_is_accepted_is_either_accepted_as_read_or_waits(sent, agency_admin, secretariat):
    def at_once(deed) -> None:
        with suppress(ValidationError):
            deed()
        connection.close()

    again = partial(actions.send_report, sent, standing="grown", text="Lebih banyak.", by=agency_admin)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(at_once, [again, partial(accepted, sent, secretariat)]))
    after = read(sent)
    assert (after.state, after.text) in [("approved", SAID["text"]), ("sent", "Lebih banyak.")]


def test_the_secretariat_s_desk_leads_to_the_year_with_reports_to_accept(as_user, secretariat, sent):
    year = sent.follow_up
    answer = as_user(secretariat).get(reverse("catalogue:follow_ups"), {"state": "sent"})
    assert answer.url == f"{year.get_absolute_url()}?state=sent"
    assert as_user(secretariat).get(reverse("catalogue:follow_ups"), {"state": "accepted"}).status_code == 200
