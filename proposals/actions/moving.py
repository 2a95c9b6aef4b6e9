"""One function moves a proposal, by the table in workflow.py. Locks: the proposal first, then its agency."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from audit.recording import record
from competitions import calendar
from proposals import emails, snapshot
from proposals.models import Counter, Move, Proposal, Submission
from proposals.workflow import TRANSITIONS, Case, Transition


@transaction.atomic
def move(proposal: Proposal, name: str, *, by: User, note: str = "") -> Move:
    """Take one step of workflow.TRANSITIONS: changes the status, writes the Move, records it and tells those whom it
    concerns. Sending also freezes the snapshot; withdrawing ends the standing submission and keeps its number.

    Raises PermissionDenied (not this person's to do) and ValidationError: wrong_status, note_required, closed,
    undecided, or the codes of all the findings that stand against sending.
    """
    return _take(TRANSITIONS[name], _locked(proposal), by, note.strip())


@transaction.atomic
def send(proposal: Proposal, *, by: User) -> Submission:
    """Send to the ministry: as `move`, but a second click gets the receipt of the first."""
    locked = _locked(proposal)
    standing = locked.submissions.filter(stands=True).first()
    if standing is None:
        _take(TRANSITIONS["send"], locked, by, "")
        standing = locked.submissions.get(stands=True)
    elif not TRANSITIONS["send"].allowed(by, locked):
        raise PermissionDenied
    return standing


def _locked(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update(of=("self",), no_key=True).select_related("competition").get(
        pk=proposal.pk
    )  # fmt: skip


def _take(step: Transition, proposal: Proposal, by: User, note: str) -> Move:
    if not step.allowed(by, proposal):
        raise PermissionDenied
    if proposal.status not in step.sources:
        message = _("This cannot be done any more: the proposal is now “%(status)s”.")
        raise ValidationError(message, code="wrong_status", params={"status": proposal.get_status_display()})
    if step.needs_note and not note:
        raise ValidationError(_("Write a note: it explains to the others what you decided."), code="note_required")
    if step.name == "send":
        Agency.objects.select_for_update(no_key=True).get(pk=proposal.agency_id)
    case = Case(proposal)
    for condition in step.conditions:
        condition(case)
    return _carry_out(step, case, by, note)


def _carry_out(step: Transition, case: Case, by: User, note: str) -> Move:
    proposal = case.proposal
    source, proposal.status = proposal.status, step.target
    proposal.save(update_fields=["status", "updated_at"])
    made = Move.objects.create(
        proposal=proposal, name=step.name, source=source, target=step.target, note=note, made_by=by,
        made_at=calendar.now(),
    )  # fmt: skip
    data = {"source": source, "target": step.target}
    if step.name == "send":
        data |= _freeze(case, by)
    elif step.name == "withdraw":
        data |= _let_go(proposal)
    record(f"proposals.{step.name}", by=by, on=proposal, data=data)
    emails.tell_of(made)
    return made


def _freeze(case: Case, by: User) -> dict[str, str]:
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
    return {"number": sent.number, "sha256": sent.sha256}


def _next_number(proposal: Proposal) -> str:
    """For example KIPP-2023-000123."""
    counter, _created = Counter.objects.get_or_create(competition=proposal.competition)
    Counter.objects.filter(pk=counter.pk).update(last_number=F("last_number") + 1)
    counter.refresh_from_db()
    return f"KIPP-{proposal.competition.code.upper()}-{counter.last_number:06d}"


def _let_go(proposal: Proposal) -> dict[str, str]:
    sent = proposal.submissions.filter(stands=True).first()
    if sent is None:
        return {}
    sent.stands = False
    sent.save(update_fields=["stands"])
    return {"number": sent.number}
