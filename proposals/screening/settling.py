"""Where clerk and second clerk differ, a head of screening decides or sends the item back to the first.

No head settles what they decided or looked at themselves.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from competitions.models import ScreeningCheck
from proposals.models import Screening, SecondLook
from proposals.screening.claims import facts_of, hold
from proposals.screening.deciding import check_verdict, take_back, write_verdict
from proposals.screening.heads import is_head
from proposals.screening.looks import locked_look


@transaction.atomic
def settle(
    screening: Screening, *, verdict: str, failed_checks: Iterable[ScreeningCheck] = (), note: str = "",
    settlement: str = "", by: User,
) -> SecondLook:  # fmt: skip
    """A head decides between two clerks: the verdict is the head's, whether it changes or stands, and final.

    Raises PermissionDenied to who is no head; ValidationError `own_decision`, `no_look`, or as `decide` does.
    """
    screening, disputed = _disputed(screening, by)
    checks = sorted(failed_checks, key=lambda check: check.order)
    check_verdict(verdict, checks, note, screening)
    now = calendar.now()
    same = verdict == screening.verdict and set(checks) == set(screening.failed_checks.all())
    same = same and note.strip() == screening.note
    if not same:
        write_verdict(screening, verdict, checks, note.strip(), by, screening.differences)
    disputed.settled_by, disputed.settled_at, disputed.settlement = by, now, settlement.strip()
    disputed.save(update_fields=["settled_by", "settled_at", "settlement"])
    data = facts_of(screening) | {"verdict": verdict, "changed": not same, "settlement": disputed.settlement}
    record("proposals.settle_second_look", by=by, on=screening, data=data)
    return disputed


@transaction.atomic
def send_back(screening: Screening, *, settlement: str, by: User) -> Screening:
    """A head gives the item back to who decided it first, with words; it is decided and looked at anew."""
    screening, disputed = _disputed(screening, by)
    if not settlement.strip():
        words = _("Say what the first clerk should look at again.")
        raise ValidationError({"settlement": ValidationError(words, code="reason_needed")})
    first = screening.decided_by
    disputed.settled_by, disputed.settled_at, disputed.settlement = by, calendar.now(), settlement.strip()
    disputed.save(update_fields=["settled_by", "settled_at", "settlement"])
    take_back(screening, by, disputed.settlement)
    if first is not None:
        hold(screening, first)
    return screening


def _disputed(screening: Screening, by: User) -> tuple[Screening, SecondLook]:
    as_secretariat(by)
    screening, disputed = locked_look(screening)
    if not is_head(by, screening.submission.proposal.competition):
        raise PermissionDenied
    if disputed.agrees is not False or disputed.settled_at:
        raise ValidationError(_("There is nothing to settle at this item any more."), code="no_look")
    if by in (screening.decided_by, disputed.looked_by):
        words = _("You decided or looked at this item yourself; another head of screening settles it.")
        raise ValidationError(words, code="own_decision")
    return screening, disputed
