"""What other agencies wait for: the word of an agency admin on replications of its innovations,
on requests and on what became of past winners."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from catalogue.models import FollowUpReport, Replication, ReplicationRequest
from sinovik.home.steps import Step, Task


def network_tasks(user: User) -> list[Task]:
    """A line for each kind of thing that waits for this admin."""
    replications = Replication.objects.at_source(user).waiting().count()
    requests = ReplicationRequest.objects.at_source(user).waiting().count()
    reports = FollowUpReport.objects.of_agencies_of(user).counted().unanswered().count()
    lines = [
        (
            replications,
            ngettext(
                "%d replication waits for your confirmation", "%d replications wait for your confirmation", replications
            ),
            _("Other agencies state that they replicate your innovations."),
            reverse("catalogue:replications"),
        ),
        (
            requests,
            ngettext("%d request waits for your answer", "%d requests wait for your answer", requests),
            _("Other agencies ask for what you offer to those who replicate your innovations."),
            reverse("catalogue:requests"),
        ),
        (
            reports,
            ngettext("%d report on a past winner waits for you", "%d reports on past winners wait for you", reports),
            _("Say whether your innovation still runs, has grown or has stopped."),
            reverse("catalogue:follow_ups"),
        ),
    ]
    return [
        Task(words % number, url, "pending", _("Waiting for you"), hint) for number, words, hint, url in lines if number
    ]


def network_step(tasks: list[Task]) -> Step | None:
    """The first of them, where nothing of the year comes before it."""
    first = next(iter(tasks), None)
    return Step(first.label, first.hint, first.url, _("Open the list")) if first else None
