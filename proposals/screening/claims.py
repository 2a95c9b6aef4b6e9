"""Who checks what: an item is held by one clerk for CLAIM_LASTS, then anybody may take it over."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from competitions import calendar
from competitions.models import Competition
from proposals.models import Proposal, Screening, SecondLook, Submission
from proposals.screening import engine

CLAIM_LASTS = timedelta(minutes=30)


@transaction.atomic
def claim_next(competition: Competition, *, by: User) -> Screening | None:
    """Gives the clerk the item they already hold, else the oldest nobody holds; None when nothing is left.

    Two clerks never get the same item: rows another transaction is taking are skipped, not waited for.
    """
    as_secretariat(by)
    lock_clerk(by)
    open_missing(competition)
    queue = (
        Screening.objects.filter(standing(competition), verdict="")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("submission__sent_at", "pk")
    )
    screening = queue.filter(claimed_by=by).first() or queue.filter(free()).first()
    if screening is not None:
        hold(screening, by)
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
    check_standing(screening)
    if screening.verdict:
        raise ValidationError(already_decided(screening), code="already_decided")
    if held_by_other(screening, by, calendar.now()):
        raise ValidationError(held_by(screening), code="claimed")
    hold(screening, by)
    return screening


@transaction.atomic
def give_back(screening: Screening, *, by: User) -> None:
    """Puts the clerk's own item back into the queue, undecided."""
    as_secretariat(by)
    screening = locked(screening)
    if screening.claimed_by == by and not screening.verdict:
        screening.claimed_by = screening.claimed_until = screening.taken_at = None
        screening.save(update_fields=["claimed_by", "claimed_until", "taken_at"])


def lock_clerk(by: User) -> None:
    """A clerk who clicks twice gets one item. NO KEY, so that history about this person can still be written."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)


def open_missing(competition: Competition) -> None:
    """A screening row for every standing submission that has none yet."""
    missing = Submission.objects.filter(proposal__competition=competition, stands=True, screening=None)
    rows = [Screening(submission_id=pk) for pk in missing.values_list("pk", flat=True)]
    Screening.objects.bulk_create(rows, ignore_conflicts=True)


def standing(competition: Competition) -> Q:
    return Q(
        submission__stands=True,
        submission__proposal__competition=competition,
        submission__proposal__status=Proposal.Status.SENT,
    )


def decided_of(competition: Competition) -> QuerySet[Screening]:
    """Every verdict on what stands; one that is to be corrected is one too."""
    decided = Screening.objects.exclude(verdict="")
    return decided.filter(submission__stands=True, submission__proposal__competition=competition)


def free() -> Q:
    """Held by nobody any more (works on screenings and on second looks)."""
    return Q(claimed_by=None) | Q(claimed_until__lt=calendar.now())


def held_by_other(row: Screening | SecondLook, by: User, now: datetime) -> bool:
    """Whether somebody else has it, and their time has not lapsed."""
    return row.claimed_by_id not in (None, by.pk) and row.claimed_until is not None and row.claimed_until > now


def refuse_before_closing(competition: Competition) -> None:
    if not calendar.has_closed(calendar.submission_stage(competition)):
        raise ValidationError(_("Submission is not closed yet; results are released after it."), code="submission_open")


def hold(screening: Screening, by: User) -> None:
    """Theirs from now; a hold that is renewed keeps the moment it began and what the machine found then."""
    now = calendar.now()
    if screening.claimed_by_id != by.pk or screening.taken_at is None:
        screening.taken_at = now
        engine.examine(screening)
    screening.claimed_by, screening.claimed_until = by, now + CLAIM_LASTS
    screening.save(update_fields=["claimed_by", "claimed_until", "taken_at", "findings"])


def locked(screening: Screening) -> Screening:
    """The same row, read again under lock: the proposal's first, as everywhere."""
    Proposal.objects.select_for_update(no_key=True).get(submissions__screening=screening)
    return (
        Screening.objects.select_for_update(of=("self",))
        .select_related("submission__proposal__competition", "claimed_by", "decided_by")
        .get(pk=screening.pk)
    )


def check_standing(screening: Screening) -> None:
    submission = screening.submission
    if not submission.stands or submission.proposal.status != Proposal.Status.SENT:
        raise ValidationError(_("This proposal has been withdrawn; there is nothing to screen."), code="withdrawn")


def already_decided(screening: Screening) -> str:
    return _("%(name)s has already decided this item. Nothing was changed.") % {"name": screening.decided_by}


def held_by(screening: Screening) -> str:
    if screening.claimed_by is None:
        return _("You do not hold this item. Take it first, then decide.")
    return _("%(name)s has taken this item and is checking it now.") % {"name": screening.claimed_by}


def facts_of(screening: Screening) -> dict[str, object]:
    """What the record names an item by."""
    return {"proposal": screening.submission.proposal.code, "number": screening.submission.number}
