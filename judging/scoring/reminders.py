"""Who still has open sheets when a round is about to close, and when they are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from competitions.models import Round
from judging.models import Juror
from judging.querysets.selections import is_fixed

LEADS = (timedelta(days=14), timedelta(days=7), timedelta(days=3), timedelta(days=1), timedelta(hours=6))


@dataclass(frozen=True)
class Reminder:
    """One juror to be told about one round. `key` holds the closing moment, so that an extension is told anew."""

    juror: Juror
    round: Round
    count: int
    lead: timedelta
    closes_at: datetime

    @property
    def key(self) -> str:
        hours = int(self.lead.total_seconds() // 3600)
        closing = self.closes_at.strftime("%Y%m%dT%H%M")
        return f"judging.reminder:{self.round.pk}:{self.juror.code}:{hours}h:{closing}"


def due(at: datetime) -> Iterator[Reminder]:
    """The reminders whose time has come. Computed each minute; told once by their key.

    Only the nearest lead that has passed is due, and only to who had a sheet by then: who gets one two days before the
    end is told "1 day" and nothing before, for the letter that gave it named the end already.
    """
    closing = Round.objects.filter(~is_fixed(), stage__ends_at__gt=at, stage__ends_at__lte=at + LEADS[0])
    for judging_round in closing.filter(Q(stage__starts_at=None) | Q(stage__starts_at__lte=at)).select_related("stage"):
        closes_at = judging_round.stage.ends_at
        if closes_at is None:
            continue
        lead = min(lead for lead in LEADS if closes_at - at <= lead)
        for juror in _with_open_sheets(judging_round, since=closes_at - lead):
            yield Reminder(juror, judging_round, juror.open_sheets, lead, closes_at)  # type: ignore[attr-defined]


def _with_open_sheets(judging_round: Round, *, since: datetime) -> list[Juror]:
    """Current jurors who have had an open sheet since that moment, with `open_sheets`, the number of all of them."""
    mine = Q(assessments__entry__round=judging_round, assessments__status__in=("assigned", "draft"))
    jurors = Juror.objects.current().annotate(
        open_sheets=Count("assessments", filter=mine),
        waiting=Count("assessments", filter=mine & Q(assessments__assigned_at__lte=since)),
    )
    return list(jurors.filter(waiting__gt=0).select_related("user").order_by("pk"))
