"""The correction period, where a year has one: the agency mends exactly what the screening named, once.

What it sends instead is a new submission, screened like any other; the first one stays in the history.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat, is_admin_of
from audit.recording import record
from competitions import calendar
from competitions.models import Aspect, Competition, DocumentRequirement, Question, ScreeningCheck, ScreeningRules
from files.models import StoredFile
from files.storing import store
from proposals import actions
from proposals.actions.saving import keep_answer, keep_details
from proposals.actions.writing import locked, payers_of, put_document
from proposals.models import Answer, Correction, Proposal, Screening
from proposals.models.after_screening import NOT_RUNNING
from proposals.screening.claims import decided_of, refuse_before_closing
from proposals.screening.letters import tell_of_corrections
from proposals.screening.looks import unsettled
from proposals.words import clean, one_line


@dataclass(frozen=True)
class Mendable:
    """What a correction may touch, in the order of the form."""

    title: bool = False
    video: bool = False
    questions: list[tuple[Aspect, Question]] = field(default_factory=list)
    documents: list[DocumentRequirement] = field(default_factory=list)


def end_of_day(moment: datetime, days: int) -> datetime:
    """The last second in Jakarta of the day so many days later."""
    return calendar.end_of(calendar.local_day(moment) + timedelta(days=days))


def mendable(proposal: Proposal, checks: list[ScreeningCheck]) -> Mendable:
    """The parts of this proposal's form that the unmet checks name."""
    named = {name for check in checks for name in check.corrects}
    return Mendable(
        title="title" in named,
        video="video" in named,
        questions=[
            (aspect, question)
            for aspect in proposal.group.aspects.prefetch_related("questions")
            for question in aspect.questions.all()
            if named & {"answers", f"answers:{aspect.key}"}
        ],
        documents=[each for each in proposal.group.documents.all() if named & {"documents", f"documents:{each.key}"}],
    )


def running(proposal: Proposal, at: datetime | None = None) -> Correction | None:
    """The correction the agency can still send, if there is one."""
    own = Correction.objects.running(at).filter(screening__submission__proposal=proposal)
    return own.select_related("screening").first()


@transaction.atomic
def open_corrections(competition: Competition, *, by: User) -> int:
    """Tells each agency whose proposal is to be corrected what to mend and until when; returns how many proposals.

    Passes and failures stay inside the secretariat. ValidationError `no_correction`, `undecided` or
    `second_looks_open`; nothing to open is no error.
    """
    as_secretariat(by)
    competition = Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    days = ScreeningRules.of(competition).correction_days
    if days is None:
        raise ValidationError(_("This year has no correction period."), code="no_correction")
    refuse_before_closing(competition)
    if unsettled(competition).exists():
        raise ValidationError(_("Second looks are still open."), code="second_looks_open")
    sent = Proposal.objects.filter(competition=competition, status=Proposal.Status.SENT)
    undecided = sent.exclude(submissions__in=decided_of(competition).values("submission"))
    if undecided.exists():
        raise ValidationError(_("Not every proposal is decided yet."), code="undecided")
    rows = list(
        decided_of(competition)
        .filter(verdict=Screening.Verdict.CORRECT, released_at=None)
        .select_for_update(of=("self",))
        .select_related("submission__proposal__lead", "submission__proposal__competition")
        .prefetch_related("failed_checks")
    )
    if rows:
        _open(competition, rows, days, by)
    return len(rows)


def _open(competition: Competition, rows: list[Screening], days: int, by: User) -> None:
    now = calendar.now()
    ends_at = end_of_day(now, days)
    Correction.objects.bulk_create(Correction(screening=row, opened_at=now, ends_at=ends_at) for row in rows)
    Screening.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=now)
    data = {"proposals": [row.submission.proposal.code for row in rows], "until": ends_at}
    record("proposals.open_corrections", by=by, on=competition, data=data)
    tell_of_corrections(competition, rows, ends_at, key=f"proposals.corrections:{competition.code}:{now.isoformat()}")


def send_correction(
    proposal: Proposal,
    *,
    answers: Mapping[Question, str],
    uploads: Mapping[DocumentRequirement, UploadedFile],
    fields: Mapping[str, str],
    by: User,
) -> Correction:
    """Replaces what the agency admin mended (`fields`: title, video_url) and sends the proposal again, once.

    It has to be as complete as anything that is sent. Raises PermissionDenied to everybody else; ValidationError
    `closed`, `nothing_changed`, `not_correctable`, the codes of the findings that stand against it, or what `store`
    says of a file.
    """
    _refuse_unless_running(proposal, by)
    payers = payers_of(proposal)
    stored = {
        each: store(upload, kinds=each.accepts, by=by, max_mb=each.max_mb, payers=payers)
        for each, upload in uploads.items()
    }
    return _send(proposal, answers, stored, fields, by)


def _refuse_unless_running(proposal: Proposal, by: User) -> Correction:
    if not is_admin_of(by, proposal.agency):
        raise PermissionDenied
    correction = running(proposal)
    if correction is None:
        raise ValidationError(NOT_RUNNING, code="closed")
    return correction


@transaction.atomic
def _send(
    proposal: Proposal,
    answers: Mapping[Question, str],
    stored: Mapping[DocumentRequirement, StoredFile],
    fields: Mapping[str, str],
    by: User,
) -> Correction:
    proposal = locked(proposal)
    correction = _refuse_unless_running(proposal, by)
    allowed = mendable(proposal, list(correction.screening.failed_checks.all()))
    names = {name for name, on in (("title", allowed.title), ("video_url", allowed.video)) if on}
    questions = [question for _aspect, question in allowed.questions]
    if set(fields) - names or set(answers) - set(questions) or set(stored) - set(allowed.documents):
        raise ValidationError(_("Only what the secretariat named can be corrected."), code="not_correctable")
    now = calendar.now()
    changed = [_answer(proposal, question, clean(text), by, now) for question, text in answers.items()]
    changed += [put_document(proposal, requirement, file, by=by, now=now) for requirement, file in stored.items()]
    changed += [_fields(proposal, {name: one_line(value) for name, value in fields.items()}, by, now)]
    if not any(changed):
        raise ValidationError(_("Nothing was corrected yet: change what is named below."), code="nothing_changed")
    made = actions.move(proposal, "mend", by=by)
    correction.submission = proposal.submissions.get(stands=True)
    correction.sent_at, correction.sent_by = made.made_at, by
    correction.save(update_fields=["submission", "sent_at", "sent_by"])
    return correction


def _answer(proposal: Proposal, question: Question, text: str, by: User, now: datetime) -> bool:
    answer = Answer.objects.filter(proposal=proposal, question=question).first()
    answer = answer or Answer(proposal=proposal, question=question, version=0)
    if answer.text == text:
        return False
    keep_answer(answer, text, by=by, now=now)
    return True


def _fields(proposal: Proposal, values: dict[str, str], by: User, now: datetime) -> bool:
    changes = {name: value for name, value in values.items() if getattr(proposal, name) != value}
    if changes:
        keep_details(proposal, changes, by=by, now=now)
    return bool(changes)
