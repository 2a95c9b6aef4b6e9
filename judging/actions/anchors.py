"""The secretariat chooses anchors, agrees on their scores and gives them to every juror."""

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions.models import Criterion
from competitions.models import Round as JudgingRound
from judging.actions.sheets import lock_round, managing, promote_anchor_sheets, refuse_if_frozen
from judging.calibration.readings import staff_of
from judging.models import Anchor, AnchorScore, Assessment, Entry
from notifications.outbox import tell


@transaction.atomic
def choose_anchors(judging_round: JudgingRound, *, codes: Sequence[str], by: User) -> list[Anchor]:
    """Mark these entries, named by proposal code, as anchors. Nothing is given out yet; marked ones stay as they are.

    ValidationError `unknown_proposal` names a code that is not in the round, and then none is marked.
    """
    managing(by)
    locked = lock_round(judging_round.pk)
    refuse_if_frozen(locked)
    entries = {entry.proposal.code: entry for entry in Entry.objects.filter(round=locked).select_related("proposal")}
    if unknown := [code for code in codes if code not in entries]:
        words = _("Not in this round: %(codes)s.")
        raise ValidationError(words, code="unknown_proposal", params={"codes": ", ".join(unknown)})
    known = set(Anchor.objects.filter(entry__round=locked).values_list("entry", flat=True))
    fresh = [entries[code] for code in dict.fromkeys(codes) if entries[code].pk not in known]
    record("judging.choose_anchors", by=by, on=locked, data={"proposals": [each.proposal.code for each in fresh]})
    return Anchor.objects.bulk_create([Anchor(entry=entry, chosen_by=by) for entry in fresh])


@transaction.atomic
def remove_anchor(anchor: Anchor, *, by: User) -> None:
    """Make it an ordinary entry again. ValidationError `given` once a juror has it: their sheets stay."""
    managing(by)
    refuse_if_frozen(lock_round(anchor.entry.round_id))
    if Assessment.objects.filter(entry=anchor.entry, is_anchor_only=True).exists():
        words = _("Jurors have this anchor already, so it stays one.")
        raise ValidationError(words, code="given")
    record("judging.remove_anchor", by=by, on=anchor.entry.proposal, data={"round": anchor.entry.round.key})
    anchor.delete()


@transaction.atomic
def agree_on_anchor(anchor: Anchor, *, scores: Mapping[str, Decimal], by: User) -> None:
    """Store the agreed score of each criterion, by key; may be corrected later, the record keeps both."""
    managing(by)
    locked = lock_round(anchor.entry.round_id)
    criteria: dict[str, Criterion] = {each.key: each for each in locked.criteria.all()}
    if set(scores) != set(criteria):
        raise ValidationError(_("Every criterion needs its agreed score."), code="incomplete")
    for key, value in scores.items():
        if not criteria[key].scale_min <= value <= criteria[key].scale_max:
            words = _("The score for “%(name)s” must be from %(low)s to %(high)s.")
            each = criteria[key]
            numbers = {"name": each.name, "low": each.scale_min, "high": each.scale_max}
            raise ValidationError(words, code="out_of_range", params=numbers)
    AnchorScore.objects.bulk_create(
        [AnchorScore(anchor=anchor, criterion=criteria[key], value=value) for key, value in scores.items()],
        update_conflicts=True, unique_fields=["anchor", "criterion"], update_fields=["value"],
    )  # fmt: skip
    data = {"round": locked.key, "scores": {key: str(value) for key, value in scores.items()}}
    record("judging.agree_on_anchor", by=by, on=anchor.entry.proposal, data=data)


@transaction.atomic
def give_anchors(judging_round: JudgingRound, *, by: User) -> int:
    """Put every anchor first into the pile of every ready juror without a conflict; returns how many sheets were new.

    As many sheets as the round asks for count for the entry itself, those of the least loaded; all others compare
    jurors only. May be done again for jurors who came later. ValidationError `not_agreed` names anchors without
    agreed scores, `no_anchors` where there are none.
    """
    managing(by)
    locked = lock_round(judging_round.pk)
    refuse_if_frozen(locked)
    anchors = list(
        Anchor.objects.filter(entry__round=locked).select_related("entry__proposal__agency").prefetch_related("scores")
    )
    _ready_to_give(locked, anchors)
    entries = [anchor.entry for anchor in anchors]
    staff = staff_of(locked, entries)
    given: dict[int, list[Assessment]] = {}
    for entry in entries:
        for pk in staff.free_for(entry):
            given.setdefault(pk, []).append(Assessment(entry=entry, juror_id=pk, place=0, is_anchor_only=True))
    for pk, sheets in given.items():  # each juror in an order of their own, the same for the same juror
        random.Random(f"{locked.pk}:{staff.jurors[pk].code}").shuffle(sheets)  # noqa: S311
    created = Assessment.objects.bulk_create([sheet for sheets in given.values() for sheet in sheets])
    staff.know(created)
    for entry in Entry.objects.short_of_jurors(locked).filter(pk__in=[each.pk for each in entries]):
        promote_anchor_sheets(entry, locked.assessors_per_proposal - entry.sheets_live, staff, by=by)  # type: ignore[attr-defined]
    record("judging.give_anchors", by=by, on=locked, data={"anchors": len(anchors), "sheets": len(created)})
    for pk, sheets in given.items():
        tell(
            to=staff.jurors[pk].user,
            template="judging/mail/assigned",
            key=f"judging.anchors:{locked.pk}:{staff.jurors[pk].code}:{min(sheet.code for sheet in sheets)}",
            context={"round": locked, "count": len(sheets)},
            link=reverse("judging:desk"),
        )
    return len(created)


def _ready_to_give(judging_round: JudgingRound, anchors: list[Anchor]) -> None:
    if not anchors:
        raise ValidationError(_("No anchor has been chosen yet."), code="no_anchors")
    wanted = judging_round.criteria.count()
    if missing := [each.entry.proposal.code for each in anchors if len(each.scores.all()) != wanted]:
        words = _("Agree on the scores of these anchors first: %(codes)s.")
        raise ValidationError(words, code="not_agreed", params={"codes": ", ".join(missing)})
