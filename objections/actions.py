"""What can happen to an objection: asked for, filed, answered by the agency, referred by the secretariat, decided by
two people of the panel, and carried out. Every deed, its record and its letters are one transaction."""

from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from competitions.models import Stage
from files.models import StoredFile
from files.quotas import Payer
from files.storing import store_several
from judging.actions import propose_disqualification
from judging.models import Disqualification
from notifications.outbox import reading_as
from objections import letters
from objections.models import Evidence, FilingLink, Objection
from objections.period import finalists, open_stage
from objections.rules import may_answer, may_decide
from proposals.models import Proposal

MOST_FILES, MAX_MB = 5, 5
KINDS = ("pdf", "image")  # office files carry their author's name


@transaction.atomic
def ask_link(proposal: Proposal, *, email: str, visitor: Collection[Payer]) -> FilingLink:
    """Mails a link by which whoever has this address can object to the finalist.

    ValidationError `closed`, `not_a_finalist` or `too_many`.
    """
    stage = _open(proposal)
    link = FilingLink.ask(
        email=email, visitor=visitor, now=calendar.now(), until=stage.ends_at, proposal=proposal, stage=stage
    )
    letters.send_link(link, reverse("objections:file", args=[link.token]))
    return link


def file_objection(
    proposal: Proposal,
    *,
    email: str,
    name: str,
    text: str,
    uploads: Sequence[UploadedFile] = (),
    payers: Collection[Payer] = (),
    by: User | None,
) -> Objection:
    """Files an objection in the name of somebody whose address is confirmed; gives it a number, tells its owner, the
    secretariat and the objected agency. Files are checked and stored first, everything else happens at once or not.

    Sending again returns what was filed. ValidationError `closed`, `not_a_finalist`, `text_needed`, `name_needed`,
    `too_many_files`, `already_filed`, or what `store` says of a file.
    """
    email, text, name = email.strip().lower(), text.strip(), name.strip()
    _open(proposal)
    if not text:
        raise ValidationError({"text": ValidationError(_("Write what you object to."), code="text_needed")})
    if not name:
        raise ValidationError({"name": ValidationError(_("Write your full name."), code="name_needed")})
    stored = store_several(uploads, most=MOST_FILES, kinds=KINDS, by=by, max_mb=MAX_MB, payers=payers)
    with transaction.atomic():
        return _file(proposal, email, name, text, stored, by)


@transaction.atomic
def answer(objection: Objection, *, text: str, by: User) -> Objection:
    """The objected agency answers, once, until the panel has decided. Twice is once.

    PermissionDenied, and ValidationError `text_needed`, `already_answered` or `decided`.
    """
    if not may_answer(by, objection):
        raise PermissionDenied
    row = _locked(objection)
    if row.answered_at and row.answer == text.strip():
        return row
    if row.answered_at:
        raise ValidationError(_("The agency has already answered."), code="already_answered")
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("Write the answer."), code="text_needed")})
    row.answer, row.answered_at, row.answered_by = text.strip(), calendar.now(), by
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    record("objections.answer", by=by, on=row, data={"number": row.number})
    letters.tell_answered(row)
    return row


@transaction.atomic
def assign(objection: Objection, *, handler: User, by: User) -> Objection:
    """The clerk who looks into it. ValidationError `decided`, or `not_secretariat` for somebody else."""
    as_secretariat(by)
    row = _locked(objection)
    if not User.objects.secretariat().filter(pk=handler.pk).exists():
        raise ValidationError(_("Only the secretariat handles objections."), code="not_secretariat")
    row.handler = handler
    row.save(update_fields=["handler"])
    record("objections.assign", by=by, on=row, data={"number": row.number, "handler": handler.pk})
    return row


@transaction.atomic
def refer(objection: Objection, *, finding: str, by: User) -> Objection:
    """The secretariat lays the objection before the panel with its finding, and tells the panel.

    ValidationError `finding_needed`, `already_referred`, `no_panel` or `decided`.
    """
    as_secretariat(by)
    row = _locked(objection)
    if row.referred_at:
        raise ValidationError(_("This objection is before the panel already."), code="already_referred")
    if not finding.strip():
        words = _("Write what the secretariat found; the panel reads it.")
        raise ValidationError({"finding": ValidationError(words, code="finding_needed")})
    if len(letters.panel(row)) < 2:
        words = _("The panel needs two members without a conflict of interest to decide.")
        raise ValidationError(words, code="no_panel")
    row.finding, row.referred_at, row.referred_by = finding.strip(), calendar.now(), by
    row.handler = row.handler or by
    row.save(update_fields=["finding", "referred_at", "referred_by", "handler"])
    record("objections.refer", by=by, on=row, data={"number": row.number})
    letters.tell_referred(row)
    return row


