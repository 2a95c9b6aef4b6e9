"""The list of proposals with what its reader needs to act: how far each is, who holds it, how much of a cap is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from competitions import calendar
from competitions.models import AgencyTypeCap, Competition, Group, GroupInvitation, Stage
from competitions.together import hold_each, together
from proposals.audience import acting_admins_of
from proposals.completeness import Checklist, checklist
from proposals.facts import Used, gather_loaded
from proposals.models import Proposal
from proposals.querysets import ProposalQuerySet
from proposals.reminders import BETWEEN_REMINDERS, may_be_reminded
from proposals.rules import UNSENT, WITH_WRITERS

PER_PAGE = 50


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
    stage: Stage

    @property
    def is_unsent(self) -> bool:
        return self.proposal.status in UNSENT

    @property
    def may_be_reminded(self) -> bool:
        return may_be_reminded(self.proposal, self.at)

    @property
    def is_with_writers(self) -> bool:
        return self.proposal.status in WITH_WRITERS


Listed = tuple[Page[Row] | Page[Proposal], list[Row]]


@dataclass(frozen=True)
class Quota:
    """How many of an agency's places in a group are used by standing submissions."""

    agency: Agency
    group: Group
    used: int
    cap: int


def rows(listed: list[Proposal], at: datetime, used: Used | None = None) -> list[Row]:
    """Of rows read as `Proposal.objects.with_names()`, in the given order; the number of queries does not grow with the
    list."""
    loaded = gather_loaded(listed, at, used=used).values()
    admins = acting_admins_of({each.proposal.agency for each in loaded}) if loaded else {}
    return [
        Row(each.proposal, checklist(each), holder(each.proposal, admins.get(each.proposal.agency_id)), at, each.stage)
        for each in loaded
    ]


def page_of(found: ProposalQuerySet, sort: str, number: str | None, *, total: int, at: datetime, used: Used) -> Listed:
    """One page of them, with its rows. Completeness is computed, so that all of a list are read for it; an agency has
    some dozens."""
    if sort == Sort.COMPLETENESS:
        all_rows = rows(list(found.with_names().order_by("-updated_at", "pk")), at, used)
        all_rows.sort(key=lambda row: row.checklist.done / max(row.checklist.total, 1), reverse=True)
        sorted_page = Paginator(all_rows, PER_PAGE).get_page(number)
        return sorted_page, list(sorted_page.object_list)
    ordered = found.order_by("-updated_at", "pk")
    if sort == Sort.ORDER:
        ordered = found.in_agencies_order()
    elif sort == Sort.TITLE:
        ordered = found.order_by(Lower("title"), "pk")
    pages = Paginator(ordered.with_names(), PER_PAGE)
    pages.count = total  # counted with the statuses
    page = pages.get_page(number)
    return page, rows(list(page.object_list), at, used)


def by_status(here: ProposalQuerySet, agencies: Iterable[Agency], at: datetime) -> dict[str, tuple[int, int]]:
    """For each status that occurs: how many proposals, and the writers of how many these agencies may remind now."""
    is_due = Q(reminded_at=None) | Q(reminded_at__lte=at - BETWEEN_REMINDERS)
    due = Count("pk", filter=is_due & Q(status__in=WITH_WRITERS, agency__in=[each.pk for each in agencies]))
    counted = here.order_by().values("status").annotate(number=Count("pk"), due=due)
    return {each["status"]: (each["number"], each["due"]) for each in counted}


def to_remind(user: User, competition: Competition) -> tuple[list[Proposal], int]:
    """The drafts of this person's agencies whose writers can be reminded now, and how many more were within a day."""
    at = calendar.now()
    drafts = list(
        Proposal.objects.administered_by(user).in_competition(competition)
        .filter(status__in=WITH_WRITERS)
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


def quotas(agencies: Iterable[Agency], competition: Competition, used: Used) -> list[Quota]:
    """For each of the agencies somebody administers, the groups that have a cap."""
    taking_part = [each for each in agencies if each.participates]
    if not taking_part:
        return []
    found = together(
        groups=Group.objects.filter(competition=competition),
        caps=AgencyTypeCap.objects.filter(group__competition=competition),
        invitations=GroupInvitation.objects.filter(group__competition=competition, agency__in=taking_part),
    )
    groups = sorted(found["groups"], key=attrgetter("order"))
    hold_each(groups, "caps", found["caps"], "group")
    hold_each(groups, "invited_agencies", found["invitations"], "group")
    return [
        Quota(agency, group, used.get((agency.pk, group.pk), 0), cap)
        for agency in taking_part
        for group in groups
        if (cap := group.cap_for(agency)) is not None and group.invites(agency)
    ]
