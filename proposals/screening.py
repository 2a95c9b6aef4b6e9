"""Screening: the secretariat checks every sent proposal, one clerk per item, and results are released together.

A decision stays inside the secretariat, the proposal still `sent`, until `release_results` moves all of them at once.
Locks are taken in this order: competition (release only), clerk, proposal, screening.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from competitions.models import Competition, ScreeningCheck
from proposals import workflow
from proposals.models import Move, Proposal, Screening, Submission
from proposals.screening_letters import tell_results

CLAIM_LASTS = timedelta(minutes=30)


@transaction.atomic
def claim_next(competition: Competition, *, by: User) -> Screening | None:
    """Gives the clerk the item they already hold, else the oldest nobody holds; None when nothing is left.

    Two clerks never get the same item: rows another transaction is taking are skipped, not waited for.
    """
    as_secretariat(by)
    # A clerk who clicks twice gets one item. NO KEY, so that history about this person can still be written.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _open_missing(competition)
    queue = (
        Screening.objects.filter(_standing(competition), verdict="")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("submission__sent_at", "pk")
    )
    screening = queue.filter(claimed_by=by).first() or queue.filter(_free()).first()
    if screening is not None:
        _hold(screening, by)
    return screening


@transaction.atomic
def claim(submission: Submission, *, by: User) -> Screening:
    """Gives the clerk this item for CLAIM_LASTS, or renews their hold on it.

    ValidationError `withdrawn`, `already_decided` or `claimed` when it cannot be had.
    """
    as_secretariat(by)
    Screening.objects.get_or_create(submission=submission)
    screening = (
        Screening.objects.select_for_update(of=("self",)).select_related("claimed_by").get(submission=submission)
    )
    _check_standing(screening)
    if screening.verdict:
        raise ValidationError(_already_decided(screening), code="already_decided")
    if screening.claimed_by not in (None, by) and screening.claimed_until and screening.claimed_until > calendar.now():
        raise ValidationError(_held(screening), code="claimed")
    _hold(screening, by)
    return screening


@transaction.atomic
def give_back(screening: Screening, *, by: User) -> None:
    """Puts the clerk's own item back into the queue, undecided."""
    as_secretariat(by)
    screening = _locked(screening)
    if screening.claimed_by == by and not screening.verdict:
        screening.claimed_by = screening.claimed_until = None
        screening.save(update_fields=["claimed_by", "claimed_until"])


@transaction.atomic
def decide(
    screening: Screening, *, verdict: str, failed_checks: Iterable[ScreeningCheck] = (), note: str = "", by: User
) -> Screening:
    """Writes the verdict of the clerk who holds the item; a fail names at least one check and carries a note.

    The same decision sent twice is one decision. ValidationError `withdrawn`, `already_decided`, `claimed`,
    `verdict_needed`, `reason_needed`, `note_needed` or `pass_with_failed_checks`.
    """
    as_secretariat(by)
    checks = sorted(failed_checks, key=lambda check: check.order)
    screening = _locked(screening)
    if screening.verdict:
        if (screening.decided_by, screening.verdict) == (by, verdict) and list(screening.failed_checks.all()) == checks:
            return screening
        raise ValidationError(_already_decided(screening), code="already_decided")
    _check_standing(screening)
    if screening.claimed_by != by:
        raise ValidationError(_held(screening), code="claimed")
    _check_verdict(verdict, checks, note, screening)
    screening.verdict, screening.note = verdict, note.strip()
    screening.decided_by, screening.decided_at = by, calendar.now()
    screening.claimed_by = screening.claimed_until = None
    screening.save(update_fields=["verdict", "note", "decided_by", "decided_at", "claimed_by", "claimed_until"])
    screening.failed_checks.set(checks)
    facts = {"failed_checks": [check.key for check in checks], "note": screening.note}
    record("proposals.screen", by=by, on=screening, data=_facts(screening) | {"verdict": verdict} | facts)
    return screening


@transaction.atomic
def reopen(screening: Screening, *, by: User, reason: str = "") -> Screening:
    """Takes a decision back before release; the item is then held by whoever reopened it.

    Undoing a colleague's decision needs a reason. The decision undone stays in the audit record.
    """
    as_secretariat(by)
    screening = _locked(screening)
    if screening.released_at:
        raise ValidationError(
            _("The results are already released; this decision can no longer change."), code="released"
        )
    if not screening.verdict:
        return screening
    if screening.decided_by != by and not reason.strip():
        raise ValidationError(_("Say why you reopen a colleague's decision."), code="reason_needed")
    facts: dict[str, object] = {"verdict": screening.verdict, "note": screening.note, "reason": reason.strip()}
    facts["failed_checks"] = list(screening.failed_checks.values_list("key", flat=True))
    screening.verdict, screening.decided_by, screening.decided_at = "", None, None
    screening.save(update_fields=["verdict", "decided_by", "decided_at"])
    record("proposals.reopen_screening", by=by, on=screening, data=_facts(screening) | facts)
    _hold(screening, by)
    return screening


