"""What verification found: an entry with its team, its claims, and the result that counts in the ranking."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Round
from judging.models import Assessment, Claim, ClaimPhoto, Entry
from judging.querysets.sheets import LIVE
from proposals.models import Answer

LONGEST = 400  # characters of a claim taken from an answer

RESULTS: dict[str, tuple[str | Promise, str]] = {
    "open": (_("Not finished"), "pending"),
    "passed": (_("Passed"), "passed"),
    "notes": (_("Passed with notes"), "warning"),
    "failed": (_("Not passed"), "failed"),
}


@dataclass(frozen=True)
class Verified:
    """One entry: its team's sheets (in order of names), its claims, and what follows from both."""

    entry: Entry
    sheets: list[Assessment]
    claims: list[Claim]
    result: str

    @property
    def label(self) -> str | Promise:
        return RESULTS[self.result][0]

    @property
    def tone(self) -> str:
        return RESULTS[self.result][1]

    @property
    def looked_at(self) -> int:
        return sum(bool(claim.finding) for claim in self.claims)

    @property
    def doubts(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.finding and claim.finding != Claim.Finding.CONFIRMED]


def verified(judging_round: Round, entries: Iterable[Entry]) -> list[Verified]:
    """Sheets and claims of these entries, in a constant number of queries. The sheets alone decide who passes, as in
    judging.ranking.places; claims that were not confirmed are its notes."""
    return [_verified(judging_round, entry) for entry in entries]


def _verified(judging_round: Round, entry: Entry) -> Verified:
    sheets, claims = list(entry.assessments.all()), list(entry.claims.all())
    totals = [sheet.total for sheet in sheets if sheet.status == "final"]  # type: ignore[attr-defined]
    grade = Decimal(100) if judging_round.passing_grade is None else judging_round.passing_grade
    if len(totals) < len(sheets) or len(totals) < judging_round.assessors_per_proposal:
        result = "open"
    elif sum(totals) / len(totals) < grade:
        result = "failed"
    else:
        result = "notes" if any(claim.finding not in ("", "confirmed") for claim in claims) else "passed"
    return Verified(entry, sheets, claims, result)


def entries_visible_to(user: User, judging_round: Round) -> QuerySet[Entry]:
    """The round's entries a person verifies; the secretariat sees all. With sheets, claims and photographs."""
    live = Assessment.objects.live().official()
    entries = Entry.objects.filter(round=judging_round).select_related(
        "round", "proposal__agency", "proposal__category"
    )
    if not user.is_secretariat:
        mine = Assessment.objects.visible_to(user).filter(entry=OuterRef("pk"), juror__user=user, status__in=LIVE)
        entries = entries.filter(Exists(mine))
    return entries.prefetch_related(
        Prefetch("assessments", live.with_total().select_related("juror__user").order_by("juror__user__name", "pk")),
        Prefetch("claims", Claim.objects.select_related("aspect", "found_by")),
        Prefetch("claims__photos", ClaimPhoto.objects.select_related("file")),
    ).order_by("proposal__code")


def beside(judging_round: Round, user: User) -> list[Verified]:
    """What the pass-or-fail rounds that support this one have found so far, for its ranking."""
    rounds = [each for each in judging_round.supporters() if each.is_pass_fail]
    return [row for each in rounds for row in verified(each, entries_visible_to(user, each))]


def first_claims(entry: Entry) -> list[Claim]:
    """One claim for each answer that is scored: how it begins. A start, to be sharpened by the team."""
    answers = Answer.objects.filter(proposal=entry.proposal, question__aspect__weight__gt=0).exclude(text="")
    answers = answers.select_related("question__aspect").order_by("question__aspect__order", "question__order")
    return [Claim(entry=entry, aspect=each.question.aspect, text=_beginning(each.text)) for each in answers]


def _beginning(text: str) -> str:
    """The first two sentences, if they are not too long."""
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
    for count in (2, 1):
        start = " ".join(sentences[:count])
        if len(start) <= LONGEST:
            return start
    return f"{start[: LONGEST - 1].rsplit(' ', 1)[0]}…"
