"""Reminders before submission closes: to whoever still has something to do, each at most once.

A reminder's key names the stage, its closing moment and the threshold. So it may be computed every minute and is told
once, and an extension, which changes the moment, brings all reminders again with the new date.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse

from accounts.models import User
from competitions import calendar
from competitions.models import Competition, Stage
from notifications.models import Message
from notifications.outbox import tell_each
from proposals.audience import acting_admins
from proposals.models import Proposal
from proposals.rules import WITH_WRITERS

THRESHOLDS = (
    timedelta(days=14), timedelta(days=7), timedelta(days=3), timedelta(days=1), timedelta(hours=6),
)  # fmt: skip
TEMPLATE = "proposals/mail/reminder"
BETWEEN_REMINDERS = timedelta(days=1)  # of an agency admin to the writers of one proposal


def may_be_reminded(proposal: Proposal, at: datetime) -> bool:
    """It is with its writers, and the agency admin's last reminder is a day old."""
    is_due = proposal.reminded_at is None or proposal.reminded_at + BETWEEN_REMINDERS <= at
    return is_due and proposal.status in WITH_WRITERS


def remind_all() -> int:
    """Tells everybody whose reminder is due now; returns how many messages were written."""
    at = calendar.now()
    return sum(_remind(each, at) for each in Competition.objects.open_for_submission())


def due_threshold(closes: datetime, at: datetime) -> timedelta | None:
    """The nearest threshold that has come: after a pause of the worker only this one is told, not all that were
    missed. None before the first and after closing."""
    if at > closes:
        return None
    return next((each for each in reversed(THRESHOLDS) if closes - each <= at), None)


def key_of(stage: Stage, threshold: timedelta) -> str:
    assert stage.ends_at is not None  # noqa: S101  an open stage of submission ends
    hours = int(threshold.total_seconds()) // 3600
    return f"proposals.remind:{stage.competition.code}:{stage.key}:{stage.ends_at:%Y%m%dT%H%M%SZ}:{hours}h"


def _remind(competition: Competition, at: datetime) -> int:
    stage = calendar.submission_stage(competition)
    threshold = due_threshold(stage.ends_at, at) if stage.ends_at else None
    if threshold is None or stage.ends_at is None:
        return 0
    stage.competition = competition
    key = key_of(stage, threshold)
    told = set(Message.objects.filter(key=key).values_list("recipient", flat=True))
    at_work = busy(competition, since=stage.ends_at - threshold)
    untold = {user: counts for user, counts in at_work.items() if user.pk not in told}
    whole, link = {"competition": competition, "stage": stage}, reverse("proposals:list")
    letters = [
        (user, {**whole, "drafts": counts["drafts"], "reviews": counts["reviews"]}, link)
        for user, counts in untold.items()
    ]
    tell_each(letters, template=TEMPLATE, key=key)
    return len(untold)


def busy(competition: Competition, *, since: datetime | None = None) -> dict[User, Counter[str]]:
    """Who has `drafts` to finish or proposals to review (`reviews`), with how many. What was started after `since`,
    when a threshold had passed, is left to the next one: nobody is reminded of what they began a minute ago."""
    open_ones = Proposal.objects.in_competition(competition).unsent().select_related("lead")
    return _counted(open_ones.filter(created_at__lte=since) if since else open_ones)


def _counted(proposals: Iterable[Proposal]) -> dict[User, Counter[str]]:
    listed = list(proposals)
    admins = acting_admins(each.agency_id for each in listed if each.status == Proposal.Status.IN_REVIEW)
    busy: dict[User, Counter[str]] = {}
    for each in listed:
        if each.status == Proposal.Status.IN_REVIEW:
            person, what = admins.get(each.agency_id), "reviews"
        else:
            person, what = each.lead, "drafts"
        if person is not None and person.is_active:
            busy.setdefault(person, Counter())[what] += 1
    return busy
