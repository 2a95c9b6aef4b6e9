"""What every page of a proposal begins with: the row, if its reader may know of it."""

from typing import cast

from django.contrib.postgres.functions import TransactionNow
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from competitions import calendar
from proposals import deadline, rules
from proposals.facts import Facts, gather_loaded
from proposals.models import Proposal


def reader(request: HttpRequest) -> User:
    return cast(User, request.user)


def visible(request: HttpRequest, code: str) -> Proposal:
    """404 for whoever may not know of it."""
    found = Proposal.objects.visible_to(reader(request)).select_related(
        "competition", "group", "category", "agency__parent", "unit", "lead"
    )
    return get_object_or_404(found, code=code)


def frame(request: HttpRequest, facts: Facts, who: rules.Standing | None = None) -> dict[str, object]:
    """What all pages of a proposal show: the proposal, its deadline, and whether its reader may write now."""
    is_open = calendar.is_open(facts.stage, facts.asked_at)
    return {
        "proposal": facts.proposal,
        "facts": facts,
        "stage": facts.stage,
        "is_open": is_open,
        "may_edit": is_open and rules.may_edit(who or standing(request, facts.proposal)),
        "submission_words": deadline.words(facts.stage, facts.asked_at),
    }


def standing(request: HttpRequest, proposal: Proposal) -> rules.Standing:
    """What the reader is to it."""
    return rules.standing(reader(request), proposal)


def may_write_now(who: rules.Standing) -> bool:
    """The same of a page that needs nothing else of the facts."""
    stage = calendar.submission_stage(who.proposal.competition)
    return calendar.is_open(stage, calendar.now()) and rules.may_edit(who)


def loaded(request: HttpRequest, code: str) -> Facts:
    """404 for whoever may not know of it."""
    found = Proposal.objects.visible_to(reader(request)).with_names().annotate(asked_at=TransactionNow())
    proposal = get_object_or_404(found, code=code)
    return gather_loaded([proposal], proposal.asked_at)[proposal.pk]  # type: ignore[attr-defined]
