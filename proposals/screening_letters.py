"""What leads and agency admins are told when screening is released: one letter each, on their own proposals only."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from competitions.models import Competition
from notifications.outbox import tell_each
from proposals.audience import people_behind
from proposals.models import Proposal, Screening


@dataclass(frozen=True)
class Result:
    title: str
    number: str
    passed: bool
    reasons: list[str]
    note: str


def tell_results(competition: Competition, screenings: Iterable[Screening], *, key: str) -> int:
    """Writes to everybody behind the proposals; returns how many people that is."""
    by_proposal = {screening.submission.proposal: _result(screening) for screening in screenings}
    people = people_behind(by_proposal)
    letters = [
        (
            person,
            {"competition": competition, "results": [by_proposal[proposal] for proposal in proposals]},
            _next_step(proposals),
        )
        for person, proposals in people.items()
    ]
    tell_each(letters, template="proposals/mail/screening_released", key=key)
    return len(people)


def _result(screening: Screening) -> Result:
    passed = screening.verdict == Screening.Verdict.PASS
    reasons = [] if passed else [check.reason for check in screening.failed_checks.all()]
    submission = screening.submission
    return Result(submission.proposal.title, submission.number, passed, reasons, "" if passed else screening.note)


def _next_step(proposals: list[Proposal]) -> str:
    if len(proposals) == 1:
        return reverse("proposals:proposal", args=[proposals[0].code])
    return reverse("proposals:list")
