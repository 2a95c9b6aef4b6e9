"""One function moves a proposal, by the table in workflow.py.

Locks, always in this order: the proposal, its agency, its title (an advisory lock: two agencies may send the same
title at the same instant), the counter of receipts.
"""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from audit.models import Event
from audit.recording import record
from competitions import calendar
from notifications.outbox import wake
from proposals import deadline, emails, rules, snapshot
from proposals.actions.comparing import COMPARE
from proposals.actions.writing import locked
from proposals.models import Counter, Move, Proposal, Submission
from proposals.workflow import TRANSITIONS, Case, Transition, refuse_unless_now

log = logging.getLogger(__name__)
ENDS_THE_SUBMISSION = frozenset({"withdraw", "correct"})
FREEZES = frozenset({"send", "mend"})


@transaction.atomic
def move(proposal: Proposal, name: str, *, by: User, note: str = "") -> Move:
    """Take one step of workflow.TRANSITIONS: changes the status, writes the Move, records it and tells those whom it
    concerns. Sending also freezes the snapshot; withdrawing ends the standing submission and keeps its number. Every
    step ends a standing order to send the proposal at closing.

    Raises PermissionDenied (not this person's to do) and ValidationError: wrong_status, note_required, closed,
    undecided, or the codes of all the findings that stand against sending.
    """
    return _take(TRANSITIONS[name], locked(proposal), by, note.strip())


def send(proposal: Proposal, *, by: User, sequence: int | None = None, unasked: bool = False) -> Submission:
    """Send to the ministry: as `move`, but a second click gets the receipt of the first. One short transaction.

    `sequence` is the number the sending page named: a page left open since before a withdrawal sends nothing
    (ValidationError already_processed). Who comes after the deadline is recorded as late, once, and refused.
    `unasked` tells the record that the portal sent it at closing.
    """
    try:
        with transaction.atomic():
            return _sent(locked(proposal), by, sequence, unasked)
    except ValidationError as refused:
        if getattr(refused, "code", None) == "closed":
            _record_late(proposal, by)
        raise


def _sent(held: Proposal, by: User, sequence: int | None, unasked: bool) -> Submission:
    standing = held.submissions.filter(stands=True).first()
    if standing is None:
        _refuse_an_old_page(held, sequence)
        _take(TRANSITIONS["send"], held, by, "", {"unasked": True} if unasked else {})
        standing = held.submissions.get(stands=True)
    elif not TRANSITIONS["send"].allowed(rules.standing(by, held)):
        raise PermissionDenied
    return standing


def _refuse_an_old_page(proposal: Proposal, sequence: int | None) -> None:
    done = proposal.submissions.filter(sequence=sequence).first() if sequence else None
    if done:
        message = _(
            "This page is from before: the proposal was already sent as %(number)s and then withdrawn. Open the"
            " proposal again to send it anew."
        )
        raise ValidationError(message, code="already_processed", params={"number": done.number})


@transaction.atomic
def _record_late(proposal: Proposal, by: User) -> None:
    """That somebody tried to send after the deadline, the first time they did."""
    seen = Event.objects.filter(
        verb="proposals.late", object_type="proposals.proposal", object_key=proposal.code, actor=by
    )
    stage, at = calendar.submission_stage(proposal.competition), calendar.now()
    if stage.ends_at and at > stage.ends_at and not seen.exists():
        late = deadline.seconds_late(stage, at)
        record("proposals.late", by=by, on=proposal, data={"closed_at": stage.ends_at, "seconds_late": late})


def _take(step: Transition, proposal: Proposal, by: User, note: str, data: dict[str, object] | None = None) -> Move:
    refuse_unless_now(step, rules.standing(by, proposal))
    if step.needs_note and not note:
        raise ValidationError(_("Write a note: it explains to the others what you decided."), code="note_required")
    if step.name in FREEZES:
        Agency.objects.select_for_update(no_key=True).get(pk=proposal.agency_id)
        _lock_title(proposal)
    case = Case(proposal)
    for condition in step.conditions:
        condition(case)
    return _carry_out(step, case, by, note, data or {})


def _lock_title(proposal: Proposal) -> None:
    with connection.cursor() as cursor:
        key = f"{proposal.competition_id}:{proposal.title_key}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _carry_out(step: Transition, case: Case, by: User, note: str, data: dict[str, object]) -> Move:
    proposal = case.proposal
    source, proposal.status = proposal.status, step.target
    proposal.auto_send_at = proposal.auto_send_by = None
    proposal.save(update_fields=["status", "auto_send_at", "auto_send_by", "updated_at"])
    made = Move.objects.create(
        proposal=proposal, name=step.name, source=source, target=step.target, note=note, made_by=by,
        made_at=calendar.now(),
    )  # fmt: skip
    data |= {"source": source, "target": step.target}
    if step.name == "send":
        data |= _freeze(case, by) | _lateness(case, made)
    elif step.name in ENDS_THE_SUBMISSION:
        data |= _let_go(proposal, by, note)
    elif step.name == "mend":
        data |= _let_go(proposal, by, str(step.past))
        record("proposals.send", by=by, on=proposal, data=_freeze(case, by))  # a receipt like any other
    record(f"proposals.{step.name}", by=by, on=proposal, data=data)
    emails.tell_of(made)
    return made


def _freeze(case: Case, by: User) -> dict[str, object]:
    """Writes the numbered snapshot. The counter's row lock, held to the end, makes numbers gapless."""
    proposal, facts, sent_at = case.proposal, case.facts, calendar.now()
    number = _next_number(proposal)
    content = snapshot.payload(facts, number=number, sent_at=sent_at)
    last = proposal.submissions.aggregate(last=Max("sequence"))["last"] or 0
    sent = Submission.objects.create(
        proposal=proposal, sequence=last + 1, number=number, payload=content, sha256=snapshot.digest(content),
        sent_at=sent_at, sent_by=by,
    )  # fmt: skip
    sent.files.set(held.file for held in facts.documents.values())
    wake(COMPARE)
    return {"number": sent.number, "sha256": sent.sha256}


def _lateness(case: Case, made: Move) -> dict[str, object]:
    late = deadline.seconds_late(case.facts.stage, made.made_at)
    if not late:
        return {}
    log.warning("%s was sent %s s after the deadline, within the grace", case.proposal.code, late)
    return {"seconds_late": late}


def _next_number(proposal: Proposal) -> str:
    """For example KIPP-2023-000123."""
    counter, _created = Counter.objects.get_or_create(competition=proposal.competition)
    Counter.objects.filter(pk=counter.pk).update(last_number=F("last_number") + 1)
    counter.refresh_from_db()
    return f"KIPP-{proposal.competition.code.upper()}-{counter.last_number:06d}"


def _let_go(proposal: Proposal, by: User, reason: str) -> dict[str, object]:
    sent = proposal.submissions.filter(stands=True).first()
    if sent is None:
        return {}
    sent.stands = False
    sent.withdrawn_at, sent.withdrawn_by, sent.withdrawn_because = calendar.now(), by, reason
    sent.save(update_fields=["stands", "withdrawn_at", "withdrawn_by", "withdrawn_because"])
    return {"number": sent.number}
