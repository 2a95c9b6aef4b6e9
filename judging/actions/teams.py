"""What the jurors of one entry do together once all their sheets are final: talk, and revise."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from judging import rules
from judging.actions.assessing import lock_own, store_scores
from judging.models import Assessment, AssessmentVersion, TeamMessage
from judging.scoring import team
from judging.scoring.chain import keep_version, values_of
from notifications.outbox import tell


@transaction.atomic
def say_to_team(assessment: Assessment, *, text: str, by: User) -> TeamMessage:
    """Say something about the sheet's entry to its team and the secretariat; each other juror is told once a day.

    ValidationError (no_discussion, not_all_final, closed, frozen, empty); PermissionDenied to outsiders.
    """
    entry = assessment.entry
    if not rules.may_discuss(by, assessment):
        raise PermissionDenied
    if error := team.why_silent(entry, is_complete=team.is_complete(entry)):
        raise error
    if not text.strip():
        raise ValidationError(_("Write what you want to say to the team."), code="empty")
    now = calendar.now()
    message = TeamMessage.objects.create(entry=entry, author=by, text=text.strip(), written_at=now)
    record("judging.say_to_team", by=by, on=message, data={"proposal": entry.proposal.code})
    for sheet in entry.assessments.live().official().exclude(juror__user=by).select_related("juror__user"):
        tell(
            to=sheet.juror.user,
            template="judging/mail/team_message",
            key=f"judging.team:{sheet.code}:{now:%Y%m%d}",
            context={"round": entry.round, "proposal": entry.proposal},
            link=reverse("judging:team", args=[sheet.code]),
        )
    return message


@transaction.atomic
def revise(
    assessment: Assessment,
    *,
    scores: Mapping[str, Decimal | None],
    reason: str,
    version: int,
    by: User,
    comments: Mapping[str, str] | None = None,
    comment: str | None = None,
) -> AssessmentVersion:
    """Append a revised version to a final sheet; from now on the ranking counts it, the ones before stay in the chain.

    ValidationError: why the team cannot revise now, `stale` when the sheet changed since `version`, `incomplete`,
    `unchanged`, `no_reason`. PermissionDenied to anybody but the sheet's juror.
    """
    sheet = lock_own(assessment, by)
    complete = sheet.status == Assessment.Status.FINAL and team.is_complete(sheet.entry)
    if sheet.is_anchor_only or not complete:
        raise team.why_silent(sheet.entry, is_complete=False) or PermissionDenied
    if error := team.why_silent(sheet.entry, is_complete=True):
        raise error
    if version != sheet.version:
        words = _("This sheet was changed in another window meanwhile. Nothing was overwritten.")
        raise ValidationError(words, code="stale")
    if not reason.strip():
        raise ValidationError(_("Say why you revise your scores."), code="no_reason")
    if not sheet.versions.exists() and sheet.finalised_at:  # made final before versions were kept
        keep_version(sheet, at=sheet.finalised_at, by=by)
    before = values_of(sheet)
    values = store_scores(sheet, list(sheet.entry.round.criteria.order_by("order", "key")), scores, comments or {})
    if None in values.values():
        raise ValidationError(_("A revised sheet needs every score."), code="incomplete")
    if values_of(sheet) == before:
        raise ValidationError(_("No score differs from the ones before."), code="unchanged")
    return _append(sheet, comment=comment, reason=reason.strip(), before=before, by=by)


def _append(
    sheet: Assessment, *, comment: str | None, reason: str, before: dict[str, str], by: User
) -> AssessmentVersion:
    sheet.comment = sheet.comment if comment is None else comment
    sheet.saved_at, sheet.version, sheet.writer = calendar.now(), sheet.version + 1, ""
    sheet.save(update_fields=["comment", "saved_at", "version", "writer"])
    kept = keep_version(sheet, at=sheet.saved_at, by=by, reason=reason)
    data = {"number": kept.number, "before": before, "scores": kept.values, "reason": reason}
    record("judging.revise", by=by, on=sheet, data=data)
    return kept
