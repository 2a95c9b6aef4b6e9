"""Which of several proposals would go if they were sent now, in the agency's order, and why the others would not.

The page that asks for confirmation shows this; sending itself asks the very same rules again, one proposal at a time.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Stage
from proposals import audience
from proposals.eligibility import failures, judge
from proposals.facts import Facts, gather_loaded
from proposals.models import Comment, Proposal, TeamMember
from proposals.querysets import ProposalQuerySet
from proposals.rules import WITH_WRITERS


@dataclass(frozen=True)
class Candidate:
    """Without `reasons` it can go. `remarks`: how many comments on it are still open."""

    proposal: Proposal
    reasons: list[str]
    stage: Stage
    remarks: int = 0

    @property
    def goes(self) -> bool:
        return not self.reasons


def plan(chosen: ProposalQuerySet, user: User) -> list[Candidate]:
    """The candidates, all of agencies this person administers, in the order of sending. With a cap the order decides:
    whoever stands before takes the place; so too for a title chosen twice. The number of queries does not grow with
    the list."""
    listed = list(chosen.with_names().in_agencies_order())
    facts = gather_loaded(listed)
    present = audience.present_leads(listed)
    own = set(TeamMember.objects.current().of(user).filter(proposal__in=listed).values_list("proposal", flat=True))
    remarks = Counter(Comment.objects.filter(proposal__in=listed, resolved_at=None).values_list("proposal", flat=True))
    used: dict[tuple[int, int], int] = defaultdict(int)
    titles: dict[str, str] = {}
    candidates = []
    for each in listed:
        case = facts[each.pk]
        reasons = _not_yours(case.proposal, user, own, present) or _against(case, used, titles)
        candidates.append(Candidate(case.proposal, reasons, case.stage, remarks[each.pk]))
        if not reasons:
            used[each.agency_id, each.group_id] += 1
            titles[each.title_key] = each.title
    return candidates


def _not_yours(proposal: Proposal, user: User, own: set[int], present: set[int]) -> list[str]:
    """To its admin; `own` are the proposals in whose team they write, `present` those whose lead has not left."""
    if proposal.status in WITH_WRITERS and proposal.lead_id != user.pk and proposal.pk in present - own:
        message = _("It is still with %(name)s, who has to hand it to you first.")
        return [message % {"name": proposal.lead}]
    if proposal.status not in WITH_WRITERS and proposal.status != Proposal.Status.IN_REVIEW:
        return [_("It is now “%(status)s”.") % {"status": proposal.get_status_display()}]
    return []


def _against(case: Facts, used: dict[tuple[int, int], int], titles: dict[str, str]) -> list[str]:
    """The findings, with the places the candidates before it would take."""
    proposal, found = case.proposal, failures(judge(case))
    reasons = [each.message for each in found]
    before = used[proposal.agency_id, proposal.group_id]
    is_over = case.cap is not None and case.standing < case.cap <= case.standing + before
    if is_over:
        message = _(
            "An agency may send %(cap)d in the group %(group)s: %(sent)d others stand, and %(before)d before it in your"
            " order take the places left."
        )
        values = {"cap": case.cap, "group": proposal.group, "sent": case.standing, "before": before}
        reasons.append(message % values)
    if proposal.title_key in titles:
        reasons.append(_("“%(title)s”, chosen too, has the same title.") % {"title": titles[proposal.title_key]})
    return reasons