@transaction.atomic
def propose_decision(objection: Objection, *, outcome: str, reason: str, by: User) -> Objection:
    """A panelist writes down the panel's decision; it counts once another one confirms it. Until then it can be
    replaced. PermissionDenied, and ValidationError `choice_needed`, `reason_needed` or `decided`."""
    row = _for_panel(objection, by)
    if outcome not in Objection.Outcome.values:
        words = _("Choose whether the objection is upheld.")
        raise ValidationError({"outcome": ValidationError(words, code="choice_needed")})
    if not reason.strip():
        words = _("Give the reasons; the objector and the agency read them.")
        raise ValidationError({"reason": ValidationError(words, code="reason_needed")})
    row.outcome, row.reason, row.proposed_at, row.proposed_by = outcome, reason.strip(), calendar.now(), by
    row.save(update_fields=["outcome", "reason", "proposed_at", "proposed_by"])
    record("objections.propose", by=by, on=row, data={"number": row.number, "outcome": outcome})
    letters.tell_proposed(row)
    return row


@transaction.atomic
def confirm_decision(objection: Objection, *, expected: str, by: User) -> Objection:
    """Another panelist confirms the decision they read (`expected`: its outcome and moment, see `stamp`): it is final,
    and the objector, the agency and the secretariat are told.

    PermissionDenied, and ValidationError `nothing_proposed`, `own_proposal`, `changed` or `decided`.
    """
    row = _for_panel(objection, by)
    if not row.outcome:
        raise ValidationError(_("Nobody of the panel has written a decision yet."), code="nothing_proposed")
    if row.proposed_by_id == by.pk:
        raise ValidationError(_("You wrote this decision yourself; another member confirms it."), code="own_proposal")
    if stamp(row) != expected:
        raise ValidationError(_("The decision was rewritten meanwhile. Read it again."), code="changed")
    row.decided_at, row.decided_by = calendar.now(), by
    row.save(update_fields=["decided_at", "decided_by"])
    facts = {"number": row.number, "outcome": row.outcome, "proposed_by": row.proposed_by_id}
    record("objections.decide", by=by, on=row, data=facts)
    letters.tell_decided(row)
    return row


def stamp(objection: Objection) -> str:
    """What a confirming member has read."""
    return f"{objection.outcome}:{objection.proposed_at.isoformat() if objection.proposed_at else ''}"


@transaction.atomic
def carry_out(objection: Objection, *, by: User) -> Disqualification:
    """The secretariat proposes the disqualification that an upheld objection asks for; a second clerk confirms it.

    ValidationError `not_upheld`, or what proposing refuses.
    """
    as_secretariat(by)
    proposal = Proposal.objects.select_for_update(of=("self",), no_key=True).get(pk=objection.proposal_id)
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.state != Objection.State.UPHELD:
        raise ValidationError(_("Only an upheld objection leads to a disqualification."), code="not_upheld")
    with reading_as(None):  # the agency may read it, whoever presses
        words = _("Objection %(number)s was upheld: %(reason)s")
    reason = words % {"number": row.number, "reason": row.reason}
    found = propose_disqualification(proposal, reason=reason[:1000], by=by)
    record("objections.carry_out", by=by, on=row, data={"number": row.number, "proposal": proposal.code})
    return found


def _open(proposal: Proposal) -> Stage:
    stage = open_stage(proposal.competition)
    if stage is None:
        raise ValidationError(_("The objection period is not open."), code="closed")
    if not finalists(proposal.competition).filter(pk=proposal.pk).exists():
        raise ValidationError(_("Only a published finalist can be objected to."), code="not_a_finalist")
    return stage


def _file(
    proposal: Proposal, email: str, name: str, text: str, stored: Sequence[StoredFile], by: User | None
) -> Objection:
    # One at a time in a year: the numbers run without a gap, and nobody moves the deadline meanwhile.
    year = Stage.objects.filter(competition=proposal.competition_id, kind=Stage.Kind.OBJECTION)
    list(year.select_for_update(no_key=True).order_by("pk"))
    stage = _open(proposal)
    before = Objection.objects.filter(stage=stage, proposal=proposal, email=email).first()
    if before and before.text == text:
        return before
    if before:
        words = _("You have already objected to this innovation, under number %(number)s.") % {"number": before.number}
        raise ValidationError(words, code="already_filed")
    place = Objection.objects.filter(stage__in=year).count() + 1
    objection = Objection.objects.create(
        number=f"SGH-{proposal.competition.code.upper()}-{place:05}", proposal=proposal, stage=stage, email=email,
        name=name, user=by, text=text, filed_at=calendar.now(),
    )  # fmt: skip
    Evidence.objects.bulk_create(
        Evidence(objection=objection, file=file, place=place) for place, file in enumerate(stored, start=1)
    )
    # Who filed it stands in the objection alone: the record is read by more people.
    facts = {"number": objection.number, "proposal": proposal.code, "files": [file.sha256 for file in stored]}
    record("objections.file", by=None, on=objection, data=facts)
    letters.tell_filed(objection)
    return objection


def _locked(objection: Objection) -> Objection:
    """The row under lock, not decided yet."""
    rows = Objection.objects.select_for_update(of=("self",)).select_related("proposal__agency", "proposal__lead")
    row = rows.get(pk=objection.pk)
    if row.decided_at:
        raise ValidationError(_("This objection is decided."), code="decided")
    return row


def _for_panel(objection: Objection, by: User) -> Objection:
    if not may_decide(by, objection):
        raise PermissionDenied
    return _locked(objection)
