"""Who may do what with a proposal. When it may be done (the calendar) is workflow.py's question, not asked here."""

from accounts.models import Agency, Membership, Unit, User
from accounts.rules import is_admin_of, is_secretariat
from proposals.models import Proposal
from proposals.querysets import in_team

Status = Proposal.Status
WITH_WRITERS = frozenset({Status.DRAFT, Status.RETURNED})
UNSENT = WITH_WRITERS | {Status.IN_REVIEW}


def administers(user: User, proposal: Proposal) -> bool:
    """The admin of the proposal's agency (for a regional enterprise: of its regional government)."""
    return is_admin_of(user, proposal.agency)


def writes(user: User, proposal: Proposal) -> bool:
    """One of the people who write it: its lead, or whom the lead took into the team, while they belong to the agency.

    Colleagues of the same unit read it and are added with one click, but do not write: a unit may run several
    innovations, and nobody should find their text changed by somebody who has no part in it. Where the lead has left
    the agency its admin writes too, and may take the lead over."""
    if user.pk == proposal.lead_id:
        return belongs(user, proposal)
    if proposal.team.filter(in_team(user), ended_at=None).exists() and belongs(user, proposal):
        return True
    return administers(user, proposal) and not still_has_lead(proposal)


def still_has_lead(proposal: Proposal) -> bool:
    lead = Membership.objects.filter(user=proposal.lead_id, ended_at=None)
    return lead.filter(agency__in={proposal.agency_id, proposal.agency.admins_agency_id}).exists()


def belongs(user: User, proposal: Proposal) -> bool:
    """An innovator of the proposal's agency now, or its admin."""
    own = Membership.objects.filter(user=user, agency=proposal.agency_id, role=Membership.Role.INNOVATOR, ended_at=None)
    return own.exists() or administers(user, proposal)


def leads(user: User, proposal: Proposal) -> bool:
    return user.pk == proposal.lead_id and belongs(user, proposal)


def may_change_team(user: User, proposal: Proposal) -> bool:
    """Its lead, and the agency's admin."""
    return leads(user, proposal) or administers(user, proposal)


def may_comment(user: User, proposal: Proposal) -> bool:
    """Whoever writes or reviews it, until it is sent."""
    return proposal.status in UNSENT and may_ever_edit(user, proposal)


def may_ever_edit(user: User, proposal: Proposal) -> bool:
    """Whoever writes in it at some stage of its life, though perhaps not now."""
    return writes(user, proposal) or administers(user, proposal)


def may_edit(user: User, proposal: Proposal) -> bool:
    """Its writers while it is with them; the agency admin while it is under review."""
    if proposal.status in WITH_WRITERS:
        return writes(user, proposal)
    return proposal.status == Status.IN_REVIEW and administers(user, proposal)


def may_submit(user: User, proposal: Proposal) -> bool:
    """Handing it to the agency admin; an admin who writes it themselves sends it straight to the ministry."""
    return writes(user, proposal) and not administers(user, proposal)


def may_take_back(user: User, proposal: Proposal) -> bool:
    """A writer who changed their mind while the agency admin still has it."""
    return writes(user, proposal) and not administers(user, proposal)


def may_send(user: User, proposal: Proposal) -> bool:
    """The agency admin, once it was handed over, or when they write it themselves."""
    if not administers(user, proposal):
        return False
    return proposal.status not in WITH_WRITERS or writes(user, proposal)


def may_correct(user: User, proposal: Proposal) -> bool:
    """Taking back what the ministry has, to send it again: the agency admin."""
    return administers(user, proposal)


def may_set_auto_send(user: User, proposal: Proposal) -> bool:
    return administers(user, proposal)


def may_withdraw(user: User, proposal: Proposal) -> bool:
    """The agency admin; before it is handed over also its lead."""
    if administers(user, proposal):
        return True
    return proposal.status in WITH_WRITERS and user.pk == proposal.lead_id and writes(user, proposal)


def may_reopen(user: User, proposal: Proposal) -> bool:
    """Whoever could have withdrawn it."""
    return administers(user, proposal) or (user.pk == proposal.lead_id and writes(user, proposal))


def may_release(user: User, proposal: Proposal) -> bool:
    return is_secretariat(user)


def may_start(user: User, agency: Agency, unit: Unit | None = None) -> bool:
    """An innovator of the agency, in their own unit; its admin, in any of its units."""
    if unit is not None and unit.agency_id != agency.pk:
        return False
    if is_admin_of(user, agency):
        return True
    own = Membership.objects.filter(user=user, agency=agency, role=Membership.Role.INNOVATOR, ended_at=None)
    return own.filter(unit=unit).exists() if unit else own.exists()
