"""Who writes a proposal: its lead takes people in and lets them go; the lead itself is handed over, never dropped.

Each deed locks the proposal. Its history is the audit record (verbs proposals.team_…).
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import invite_innovator, revoke_invitation
from accounts.models import Invitation, Membership, User
from audit.recording import record
from competitions import calendar
from proposals import emails, rules
from proposals.models import Proposal, TeamMember
from proposals.querysets import in_team


@transaction.atomic
def add_to_team(proposal: Proposal, *, email: str, by: User) -> TeamMember:
    """Takes the person at this address into the team; asked again, the row they have is returned.

    An innovator of the agency writes from now on and is told. Anybody else, with an account or without, is invited to
    join the agency in no unit, so that they will read this proposal only; the row waits for them under their address.
    Raises PermissionDenied, and ValidationError (is_lead, not_open, and those of
    the agency's invitation).
    """
    locked = _locked(proposal, by)
    email = email.strip().lower()
    if email == locked.lead.email:
        raise ValidationError(_("%(name)s leads this proposal already."), code="is_lead", params={"name": locked.lead})
    person = User.objects.active().filter(email=email).first()
    current = locked.team.filter(email=email, ended_at=None).first()
    if current:
        return current
    if person and not rules.belongs(person, locked):
        person = None  # who owns an address outside of the agency is nobody's to know
    if person is None:
        invite_innovator(locked.agency, email=email, by=by, is_bound=True)
    member = TeamMember.objects.create(proposal=locked, user=person, email=email, added_by=by, added_at=calendar.now())
    record("proposals.team_add", by=by, on=locked, data={"member": member.code, "user": person.pk if person else None})
    if person:
        emails.tell_of_team("team_added", locked, [person], key=member.code, by=by)
    return member


@transaction.atomic
def end_in_team(member: TeamMember, *, by: User) -> None:
    """Takes somebody out of the team, or lets them leave it. Twice changes nothing. What they wrote stays; an
    invitation that was written for this team only is withdrawn."""
    locked = _lock(member.proposal)
    row = TeamMember.objects.select_related("user").get(pk=member.pk)
    person = row.user or User.objects.active().filter(email=row.email).first()
    is_own = person == by
    if not is_own and not rules.may_change_team(by, locked):
        raise PermissionDenied
    if row.ended_at:
        return
    row.ended_at = calendar.now()
    row.save(update_fields=["ended_at"])
    if person and locked.lead_offered_to_id == person.pk:
        locked.lead_offered_to = None
        locked.save(update_fields=["lead_offered_to"])
    verb = "proposals.team_leave" if is_own else "proposals.team_remove"
    record(verb, by=by, on=locked, data={"member": row.code, "user": person.pk if person else None})
    _withdraw_invitation(locked, row.email, by=by)
    people = [locked.lead] if is_own else [person] if person and rules.belongs(person, locked) else []
    emails.tell_of_team("team_left" if is_own else "team_removed", locked, people, key=row.code, by=by)


def _withdraw_invitation(locked: Proposal, email: str, *, by: User) -> None:
    """Unless another team of the agency waits for the same person, asked once the invitation is locked."""
    unanswered = Invitation.objects.unanswered().filter(agency=locked.agency, email=email, is_bound=True)
    invitation = unanswered.select_for_update(of=("self",)).first()
    waiting = TeamMember.objects.filter(proposal__agency=locked.agency, email=email, user=None, ended_at=None)
    if invitation and not waiting.exists():
        revoke_invitation(invitation, by=by)


@transaction.atomic
def offer_lead(proposal: Proposal, *, to: User, by: User) -> None:
    """Asks a member of the team to become the lead; nothing changes until they accept. A new offer replaces the last.

    Raises PermissionDenied, and ValidationError (not_in_team) when the person has left meanwhile."""
    locked = _locked(proposal, by)
    if not locked.team.filter(in_team(to), ended_at=None).exists() or not rules.belongs(to, locked):
        message = _("%(name)s is not in the team any more; choose somebody who is.")
        raise ValidationError(message, code="not_in_team", params={"name": to})
    if locked.lead_offered_to_id == to.pk:
        return
    locked.lead_offered_to = to
    locked.save(update_fields=["lead_offered_to"])
    record("proposals.team_offer_lead", by=by, on=locked, data={"to": to.pk})
    key = f"{locked.code}:{calendar.now():%Y%m%dT%H%M%S%f}"
    emails.tell_of_team("team_lead_offered", locked, [to], key=key, by=by)


@transaction.atomic
def answer_offer(proposal: Proposal, *, accept: bool, by: User) -> None:
    """The one asked becomes the lead, and the former lead stays in the team; or the offer is declined. Answered twice
    the same way changes nothing. Raises ValidationError (offer_gone)."""
    locked = _lock(proposal)
    if accept and locked.lead_id == by.pk:
        return
    if locked.lead_offered_to_id != by.pk or not rules.writes(by, locked):
        raise ValidationError(_("The lead of this proposal is not offered to you any more."), code="offer_gone")
    if accept and locked.status not in rules.UNSENT:
        raise ValidationError(_("A sent proposal keeps the lead it was sent with."), code="not_open")
    former = locked.lead
    locked.lead_offered_to = None
    if accept:
        _make_lead(locked, by, by=by)
    locked.save(update_fields=["lead", "lead_offered_to"])
    record(f"proposals.team_{'accept' if accept else 'decline'}_lead", by=by, on=locked, data={"former": former.pk})
    kind = "team_lead_accepted" if accept else "team_lead_declined"
    key = f"{locked.code}:{calendar.now():%Y%m%dT%H%M%S%f}"
    emails.tell_of_team(kind, locked, [former], key=key, by=by)


@transaction.atomic
def take_lead(proposal: Proposal, *, by: User) -> None:
    """The agency admin becomes the lead, for example when the lead has left the agency; the former lead stays in the
    team for as long as they belong to the agency. Raises PermissionDenied."""
    locked = _lock(proposal)
    if not rules.administers(by, locked):
        raise PermissionDenied
    if locked.lead_id == by.pk:
        return
    former = locked.lead
    locked.lead_offered_to = None
    _make_lead(locked, by, by=by)
    locked.save(update_fields=["lead", "lead_offered_to"])
    record("proposals.team_take_lead", by=by, on=locked, data={"former": former.pk})
    key = f"{locked.code}:{calendar.now():%Y%m%dT%H%M%S%f}"
    emails.tell_of_team("team_lead_taken", locked, [former], key=key, by=by)


def _make_lead(locked: Proposal, person: User, *, by: User) -> None:
    """Changes places: the new lead's row in the team ends, the former lead gets one while they are of the agency."""
    now, former = calendar.now(), locked.lead
    locked.team.filter(in_team(person), ended_at=None).update(ended_at=now)
    is_innovator = Membership.objects.filter(
        user=former, agency=locked.agency_id, role=Membership.Role.INNOVATOR, ended_at=None
    )
    if is_innovator.exists():
        TeamMember.objects.create(proposal=locked, user=former, email=former.email, added_by=by, added_at=now)
    locked.lead = person


def _lock(proposal: Proposal) -> Proposal:
    """The row, locked first and read after: a join on what the lock waited for (its lead) would lose the row."""
    Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    return Proposal.objects.select_related("agency__parent", "unit", "lead", "competition").get(pk=proposal.pk)


def _locked(proposal: Proposal, by: User) -> Proposal:
    """For those who may change the team; a proposal the ministry has keeps the team it was sent with."""
    locked = _lock(proposal)
    if not rules.may_change_team(by, locked):
        raise PermissionDenied
    if locked.status not in rules.UNSENT:
        message = _("The team can be changed until the proposal is sent; it is now “%(status)s”.")
        raise ValidationError(message, code="not_open", params={"status": locked.get_status_display()})
    return locked
