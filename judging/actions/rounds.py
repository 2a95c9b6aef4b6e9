"""A round opens, is assigned, is watched over."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Round
from judging.actions.sheets import lock_round, managing, refuse_if_frozen
from judging.models import Assessment, Entry, Juror, Selection
from judging.querysets.sheets import OPEN
from judging.ranking.places import rank
from judging.scoring import reminders
from notifications.models import Message
from notifications.outbox import tell
from proposals.models import Proposal


@transaction.atomic
def open_round(judging_round: Round, *, by: User, proposals: Collection[str] | None = None) -> int:
    """Enter the proposals: those that passed screening in the first round, later those the round before selected.

    Into a round that supports another come the entries of that one: the best of its ranking if it takes in only so
    many, or those of the given codes.

    May be done again to add what came later; entries that exist stay. Returns how many were added.
    """
    managing(by)
    locked = lock_round(judging_round.pk)
    refuse_if_frozen(locked)
    wanted = _beside(locked, proposals) if locked.supported else _candidates(locked)
    known = set(Entry.objects.filter(round=locked).values_list("proposal", flat=True))
    fresh = [Entry(round=locked, proposal_id=pk) for pk in wanted if pk not in known]
    Entry.objects.bulk_create(fresh, batch_size=1000)
    if not known and not fresh:
        words = _("No proposal has passed to this round yet.")
        raise ValidationError(words, code="no_entries")
    record("judging.open_round", by=by, on=locked, data={"round": locked.key, "added": len(fresh)})
    return len(fresh)


def _beside(judging_round: Round, proposals: Collection[str] | None) -> list[int]:
    """Primary keys of the supported round's entries that enter here."""
    helped = judging_round.supported
    entries = Entry.objects.competing().filter(round=helped).order_by("proposal__code")
    if proposals is None and judging_round.intake and helped:
        proposals = [place.proposal for place in rank(helped).places[: judging_round.intake]]
    if proposals is not None:
        entries = entries.filter(proposal__code__in=proposals)
    return list(entries.values_list("proposal", flat=True))


def _candidates(judging_round: Round) -> list[int]:
    """Primary keys of the proposals that may enter, in a stable order."""
    previous = judging_round.previous
    if previous is None:
        passed = Proposal.objects.filter(group=judging_round.group_id, status=Proposal.Status.PASSED)
        passed = passed.filter(disqualification__confirmed_at=None)
        return list(passed.order_by("code").values_list("pk", flat=True))
    selection = Selection.objects.of(previous)
    if selection is None:
        words = _("The plenary of “%(round)s” has not fixed its list yet.")
        raise ValidationError(words, code="no_selection", params={"round": previous.name})
    chosen = selection.entries.filter(is_selected=True, proposal__disqualification__confirmed_at=None)
    return list(chosen.values_list("proposal", flat=True))


@transaction.atomic
def remind_juror(juror: Juror, judging_round: Round, *, by: User) -> bool:
    """Mail a juror with open sheets, at most once a day. Returns whether there was anything to remind of."""
    managing(by)
    count = Assessment.objects.in_round(judging_round).open().filter(juror=juror).count()
    if count:
        tell(
            to=juror.user,
            template="judging/mail/reminder",
            key=f"judging.nudge:{judging_round.pk}:{juror.code}:{calendar.now():%Y%m%d}",
            context={"round": judging_round, "count": count, "closes_at": judging_round.stage.ends_at},
            link=reverse("judging:desk"),
        )
    return bool(count)


@transaction.atomic
def remind_due() -> int:
    """Tell every juror with open sheets of a round that closes soon, once per lead time; returns how many were told."""
    found = list(reminders.due(calendar.now()))
    told = set(Message.objects.filter(key__in=[each.key for each in found]).values_list("key", flat=True))
    untold = [each for each in found if each.key not in told]  # asked each minute: only these are worth writing
    for reminder in untold:
        tell(
            to=reminder.juror.user,
            template="judging/mail/reminder",
            key=reminder.key,
            context={"round": reminder.round, "count": reminder.count, "closes_at": reminder.closes_at},
            link=reverse("judging:desk"),
        )
    return len(untold)


@transaction.atomic
def return_assessment(assessment: Assessment, *, reason: str, by: User) -> None:
    """Open a final sheet again for its juror, saying why. Its scores stay as they were; the record keeps them.

    After the assessment period an unfinished sheet can be opened too, and the juror may finish that one sheet until
    the plenary; everything else stays closed.
    """
    managing(by)
    judging_round = lock_round(assessment.entry.round_id)
    refuse_if_frozen(judging_round)
    late = calendar.has_closed(judging_round.stage)
    sheet = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("juror__user", "entry__round")
        .get(pk=assessment.pk)
    )
    was_final = sheet.status == Assessment.Status.FINAL
    if not was_final and not (late and sheet.status in OPEN):
        raise ValidationError(_("Only a final sheet can be returned."), code="not_final")
    if not reason.strip():
        raise ValidationError(_("Say why the sheet is returned."), code="no_reason")
    if was_final:
        sheet.status, sheet.finalised_at = Assessment.Status.DRAFT, None
    sheet.returned_because, sheet.version, sheet.is_reopened = reason.strip(), sheet.version + 1, late
    sheet.writer = ""  # a page still open does not know the reason yet: its next save is a conflict
    sheet.save(update_fields=["status", "finalised_at", "returned_because", "version", "is_reopened", "writer"])
    scores = {score.criterion.key: str(score.value) for score in sheet.scores.select_related("criterion")}
    record("judging.return", by=by, on=sheet, data={"reason": reason.strip(), "scores": scores, "late": late})
    tell(
        to=sheet.juror.user,
        template="judging/mail/returned",
        key=f"judging.returned:{sheet.code}:{sheet.version}",
        context={"round": sheet.entry.round, "reason": sheet.returned_because},
        link=reverse("judging:assessment", args=[sheet.code]),
    )
