"""The second look: another clerk reads what was decided. Nobody looks at a decision of their own."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from competitions.models import Competition, ScreeningRules
from proposals.models import Screening, SecondLook, Submission
from proposals.screening import claims
from proposals.screening.claims import CLAIM_LASTS, facts_of, free, lock_clerk

Verdict = Screening.Verdict
OPEN = Q(stands=True, agrees=None)
DISPUTED = Q(stands=True, agrees=False, settled_at=None)


def wanted(screening: Screening, rules: ScreeningRules) -> str:
    """Why this decision is read twice; "" when it is not."""
    if screening.verdict == Verdict.FAIL and rules.second_look_of_failures:
        return SecondLook.Why.FAILURE
    if screening.verdict == Verdict.PASS and is_drawn(screening.submission, rules.second_look_of_passes):
        return SecondLook.Why.SAMPLE
    return ""


def is_drawn(submission: Submission, percent: int) -> bool:
    """Whether the lot falls on it: told by the receipt's number and digest, so that anybody can draw it again."""
    seed = hashlib.sha256(f"{submission.number}:{submission.sha256}".encode()).hexdigest()
    return int(seed[:8], 16) % 100 < percent


def ask_if_wanted(screening: Screening) -> None:
    """A look at the decision just written, inside its transaction."""
    rules = ScreeningRules.of(screening.submission.proposal.competition)
    if why := wanted(screening, rules):
        SecondLook.objects.create(screening=screening, why=why, asked_at=calendar.now())


def void(screening: Screening) -> None:
    """The decision was taken back, and its look with it."""
    screening.looks.filter(stands=True).update(stands=False)


def unsettled(competition: Competition) -> QuerySet[SecondLook]:
    """Looks that stand in the way of the release: not looked at yet, or disputed."""
    return of_year(competition).filter(OPEN | DISPUTED)


def of_year(competition: Competition) -> QuerySet[SecondLook]:
    """At what stands; not those of a submission that was replaced or withdrawn."""
    return SecondLook.objects.filter(
        screening__submission__stands=True, screening__submission__proposal__competition=competition
    )


@transaction.atomic
def claim_next_look(competition: Competition, *, by: User) -> SecondLook | None:
    """Gives the clerk the look they hold, else the oldest nobody holds at a decision of somebody else."""
    as_secretariat(by)
    lock_clerk(by)
    queue = (
        of_year(competition)
        .filter(OPEN)
        .exclude(screening__decided_by=by)
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("asked_at", "pk")
    )
    found = queue.filter(claimed_by=by).first() or queue.filter(free()).first()
    if found is not None:
        found.claimed_by, found.claimed_until = by, calendar.now() + CLAIM_LASTS
        found.save(update_fields=["claimed_by", "claimed_until"])
    return found


@transaction.atomic
def give_back_look(screening: Screening, *, by: User) -> None:
    """Somebody else may look."""
    as_secretariat(by)
    screening.looks.filter(OPEN, claimed_by=by).update(claimed_by=None, claimed_until=None)


@transaction.atomic
def look(screening: Screening, *, agrees: bool | None, reason: str = "", by: User) -> SecondLook:
    """Writes the second clerk's word; who disagrees says why, and the item then waits for a head of screening.

    ValidationError `own_decision`, `no_look`, `claimed`, `choice_needed` or `reason_needed`. Twice is once.
    """
    as_secretariat(by)
    screening, asked = locked_look(screening)
    if asked.agrees is not None:
        if (asked.looked_by, asked.agrees) == (by, agrees):
            return asked
        raise ValidationError(_("%(name)s has already looked at it.") % {"name": asked.looked_by}, code="no_look")
    if screening.decided_by == by:
        raise ValidationError(
            _("You decided this item yourself; somebody else takes the second look."), code="own_decision"
        )
    if claims.held_by_other(asked, by, calendar.now()):
        message = _("%(name)s is taking the second look at this item now.") % {"name": asked.claimed_by}
        raise ValidationError(message, code="claimed")
    if agrees is None:
        raise ValidationError({"agrees": ValidationError(_("Choose whether you agree."), code="choice_needed")})
    if not agrees and not reason.strip():
        words = _("Say why you disagree; the head of screening reads it.")
        raise ValidationError({"reason": ValidationError(words, code="reason_needed")})
    asked.agrees, asked.reason, asked.looked_by, asked.looked_at = agrees, reason.strip(), by, calendar.now()
    asked.claimed_by = asked.claimed_until = None
    asked.save()
    data = facts_of(screening) | {"agrees": agrees, "reason": asked.reason}
    record("proposals.second_look", by=by, on=screening, data=data)
    return asked


def locked_look(screening: Screening) -> tuple[Screening, SecondLook]:
    """The screening and its standing look, both under lock; ValidationError `withdrawn` or `no_look`."""
    screening = claims.locked(screening)
    claims.check_standing(screening)
    standing = SecondLook.objects.select_for_update(of=("self",)).select_related("looked_by", "claimed_by")
    found = standing.filter(screening=screening, stands=True).first()
    if found is None:
        raise ValidationError(_("Nobody asks for a second look at this item any more."), code="no_look")
    return screening, found
