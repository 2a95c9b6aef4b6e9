"""Anchors: entries every juror of a round reads, and what each juror, alone, is told about their own scoring.

An anchor is judged as an entry by as many jurors as the round asks for, and only their sheets make its official mean;
every other juror's sheet of it is `is_anchor_only`. The agreed scores enter neither the mean nor the calibration:
they serve the private feedback, and nothing else.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import Count, Q, Sum
from scipy.special import chdtri, stdtrit

from accounts.models import User
from competitions.models import Round
from judging.models import Anchor, Assessment
from judging.querysets.sheets import LIVE, SCORED

FEW, MANY = 8, 12  # how many anchors a round should have
ENOUGH = 3  # finished anchors before a juror is told anything


@dataclass(frozen=True)
class Row:
    """An anchor for the secretariat: its agreed total (None while a score is missing), sheets given and finished."""

    anchor: Anchor
    agreed: Decimal | None
    given: int
    final: int


@dataclass(frozen=True)
class Feedback:
    """One juror's own scoring of the anchors of one round, in points, with 90 % intervals.

    `bias` is the mean of own minus agreed total (below 0: stricter); `noise` the standard deviation around it.
    """

    round: Round
    sheets: int
    bias: float
    bias_low: float
    bias_high: float
    noise: float
    noise_low: float
    noise_high: float

    @property
    def leaning(self) -> str:
        """strict or lenient where the interval leaves no doubt, else neither."""
        return "strict" if self.bias_high < 0 else "lenient" if self.bias_low > 0 else "neither"

    @property
    def distance(self) -> float:
        return abs(self.bias)


def rows(judging_round: Round) -> list[Row]:
    """The round's anchors in a constant number of queries."""
    live = Q(entry__assessments__status__in=LIVE)
    anchors = Anchor.objects.filter(entry__round=judging_round).select_related("entry__proposal__agency")
    counts = anchors.order_by().annotate(
        given=Count("entry__assessments", filter=live),
        final=Count("entry__assessments", filter=Q(entry__assessments__status="final")),
    )
    sheets = {pk: (given, final) for pk, given, final in counts.values_list("pk", "given", "final")}
    agreed = agreed_totals(judging_round)
    found = anchors.prefetch_related("scores").order_by("entry__proposal__code")
    return [Row(anchor, agreed.get(anchor.entry_id), *sheets[anchor.pk]) for anchor in found]


def agreed_totals(*rounds: Round) -> dict[int, Decimal]:
    """The agreed total of each fully scored anchor, 0 to 100 as that of a sheet, by entry primary key. Two queries."""
    wanted = dict(
        Round.objects.filter(pk__in=[each.pk for each in rounds])
        .annotate(count=Count("criteria"))
        .values_list("pk", "count")
    )
    anchors = Anchor.objects.filter(entry__round__in=wanted).order_by()
    totals = anchors.annotate(total=Sum(SCORED), scored=Count("scores"))
    rows = totals.values_list("entry", "entry__round", "total", "scored")
    return {entry: total for entry, in_round, total, scored in rows if scored and scored == wanted[in_round]}


def feedback_for(user: User) -> list[Feedback]:
    """What the person may know of their own scoring: only theirs, only when all their sheets of the round's anchors
    are final. Three queries however many rounds."""
    mine = Assessment.objects.visible_to(user).filter(juror__user=user, entry__anchor__isnull=False)
    sheets = list(mine.with_total().select_related("entry__round__group__competition").order_by("entry__round", "pk"))
    by_round: dict[int, list[Assessment]] = {}
    for sheet in sheets:
        by_round.setdefault(sheet.entry.round_id, []).append(sheet)
    done = [found for found in by_round.values() if all(sheet.status == "final" for sheet in found)]
    if not done:
        return []
    agreed = agreed_totals(*(found[0].entry.round for found in done))
    feedback = []
    for found in done:
        apart = [float(sheet.total - agreed[sheet.entry_id]) for sheet in found if sheet.entry_id in agreed]  # type: ignore[attr-defined]
        if len(apart) >= ENOUGH:
            feedback.append(compare(found[0].entry.round, apart))
    return feedback


def compare(judging_round: Round, apart: list[float]) -> Feedback:
    """From own minus agreed totals, at least two of them."""
    values, n = np.array(apart), len(apart)
    bias, noise = float(values.mean()), float(values.std(ddof=1))
    half = float(stdtrit(n - 1, 0.95)) * noise / np.sqrt(n)
    low, high = (noise * float(np.sqrt((n - 1) / chdtri(n - 1, p))) for p in (0.05, 0.95))
    return Feedback(judging_round, n, bias, bias - half, bias + half, noise, low, high)
