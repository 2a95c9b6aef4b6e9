"""What every page of a proposal begins with: the row, if its reader may know of it."""

from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string

from accounts.models import User
from competitions import calendar
from proposals import rules
from proposals.facts import Facts, gather
from proposals.models import Proposal


def reader(request: HttpRequest) -> User:
    return cast(User, request.user)


def visible(request: HttpRequest, code: str) -> Proposal:
    """404 for whoever may not know of it."""
    found = Proposal.objects.visible_to(reader(request)).select_related(
        "competition", "group", "agency__parent", "lead"
    )
    return get_object_or_404(found, code=code)


def frame(request: HttpRequest, facts: Facts) -> dict[str, object]:
    """What all pages of a proposal show: the proposal, its deadline, and whether its reader may write now."""
    is_open = calendar.is_open(facts.stage, calendar.now())
    return {
        "proposal": facts.proposal,
        "facts": facts,
        "stage": facts.stage,
        "is_open": is_open,
        "may_edit": is_open and rules.may_edit(reader(request), facts.proposal),
        "submission_words": submission_words(facts),
    }


def may_write_now(request: HttpRequest, proposal: Proposal) -> bool:
    """The same of a page that needs nothing else of the facts."""
    stage = calendar.submission_stage(proposal.competition)
    return calendar.is_open(stage, calendar.now()) and rules.may_edit(reader(request), proposal)


def submission_words(facts: Facts) -> str:
    return render_to_string("proposals/_submission.txt", {"stage": facts.stage, "at": calendar.now()}).strip()


def loaded(request: HttpRequest, code: str) -> Facts:
    return gather(visible(request, code))
