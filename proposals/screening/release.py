"""Announcing all results at one moment: every proposal moves to passed or failed together, and each is written to."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from competitions.models import Competition
from proposals import workflow
from proposals.models import Correction, Move, Proposal, Screening, Submission
from proposals.screening import looks
from proposals.screening.claims import facts_of, refuse_before_closing, standing
from proposals.screening.letters import tell_results

Verdict = Screening.Verdict
MOVES = ((Verdict.PASS, "release_passed"), (Verdict.FAIL, "release_failed"))


@transaction.atomic
def release_results(competition: Competition, *, by: User) -> dict[str, int]:
    """Moves every screened proposal to passed or failed at once, and writes to each lead and acting agency admin. What
    was to be corrected and was not in time fails.

    Returns {"passed", "failed", "told"}: what this release moved and how many people it wrote to; all 0 when
    everything was released before. ValidationError `submission_open`, `nothing_sent`, `undecided`,
    `second_looks_open`, `corrections_not_open` or `corrections_running`.
    """
    as_secretariat(by)
    competition = Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    refuse_before_closing(competition)
    standing_now = Submission.objects.filter(proposal__competition=competition, stands=True)
    if not standing_now.exists():
        raise ValidationError(_("No proposal was sent."), code="nothing_sent")
    sent = Proposal.objects.filter(competition=competition, status=Proposal.Status.SENT).order_by("pk")
    list(sent.select_for_update(no_key=True).values_list("pk", flat=True))
    _refuse_while_open(competition)
    _fail_what_was_not_corrected(competition, by)
    screenings = (
        Screening.objects.filter(standing(competition), released_at=None)
        .select_for_update(of=("self",))
        .select_related("submission__proposal__lead", "submission__proposal__competition")
        .prefetch_related("failed_checks")
    )
    ready = [screening for screening in screenings if screening.verdict]
    if len(ready) < standing_now.filter(proposal__status=Proposal.Status.SENT).count():
        raise ValidationError(_("Not every proposal is decided yet."), code="undecided")
    told = _release(ready, competition, by) if ready else 0
    passed = sum(screening.verdict == Verdict.PASS for screening in ready)
    return {"passed": passed, "failed": len(ready) - passed, "told": told}


def _refuse_while_open(competition: Competition) -> None:
    """Four eyes and the correction period come first; each refusal says how many stand in the way."""
    open_looks = looks.unsettled(competition).count()
    if open_looks:
        words = ngettext("%(number)d second look is still open.", "%(number)d second looks are still open.", open_looks)
        raise ValidationError(words % {"number": open_looks}, code="second_looks_open")
    mending = Screening.objects.filter(standing(competition), verdict=Verdict.CORRECT)
    unopened = mending.filter(released_at=None).count()
    if unopened:
        words = ngettext(
            "%(number)d proposal is to be corrected: open the correction period first.",
            "%(number)d proposals are to be corrected: open the correction period first.",
            unopened,
        )
        raise ValidationError(words % {"number": unopened}, code="corrections_not_open")
    waiting = corrections_running(competition)
    if waiting:
        words = ngettext(
            "%(number)d agency can still send its correction.",
            "%(number)d agencies can still send their corrections.",
            waiting,
        )
        raise ValidationError(words % {"number": waiting}, code="corrections_running")


def _fail_what_was_not_corrected(competition: Competition, by: User) -> None:
    lapsed = Screening.objects.filter(standing(competition), verdict=Verdict.CORRECT).select_related(
        "submission__proposal"
    )
    for screening in lapsed.select_for_update(of=("self",)):
        screening.verdict, screening.released_at = Verdict.FAIL, None
        screening.save(update_fields=["verdict", "released_at"])
        record("proposals.correction_lapsed", by=by, on=screening, data=facts_of(screening))


def _release(ready: list[Screening], competition: Competition, by: User) -> int:
    now = calendar.now()
    sorted_out: dict[str, list[str]] = {}
    for verdict, name in MOVES:
        transition = workflow.TRANSITIONS[name]
        proposals = [screening.submission.proposal for screening in ready if screening.verdict == verdict]
        _move_together(proposals, transition, now, by)
        sorted_out[verdict] = [each.code for each in proposals]
    Screening.objects.filter(pk__in=[screening.pk for screening in ready]).update(released_at=now)
    record("proposals.release_screening", by=by, on=competition, data=sorted_out)
    return tell_results(competition, ready, key=f"proposals.screening_released:{competition.code}:{now.isoformat()}")


def _move_together(proposals: Iterable[Proposal], step: workflow.Transition, now: datetime, by: User) -> None:
    listed = list(proposals)
    moved = Proposal.objects.filter(pk__in=[each.pk for each in listed], status__in=step.sources)
    moved.update(status=step.target, updated_at=now)
    rows = [
        Move(
            proposal=each, name=step.name, source=Proposal.Status.SENT, target=step.target, made_at=now, made_by=by
        )
        for each in listed
    ]  # fmt: skip
    Move.objects.bulk_create(rows, batch_size=1000)


def corrections_running(competition: Competition) -> int:
    """How many agencies can still send one."""
    return Correction.objects.running().filter(screening__submission__proposal__competition=competition).count()
