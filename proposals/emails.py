"""Whom a move concerns, and what they are told (templates/proposals/mail/)."""

from django.urls import reverse

from accounts.models import User
from competitions import calendar
from competitions.models import Stage
from notifications.outbox import tell_many
from proposals.audience import team_and_admin, writers
from proposals.models import Comment, Move, Proposal


def agency_admin(proposal: Proposal) -> list[User]:
    """The one who acts for the agency now, if anybody does."""
    admin = proposal.agency.admin
    return [admin] if admin else []


# Results of screening are announced together, by letters of their own.
CONCERNED = {
    "submit": agency_admin, "return": writers, "reopen": writers,
    **dict.fromkeys(("send", "withdraw", "correct", "mend"), team_and_admin),
}  # fmt: skip


def tell_of(move: Move) -> None:
    """Writes the messages about a move into the outbox; the one who made it is told only of a sending."""
    if move.name not in CONCERNED:
        return
    proposal = move.proposal
    people = CONCERNED[move.name](proposal)
    sends = move.name in {"send", "mend"}
    if not sends:
        people = [person for person in people if person.pk != move.made_by_id]
    page = "proposals:receipt" if sends else "proposals:proposal"
    sent = proposal.submissions.filter(stands=True).first() if sends else None
    tell_many(
        people,
        template=f"proposals/mail/{move.name}",
        key=f"proposals.{move.name}:{proposal.code}:{move.pk}",
        context={"move": move, "proposal": proposal, "submission": sent},
        link=reverse(page, args=[proposal.code]),
    )


def tell_of_team(kind: str, proposal: Proposal, people: list[User], *, key: str, by: User) -> None:
    """A change in the team, to whom it concerns (templates/proposals/mail/team_….txt)."""
    tell_many(
        [person for person in people if person.pk != by.pk],
        template=f"proposals/mail/{kind}",
        key=f"proposals.{kind}:{key}",
        context={"proposal": proposal, "by": by},
        link=reverse("proposals:team", args=[proposal.code]),
    )


def tell_to_go_on(proposal: Proposal, people: list[User], *, by: User, key: str) -> None:
    tell_many(
        people,
        template="proposals/mail/remind_writers",
        key=key,
        context={"proposal": proposal, "stage": calendar.submission_stage(proposal.competition), "by": by},
        link=reverse("proposals:proposal", args=[proposal.code]),
    )


def tell_of_comments(proposal: Proposal, remarks: list[Comment], person: User) -> None:
    tell_many(
        [person],
        template="proposals/mail/comments",
        key=f"proposals.comments:{proposal.code}:{remarks[-1].code}",
        context={"proposal": proposal, "comments": remarks},
        link=reverse("proposals:comments", args=[proposal.code]),
    )


def tell_cannot_send_alone(
    admin: User, cases: list[dict[str, object]], stage: Stage, *, key: str, tried: bool = False
) -> None:
    """Names proposals that were to send themselves and cannot, each with its reasons."""
    tell_many(
        [admin],
        template="proposals/mail/auto_send_stuck",
        key=key,
        context={"cases": cases, "stage": stage, "tried": tried},
        link=reverse("proposals:list"),
    )
