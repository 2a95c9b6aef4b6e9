"""Who may do what with a proposal. When it may be done (the calendar) is workflow.py's question, not asked here.

The predicates read a Standing: what somebody is to a proposal, asked of the database in one question.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import Agency, Membership, Unit, User
from accounts.rules import is_admin_of
from proposals.models import Proposal

Status = Proposal.Status
WITH_WRITERS = frozenset({Status.DRAFT, Status.RETURNED})
UNSENT = WITH_WRITERS | {Status.IN_REVIEW}
Role = Membership.Role


@dataclass(frozen=True)
class Standing:
    """What a person is to a proposal in this status, at the moment it was asked.

    `administers`: the admin of its agency (for a regional enterprise: of its regional government). `is_innovator`: of
    its agency. `has_lead`: its lead still belongs to the agency."""

    user: User
    proposal: Proposal
    status: str
    administers: bool = False
    is_innovator: bool = False
    is_in_team: bool = False
    has_lead: bool = False

    @property
    def belongs(self) -> bool:
        """An innovator of the proposal's agency now, or its admin."""
        return self.is_innovator or self.administers

    @property
    def leads(self) -> bool:
        return self.user.pk == self.proposal.lead_id and self.belongs

    @property
    def writes(self) -> bool:
        """One of the people who write it: its lead, or whom the lead took into the team, while they belong to the
        agency.

        Colleagues of the same unit read it and are added with one click, but do not write: a unit may run several
        innovations, and nobody should find their text changed by somebody who has no part in it. Where the lead has
        left the agency its admin writes too, and may take the lead over."""
        if self.leads or (self.is_in_team and self.belongs):
            return True
        return self.administers and not self.has_lead


def standing(user: User, proposal: Proposal) -> Standing:
    """Expects the proposal's `agency` to be loaded."""
    seat, current = proposal.agency.admins_agency_id, Membership.objects.filter(ended_at=None)
    own = current.filter(user=OuterRef("pk"))
    asked = User.objects.active().filter(pk=user.pk).values(
        administers=Exists(own.filter(role=Role.ADMIN, agency=seat)),
        is_innovator=Exists(own.filter(role=Role.INNOVATOR, agency=proposal.agency_id)),
        is_in_team=Exists(proposal.team.current().of(user)),
        has_lead=Exists(current.filter(user=proposal.lead_id, agency__in={proposal.agency_id, seat})),
    )  # fmt: skip
    return Standing(user, proposal, proposal.status, **next(iter(asked), {}))


def administers(who: Standing) -> bool:
    return who.administers


def may_change_team(who: Standing) -> bool:
    """Its lead, and the agency's admin."""
    return who.leads or who.administers


def may_comment(who: Standing) -> bool:
    """Whoever writes or reviews it, until it is sent."""
    return who.status in UNSENT and may_ever_edit(who)


def may_ever_edit(who: Standing) -> bool:
    """Whoever writes in it at some stage of its life, though perhaps not now."""
    return who.writes or who.administers


def may_edit(who: Standing) -> bool:
    """Its writers while it is with them; the agency admin while it is under review."""
    if who.status in WITH_WRITERS:
        return who.writes
    return who.status == Status.IN_REVIEW and who.administers


def may_submit(who: Standing) -> bool:
    """Handing it to the agency admin, or taking it back while they have it; an admin who writes it themselves sends it
    straight to the ministry."""
    return who.writes and not who.administers


def may_send(who: Standing) -> bool:
    """The agency admin, once it was handed over, or when they write it themselves."""
    return who.administers and (who.status not in WITH_WRITERS or who.writes)


def may_withdraw(who: Standing) -> bool:
    """The agency admin; before it is handed over also its lead."""
    return who.administers or (who.status in WITH_WRITERS and who.leads)


def may_reopen(who: Standing) -> bool:
    """Whoever could have withdrawn it."""
    return who.administers or who.leads


def may_release(who: Standing) -> bool:
    return who.user.is_active and who.user.is_secretariat


def may_start(user: User, agency: Agency, unit: Unit | None = None) -> bool:
    """An innovator of the agency, in their own unit; its admin, in any of its units."""
    if unit is not None and unit.agency_id != agency.pk:
        return False
    if is_admin_of(user, agency):
        return True
    own = Membership.objects.filter(user=user, agency=agency, role=Membership.Role.INNOVATOR, ended_at=None)
    return own.filter(unit=unit).exists() if unit else own.exists()
