"""What a juror does with a sheet: save, finalise, put off, recuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Criterion
from judging import rules
from judging.actions.sheets import drop, lock_round, refuse_if_frozen, replace
from judging.models import Assessment, ConflictOfInterest, Score
from judging.scoring.chain import keep_version
from judging.scoring.desk import why_read_only
from proposals.words import count_words

WRITER = ("writer", "writer_turn", "writer_since")


@dataclass(frozen=True)
class Writer:
    """The open page a save comes from: a name its script made up, and that page's number of the save, rising.

    A page whose answer got lost on the line may ask again, or go on from the version it knows: what it saved itself
    is no conflict. A number that was stored already changes nothing.
    """

    name: str
    turn: int

    def has_saved(self, sheet: Assessment) -> bool:
        return self.name == sheet.writer and self.turn <= sheet.writer_turn

    def goes_on(self, sheet: Assessment, version: int) -> bool:
        return self.name == sheet.writer and version >= sheet.writer_since


@transaction.atomic
def save_assessment(
    assessment: Assessment,
    *,
    scores: Mapping[str, Decimal | None],
    by: User,
    comments: Mapping[str, str] | None = None,
    comment: str | None = None,
    panel_note: str | None = None,
    version: int | None = None,
    writer: Writer | None = None,
    final: bool = False,
) -> Assessment:
    """Store scores and comments by criterion key; with `final`, the sheet is finished in the same transaction.

    What is not named stays as it was. ValidationError `stale` when `version` is no longer the stored one (another
    tab saved meanwhile), `out_of_range`, `unknown_criterion`, or why the sheet is closed.
    """
    sheet = lock_own(assessment, by)
    if writer and writer.has_saved(sheet):
        return sheet
    if error := why_read_only(sheet):
        raise error
    _claim(sheet, version, writer)
    criteria = list(sheet.entry.round.criteria.order_by("order", "key"))
    values = store_scores(sheet, criteria, scores, comments or {})
    sheet.comment = sheet.comment if comment is None else comment
    sheet.panel_note = sheet.panel_note if panel_note is None else panel_note
    sheet.status, sheet.saved_at, sheet.version = Assessment.Status.DRAFT, calendar.now(), sheet.version + 1
    if final:
        _finish(sheet, criteria, values, at=sheet.saved_at, by=by)
    sheet.save(update_fields=["comment", "panel_note", "status", "saved_at", "finalised_at", "version", *WRITER])
    if final:
        keep_version(sheet, at=sheet.saved_at, by=by)
    return sheet


def _claim(sheet: Assessment, version: int | None, writer: Writer | None) -> None:
    """Compare and set: raises `stale` when somebody else saved since `version`; notes who saves now."""
    mine = writer is not None and version is not None and writer.goes_on(sheet, version)
    if version is not None and version != sheet.version and not mine:
        words = _("This sheet was saved in another window meanwhile. Nothing was overwritten.")
        raise ValidationError(words, code="stale")
    if not mine:
        sheet.writer_since = sheet.version
    sheet.writer, sheet.writer_turn = (writer.name, writer.turn) if writer else ("", 0)


def note_late_save(assessment: Assessment, *, scores: Mapping[str, Decimal | None], by: User) -> None:
    """Put on record that a save came after the end and was refused, with the scores it brought."""
    data = {key: None if value is None else str(value) for key, value in scores.items()}
    record("judging.late_save", by=by, on=assessment, data={"scores": data})


@transaction.atomic
def finalise(assessment: Assessment, *, by: User) -> Assessment:
    """Finish a sheet as it is stored; from now on it counts and is read-only. ValidationError `incomplete` names what
    is missing."""
    sheet = _locked(assessment, by)
    values = {score.criterion_id: score.value for score in sheet.scores.all()}
    now = calendar.now()
    _finish(sheet, list(sheet.entry.round.criteria.order_by("order", "key")), values, at=now, by=by)
    sheet.save(update_fields=["status", "finalised_at"])
    keep_version(sheet, at=now, by=by)
    return sheet


@transaction.atomic
def skip(assessment: Assessment, *, by: User) -> Assessment:
    """Put the sheet at the end of the juror's pile."""
    sheet = _locked(assessment, by)
    pile = Assessment.objects.in_round(sheet.entry.round).filter(juror=sheet.juror_id)
    sheet.place = (pile.aggregate(last=Max("place"))["last"] or 0) + 1
    sheet.save(update_fields=["place"])
    return sheet


