"""The chain of a sheet: what its juror made final, and each revision after the team's discussion."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef

from accounts.models import User
from competitions.models import Round
from judging.models import Assessment, AssessmentVersion


def keep_version(sheet: Assessment, *, at: datetime, by: User, reason: str = "") -> AssessmentVersion:
    """Append the sheet, as it is stored in this transaction, to its chain."""
    last = sheet.versions.order_by("-number").values_list("number", flat=True).first() or 0
    total = Assessment.objects.with_total().values_list("total", flat=True).get(pk=sheet.pk)  # type: ignore[misc]
    return AssessmentVersion.objects.create(
        assessment=sheet, number=last + 1, values=values_of(sheet), total=total, comment=sheet.comment,
        panel_note=sheet.panel_note, reason=reason, made_at=at, made_by=by,
    )  # fmt: skip


def values_of(sheet: Assessment) -> dict[str, str]:
    """The stored scores by criterion key, as text with two decimals."""
    scores = sheet.scores.exclude(value=None).order_by("criterion__order", "criterion__key")
    return {key: f"{value:.2f}" for key, value in scores.values_list("criterion__key", "value")}


def given_alone(judging_round: Round) -> dict[str, dict[str, Decimal]]:
    """What its juror gave before the team spoke, by criterion key, for each sheet (by code) revised afterwards.

    One query. A sheet nobody revised is not among them: its own scores were given alone.
    """
    revisions = AssessmentVersion.objects.filter(assessment=OuterRef("assessment")).exclude(reason="")
    versions = AssessmentVersion.objects.filter(Exists(revisions), assessment__entry__round=judging_round)
    found: dict[str, dict[str, Decimal]] = {}
    revised = set()
    rows = versions.order_by("assessment", "number").values_list("assessment__code", "reason", "values")
    for code, reason, values in rows:
        if reason:
            revised.add(code)
        elif code not in revised:
            found[code] = {key: Decimal(value) for key, value in values.items()}
    return found
