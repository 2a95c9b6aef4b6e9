"""The list of proposals with what its reader needs to act: how far each is, who holds it, how much of a cap is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from competitions import calendar
from competitions.models import Competition, Group
from proposals.audience import acting_admins
from proposals.completeness import Checklist, checklist
from proposals.facts import gather_all
from proposals.models import Proposal, Submission
from proposals.querysets import ProposalQuerySet
from proposals.reminders import may_be_reminded
from proposals.rules import UNSENT, WITH_WRITERS


class Sort(models.TextChoices):
    ORDER = "order", gettext_lazy("The agency's order")
    ACTIVITY = "activity", gettext_lazy("Last change")
    COMPLETENESS = "completeness", gettext_lazy("Completeness")
    TITLE = "title", gettext_lazy("Title")


@dataclass(frozen=True)
class Row:
    """`at` is the database's now, for what depends on it."""

    proposal: Proposal
    checklist: Checklist
    holder: str
    at: datetime

    @property
    def is_unsent(self) -> bool:
        return self.proposal.status in UNSENT

    @property
    def may_be_reminded(self) -> bool:
        return may_be_reminded(self.proposal, self.at)

    @property
    def is_with_writers(self) -> bool:
        return self.proposal.status in WITH_WRITERS


@dataclass(frozen=True)
class Quota:
    """How many of an agency's places in a group are used by standing submissions."""

    agency: Agency
    group: Group
    used: int
    cap: int


def rows(proposals: Iterable[Proposal]) -> list[Row]:
    """In the given order; the number of queries does not grow with the list."""
    listed, at = list(proposals), calendar.now()
    facts = gather_all(listed, at)
    admins = acting_admins(each.agency_id for each in listed)
    loaded = [facts[each.pk] for each in listed]
    return [
        Row(each.proposal, checklist(each), holder(each.proposal, admins.get(each.proposal.agency_id)), at)
        for each in loaded
    ]


def in_order(found: ProposalQuerySet, sort: str) -> ProposalQuerySet | list[Proposal]:
    """As asked for. Completeness is computed, so that all of a list are read for it; an agency has some dozens."""
    if sort == Sort.ORDER:
        return found.in_agencies_order()
    if sort == Sort.TITLE:
        return found.order_by(Lower("title"), "pk")
    by_activity = found.order_by("-updated_at", "pk")
    if sort != Sort.COMPLETENESS:
        return by_activity
    done = {row.proposal.pk: row.checklist.done / max(row.checklist.total, 1) for row in rows(by_activity)}
    return sorted(by_activity, key=lambda each: done[each.pk], reverse=True)


def to_remind(user: User, competition: Competition) -> tuple[list[Proposal], int]:
    """The drafts of this person's agencies whose writers can be reminded now, and how many more were within a day."""
    at = calendar.now()
    drafts = list(
        Proposal.objects.in_competition(competition)
        .filter(agency__in=Agency.objects.administered_by(user), status__in=WITH_WRITERS)
        .select_related("lead").in_agencies_order()
    )  # fmt: skip
    due = [each for each in drafts if may_be_reminded(each, at)]
    return due, len(drafts) - len(due)


def holder(proposal: Proposal, admin: User | None) -> str:
    """With whom the proposal lies now, in words."""
    if proposal.status in {"draft", "returned"}:
        return proposal.lead.name
    if proposal.status == "in_review":
        return _("Agency admin: %(name)s") % {"name": admin.name} if admin else _("Agency admin (not appointed)")
    if proposal.status == "withdrawn":
        return ""
    return _("The ministry's secretariat")


def quotas(user: User, competition: Competition) -> list[Quota]:
    """For each agency this person administers, the groups that have a cap."""
    agencies = list(Agency.objects.administered_by(user).participating())
    groups = list(competition.groups.prefetch_related("caps", "invited_agencies"))
    used = {
        (row["proposal__agency"], row["proposal__group"]): row["number"]
        for row in Submission.objects.filter(
            stands=True, proposal__agency__in=agencies, proposal__competition=competition
        )
        .values("proposal__agency", "proposal__group")
        .annotate(number=Count("pk"))
    }
    return [
        Quota(agency, group, used.get((agency.pk, group.pk), 0), cap)
        for agency in agencies
        for group in groups
        if (cap := group.cap_for(agency)) is not None and group.invites(agency)
    ]
