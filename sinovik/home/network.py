"""What other agencies wait for: the word of an agency admin on replications of its innovations,
on requests and on what became of past winners."""

from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from catalogue.models import FollowUpReport, Replication, ReplicationRequest
from sinovik.home.steps import Step, Task


def network_tasks(user: User) -> list[Task]:
    """A line for each kind of thing that waits for this admin, leading to the list, or to the only one."""
    replications, replication = _counted(Replication.objects.at_source(user).waiting())
    requests, request = _counted(ReplicationRequest.objects.at_source(user).waiting())
    reports, report = _counted(FollowUpReport.objects.of_agencies_of(user).counted().unanswered())
    lines = [
        (
            replications,
            ngettext(
                "%d replication waits for your confirmation", "%d replications wait for your confirmation", replications
            ),
            _("Other agencies state that they replicate your innovations."),
            _way("replication", replication),
        ),
        (
            requests,
            ngettext("%d request waits for your answer", "%d requests wait for your answer", requests),
            _("Other agencies ask for what you offer to those who replicate your innovations."),
            _way("request", request),
        ),
        (
            reports,
            ngettext("%d report on a past winner waits for you", "%d reports on past winners wait for you", reports),
            _("Say whether your innovation still runs, has grown or has stopped."),
            _way("report", report),
        ),
    ]
    return [
        Task(words % number, url, "pending", _("Waiting for you"), hint) for number, words, hint, url in lines if number
    ]


def network_step(tasks: list[Task]) -> Step | None:
    """The first of them, where nothing of the year comes before it."""
    first = next(iter(tasks), None)
    return Step(first.label, first.hint, first.url, _("Read and answer")) if first else None


def _counted(rows: QuerySet[Any]) -> tuple[int, str]:
    """How many, and the code of the only one."""
    found = rows.aggregate(number=Count("pk"), code=Min("code"))
    return found["number"], found["code"] if found["number"] == 1 else ""


def _way(kind: str, code: str) -> str:
    lists = {"replication": "replications", "request": "requests", "report": "follow_ups"}
    return reverse(f"catalogue:{kind}", args=[code]) if code else reverse(f"catalogue:{lists[kind]}")
