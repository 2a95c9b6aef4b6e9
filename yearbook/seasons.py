"""A year lived in the portal, in counts. What has not been announced is not counted in public, whoever asks."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from announcements.lists import entries_made_public
from announcements.models import Announcement
from catalogue.models import Award
from competitions import calendar
from competitions.models import Competition, Stage
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
    is_open: bool

    @property
    def steps(self) -> list[int | None]:
        return [self.counts[step] for step in STEPS]


def lived() -> QuerySet[Competition]:
    """The years that have proposals in this portal; a demonstration's only in a demonstration. Newest first."""
    entered = Competition.objects.filter(Exists(Proposal.objects.filter(competition=OuterRef("pk"))))
    return entered if settings.DEMO else entered.filter(is_demonstration=False)


def season(competition: Competition) -> Season:
    """Four queries."""
    of_year = Proposal.objects.filter(competition=competition)
    standing = Exists(Submission.objects.filter(proposal=OuterRef("pk"), stands=True))
    counted = of_year.aggregate(
        registered=Count("pk"), sent=Count("pk", filter=Q(standing)), passed=Count("pk", filter=Q(status="passed"))
    )
    announced = _announced(competition)
    is_screening_public = bool(announced) or (
        Announcement.objects.public().filter(competition=competition, kind=Announcement.Kind.SCREENING).exists()
    )
    counts: dict[str, int | None] = {
        "registered": counted["registered"], "sent": counted["sent"],
        "passed": counted["passed"] if is_screening_public else None,
        **{step: announced.get(step) for step in STEPS[3:]},
    }  # fmt: skip
    stage = competition.stages.filter(kind=Stage.Kind.SUBMISSION).first()
    return Season(competition, counts, is_open=bool(stage and calendar.is_open(stage)))


def _announced(competition: Competition) -> dict[str, int]:
    """Step → how many the public lists name."""
    named = entries_made_public().filter(selection__round__group__competition=competition).order_by()
    rows = named.values_list("selection__round__award_tier").annotate(number=Count("pk"))
    found: dict[str, int] = {}
    for tier, number in rows:
        if tier in STEP_OF:
            found[STEP_OF[tier]] = found.get(STEP_OF[tier], 0) + number
    return found