@transaction.atomic
def recuse(assessment: Assessment, *, reason: str, by: User) -> list[Assessment]:
    """The juror steps back from one proposal for a conflict of interest. It is declared, and the least loaded juror
    without a conflict gets the proposal at once. Returns the replacement's sheet, or nothing when nobody is free."""
    judging_round = lock_round(assessment.entry.round_id)
    refuse_if_frozen(judging_round)
    sheet = lock_own(assessment, by)
    if sheet.status in (Assessment.Status.RECUSED, Assessment.Status.HANDED_BACK):
        return []
    if not reason.strip():
        raise ValidationError(_("Say what the conflict of interest is."), code="no_reason")
    ConflictOfInterest.objects.get_or_create(
        juror=sheet.juror, proposal=sheet.entry.proposal, defaults={"reason": reason.strip()}
    )
    drop(sheet, Assessment.Status.RECUSED, why=reason.strip(), by=by)
    return replace([sheet.entry], by=by)


def lock_own(assessment: Assessment, by: User) -> Assessment:
    """The sheet as stored, locked; PermissionDenied unless `by` is its juror with an accepted pact."""
    sheets = Assessment.objects.select_for_update(of=("self",))
    sheet = sheets.select_related("juror", "entry__round__stage", "entry__proposal").get(pk=assessment.pk)
    if not rules.may_score(by, sheet):
        raise PermissionDenied
    return sheet


def _locked(assessment: Assessment, by: User) -> Assessment:
    sheet = lock_own(assessment, by)
    if error := why_read_only(sheet):
        raise error
    return sheet


def store_scores(
    sheet: Assessment, criteria: list[Criterion], scores: Mapping[str, Decimal | None], comments: Mapping[str, str]
) -> dict[int, Decimal | None]:
    """Write what is named; returns every value the sheet then has, by criterion."""
    if unknown := (set(scores) | set(comments)) - {criterion.key for criterion in criteria}:
        words = _("This round has no criterion “%(key)s”.")
        raise ValidationError(words, code="unknown_criterion", params={"key": min(unknown)})
    stored = {score.criterion_id: score for score in sheet.scores.all()}
    for criterion in criteria:
        if criterion.key not in scores and criterion.key not in comments:
            continue
        row = stored.setdefault(criterion.pk, Score(assessment=sheet, criterion=criterion))
        if criterion.key in scores:
            row.value = _in_range(criterion, scores[criterion.key])
        row.comment = comments.get(criterion.key, row.comment)
    Score.objects.bulk_create(
        [
            Score(assessment=sheet, criterion_id=key, value=row.value, comment=row.comment)
            for key, row in stored.items()
        ],
        update_conflicts=True, unique_fields=["assessment", "criterion"], update_fields=["value", "comment"],
    )  # fmt: skip
    return {key: row.value for key, row in stored.items()}


def _in_range(criterion: Criterion, value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    value = Decimal(value)
    if not value.is_finite() or not criterion.scale_min <= value <= criterion.scale_max:
        words = _("The score for “%(name)s” must be from %(low)s to %(high)s.")
        numbers = {"name": criterion.name, "low": criterion.scale_min, "high": criterion.scale_max}
        raise ValidationError(words, code="out_of_range", params=numbers)
    if value != round(value, 2):
        words = _("The score for “%(name)s” may have two decimals at most.")
        raise ValidationError(words, code="out_of_range", params={"name": criterion.name})
    return value


def _finish(
    sheet: Assessment, criteria: list[Criterion], values: Mapping[int, Decimal | None], *, at: datetime, by: User
) -> None:
    """Make the sheet final in memory, its caller saves it; ValidationError when something is missing."""
    missing = [criterion.name for criterion in criteria if values.get(criterion.pk) is None]
    if missing or not criteria:
        words = _("Not yet scored: %(names)s.")
        raise ValidationError(words, code="incomplete", params={"names": ", ".join(missing)})
    least = sheet.entry.round.min_words_comment
    if least and count_words(sheet.comment) < least:
        words = _("The comment for the agency needs at least %(count)d words.")
        raise ValidationError(words, code="short_comment", params={"count": least})
    sheet.status, sheet.finalised_at = Assessment.Status.FINAL, at
    data = {criterion.key: f"{values[criterion.pk]:.2f}" for criterion in criteria}
    record("judging.finalise", by=by, on=sheet, data={"scores": data, "version": sheet.version})
