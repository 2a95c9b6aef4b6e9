"""Once a year past winners are asked what became of them: opened, answered, accepted or sent back, reminded."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from catalogue import emails
from catalogue.actions.curating import lock_catalogue
from catalogue.following import this_year, who_answers, winners
from catalogue.models import FollowUp, FollowUpReport
from catalogue.rules import may_report
from competitions import calendar
from files.attaching import attach
from files.storing import store_several

KINDS = ("pdf", "image", "office")
MOST_FILES, MAX_MB = 5, 5
REMIND_BEFORE = (1, 7, 14)  # days, the nearest first
LONGEST = timedelta(days=366)
State = FollowUpReport.State


@transaction.atomic
def open_follow_up(*, first_year: int, last_year: int, closes_at: datetime, by: User) -> FollowUp:
    """Asks the agencies of all that won from one year to the other; each admin gets one letter.

    ValidationError `order`, `past`, `far`, `opened_already` or `nobody`."""
    as_secretariat(by)
    lock_catalogue()
    year = this_year()
    if first_year > last_year:
        words = ValidationError(_("The first year comes after the last."), code="order")
        raise ValidationError({"last_year": words})
    _check_closing(closes_at)
    if FollowUp.objects.filter(year=year).exists():
        raise ValidationError(_("This year's follow-up was opened already."), code="opened_already")
    asked = winners(first_year, last_year).exclude(agency=None)
    if not asked.exists():
        raise ValidationError(_("No agency can be asked about winners of these years."), code="nobody")
    found = FollowUp.objects.create(
        year=year, first_year=first_year, last_year=last_year, closes_at=closes_at, opened_by=by
    )
    FollowUpReport.objects.bulk_create(FollowUpReport(follow_up=found, innovation=each) for each in asked)
    data = {"from": first_year, "to": last_year, "closes_at": closes_at.isoformat(), "asked": len(asked)}
    record("catalogue.open_follow_up", by=by, on=found, data=data)
    emails.tell_follow_up(found, "opened", who_answers(found.reports.all())[0])
    return found


@transaction.atomic
def move_closing(follow_up: FollowUp, *, closes_at: datetime, by: User) -> FollowUp:
    """Sets another last moment; whoever still has to answer is told. Twice is once. ValidationError `past`, `far`."""
    as_secretariat(by)
    row = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if row.closes_at == closes_at:
        return row
    _check_closing(closes_at)
    before, row.closes_at = row.closes_at, closes_at
    row.save(update_fields=["closes_at"])
    data = {"from": before.isoformat(), "to": closes_at.isoformat()}
    record("catalogue.move_follow_up", by=by, on=row, data=data)
    people, _nobodys = who_answers(row.reports.counted().unanswered())
    emails.tell_follow_up(row, "moved", people, again=calendar.now().isoformat())
    return row


def send_report(
    report: FollowUpReport,
    *,
    standing: str,
    text: str,
    uploads: Sequence[UploadedFile] = (),
    taken_away: Collection[str] = (),
    by: User,
) -> FollowUpReport:
    """The agency says what became of the innovation, or says it anew until it is accepted. What still runs needs
    evidence. New files are checked and stored first.

    PermissionDenied, and ValidationError `accepted`, `closed`, `evidence_needed`, `too_many_files`, or what `store`
    says of a file."""
    if not may_report(by, report):
        raise PermissionDenied
    stored = store_several(uploads, most=MOST_FILES, kinds=KINDS, by=by, max_mb=MAX_MB)
    with transaction.atomic():
        row = _locked(report)
        if row.state == State.ACCEPTED:
            raise ValidationError(_("The report has been accepted and stands."), code="accepted")
        if calendar.now() > row.open_until:
            raise ValidationError(_("The follow-up is closed."), code="closed")
        changed = attach(row.files, stored, taken_away=taken_away, most=MOST_FILES)
        _check_evidence(row, standing)
        before, row.state = row.state, State.SENT
        row.standing, row.text, row.sent_at, row.sent_by = standing, text.strip(), Now(), by
        row.save(update_fields=["state", "standing", "text", "sent_at", "sent_by"])
        record("catalogue.send_report", by=by, on=row, data={"from": before, "standing": standing, **changed})
        return row


@transaction.atomic
def accept_report(report: FollowUpReport, *, expected: str, by: User) -> FollowUpReport:
    """The secretariat takes the report for true: everybody reads it with the innovation; the agency is told. Twice is
    once. `expected`: the stamp of what the clerk read. ValidationError `changed`."""
    return _decide(report, State.ACCEPTED, "", expected, by)


@transaction.atomic
def send_back_report(report: FollowUpReport, *, note: str, expected: str, by: User) -> FollowUpReport:
    """The agency has to mend the report and reads why, for a week also past the closing. Twice is once.
    ValidationError `changed`."""
    return _decide(report, State.RETURNED, note.strip(), expected, by)


def _decide(report: FollowUpReport, state: State, note: str, expected: str, by: User) -> FollowUpReport:
    as_secretariat(by)
    row = _locked(report)
    if (row.state, row.note) == (state, note):
        return row
    if row.state != State.SENT or row.stamp != expected:
        words = _("The report has changed meanwhile. Read it again before you decide.")
        raise ValidationError(words, code="changed")
    row.state, row.note, row.decided_at, row.decided_by = state, note, Now(), by
    row.save(update_fields=["state", "note", "decided_at", "decided_by"])
    row.refresh_from_db(fields=["decided_at"])
    record("catalogue.decide_report", by=by, on=row, data={"to": state, "note": note})
    emails.tell_decided(row)
    return row


def remind_of_follow_ups(at: datetime | None = None) -> int:
    """Asks again those who have not answered, two weeks, one week and one day before the closing; returns how many
    letters were due. Each is sent once, and none for a day that had gone before the follow-up was opened."""
    now, due = at or calendar.now(), 0
    for found in FollowUp.objects.filter(closes_at__gt=now):
        last_day = timezone.localdate(found.closes_at)
        left = (last_day - timezone.localdate(now)).days
        days = next((each for each in REMIND_BEFORE if left <= each), None)
        if days is None or last_day - timedelta(days=days) <= timezone.localdate(found.opened_at):
            continue
        people, _nobodys = who_answers(found.reports.counted().unanswered())
        emails.tell_follow_up(found, "remind", people, again=f"{last_day}:{days}")
        due += len(people)
    return due


def _check_evidence(row: FollowUpReport, standing: str) -> None:
    if standing != FollowUpReport.Standing.STOPPED and not row.files.exists():
        words = _("Attach evidence that it runs: a report, a decree, pictures.")
        raise ValidationError({"uploads": ValidationError(words, code="evidence_needed")})


def _check_closing(closes_at: datetime) -> None:
    now = calendar.now()
    if closes_at <= now:
        raise ValidationError({"last_day": ValidationError(_("Give a day that is still to come."), code="past")})
    if closes_at > now + LONGEST:
        raise ValidationError({"last_day": ValidationError(_("Give a day within a year."), code="far")})


def _locked(report: FollowUpReport) -> FollowUpReport:
    return FollowUpReport.objects.select_for_update(of=("self",)).with_ends().get(pk=report.pk)
