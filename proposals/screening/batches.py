"""Passing the clean ones together: those the machine finds nothing against, once a person has seen the list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from competitions.models import Competition, ScreeningRules
from proposals.eligibility import Finding, Verdict, judge_for_screening
from proposals.facts import gather_all
from proposals.models import Proposal, Resemblance, Screening, ScreeningBatch, SecondLook, Submission
from proposals.screening import looks
from proposals.screening.claims import free, open_missing, standing

AT_ONCE = 200  # as many as one person can read over
PASSES = Screening.Verdict.PASS


@dataclass(frozen=True)
class Passed:
    """What a batch did: `left_out` are receipt numbers that were shown but are no longer clean or free."""

    batch: ScreeningBatch
    left_out: list[str]


def clean_items(competition: Competition) -> list[Submission]:
    """The oldest AT_ONCE undecided submissions with which the machine finds nothing wrong or unknown."""
    found: list[Submission] = []
    items = _candidates(competition).order_by("sent_at", "pk")
    for start in range(0, items.count(), AT_ONCE):
        found += _clean(list(items[start : start + AT_ONCE]))
        if len(found) >= AT_ONCE:
            break
    return found[:AT_ONCE]


@transaction.atomic
def pass_clean(competition: Competition, *, shown: Iterable[str], typed: int | None, by: User) -> Passed:
    """Passes those of the proposals `shown` (by code) that are still clean and that nobody holds, as one batch.

    A clerk who is deciding one of them goes first: it is left out. ValidationError `wrong_count` unless `typed` is
    how many were shown, `nothing_clean` when none is left.
    """
    as_secretariat(by)
    codes = set(shown)
    if typed != len(codes):
        words = _("Type the number of proposals listed below: %(number)d.") % {"number": len(codes)}
        raise ValidationError({"typed": ValidationError(words, code="wrong_count")})
    open_missing(competition)
    proposals = Proposal.objects.filter(competition=competition, code__in=codes).order_by("pk")
    free_now = list(proposals.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
    held = Screening.objects.filter(standing(competition), free(), verdict="", submission__proposal__in=free_now)
    rows = {row.submission_id: row for row in held.select_for_update(of=("self",), skip_locked=True).order_by("pk")}
    clean = _clean(list(_candidates(competition).filter(pk__in=rows).order_by("sent_at", "pk")))
    if not clean:
        raise ValidationError(_("None of these proposals can be passed together any more."), code="nothing_clean")
    batch = _write(competition, [rows[each.pk] for each in clean], clean, by)
    numbers = Submission.objects.filter(proposal__competition=competition, stands=True, proposal__code__in=codes)
    left_out = numbers.exclude(pk__in=[each.pk for each in clean]).order_by("number")
    return Passed(batch, list(left_out.values_list("number", flat=True)))


@transaction.atomic
def undo_batch(batch: ScreeningBatch, *, by: User) -> int:
    """Puts everything the batch passed back into the queue; returns how many. What a clerk has decided anew since
    stays. ValidationError `released` once results are out. Twice is once."""
    as_secretariat(by)
    batch = ScreeningBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at:
        return 0
    passed = Screening.objects.filter(batch=batch, verdict=PASSES)
    list(
        Proposal.objects.filter(submissions__screening__in=passed).order_by("pk").select_for_update(no_key=True)
    )  # the order of locks: proposals first
    rows = list(passed.select_for_update(of=("self",)).select_related("submission__proposal"))
    if any(row.released_at for row in rows):
        raise ValidationError(
            _("The results are already released; the batch can no longer be undone."), code="released"
        )
    Screening.objects.filter(pk__in=[row.pk for row in rows]).update(
        verdict="", decided_by=None, decided_at=None, batch=None
    )
    SecondLook.objects.filter(screening__in=rows, stands=True).update(stands=False)
    batch.undone_at, batch.undone_by = calendar.now(), by
    batch.save(update_fields=["undone_at", "undone_by"])
    data = {"proposals": [row.submission.proposal.code for row in rows]}
    record("proposals.undo_screening_batch", by=by, on=batch, data=data)
    return len(rows)


def _candidates(competition: Competition) -> QuerySet[Submission]:
    """Undecided, held by nobody, without a note or a look of before: what people wrote must not be passed over."""
    waiting = Submission.objects.filter(
        proposal__competition=competition, proposal__status=Proposal.Status.SENT, stands=True
    ).exclude(proposal__submissions__screening__correction__isnull=False)
    touched = Screening.objects.exclude(verdict="", looks=None, note="")
    held = Screening.objects.filter(verdict="").exclude(free())
    seen_before = Resemblance.objects.exclude(judgement=Resemblance.Judgement.DISMISSED).values("submission")
    return (
        waiting.exclude(screening__in=touched)
        .exclude(pk__in=seen_before)
        .exclude(screening__in=held)
        .select_related("proposal__agency")
        .defer("payload")
    )


def _speaks_against(found: Finding) -> bool:
    """That it was sent in time the sending itself decided, by the calendar of that moment."""
    return found.verdict != Verdict.PASS and found.rule != "open"


def _clean(items: list[Submission]) -> list[Submission]:
    facts = gather_all([item.proposal for item in items])
    return [item for item in items if not any(map(_speaks_against, judge_for_screening(facts[item.proposal_id])))]


def _write(competition: Competition, rows: list[Screening], clean: list[Submission], by: User) -> ScreeningBatch:
    now, rules = calendar.now(), ScreeningRules.of(competition)
    batch = ScreeningBatch.objects.create(competition=competition, made_by=by, made_at=now, count=len(rows))
    Screening.objects.filter(pk__in=[row.pk for row in rows]).update(
        verdict=PASSES, note="", differences={}, decided_by=by, decided_at=now, batch=batch,
        claimed_by=None, claimed_until=None,
    )  # fmt: skip
    drawn = [row for row, item in zip(rows, clean, strict=True) if looks.is_drawn(item, rules.second_look_of_passes)]
    SecondLook.objects.bulk_create(SecondLook(screening=row, why=SecondLook.Why.SAMPLE, asked_at=now) for row in drawn)
    record("proposals.screen_batch", by=by, on=batch, data={"proposals": [item.proposal.code for item in clean]})
    return batch
