"""The interview round of a rehearsed year: panels, timetable, confirmations, and the days themselves."""

from datetime import timedelta

from django.db.models import F

from accounts.models import User
from competitions import calendar
from competitions.models import Competition, Round
from judging import actions as judging
from judging.interviews.sittings import days_of
from judging.models import InterviewSlot
from judging.querysets.interviews import SlotQuerySet
from sinovik.rehearsal.season import Season

MOMENTS = ("starts_at", "ends_at", "planned_at", "published_at", "confirm_by", "confirmed_at", "began_at", "ended_at")


def prepare(season: Season, judging_round: Round) -> None:
    """Panels of exactly as many as assess each proposal, a proposed timetable, and its publication."""
    size, panelists = judging_round.assessors_per_proposal, season.jurors[judging_round.assessors]
    for number, first in enumerate(range(0, len(panelists) - size + 1, size), start=1):
        judging.save_panel(
            judging_round, name=f"Panel {number}", members=panelists[first : first + size], by=season.clerk,
            video_url=f"https://rapat.contoh.go.id/{season.competition.code}-{judging_round.group.key}-{number}",
        )  # fmt: skip
    days = [day.isoformat() for day in days_of(judging_round)]
    judging.propose_timetable(judging_round, hours={"days": days}, anew=True, by=season.clerk)
    judging.publish_timetable(judging_round, by=season.clerk)


def confirm(season: Season, *, share: float = 1) -> int:
    """The admins of the agencies confirm, the first to present first; returns how many."""
    waiting = list(_slots(season.competition).unconfirmed().with_people().order_by("starts_at", "pk"))
    for slot in waiting[: round(len(waiting) * share)]:
        admin = User.objects.admins_of(slot.entry.proposal.agency).get()
        judging.confirm_interview(slot, by=admin)
    return round(len(waiting) * share)


def hold(season: Season) -> int:
    """Bring the last day of the interviews to today, and hear everybody. Returns how many were heard."""
    slots = _slots(season.competition).filter(status=InterviewSlot.Status.WAITING)
    last = slots.select_related("entry__round__stage").order_by("starts_at").last()
    if last is None:
        return 0
    calendar.lay_around(season.competition, last.entry.round.stage.key, fraction=0.98)
    stage = last.entry.round.stage
    before = stage.starts_at
    stage.refresh_from_db()
    if before and stage.starts_at:
        shift(season.competition, stage.starts_at - before)
    heard = list(slots.with_people().order_by("starts_at", "pk"))
    for slot in heard:
        judging.begin_interview(slot, by=season.clerk)
        judging.end_interview(
            slot,
            presenters=str(slot.entry.proposal.lead),
            leader_attended=season.random.random() < 0.8,
            by=season.clerk,
        )
    # The clock stands where the calendar was brought to; each was heard at its own time.
    InterviewSlot.objects.filter(pk__in=[slot.pk for slot in heard]).update(
        began_at=F("starts_at"), ended_at=F("ends_at")
    )
    return len(heard)


def shift(competition: Competition, by: timedelta) -> None:
    """Move the interviews of a year with its calendar."""
    _slots(competition).update(**{field: F(field) + by for field in MOMENTS})


def are_ahead(competition: Competition) -> bool:
    """Whether the timetable waits to be lived: the calendar then stands at the stage's first day."""
    return _slots(competition).filter(status=InterviewSlot.Status.WAITING).exists()


def _slots(competition: Competition) -> SlotQuerySet:
    return InterviewSlot.objects.filter(entry__round__group__competition=competition)
