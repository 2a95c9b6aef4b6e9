"""The list of proposals with what its reader needs to act: how far each is, who holds it, how much of a cap is used."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from competitions.models import Competition, Group
from proposals.audience import acting_admins
from proposals.completeness import Checklist, checklist
from proposals.facts import gather_all
from proposals.models import Proposal, Submission


@dataclass(frozen=True)
class Row:
    proposal: Proposal
    checklist: Checklist
    holder: str

    @property
    def is_unsent(self) -> bool:
        return self.proposal.status in {"draft", "in_review", "returned"}


@dataclass(frozen=True)
class Quota:
    """How many of an agency's places in a group are used by standing submissions."""

    agency: Agency
    group: Group
    used: int
    cap: int


def rows(proposals: Iterable[Proposal]) -> list[Row]:
    """In the given order; the number of queries does not grow with the list."""
    listed = list(proposals)
    facts = gather_all(listed)
    admins = acting_admins(each.agency_id for each in listed)
    loaded = [facts[each.pk] for each in listed]
    return [
        Row(each.proposal, checklist(each), holder(each.proposal, admins.get(each.proposal.agency_id)))
        for each in loaded
    ]


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
