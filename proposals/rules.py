"""Who may do what with a proposal. When it may be done (the calendar) is workflow.py's question, not asked here."""

from accounts.models import Agency, Membership, Unit, User
from accounts.rules import is_admin_of, is_secretariat
from proposals.models import Proposal

Status = Proposal.Status
WITH_WRITERS = frozenset({Status.DRAFT, Status.RETURNED})


def administers(user: User, proposal: Proposal) -> bool:
    """The admin of the proposal's agency (for a regional enterprise: of its regional government)."""
    return is_admin_of(user, proposal.agency)


def writes(user: User, proposal: Proposal) -> bool:
    """One of the people who write it: its lead or another innovator of its unit; the agency's admin where they lead
    it, or where its lead has left and it would otherwise be nobody's."""
    innovators = Membership.objects.filter(agency=proposal.agency_id, role=Membership.Role.INNOVATOR, ended_at=None)
    own = innovators.filter(user=user)
    if user.pk == proposal.lead_id:
        return own.exists() or administers(user, proposal)
    if own.filter(unit__isnull=False, unit=proposal.unit_id).exists():
        return True
    return administers(user, proposal) and not _still_has_lead(proposal)


def _still_has_lead(proposal: Proposal) -> bool:
    lead = Membership.objects.filter(user=proposal.lead_id, ended_at=None)
    return lead.filter(agency__in={proposal.agency_id, proposal.agency.admins_agency_id}).exists()


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
