"""Who writes a proposal: its lead takes people in and lets them go; the lead itself is handed over, never dropped.

Each deed locks the proposal. Its history is the audit record (verbs proposals.team_…).
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import invite_innovator, revoke_invitation
from accounts.models import Invitation, Membership, User
from accounts.rules import is_admin_of
from audit.recording import record
from competitions import calendar
from proposals import emails, rules
from proposals.actions.writing import locked
from proposals.models import Proposal, TeamMember


@transaction.atomic
def add_to_team(proposal: Proposal, *, email: str, by: User) -> TeamMember:
    """Takes the person at this address into the team; asked again, the row they have is returned.

    An innovator of the agency writes from now on and is told. Anybody else, with an account or without, is invited to
    join the agency in no unit, so that they will read this proposal only; the row waits for them under their address.
    Raises PermissionDenied, and ValidationError (is_lead, not_open, and those of
    the agency's invitation).
    """
    held = _changeable(proposal, by)
    email = email.strip().lower()
    if email == held.lead.email:
        raise ValidationError(_("%(name)s leads this proposal already."), code="is_lead", params={"name": held.lead})
    person = User.objects.active().filter(email=email).first()
    current = held.team.filter(email=email, ended_at=None).first()
    if current:
        return current
    if person and not rules.standing(person, held).belongs:
        person = None  # who owns an address outside of the agency is nobody's to know
    if person is None:
        invite_innovator(held.agency, email=email, by=by, is_bound=True)
    member = TeamMember.objects.create(proposal=held, user=person, email=email, added_by=by, added_at=calendar.now())
    record("proposals.team_add", by=by, on=held, data={"member": member.code, "user": person.pk if person else None})
    if person:
        emails.tell_of_team("team_added", held, [person], key=member.code, by=by)
    return member


@transaction.atomic
def end_in_team(member: TeamMember, *, by: User) -> None:
    """Takes somebody out of the team, or lets them leave it. Twice changes nothing. What they wrote stays; an
    invitation that was written for this team only is withdrawn."""
    held = locked(member.proposal)
    row = TeamMember.objects.with_person().get(pk=member.pk)
    person = User.objects.active().filter(pk=row.person).first()
    is_own = person == by
    if not is_own and not rules.may_change_team(rules.standing(by, held)):
        raise PermissionDenied
    if row.ended_at:
        return
    row.ended_at = calendar.now()
    row.save(update_fields=["ended_at"])
    if person and held.lead_offered_to_id == person.pk:
        held.lead_offered_to = None
        held.save(update_fields=["lead_offered_to"])
    verb = "proposals.team_leave" if is_own else "proposals.team_remove"
    record(verb, by=by, on=held, data={"member": row.code, "user": person.pk if person else None})
    _withdraw_invitation(held, row.email, by=by)
    people = [held.lead] if is_own else [person] if person and rules.standing(person, held).belongs else []
    emails.tell_of_team("team_left" if is_own else "team_removed", held, people, key=row.code, by=by)


def _withdraw_invitation(held: Proposal, email: str, *, by: User) -> None:
    """Unless another team of the agency waits for the same person, asked once the invitation is held."""
    unanswered = Invitation.objects.unanswered().filter(agency=held.agency, email=email, is_bound=True)
    invitation = unanswered.select_for_update(of=("self",)).first()
    waiting = TeamMember.objects.filter(proposal__agency=held.agency, email=email, user=None, ended_at=None)
    if invitation and not waiting.exists():
        revoke_invitation(invitation, by=by)


@transaction.atomic
def offer_lead(proposal: Proposal, *, to: User, by: User) -> None:
    """Asks a member of the team to become the lead; nothing changes until they accept. A new offer replaces the last.

    Raises PermissionDenied, and ValidationError (not_in_team) when the person has left meanwhile."""
    held = _changeable(proposal, by)
    if not held.team.current().of(to).exists() or not rules.standing(to, held).belongs:
        message = _("%(name)s is not in the team any more; choose somebody who is.")
        raise ValidationError(message, code="not_in_team", params={"name": to})
    if held.lead_offered_to_id == to.pk:
        return
    held.lead_offered_to = to
    held.save(update_fields=["lead_offered_to"])
    record("proposals.team_offer_lead", by=by, on=held, data={"to": to.pk})
    key = f"{held.code}:{calendar.now():%Y%m%dT%H%M%S%f}"
    emails.tell_of_team("team_lead_offered", held, [to], key=key, by=by)


@transaction.atomic
def answer_offer(proposal: Proposal, *, accept: bool, by: User) -> None:
    """The one asked becomes the lead, and the former lead stays in the team; or the offer is declined. Answered twice
    the same way changes nothing. Raises ValidationError (offer_gone)."""
    held = locked(proposal)
    if accept and held.lead_id == by.pk:
        return
    if held.lead_offered_to_id != by.pk or not rules.standing(by, held).writes:
        raise ValidationError(_("The lead of this proposal is not offered to you any more."), code="offer_gone")
    if accept and held.status not in rules.UNSENT:
        raise ValidationError(_("A sent proposal keeps the lead it was sent with."), code="not_open")
    former = held.lead
    held.lead_offered_to = None
    if accept:
        _make_lead(held, by, by=by)
    held.save(update_fields=["lead", "lead_offered_to"])
    record(f"proposals.team_{'accept' if accept else 'decline'}_lead", by=by, on=held, data={"former": former.pk})
    kind = "team_lead_accepted" if accept else "team_lead_declined"
    key = f"{held.code}:{calendar.now():%Y%m%dT%H%M%S%f}"
    emails.tell_of_team(kind, held, [former], key=key, by=by)


@transaction.atomic
def take_lead(proposal: Proposal, *, by: User) -> None:
    """The agency admin becomes the lead, for example when the lead has left the agency; the former lead stays in the
    team for as long as they belong to the agency. Raises PermissionDenied."""
    held = locked(proposal)
    if not is_admin_of(by, held.agency):
        raise PermissionDenied
    if held.lead_id == by.pk:
        return
    former = held.lead
    held.lead_offered_to = None
    _make_lead(held, by, by=by)
    held.save(update_fields=["lead", "lead_offered_to"])
    record("proposals.team_take_lead", by=by, on=held, data={"former": former.pk})
    key = f"{held.code}:{calendar.now():%Y%m%dT%H%M%S%f}"
    emails.tell_of_team("team_lead_taken", held, [former], key=key, by=by)


def _make_lead(held: Proposal, person: User, *, by: User) -> None:
    """Changes places: the new lead's row in the team ends, the former lead gets one while they are of the agency."""
    now, former = calendar.now(), held.lead
    held.team.current().of(person).update(ended_at=now)
    is_innovator = Membership.objects.filter(
        user=former, agency=held.agency_id, role=Membership.Role.INNOVATOR, ended_at=None
    )
    if is_innovator.exists():
        TeamMember.objects.create(proposal=held, user=former, email=former.email, added_by=by, added_at=now)
    held.lead = person


def _changeable(proposal: Proposal, by: User) -> Proposal:
    """For those who may change the team; a proposal the ministry has keeps the team it was sent with."""
    held = locked(proposal)
    if not rules.may_change_team(rules.standing(by, held)):
        raise PermissionDenied
    if held.status not in rules.UNSENT:
        message = _("The team can be changed until the proposal is sent; it is now “%(status)s”.")
        raise ValidationError(message, code="not_open", params={"status": held.get_status_display()})
    return held
