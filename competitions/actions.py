"""What can happen to a year: its dates move by letter, its numbers are settled, it becomes the next year's draft."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from accounts.models import Agency, User
from audit.recording import record
from competitions import calendar
from competitions.models import (
    Aspect,
    Competition,
    Criterion,
    Group,
    GroupInvitation,
    Round,
    ScreeningRules,
    Stage,
    StageRevision,
)
from competitions.weights import check_hundred

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def revise_stage(
    stage: Stage,
    *,
    ends_at: datetime | None,
    starts_at: datetime | None = None,
    letter_number: str,
    reason: str,
    by: User,
) -> StageRevision:
    """Move a stage's effective dates by a letter; an empty date stays as it was. The plan itself is never changed.

    Raises ValidationError: letter_required, reason_required, unchanged, ends_before_start; already_open when a stage
    that has begun would begin later; in_the_past when its end would lie before now.
    """
    stage = Stage.objects.select_for_update().select_related("competition").get(pk=stage.pk)
    starts_at, ends_at = starts_at or stage.starts_at, ends_at or stage.ends_at
    _check_revision(stage, starts_at, ends_at, letter_number.strip(), reason.strip())
    revision = StageRevision.objects.create(
        stage=stage,
        starts_at=starts_at,
        ends_at=ends_at,
        previous_starts_at=stage.starts_at,
        previous_ends_at=stage.ends_at,
        letter_number=letter_number.strip(),
        reason=reason.strip(),
        made_at=calendar.now(),
        made_by=by,
    )
    stage.starts_at, stage.ends_at = starts_at, ends_at
    stage.save(update_fields=["starts_at", "ends_at"])
    record("competitions.revise_stage", by=by, on=stage.competition, data=_revision_data(revision))
    return revision


def _check_revision(
    stage: Stage, starts_at: datetime | None, ends_at: datetime | None, letter_number: str, reason: str
) -> None:
    now = calendar.now()
    if not letter_number:
        raise ValidationError(_("Name the letter that orders the change."), code="letter_required")
    if not reason:
        raise ValidationError(_("Say why the dates change."), code="reason_required")
    if (starts_at, ends_at) == (stage.starts_at, stage.ends_at):
        raise ValidationError(_("These are the dates the stage already has."), code="unchanged")
    if starts_at and ends_at and ends_at < starts_at:
        raise ValidationError(_("A stage cannot end before it starts."), code="ends_before_start")
    if starts_at and starts_at != stage.starts_at and calendar.has_opened(stage, now) and starts_at > now:
        raise ValidationError(_("This stage has already begun; its start cannot move."), code="already_open")
    if ends_at and ends_at != stage.ends_at and ends_at < now:
        raise ValidationError(_("The new end has already passed; choose a moment to come."), code="in_the_past")


def _revision_data(revision: StageRevision) -> dict[str, object]:
    names = ("starts_at", "ends_at", "previous_starts_at", "previous_ends_at", "letter_number", "reason")
    return {"stage": revision.stage.key} | {name: getattr(revision, name) for name in names}


@transaction.atomic
def set_quota(judging_round: Round, *, advance: int, by: User) -> None:
    """Settle how many advance from the round, while its stage has not opened.

    The group's published number of finalists or winners follows when it spoke of this round. Raises ValidationError:
    stage_opened, above_previous, below_next.
    """
    judging_round = (
        Round.objects.select_for_update(of=("self",))
        .select_related("stage", "group__competition")
        .get(pk=judging_round.pk)
    )
    _still_open_to_change(judging_round.stage)
    before, after = judging_round.previous, judging_round.next
    if before and advance > before.advance:
        raise ValidationError(_("No more can advance than reach this round."), code="above_previous")
    if after and advance < after.advance:
        raise ValidationError(_("No fewer can advance than the next round lets through."), code="below_next")
    group, old = judging_round.group, judging_round.advance
    spoken = [name for name in ("finalists", "winners") if getattr(group, name) == old]
    for name in spoken:
        setattr(group, name, advance)
    group.save(update_fields=spoken)
    judging_round.advance = advance
    judging_round.save(update_fields=["advance"])
    data = {"group": group.key, "round": judging_round.key, "from": old, "to": advance}
    record("competitions.set_quota", by=by, on=group.competition, data=data)


@transaction.atomic
def set_weights(group: Group, *, weights: Mapping[str, Decimal], by: User) -> None:
    """Settle the weights of a group's aspects ({aspect key: percent}), while submission has not opened.

    The rounds that score these aspects follow. Raises ValidationError: stage_opened, not_a_hundred.
    """
    _still_open_to_change(calendar.submission_stage(group.competition))
    aspects = list(group.aspects.select_for_update())
    check_hundred(weights[aspect.key] for aspect in aspects)
    old = {aspect.key: str(aspect.weight) for aspect in aspects}
    rounds = [each for each in group.rounds.all() if each.criteria.filter(aspect__isnull=False).exists()]
    for aspect in aspects:
        aspect.weight = weights[aspect.key]
        aspect.save(update_fields=["weight"])
        for each in rounds:
            _weigh_criterion(each, aspect)
    data = {"group": group.key, "from": old, "to": {key: str(weight) for key, weight in weights.items()}}
    record("competitions.set_weights", by=by, on=group.competition, data=data)


def _weigh_criterion(judging_round: Round, aspect: Aspect) -> None:
    """What weighs nothing is read, not scored: its line leaves the rubric, and returns with a weight."""
    if not aspect.weight:
        judging_round.criteria.filter(aspect=aspect).delete()
        return
    same = {name: getattr(aspect, name) for name in ("name", "guidance", "scale_min", "scale_max", "anchors", "weight")}
    Criterion.objects.update_or_create(
        round=judging_round, key=aspect.key, defaults=same | {"aspect": aspect, "order": aspect.order}
    )


def _still_open_to_change(stage: Stage) -> None:
    if calendar.has_opened(stage):
        raise ValidationError(
            _("“%(stage)s” has opened; what it uses can no longer change."),
            code="stage_opened",
            params={"stage": stage.name},
        )


@transaction.atomic
def invite_agencies(group: Group, *, agencies: Iterable[Agency], letter_number: str, by: User) -> int:
    """Lets these agencies enter a group that is by invitation only; who is invited already stays so by the first
    letter. Returns how many are new. Raises ValidationError: open_to_all, letter_required."""
    if not group.invitation_only:
        raise ValidationError(_("This group is open to all agencies."), code="open_to_all")
    if not letter_number.strip():
        raise ValidationError(_("Name the letter that invites the agencies."), code="letter_required")
    group = Group.objects.select_for_update(of=("self",)).select_related("competition").get(pk=group.pk)
    known = set(group.invited_agencies.values_list("agency", flat=True))
    new = {agency.pk: agency for agency in agencies if agency.pk not in known}
    GroupInvitation.objects.bulk_create(
        GroupInvitation(group=group, agency=agency, letter_number=letter_number.strip()) for agency in new.values()
    )
    if new:
        codes = [agency.code for agency in new.values()]
        data = {"group": group.key, "letter_number": letter_number.strip(), "agencies": codes}
        record("competitions.invite_agencies", by=by, on=group.competition, data=data)
    return len(new)


@transaction.atomic
def remove_invitation(invitation: GroupInvitation, *, by: User) -> None:
    """Takes an agency off the list of those invited; what it has already sent stands. Twice is once."""
    removed, _rows = GroupInvitation.objects.filter(pk=invitation.pk).delete()
    if removed:
        group, letter = invitation.group, invitation.letter_number
        data = {"group": group.key, "letter_number": letter, "agencies": [invitation.agency.code]}
        record("competitions.remove_invitation", by=by, on=group.competition, data=data)


@transaction.atomic
def copy_year(competition: Competition, *, code: str, year: int, name: str, by: User) -> Competition:
    """Begin a new year as a copy of this one: same groups, form, checks and rounds, dates later by whole years.

    Letters, what really happened, counts, holidays and invited agencies are not copied; assumptions are, for they still
    hold.
    """
    source, later = competition, year - competition.year
    edition = source.edition + later if source.edition and source.edition + later > 0 else None
    copy = _copy(
        source, code=code, year=year, name=name, edition=edition, counts={}, holidays={}, is_demonstration=False
    )
    stages = {stage.pk: _copy_stage(stage, copy, later) for stage in source.stages.all()}
    categories = {each.pk: _copy(each, competition=copy) for each in source.categories.all()}
    _copy_screening(source, copy)
    for group in source.groups.all():
        _copy_group(group, copy, stages, categories)
    record("competitions.copy_year", by=by, on=copy, data={"from": source.code})
    return copy


def _copy_screening(source: Competition, copy: Competition) -> None:
    checks = {check.pk: _copy(check, competition=copy) for check in source.screening_checks.all()}
    for rules in ScreeningRules.objects.filter(competition=source):
        _copy(rules, competition=copy)
    for reason in source.reason_templates.all():
        about = checks[reason.check_line_id] if reason.check_line_id else None
        _copy(reason, competition=copy, check_line=about, code=new_code())


def _copy(row: Row, **changes: Any) -> Row:
    """A saved copy of the row with these fields changed."""
    fields = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    for name in changes:
        fields.pop(row._meta.get_field(name).attname, None)  # type: ignore[union-attr]
    copy = type(row)(**fields, **changes)
    copy.save()
    return copy


def _years_later(moment: datetime | None, years: int) -> datetime | None:
    if moment is None:
        return None
    leap_day = (moment.month, moment.day) == (2, 29)
    return moment.replace(year=moment.year + years, day=28 if leap_day else moment.day)


def _copy_stage(stage: Stage, competition: Competition, later: int) -> Stage:
    start, end = _years_later(stage.planned_start, later), _years_later(stage.planned_end, later)
    return _copy(
        stage,
        competition=competition,
        planned_start=start,
        planned_end=end,
        starts_at=start,
        ends_at=end,
        actual_start=None,
        actual_end=None,
    )


def _copy_group(group: Group, competition: Competition, stages: dict[int, Stage], categories: dict[int, Any]) -> None:
    copy = _copy(group, competition=competition, age_counted_to=None, started_after=None)
    for row in [*group.caps.all(), *group.history_rules.all()]:
        _copy(row, group=copy)
    for age in group.age_exceptions.all():
        _copy(age, group=copy, category=categories[age.category_id])
    aspects: dict[int | None, Aspect | None] = {None: None}
    for aspect in group.aspects.all():
        aspects[aspect.pk] = _copy(aspect, group=copy)
        for question in aspect.questions.all():
            _copy(question, aspect=aspects[aspect.pk])
    for document in group.documents.all():
        _copy(document, group=copy, aspect=aspects[document.aspect_id])
    for each in group.rounds.all():
        round_copy = _copy(each, group=copy, stage=stages[each.stage_id])
        for criterion in each.criteria.all():
            _copy(criterion, round=round_copy, aspect=aspects[criterion.aspect_id])
