"""The people behind proposals: who leads each, and who administers its agency now."""

from collections.abc import Iterable

from accounts.models import Agency, Membership, User
from proposals.models import Proposal


def acting_admins(agencies: Iterable[int]) -> dict[int, User]:
    """Agency id → the admin acting for it now (a regional enterprise is served by its government's). Two queries."""
    seat = {
        pk: parent if kind == Agency.Type.ROE and parent else pk
        for pk, kind, parent in Agency.objects.filter(pk__in=set(agencies)).values_list("pk", "type", "parent_id")
    }
    current = Membership.objects.filter(
        agency__in=set(seat.values()), role=Membership.Role.ADMIN, ended_at=None, user__is_active=True
    ).select_related("user")
    admins = {membership.agency_id: membership.user for membership in current}
    return {pk: admins[agency] for pk, agency in seat.items() if agency in admins}


def people_behind(proposals: Iterable[Proposal]) -> dict[User, list[Proposal]]:
    """Each lead and acting agency admin with the proposals that concern them; expects `lead` to be loaded."""
    listed = list(proposals)
    admins = acting_admins(proposal.agency_id for proposal in listed)
    people: dict[User, list[Proposal]] = {}
    for proposal in listed:
        for person in {proposal.lead, admins.get(proposal.agency_id, proposal.lead)}:
            people.setdefault(person, []).append(proposal)
    return people
