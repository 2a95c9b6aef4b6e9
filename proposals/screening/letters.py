"""What leads and agency admins are told about screening: one letter each, on their own proposals only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from competitions.models import Competition
from notifications.outbox import tell_each, tell_many
from proposals.audience import people_behind
from proposals.models import Objection, Proposal, Screening


@dataclass(frozen=True)
class Result:
    title: str
    number: str
    passed: bool
    reasons: list[str]
    note: str


def tell_results(competition: Competition, screenings: Iterable[Screening], *, key: str) -> int:
    """Writes to everybody behind the proposals; returns how many people that is."""
    return _tell(screenings, {"competition": competition}, template="proposals/mail/screening_released", key=key)


def tell_of_corrections(
    competition: Competition, screenings: Iterable[Screening], ends_at: datetime, *, key: str
) -> None:
    """To each the proposals that can be mended, with what is wrong and until when."""
    facts = {"competition": competition, "ends_at": ends_at}
    _tell(screenings, facts, template="proposals/mail/correction_opened", key=key)


def _tell(screenings: Iterable[Screening], facts: Mapping[str, object], *, template: str, key: str) -> int:
    by_proposal = {screening.submission.proposal: _result(screening) for screening in screenings}
    people = people_behind(by_proposal)
    letters = [
        (person, {**facts, "results": [by_proposal[each] for each in proposals]}, _next_step(proposals))
        for person, proposals in people.items()
    ]
    tell_each(letters, template=template, key=key)
    return len(people)


def tell_of_objection(objection: Objection, what: str) -> None:
    """To the lead and the acting agency admin: that it was `filed`, or `answered` and how."""
    proposal = objection.screening.submission.proposal
    tell_many(
        people_behind([proposal]),
        template=f"proposals/mail/objection_{what}",
        key=f"proposals.objection_{what}:{objection.pk}",
        context={"objection": objection, "proposal": proposal},
        link=reverse("proposals:objection", args=[proposal.code]),
    )


def _result(screening: Screening) -> Result:
    passed = screening.verdict == Screening.Verdict.PASS
    reasons = [] if passed else [check.reason for check in screening.failed_checks.all()]
    submission = screening.submission
    return Result(submission.proposal.title, submission.number, passed, reasons, "" if passed else screening.note)


def _next_step(proposals: list[Proposal]) -> str:
    if len(proposals) == 1:
        return reverse("proposals:proposal", args=[proposals[0].code])
    return reverse("proposals:list")
