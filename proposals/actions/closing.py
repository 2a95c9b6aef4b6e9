"""Complete proposals that send themselves shortly before submission closes.

Computed each minute from the calendar, so an extension moves it too; sending is idempotent, so it may run twice.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError

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
from proposals.facts import gather_all
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
    facts = gather_all(waiting)
    stuck: dict[User, list[dict[str, object]]] = {}
    for each in waiting:
        admin = admins.get(each.agency_id)
        if admin is None:
            continue
        with reading_as(admin):
            reasons = [found.message for found in failures(judge(facts[each.pk]))]
        if reasons:
            stuck.setdefault(admin, []).append({"proposal": each, "reasons": reasons})
    for admin, cases in stuck.items():
        emails.tell_cannot_send_alone(admin, cases, stage, key=_key("auto_send_warning", stage, admin.pk))


def _sent_or_told(proposal: Proposal, stage: Stage, admin: User | None) -> int:
    """Sends in the name of who set it, or of the present admin where the role was handed over.

    Whatever goes wrong with one proposal must not keep the others from being sent before the deadline.
    """
    setter = proposal.auto_send_by
    by = setter if setter and is_admin_of(setter, proposal.agency) else admin
    if by is None:
        return 0
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
        except Exception:
            log.exception("Proposal %s could not send itself.", proposal.code)
            return 0
    return 1
