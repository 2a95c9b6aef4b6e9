"""An agency's one objection to a failed screening, and the secretariat's answer by somebody who did not decide it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat, is_admin_of
from audit.recording import record
from competitions import calendar
from competitions.models import Competition, ScreeningRules
from files.storing import store
from proposals import actions, workflow
from proposals.actions.writing import payers_of
from proposals.models import Objection, Proposal, Screening
from proposals.screening.corrections import end_of_day
from proposals.screening.letters import tell_of_objection

MAX_MB = 2


def closes_at(screening: Screening) -> datetime | None:
    """Until when the agency may object: so many days after the results, never past the start of assessment. None:
    the year has no objections, or nothing is released."""
    competition = screening.submission.proposal.competition
    days = ScreeningRules.of(competition).objection_days
    if days is None or screening.released_at is None:
        return None
    end, assessed = end_of_day(screening.released_at, days), workflow.assessment_begins(competition)
    return min(end, assessed) if assessed else end


def standing_screening(proposal: Proposal) -> Screening | None:
    """The released screening of what stands, with its objection if there is one."""
    found = Screening.objects.filter(
        submission__proposal=proposal, submission__stands=True, released_at__isnull=False
    ).select_related("submission__proposal__competition", "objection__attachment", "decided_by")
    return found.first()


def object_to(proposal: Proposal, *, text: str, upload: UploadedFile | None = None, by: User) -> Objection:
    """The admin of the agency objects, once, with text and perhaps a PDF; the agency gets it in writing.

    Raises PermissionDenied, and ValidationError `text_needed`, `not_failed`, `no_objections`, `closed`,
    `already_filed`, or what `store` says of the file.
    """
    _check(proposal, text, by)
    payers = payers_of(proposal)
    stored = store(upload, kinds=("pdf",), by=by, max_mb=MAX_MB, payers=payers) if upload else None
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
        screening = _check(proposal, text, by)
        objection = Objection.objects.create(
            screening=screening, text=text.strip(), attachment=stored, filed_at=calendar.now(), filed_by=by
        )
        data = {"proposal": proposal.code, "sha256": stored.sha256 if stored else None}
        record("proposals.object_to_screening", by=by, on=objection, data=data)
        tell_of_objection(objection, "filed")
    return objection


def _check(proposal: Proposal, text: str, by: User) -> Screening:
    if not is_admin_of(by, proposal.agency):
        raise PermissionDenied
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("Write why you object."), code="text_needed")})
    screening = standing_screening(proposal)
    if screening is not None and hasattr(screening, "objection"):
        raise ValidationError(_("An objection was already filed."), code="already_filed")
    if screening is None or proposal.status != Proposal.Status.FAILED:
        raise ValidationError(_("Only a proposal that did not pass can be objected for."), code="not_failed")
    end = closes_at(screening)
    if end is None:
        raise ValidationError(_("This year has no objections to the screening."), code="no_objections")
    if end < calendar.now():
        raise ValidationError(_("The time to object is over."), code="closed")
    return screening


def of_year(competition: Competition) -> QuerySet[Objection]:
    """Unanswered ones first, the oldest first."""
    return (
        Objection.objects.filter(screening__submission__proposal__competition=competition)
        .select_related("screening__submission__proposal__agency", "screening__decided_by", "answered_by")
        .order_by("answered_at", "filed_at")
    )


@transaction.atomic
def answer_objection(objection: Objection, *, outcome: str, answer: str, by: User) -> Objection:
    """Somebody else than who decided answers with reasons; what is overturned passes, and everybody concerned is told.

    ValidationError `own_decision`, `already_answered`, `choice_needed`, `answer_needed`, or `assessment_begun`.
    Twice is once.
    """
    as_secretariat(by)
    proposal = Proposal.objects.select_for_update(of=("self",), no_key=True).get(
        submissions__screening__objection=objection
    )
    objection = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("screening__submission__proposal", "answered_by")
        .get(pk=objection.pk)
    )
    if objection.outcome:
        if (objection.answered_by, objection.outcome) == (by, outcome):
            return objection
        words = _("%(name)s has already answered this objection.") % {"name": objection.answered_by}
        raise ValidationError(words, code="already_answered")
    if by.pk in deciders(objection.screening):
        raise ValidationError(_("You decided this item yourself; somebody else answers."), code="own_decision")
    if outcome not in Objection.Outcome.values:
        words = _("Choose whether the result stands.")
        raise ValidationError({"outcome": ValidationError(words, code="choice_needed")})
    if not answer.strip():
        raise ValidationError(
            {"answer": ValidationError(_("Give the reasons; the agency reads them."), code="answer_needed")}
        )
    objection.outcome, objection.answer = outcome, answer.strip()
    objection.answered_at, objection.answered_by = calendar.now(), by
    objection.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    data = {"proposal": proposal.code, "outcome": outcome}
    record("proposals.answer_objection", by=by, on=objection, data=data)
    if outcome == Objection.Outcome.OVERTURNED:
        actions.move(proposal, "overturn", by=by, note=objection.answer)
    tell_of_objection(objection, "answered")
    return objection


def deciders(screening: Screening) -> set[int]:
    """Whoever decided the item, agreed with it at the second look, or settled it."""
    looks = screening.looks.filter(stands=True)
    agreed = {look.looked_by_id for look in looks if look.agrees}
    return {pk for pk in agreed | {look.settled_by_id for look in looks} | {screening.decided_by_id} if pk}
