"""Bad days: a sheet opened again after closing, a proposal disqualified, a weight that was wrong. Each has a reason."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Criterion, Round
from competitions.weights import check_hundred
from judging.actions.interviews import cancel_interviews
from judging.actions.sheets import drop, lock_round, managing, refuse_if_frozen
from judging.models import Assessment, Disqualification, InterviewSlot, PlenaryMove, WeightRevision
from judging.ranking.places import rank
from notifications.outbox import tell_many
from proposals.audience import team_and_admin
from proposals.models import Proposal


@transaction.atomic
def propose_disqualification(proposal: Proposal, *, reason: str, by: User) -> Disqualification:
    """Note that a proposal shall leave the competition; nothing changes until a second person confirms it.

    Replaces an unconfirmed note. ValidationError `disqualified`, `not_judged`, `no_reason`.
    """
    managing(by)
    Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    found = Disqualification.objects.filter(proposal=proposal).first()
    if found and found.confirmed_at:
        raise ValidationError(_("This proposal is disqualified already."), code="disqualified")
    if not proposal.entries.exists():
        raise ValidationError(_("This proposal is in no round; its screening decides on it."), code="not_judged")
    if not reason.strip():
        raise ValidationError(_("Say why the proposal is disqualified."), code="no_reason")
    values = {"reason": reason.strip()[:1000], "made_by": by, "made_at": calendar.now()}
    made, _new = Disqualification.objects.update_or_create(proposal=proposal, defaults=values)
    record("judging.propose_disqualification", by=by, on=proposal, data={"reason": made.reason})
    tell_many(
        User.objects.secretariat().exclude(pk=by.pk), template="judging/mail/disqualification_waits",
        key=f"judging.disqualification_waits:{made.code}:{made.made_at.isoformat()}",
        context={"proposal": proposal, "note": made, "maker": by},
        link=reverse("judging:disqualify", args=[proposal.code]),
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_disqualification(disqualification: Disqualification, *, by: User) -> None:
    """Take an unconfirmed note back. ValidationError `disqualified` when it is confirmed: that stands."""
    managing(by)
    row = Disqualification.objects.select_for_update(of=("self",)).get(pk=disqualification.pk)
    if row.confirmed_at:
        raise ValidationError(_("This proposal is disqualified already."), code="disqualified")
    record("judging.withdraw_disqualification", by=by, on=row.proposal, data={"reason": row.reason})
    row.delete()


@transaction.atomic
def confirm_disqualification(disqualification: Disqualification, *, by: User) -> Disqualification:
    """The second person agrees: the proposal leaves every ranking that is not frozen, its open sheets are taken back,
    its interviews are cancelled, and agency, team and jurors are told.

    A frozen list keeps it until a correction supersedes that list, and what is published stays published until an
    announcement corrects it. ValidationError `own_move` from who proposed it. Twice is once.
    """
    managing(by)
    Proposal.objects.select_for_update(of=("self",)).get(pk=disqualification.proposal_id)
    rounds = Round.objects.filter(entries__proposal=disqualification.proposal_id)
    for pk in sorted(set(rounds.values_list("pk", flat=True))):
        lock_round(pk)
    rows = Disqualification.objects.select_for_update(of=("self",)).select_related("proposal__agency", "proposal__lead")
    row = rows.get(pk=disqualification.pk)
    if row.confirmed_at:
        return row
    if row.made_by_id == by.pk:
        raise ValidationError(_("You proposed this yourself: somebody else must confirm it."), code="own_move")
    row.confirmed_by, row.confirmed_at = by, calendar.now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    sheets = Assessment.objects.open().filter(entry__proposal=row.proposal).select_related("juror__user")
    dropped = list(sheets.select_for_update(of=("self",)).order_by("pk"))
    for sheet in dropped:
        drop(sheet, Assessment.Status.HANDED_BACK, why="disqualified", by=by)
    cancelled = cancel_interviews(row.proposal, reason=row.reason, by=by)
    PlenaryMove.objects.filter(proposal=row.proposal).delete()
    record("judging.disqualify", by=by, on=row.proposal, data={"reason": row.reason, "proposed_by": row.made_by_id})
    _tell_of_disqualification(row, {sheet.juror.user for sheet in dropped}, cancelled)
    return row


def _tell_of_disqualification(row: Disqualification, jurors: Collection[User], slots: list[InterviewSlot]) -> None:
    """The agency and the team learn the reason; the jurors only that there is nothing more to do."""
    context = {"proposal": row.proposal, "reason": row.reason, "slots": slots}
    tell_many(
        team_and_admin(row.proposal), template="judging/mail/disqualified", context=context,
        key=f"judging.disqualified:{row.code}", link=reverse("proposals:proposal", args=[row.proposal.code]),
    )  # fmt: skip
    tell_many(
        jurors, template="judging/mail/left_pile", context=context,
        key=f"judging.left_pile:{row.code}", link=reverse("judging:desk"),
    )  # fmt: skip


@transaction.atomic
def revise_weights(
    judging_round: Round, *, weights: Mapping[str, Decimal], letter_number: str, reason: str, seen: str, by: User
) -> WeightRevision:
    """Correct the weights of a round's rubric ({criterion key: percent}) by a letter, after scoring has begun.

    Every total, the ranking and what counts it follow at once; the ranking before is kept and shown beside. A round
    whose list is fixed needs an open correction first. Twice is once. `seen`: the hash of the ranking's inputs
    (places.Ranking.input_sha256) that the foretold result was computed from. ValidationError: frozen, not_a_hundred,
    unchanged, letter_required, no_reason, `changed` when weights or final sheets are others by now.
    """
    managing(by)
    locked = lock_round(judging_round.pk)
    weights = {key: weight.quantize(Decimal("0.01")) for key, weight in weights.items()}
    if done := _done(locked, weights, letter_number):
        return done
    criteria = list(Criterion.objects.select_for_update().filter(round=locked).order_by("order", "key"))
    before = {each.key: each.weight for each in criteria}
    after = {key: weights.get(key, weight) for key, weight in before.items()}
    check_weights(locked, weights=after, letter_number=letter_number, reason=reason)
    was = rank(locked)
    if was.input_sha256 != seen:
        words = _("Weights or final sheets have changed since you looked. Look again at who enters and who leaves.")
        raise ValidationError(words, code="changed")
    for each in criteria:
        each.weight = after[each.key]
        each.save(update_fields=["weight"])
    revision = WeightRevision.objects.create(
        round=locked, letter_number=letter_number.strip(), reason=reason.strip()[:500], made_by=by,
        before={key: str(weight) for key, weight in before.items()},
        after={key: str(weight) for key, weight in after.items()},
        ranking_before=[[each.proposal, each.rank, str(each.total), each.within_quota] for each in was.places],
        input_sha256=was.input_sha256, made_at=calendar.now(),
    )  # fmt: skip
    facts = {"round": locked.key, "letter": revision.letter_number, "reason": revision.reason,
             "from": revision.before, "to": revision.after}  # fmt: skip
    record("judging.revise_weights", by=by, on=locked, data=facts)
    return revision


def _done(judging_round: Round, weights: Mapping[str, Decimal], letter_number: str) -> WeightRevision | None:
    """The latest correction, if it is this one."""
    latest = judging_round.weight_revisions.first()
    if latest is None or latest.letter_number != letter_number.strip():
        return None
    return latest if {key: Decimal(weight) for key, weight in latest.after.items()} == weights else None


def check_weights(judging_round: Round, *, weights: Mapping[str, Decimal], letter_number: str, reason: str) -> None:
    """What revise_weights refuses, asked before anybody confirms it."""
    refuse_if_frozen(judging_round)
    before = dict(judging_round.criteria.values_list("key", "weight"))
    after = before | dict(weights)
    if not letter_number.strip():
        raise ValidationError(_("Name the letter that orders the change."), code="letter_required")
    if not reason.strip():
        raise ValidationError(_("Say why the weights change."), code="no_reason")
    check_hundred(after.values())
    if after == before:
        raise ValidationError(_("These are the weights the round already has."), code="unchanged")
