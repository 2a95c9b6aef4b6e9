"""What waits for an agency admin, and how much of each cap is used."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from competitions.models import Group
from competitions.progress import YearView, ids
from proposals.models import Proposal
from sinovik.home.steps import TOO_LATE, Status, Step, Task, results_step

SENT = (Status.SENT, Status.PASSED, Status.FAILED)


@dataclass(frozen=True)
class Quota:
    """How many proposals of an agency stand in a group, against its cap (None: no limit)."""

    agency: Agency
    group: Group
    used: int
    cap: int | None


def agency_tasks(user: User, found: list[YearView]) -> list[Task]:
    """What the innovators of this admin's agencies handed in and what still is with them."""
    counts = dict(
        Proposal.objects.filter(agency__in=Agency.objects.administered_by(user), competition__in=ids(found))
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
    is_open = any(year.submission for year in found)
    waiting = (
        (Status.IN_REVIEW, _("Waiting for your review"), _("Read them, return them with a note or send them."), "open"),
        (Status.RETURNED, _("Returned to the innovator"), "", "draft"),
        (Status.DRAFT, _("Still being written"), "", "draft"),
    )
    too_late = (
        (Status.IN_REVIEW, _("Handed to you, not sent in time"), str(TOO_LATE), "muted"),
        (Status.RETURNED, _("Returned, not handed in again in time"), "", "muted"),
        (Status.DRAFT, _("Not finished in time"), "", "muted"),
    )
    rows = (
        *(waiting if is_open else too_late),
        (Status.SENT, _("Sent to the ministry"), "", "done"),
        (Status.PASSED, _("Passed screening"), "", "passed"),
        (Status.FAILED, _("Failed screening"), "", "failed"),
    )
    listing = reverse("proposals:list")
    return [
        Task(label, f"{listing}?status={status}", tone, str(counts[status]), hint)
        for status, label, hint, tone in rows
        if counts.get(status)
    ]


def quotas(user: User, found: list[YearView]) -> list[Quota]:
    """How much of each cap is used by what was sent, for every agency this person acts for."""
    agencies = list(Agency.objects.administered_by(user))
    groups = Group.objects.filter(competition__in=ids(found)).prefetch_related("caps")
    used = {
        (row["agency"], row["group"]): row["n"]
        for row in Proposal.objects.filter(agency__in=agencies, status__in=SENT)
        .order_by()
        .values("agency", "group")
        .annotate(n=Count("pk"))
    }
    return [
        Quota(agency, group, used.get((agency.pk, group.pk), 0), group.cap_for(agency))
        for group in groups.select_related("competition")
        if not group.invitation_only
        for agency in agencies
    ]


def agency_step(tasks: list[Task], found: list[YearView], *, otherwise: Step | None = None) -> Step:
    """What an agency admin does next: send what waits, do what else waits, invite innovators, or wait."""
    waiting = next((task for task in tasks if task.status == "open"), None)
    if waiting is not None:
        number = int(waiting.status_label)
        title = ngettext("%d proposal waits for you", "%d proposals wait for you", number) % number
        text = _("Nothing reaches the ministry unless you send it.")
        return Step(title, text, waiting.url, _("Review the proposals"))
    if otherwise is not None:
        return otherwise
    if any(year.submission for year in found):
        text = _("Open units and invite the innovators who write the proposals.")
        return Step(_("No proposal waits for you now"), text, reverse("accounts:agency"), _("Open the agency desk"))
    if any(task.status in (Status.PASSED, Status.FAILED) for task in tasks):
        return results_step()
    return Step(_("There is nothing you have to do now"), _("We write to you as soon as there is news."))