@transaction.atomic
def release_results(competition: Competition, *, by: User) -> dict[str, int]:
    """Moves every screened proposal to passed or failed at once, and writes to each lead and acting agency admin.

    Returns {"passed", "failed", "told"}: what this release moved and how many people it wrote to; all 0 when
    everything was released before. ValidationError `submission_open`, `nothing_sent` or `undecided`.
    """
    as_secretariat(by)
    competition = Competition.objects.select_for_update(no_key=True).get(pk=competition.pk)
    if not calendar.has_closed(calendar.submission_stage(competition)):
        raise ValidationError(_("Submission is not closed yet; results are released after it."), code="submission_open")
    standing = Submission.objects.filter(proposal__competition=competition, stands=True)
    if not standing.exists():
        raise ValidationError(_("No proposal was sent."), code="nothing_sent")
    sent = Proposal.objects.filter(competition=competition, status=Proposal.Status.SENT).order_by("pk")
    list(sent.select_for_update(no_key=True).values_list("pk", flat=True))
    screenings = (
        Screening.objects.filter(_standing(competition), released_at=None)
        .select_for_update(of=("self",))
        .select_related("submission__proposal__lead", "submission__proposal__competition")
        .prefetch_related("failed_checks")
    )
    ready = [screening for screening in screenings if screening.verdict]
    if len(ready) < standing.filter(proposal__status=Proposal.Status.SENT).count():
        raise ValidationError(_("Not every proposal is decided yet."), code="undecided")
    told = _release(ready, competition, by) if ready else 0
    passed = sum(screening.verdict == Screening.Verdict.PASS for screening in ready)
    return {"passed": passed, "failed": len(ready) - passed, "told": told}


def _release(ready: list[Screening], competition: Competition, by: User) -> int:
    """Moves, history and record for all of them; returns how many people are written to."""
    now = calendar.now()
    sorted_out: dict[str, list[str]] = {}
    for verdict, name in (("pass", "release_passed"), ("fail", "release_failed")):
        transition = workflow.TRANSITIONS[name]
        proposals = [screening.submission.proposal for screening in ready if screening.verdict == verdict]
        moved = Proposal.objects.filter(pk__in=[each.pk for each in proposals], status__in=transition.sources)
        moved.update(status=transition.target, updated_at=now)
        Move.objects.bulk_create(
            [
                Move(
                    proposal=each, name=name, source=Proposal.Status.SENT, target=transition.target,
                    made_at=now, made_by=by,
                )
                for each in proposals
            ],
            batch_size=1000,
        )  # fmt: skip
        sorted_out[verdict] = [each.code for each in proposals]
    Screening.objects.filter(pk__in=[screening.pk for screening in ready]).update(released_at=now)
    record("proposals.release_screening", by=by, on=competition, data=sorted_out)
    return tell_results(competition, ready, key=f"proposals.screening_released:{competition.code}:{now.isoformat()}")


def _open_missing(competition: Competition) -> None:
    """A screening row for every standing submission that has none yet."""
    missing = Submission.objects.filter(proposal__competition=competition, stands=True, screening=None)
    rows = [Screening(submission_id=pk) for pk in missing.values_list("pk", flat=True)]
    Screening.objects.bulk_create(rows, ignore_conflicts=True)


def _standing(competition: Competition) -> Q:
    return Q(
        submission__stands=True,
        submission__proposal__competition=competition,
        submission__proposal__status=Proposal.Status.SENT,
    )


def _free() -> Q:
    return Q(claimed_by=None) | Q(claimed_until__lt=calendar.now())


def _hold(screening: Screening, by: User) -> None:
    screening.claimed_by, screening.claimed_until = by, calendar.now() + CLAIM_LASTS
    screening.save(update_fields=["claimed_by", "claimed_until"])


def _locked(screening: Screening) -> Screening:
    """The same row, read again under lock: the proposal's first, as everywhere."""
    Proposal.objects.select_for_update(no_key=True).get(submissions__screening=screening)
    return (
        Screening.objects.select_for_update(of=("self",))
        .select_related("submission__proposal__competition", "claimed_by", "decided_by")
        .get(pk=screening.pk)
    )


def _check_standing(screening: Screening) -> None:
    submission = screening.submission
    if not submission.stands or submission.proposal.status != Proposal.Status.SENT:
        raise ValidationError(_("This proposal has been withdrawn; there is nothing to screen."), code="withdrawn")


def _check_verdict(verdict: str, checks: list[ScreeningCheck], note: str, screening: Screening) -> None:
    if verdict not in Screening.Verdict.values:
        raise ValidationError({"verdict": ValidationError(_("Choose pass or fail."), code="verdict_needed")})
    if verdict == Screening.Verdict.PASS and checks:
        text = _("A proposal that passes has no unmet checks. Untick them, or choose fail.")
        raise ValidationError({"failed_checks": ValidationError(text, code="pass_with_failed_checks")})
    if verdict == Screening.Verdict.FAIL and not checks:
        text = _("Tick at least one check that is not met; the agency is told this reason.")
        raise ValidationError({"failed_checks": ValidationError(text, code="reason_needed")})
    if verdict == Screening.Verdict.FAIL and not note.strip():
        text = _("Write a note that explains what is wrong; the agency reads it.")
        raise ValidationError({"note": ValidationError(text, code="note_needed")})
    if any(check.competition_id != screening.submission.proposal.competition_id for check in checks):
        raise ValidationError({"failed_checks": ValidationError(_("Unknown check."), code="unknown_check")})


def _already_decided(screening: Screening) -> str:
    return _("%(name)s has already decided this item. Nothing was changed.") % {"name": screening.decided_by}


def _held(screening: Screening) -> str:
    if screening.claimed_by is None:
        return _("You do not hold this item. Take it first, then decide.")
    return _("%(name)s has taken this item and is checking it now.") % {"name": screening.claimed_by}


def _facts(screening: Screening) -> dict[str, object]:
    return {"proposal": screening.submission.proposal.code, "number": screening.submission.number}
