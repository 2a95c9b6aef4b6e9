"""Who is how far, at what pace, and who will not make it; and what was finished on which day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import TruncDate

from competitions import calendar
from competitions.models import Round
from judging.models import Assessment, Juror

COUNTED = ("n_assigned", "n_draft", "n_final", "first", "last")
ENOUGH_TO_TELL = 2  # final sheets from which a pace is told
USUAL = 5.0  # sheets a day that anybody may be trusted with while their own pace is unknown


@dataclass
class Workload:
    """One juror in a round. `pace` is final sheets a day since the first, over one day at least; None while too few
    are final."""

    juror: Juror
    assigned: int
    draft: int
    final: int
    first: datetime | None
    last_activity: datetime | None
    pace: float | None = None
    needed: float | None = None

    @property
    def open(self) -> int:
        return self.assigned + self.draft

    @property
    def owes(self) -> int:
        """Sheets the juror is still waited for; who left owes none."""
        return 0 if self.juror.left_at else self.open

    @property
    def total(self) -> int:
        return self.open + self.final

    @property
    def will_miss(self) -> bool:
        """At their pace the juror does not finish in time; while it is unknown, at the usual one."""
        if not self.owes or self.needed is None:
            return False
        return self.needed > (USUAL if self.pace is None else self.pace) * 1.1


@dataclass
class Day:
    day: date
    final: int
    is_today: bool
    is_last: bool


@dataclass
class Calendar:
    """The days of the round in weeks; `most` is the busiest day."""

    weeks: list[list[Day | None]]
    most: int


def workloads(judging_round: Round, at: datetime) -> list[Workload]:
    """Each juror with sheets, those in danger first; one query."""
    return workloads_of([judging_round], at)[judging_round.pk]


def workloads_of(rounds: Iterable[Round], at: datetime) -> dict[int, list[Workload]]:
    """The same of each of several rounds (with their stages loaded), by key; one query for all of them."""
    stages = {each.pk: each.stage for each in rounds}
    jurors = Juror.objects.filter(assessments__entry__round__in=stages).annotate(
        in_round=F("assessments__entry__round"),
        n_assigned=Count("assessments", filter=Q(assessments__status="assigned")),
        n_draft=Count("assessments", filter=Q(assessments__status="draft")),
        n_final=Count("assessments", filter=Q(assessments__status="final")),
        first=Min("assessments__finalised_at", filter=Q(assessments__status="final")),
        last=Max("assessments__saved_at"),
    )
    found: dict[int, list[Workload]] = {pk: [] for pk in stages}
    for row in jurors.select_related("user"):
        each = Workload(row, *(getattr(row, name) for name in COUNTED))
        _measure(each, stages[row.in_round].ends_at, at)
        if each.total:
            found[row.in_round].append(each)
    return {pk: sorted(each, key=lambda load: (not load.will_miss, load.juror.user.name)) for pk, each in found.items()}


def _measure(each: Workload, ends_at: datetime | None, at: datetime) -> None:
    if each.first and each.final >= ENOUGH_TO_TELL:
        each.pace = each.final / max((at - each.first) / timedelta(days=1), 1)
    if ends_at and each.open:
        left = (ends_at - at) / timedelta(days=1)
        each.needed = each.open / left if left > 0.04 else float(each.open * 24)


def days_of(judging_round: Round, at: datetime) -> Calendar | None:
    """How many sheets became final on each day in Jakarta, in whole weeks from Monday; None without dates."""
    stage = judging_round.stage
    if stage.starts_at is None or stage.ends_at is None:
        return None
    first, last, today = map(calendar.local_day, (stage.starts_at, stage.ends_at, at))
    counts = dict(
        Assessment.objects.in_round(judging_round).final().order_by()
        .annotate(day=TruncDate("finalised_at", tzinfo=calendar.ZONE)).values_list("day").annotate(Count("pk"))
    )  # fmt: skip
    monday = first - timedelta(days=first.weekday())
    length = min((last - monday).days + 1, 120)
    days: list[Day | None] = [
        Day(day, counts.get(day, 0), day == today, day == last) if day >= first else None
        for day in (monday + timedelta(days=number) for number in range(length))
    ]
    days += [None] * (-len(days) % 7)
    return Calendar([days[at : at + 7] for at in range(0, len(days), 7)], max(counts.values(), default=0))
