"""May it be sent at all: the calendar, the invitation, the agency's cap."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from competitions import calendar
from proposals import deadline
from proposals.eligibility.finding import Finding, finding
from proposals.facts import Facts


def is_open(facts: Facts) -> list[Finding]:
    """Submission is open at the moment judged."""
    ok = calendar.is_open(facts.stage, facts.at)
    words = deadline.words(facts.stage, facts.at)
    return [finding(facts, "open", ok, words, section="proposals:proposal", at=facts.stage.key)]


def is_invited(facts: Facts) -> list[Finding]:
    if not facts.proposal.group.invitation_only:
        return []
    message = _("The agency is invited to this group.") if facts.invited else _("This group is by invitation only.")
    advice = "" if facts.invited else _("Withdraw this proposal and start one in another group.")
    return [finding(facts, "invitation", facts.invited, message, advice, at="invitation_only")]


def is_within_cap(facts: Facts) -> list[Finding]:
    """The agency sends no more than its cap in the group, counting this proposal."""
    if facts.cap is None:
        return []
    ok = facts.standing < facts.cap
    message = ngettext(
        "An agency may send %(cap)d proposal in this group; %(sent)d other stands.",
        "An agency may send %(cap)d proposals in this group; %(sent)d others stand.",
        facts.cap,
    ) % {"cap": facts.cap, "sent": facts.standing}
    advice = "" if ok else _("The agency admin can withdraw another proposal first.")
    return [finding(facts, "cap", ok, message, advice, at="cap_per_agency")]
