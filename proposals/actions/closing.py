"""Complete proposals that send themselves shortly before submission closes.

Computed each minute from the calendar, so an extension moves it too; sending is idempotent, so it may run twice.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import User
from accounts.rules import is_admin_of
from competitions import calendar
from competitions.models import Competition, Stage
from notifications.models import Message
from notifications.outbox import reading_as
from proposals import emails
from proposals.actions.moving import send
from proposals.audience import acting_admins
from proposals.eligibility import failures, judge
from proposals.facts import Facts, gather_all
from proposals.models import Proposal

log = logging.getLogger(__name__)
WARNED_BEFORE = timedelta(hours=24)


def sends_at(stage: Stage) -> datetime | None:
    """When the proposals of this year send themselves; None while no closing is fixed."""
    return stage.ends_at - timedelta(minutes=settings.AUTO_SEND_MINUTES) if stage.ends_at else None


def send_at_closing() -> int:
    """In every open year: a day before closing, warns of those that could not go; from `sends_at` on, sends them in
    the agencies' order, and tells once for each closing which could not go and why. Returns how many were sent."""
    if not settings.AUTO_SEND:
        return 0
    at = calendar.now()
    return sum(_close(each, at) for each in Competition.objects.open_for_submission())


def _close(competition: Competition, at: datetime) -> int:
    stage = calendar.submission_stage(competition)
    moment = sends_at(stage)
    if moment is None or stage.ends_at is None or at < stage.ends_at - WARNED_BEFORE:
        return 0
    waiting = list(
        Proposal.objects.in_competition(competition)
        .filter(auto_send_at__isnull=False, status=Proposal.Status.IN_REVIEW)
        .select_related("agency__parent", "group", "auto_send_by", "competition")
        .in_agencies_order()
    )
    if not waiting:
        return 0
    stage.competition = competition
    admins = acting_admins(each.agency_id for each in waiting)
    if at < moment:
        _warn(waiting, stage, admins)
        return 0
    return sum(_sent_or_told(each, stage, admins.get(each.agency_id)) for each in waiting)


def _key(kind: str, stage: Stage, name: object) -> str:
    return f"proposals.{kind}:{stage.competition.code}:{stage.ends_at:%Y%m%dT%H%M%SZ}:{name}"


def _warn(waiting: list[Proposal], stage: Stage, admins: dict[int, User]) -> None:
    """One letter to each admin for each closing moment, naming all of theirs that could not go as they are."""
    keys = {admin: _key("auto_send_warning", stage, admin.pk) for admin in set(admins.values())}
    told = set(Message.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    untold = [each for each in waiting if each.agency_id in admins and keys[admins[each.agency_id]] not in told]
    facts = gather_all(untold)
    theirs: dict[User, list[Proposal]] = {}
    for each in untold:
        theirs.setdefault(admins[each.agency_id], []).append(each)
    for admin, proposals in theirs.items():
        try:
            _warn_one(admin, proposals, facts, stage, keys[admin])
        except Exception:  # what is wrong with one must not keep the others from being warned
            log.exception("The admin %s could not be warned.", admin.pk)


@transaction.atomic
def _warn_one(admin: User, proposals: list[Proposal], facts: dict[int, Facts], stage: Stage, key: str) -> None:
    with reading_as(admin):
        reasons = {each: _reasons(facts[each.pk]) for each in proposals}
    cases: list[dict[str, object]] = [
        {"proposal": each, "reasons": against} for each, against in reasons.items() if against
    ]
    if cases:
        emails.tell_cannot_send_alone(admin, cases, stage, key=key)


def _reasons(facts: Facts) -> list[str]:
    try:
        return [found.message for found in failures(judge(facts))]
    except Exception:
        log.exception("Proposal %s could not be judged.", facts.proposal.code)
        return []


def _sent_or_told(proposal: Proposal, stage: Stage, admin: User | None) -> int:
    """Whatever goes wrong with one proposal must not keep the others from being sent before the deadline."""
    setter = proposal.auto_send_by
    by = setter if setter and is_admin_of(setter, proposal.agency) else admin
    try:
        return _send_or_tell(proposal, stage, by) if by else 0
    except Exception:
        log.exception("Proposal %s could not send itself.", proposal.code)
        return 0


def _send_or_tell(proposal: Proposal, stage: Stage, by: User) -> int:
    """Sends in the name of who set it, or of the present admin where the role was handed over."""
    with reading_as(by):
        try:
            send(proposal, by=by, unasked=True)
        except PermissionDenied:
            return 0
        except ValidationError as refused:
            key = _key("auto_send_failed", stage, proposal.code)
            if not Message.objects.filter(key=key).exists():
                case = {"proposal": proposal, "reasons": refused.messages}
                emails.tell_cannot_send_alone(by, [case], stage, key=key, tried=True)
            return 0
    return 1
