"""What follows the winners in a demonstration year: certificates that are printed, an award day that is planned."""

from datetime import datetime, time

from django.db.models import QuerySet

from announcements.models import Announcement
from awards import actions
from awards.models import Certificate, Kind
from competitions import calendar
from competitions.models import Stage
from judging.models import Selection
from sinovik.rehearsal.season import Season


def print_certificates(season: Season) -> int:
    """Certificates of every kind for everybody on the public lists of winners; returns how many."""
    day = _award_day(season).date()
    for selection in _lists(season):
        actions.ask_certificates(
            selection, kinds=Kind.values, place="Jakarta", day=day, by=season.clerk,
            signer_name="Dr. Bambang Prakoso, M.Si.", signer_office="Deputi Bidang Pelayanan Publik",
            decree="Keputusan Menteri PANRB Nomor 000 Tahun peragaan",
        )  # fmt: skip
    actions.print_waiting()
    return Certificate.objects.filter(competition=season.competition).count()


def plan_award_day(season: Season) -> int:
    """One award day for all of them; returns how many are called."""
    ceremony = actions.plan_ceremony(
        season.competition, name="Penyerahan penghargaan", venue="Auditorium Kementerian PANRB, Jakarta",
        starts_at=_award_day(season), seats_per_row=10, lists=_lists(season), by=season.clerk,
    )  # fmt: skip
    return ceremony.calls.count()


def _lists(season: Season) -> QuerySet[Selection]:
    public = Selection.objects.filter(announcements__in=Announcement.objects.standing())
    return public.filter(round__group__competition=season.competition).exclude(round__award_tier="").order_by("pk")


def _award_day(season: Season) -> datetime:
    """Ten in the morning, in Jakarta, of the first day the calendar keeps for it."""
    day = season.competition.stages.filter(kind=Stage.Kind.EVENT).latest("order").starts_at or calendar.now()
    return datetime.combine(calendar.local_day(day), time(10), calendar.ZONE)
