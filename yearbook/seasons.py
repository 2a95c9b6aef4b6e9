"""A year lived in the portal, in counts. What has not been announced is not counted in public, whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from announcements.lists import entries_made_public
from announcements.models import Announcement
from catalogue.models import Award
from competitions.models import Competition
from proposals.models import Proposal, Submission
from yearbook.history import STEPS

Tier = Award.Tier
STEP_OF: dict[str, str] = {
    "": "nominations",
    **dict.fromkeys((Tier.FINALIST, Tier.SPECIAL_FINALIST, Tier.REPLICATION_FINALIST), "finalists"),
    **dict.fromkeys((Tier.WINNER, Tier.OUTSTANDING, Tier.REPLICATION_WINNER), "winners"),
}


@dataclass(frozen=True)
class Season:
    competition: Competition
    counts: dict[str, int | None]  # step → number; None: not announced

    @property
    def steps(self) -> list[int | None]:
        return [self.counts[step] for step in STEPS]


def lived() -> QuerySet[Competition]:
    """The years that have proposals in this portal; a demonstration's only in a demonstration. Newest first."""
    entered = Competition.objects.filter(Exists(Proposal.objects.filter(competition=OuterRef("pk"))))
    return entered if settings.DEMO else entered.filter(is_demonstration=False)


def season(competition: Competition) -> Season:
    return seasons([competition])[0]


def seasons(competitions: Sequence[Competition]) -> list[Season]:
    """Of each year in turn. Three queries, however many years."""
    standing = Exists(Submission.objects.filter(proposal=OuterRef("pk"), stands=True))
    entered = Proposal.objects.filter(competition__in=competitions).order_by().values("competition")
    counted = {
        row["competition"]: row
        for row in entered.annotate(
            registered=Count("pk"), sent=Count("pk", filter=Q(standing)), passed=Count("pk", filter=Q(status="passed"))
        )
    }
    announced = _announced(competitions)
    screenings = Announcement.objects.public().filter(kind=Announcement.Kind.SCREENING, competition__in=competitions)
    told = set(screenings.order_by().values_list("competition", flat=True)) | set(announced)
    return [
        _season(each, counted.get(each.pk, {}), announced.get(each.pk, {}), is_screening_public=each.pk in told)
        for each in competitions
    ]


def _season(
    competition: Competition, counted: Mapping[str, Any], announced: dict[str, int], *, is_screening_public: bool
) -> Season:
    counts: dict[str, int | None] = {
        "registered": counted.get("registered", 0), "sent": counted.get("sent", 0),
        "passed": counted.get("passed", 0) if is_screening_public else None,
        **{step: announced.get(step) for step in STEPS[3:]},
    }  # fmt: skip
    return Season(competition, counts)


def _announced(competitions: Sequence[Competition]) -> dict[int, dict[str, int]]:
    """Of each year step → how many the public lists name; years without such a list are missing."""
    year = "selection__round__group__competition"
    named = entries_made_public().filter(**{f"{year}__in": competitions}).order_by()
    found: dict[int, dict[str, int]] = {}
    for pk, tier, number in named.values_list(year, "selection__round__award_tier").annotate(number=Count("pk")):
        if tier in STEP_OF:
            steps = found.setdefault(pk, {})
            steps[STEP_OF[tier]] = steps.get(STEP_OF[tier], 0) + number
    return found
