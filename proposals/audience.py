"""The people behind proposals: who leads and writes each, and who administers its agency now."""

from collections.abc import Iterable

from accounts.models import Agency, Membership, User
from proposals.models import Proposal


def acting_admins(agencies: Iterable[int]) -> dict[int, User]:
    """Agency id → the admin acting for it now (a regional enterprise is served by its government's). Two queries."""
    return acting_admins_of(Agency.objects.filter(pk__in=set(agencies)))


def acting_admins_of(agencies: Iterable[Agency]) -> dict[int, User]:
    """The same of loaded agencies, in one query."""
    seat = {each.pk: each.admins_agency_id for each in agencies}
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


def present_leads(proposals: Iterable[Proposal]) -> set[int]:
    """Keys of the proposals whose lead still belongs to the agency (or its government). Expects `agency` loaded."""
    listed = list(proposals)
    current = set(
        Membership.objects.filter(user__in={each.lead_id for each in listed}, ended_at=None).values_list(
            "user", "agency"
        )
    )
    return {
        each.pk
        for each in listed
        if current & {(each.lead_id, each.agency_id), (each.lead_id, each.agency.admins_agency_id)}
    }


def writers(proposal: Proposal) -> list[User]:
    """The lead and the team, as far as they belong to the agency now (an admin may lead too)."""
    current = Membership.objects.filter(ended_at=None, user__is_active=True).filter(
        agency__in={proposal.agency_id, proposal.agency.admins_agency_id}
    )
    of_agency = set(current.values_list("user", flat=True))
    team = proposal.team.current().people()
    people = {person.pk: person for person in [proposal.lead, *team] if person.pk in of_agency}
    return list(people.values())


def team_and_admin(proposal: Proposal) -> list[User]:
    """Everybody who works on it before it is sent, once each."""
    admin = proposal.agency.admin
    people = {person.pk: person for person in [*writers(proposal), *([admin] if admin else [])]}
    return list(people.values())
