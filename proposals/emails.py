"""Whom a move concerns, and what they are told (templates/proposals/mail/)."""

from django.urls import reverse

from accounts.models import User
from notifications.outbox import tell_many
from proposals.models import Move, Proposal


def agency_admin(proposal: Proposal) -> list[User]:
    """The one who acts for the agency now, if anybody does."""
    admin = proposal.agency.admin
    return [admin] if admin else []


def lead(proposal: Proposal) -> list[User]:
    return [proposal.lead]


def both(proposal: Proposal) -> list[User]:
    return list({person.pk: person for person in lead(proposal) + agency_admin(proposal)}.values())


# Results of screening are announced together, by letters of their own.
CONCERNED = {"submit": agency_admin, "return": lead, "send": both, "withdraw": both, "reopen": lead}


def tell_of(move: Move) -> None:
    """Writes the messages about a move into the outbox; the one who made it is told only of a sending."""
    if move.name not in CONCERNED:
        return
    proposal = move.proposal
    people = CONCERNED[move.name](proposal)
    if move.name != "send":
        people = [person for person in people if person.pk != move.made_by_id]
    page = "proposals:receipt" if move.name == "send" else "proposals:proposal"
    sent = proposal.submissions.filter(stands=True).first() if move.name == "send" else None
    tell_many(
        people,
        template=f"proposals/mail/{move.name}",
        key=f"proposals.{move.name}:{proposal.code}:{move.pk}",
        context={"move": move, "proposal": proposal, "submission": sent},
        link=reverse(page, args=[proposal.code]),
    )
