"""The rounds that are being judged: how far their sheets are, who falls behind, and how far their lists have come."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from competitions import calendar
from competitions.models import Competition, Round
from judging.models import Selection
from judging.querysets.selections import is_fixed
from judging.querysets.sheets import LIVE
from judging.scoring.workload import workloads_of


@dataclass(frozen=True)
class RoundState:
    """A round with sheets. `behind`: the jurors who will not finish in time at their pace, or are late already."""

    round: Round
    sheets: int
    final: int
    is_fixed: bool
    is_announced: bool
    behind: int = 0

    @property
    def workload_url(self) -> str:
        group = self.round.group
        return reverse("judging:workload", args=[group.competition.code, group.key, self.round.key])


def rounds_in_progress(competitions: list[Competition]) -> list[RoundState]:
    """Rounds that have sheets, in the order of the year. One query."""
    standing = Selection.objects.standing().filter(round=OuterRef("pk"))  # a corrected list is announced anew
    announced = standing.filter(announcements__publish_at__isnull=False)
    rows = (
        Round.objects.filter(group__competition__in=competitions)
        .select_related("group__competition", "stage")
        .annotate(
            sheets=Count("entries__assessments", filter=Q(entries__assessments__status__in=LIVE)),
            final=Count("entries__assessments", filter=Q(entries__assessments__status="final")),
            is_fixed=is_fixed(),
            is_announced=Exists(announced),
        )
        .filter(sheets__gt=0)
        .order_by("group__competition", "group__order", "order")
    )
    return [RoundState(row, row.sheets, row.final, row.is_fixed, row.is_announced) for row in rows]


def with_behind(states: list[RoundState], at: datetime) -> list[RoundState]:
    """Those no plenary has fixed, each with how many jurors fall behind. One query."""
    unfixed = [each for each in states if not each.is_fixed]
    loads = workloads_of([each.round for each in unfixed if calendar.has_opened(each.round.stage, at)], at)
    return [
        RoundState(
            each.round, each.sheets, each.final, each.is_fixed, each.is_announced,
            sum(load.will_miss for load in loads.get(each.round.pk, ())),
        )
        for each in unfixed
    ]  # fmt: skip
