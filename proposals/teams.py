"""What the page of a proposal's team shows."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from audit.models import Event
from proposals.models import Proposal, TeamMember

DEEDS: dict[str, str | Promise] = {
    "proposals.team_add": _("Taken into the team"),
    "proposals.team_leave": _("Left the team"),
    "proposals.team_remove": _("Taken out of the team"),
    "proposals.team_offer_lead": _("Asked to lead"),
    "proposals.team_accept_lead": _("Accepted the lead"),
    "proposals.team_decline_lead": _("Declined the lead"),
    "proposals.team_take_lead": _("The agency admin took the lead over"),
}


@dataclass(frozen=True)
class Member:
    """`person` is None for somebody invited who has not joined the agency yet."""

    row: TeamMember
    person: User | None


@dataclass(frozen=True)
class Deed:
    words: str | Promise
    about: str
    at: datetime
    by: User | None


def current(proposal: Proposal) -> list[Member]:
    """The team beside the lead, who came first."""
    rows = list(proposal.team.current().with_person())
    if not rows:
        return []
    here = Membership.objects.filter(user=OuterRef("pk"), agency=proposal.agency_id, ended_at=None)
    people = User.objects.filter(Exists(here)).in_bulk({row.person for row in rows} - {None})
    return [Member(row, people.get(row.person)) for row in rows]


def colleagues(proposal: Proposal) -> list[User]:
    """Innovators of the proposal's unit who read it and do not write it yet."""
    if proposal.unit_id is None:
        return []
    here = Membership.objects.filter(unit=proposal.unit_id, role=Membership.Role.INNOVATOR, ended_at=None)
    found = User.objects.active().filter(pk__in=here.values("user")).exclude(pk=proposal.lead_id)
    return list(found.exclude(pk__in=proposal.team.current().people()).order_by("name"))


def history(proposal: Proposal) -> list[Deed]:
    """What happened to the team, the newest first, from the record. Two or three queries."""
    events = list(
        Event.objects.filter(object_type="proposals.proposal", object_key=proposal.code, verb__in=DEEDS)
        .select_related("actor").order_by("-id")
    )  # fmt: skip
    members = {row.code: str(row) for row in proposal.team.select_related("user")}
    keys = {event.data.get("to") or event.data.get("former") for event in events} - {None}
    people = {person.pk: str(person) for person in User.objects.filter(pk__in=keys)} if keys else {}
    return [Deed(_deed(event), _about(event, members, people), event.at, event.actor) for event in events]


def _deed(event: Event) -> str | Promise:
    """Who did not belong to the agency yet was only invited."""
    is_invitation = event.verb == "proposals.team_add" and event.data["user"] is None
    return _("Invited into the team") if is_invitation else DEEDS[event.verb]


def _about(event: Event, members: dict[str, str], people: dict[int, str]) -> str:
    """Whom a deed is about, where it is not its actor."""
    if "member" in event.data:
        return members.get(event.data["member"], "")
    return people.get(event.data.get("to", 0), "")
