"""Who is told to be too slow, and who is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions import calendar
from competitions.models import Round
from judging.models import Assessment, Entry
from judging.scoring.workload import days_of, workloads


@pytest.mark.parametrize(
    ("final_hours_ago", "still_open", "hours_left", "pace", "will_miss"),
    [
        ((), 1, 9 * 24, None, False),
        ((30,), 1, 9 * 24, None, False),  # one final sheet tells no pace
        ((), 6, 20, None, True),  # more a day than anybody may be trusted with
        ((), 1, -1, None, True),
        ((30,), 1, -1, None, True),
        ((6, 4, 2), 1, 24, 3, False),  # three in a morning are three a day, not twelve
        ((6, 4, 2), 4, 24, 3, True),
        ((96, 2), 2, 4 * 24, 0.5, False),
        ((96, 2), 3, 4 * 24, 0.5, True),
    ],
)
def test_nobody_is_late_without_a_pace_or_an_unusual_need(
    desk_round, make_proposal, make_juror, final_hours_ago, still_open, hours_left, pace, will_miss
):
    juror, now = make_juror("ani"), timezone.now()
    stage = desk_round.stage
    stage.starts_at, stage.ends_at = now - timedelta(days=20), now + timedelta(hours=hours_left)
    stage.save()
    moments = [now - timedelta(hours=hours) for hours in final_hours_ago] + [None] * still_open
    for place, moment in enumerate(moments):
        entry = Entry.objects.create(round=desk_round, proposal=make_proposal(f"Proposal {place}"))
        status = "final" if moment else "assigned"
        Assessment.objects.create(entry=entry, juror=juror, place=place, status=status, finalised_at=moment)
    (load,) = workloads(Round.objects.select_related("stage").get(pk=desk_round.pk), now)
    assert (load.pace, load.will_miss) == (pytest.approx(pace) if pace else None, will_miss)


def test_a_round_has_the_same_days_for_a_reader_in_jayapura(desk_round):
    """It ends at 23.59 in Jakarta, which is the next day there."""
    desk_round.stage.ends_at = calendar.end_of(calendar.local_day(desk_round.stage.ends_at))
    with timezone.override("Asia/Jayapura"):
        weeks = days_of(desk_round, calendar.now()).weeks
    days = [each.day for week in weeks for each in week if each]
    assert days[-1] == calendar.local_day(desk_round.stage.ends_at)
