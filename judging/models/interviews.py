"""Interviews of a round: the hours they lie in, the panels, each finalist's slot, and what agencies ask to change."""

from datetime import time, timedelta
from functools import partial

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from competitions.models import Round
from judging.querysets.interviews import SlotQuerySet

CONFIRMED_BEFORE = timedelta(hours=24)  # how long before the interview the agency confirms it


class Timetable(models.Model):
    """The hours in which a round's interviews may lie. The panels keep Jakarta's clock, an agency its own.

    The usual hours are calls: Django takes a plain time that is near to now for a forgotten now().
    """

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="timetable")
    days = models.JSONField(default=list, help_text='list of days in Jakarta, "2023-06-26"')
    opens = models.TimeField(_("first interview"), default=partial(time, 9))
    closes = models.TimeField(_("end of the day"), default=partial(time, 15))
    lunch_from = models.TimeField(_("lunch from"), default=partial(time, 12))
    lunch_to = models.TimeField(_("lunch to"), default=partial(time, 13))
    office_from = models.TimeField(_("agencies' office hours from"), default=partial(time, 8))
    office_to = models.TimeField(_("agencies' office hours to"), default=partial(time, 16))
    pause_minutes = models.PositiveSmallIntegerField(_("minutes between two interviews"), default=5)

    def __str__(self) -> str:
        return str(self.round)


class Panel(models.Model):
    """Panelists who hear agencies together, at one link."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="panels")
    name = models.CharField(_("name"), max_length=60, help_text="agencies see it")
    members = models.ManyToManyField("judging.Juror", related_name="panels", verbose_name=_("members"))
    video_url = models.URLField(_("video link"), blank=True)

    class Meta:
        ordering = ["round", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "name"],
                name="one_panel_per_name_and_round",
                violation_error_message=_("The round already has a panel with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class InterviewSlot(models.Model):
    """When a panel hears one entry. Before `published_at` only the secretariat knows of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Not yet begun")
        RUNNING = "running", _("In session")
        DONE = "done", _("Heard")
        ABSENT = "absent", _("Did not appear")
        CANCELLED = "cancelled", _("Cancelled")  # its proposal left the competition; the row stays as a trace

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    entry = models.OneToOneField("judging.Entry", on_delete=models.PROTECT, related_name="slot")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    planned_at = models.DateTimeField(help_text="the start as the agency confirms it; shifts on the day leave it")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    video_url = models.URLField(_("video link"), blank=True, help_text="empty: the panel's")
    published_at = models.DateTimeField(null=True)
    confirm_by = models.DateTimeField(null=True, help_text="the last moment in which the agency confirms")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    presenters = models.TextField(_("who presented"), blank=True, help_text="a name a line")
    leader_attended = models.BooleanField(_("the head of the agency attended"), null=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=1, help_text="rises with each change of time or place")

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "panel", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="an_interview_takes_time"),
            ExclusionConstraint(
                name="a_panel_hears_one_agency_at_a_time",
                expressions=[
                    (
                        Func("starts_at", "ends_at", RangeBoundary(), function="TSTZRANGE",
                             output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                    ("panel", RangeOperators.EQUAL),
                ],
                condition=~Q(status="cancelled"),
                deferrable=Deferrable.DEFERRED,
                violation_error_message=_("The panel hears somebody else at that time."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def link(self) -> str:
        """Where the interview is held on line."""
        return self.video_url or self.panel.video_url

    @property
    def minutes_late(self) -> int:
        """How many minutes after what was announced it begins, or began."""
        return max(int(((self.began_at or self.starts_at) - self.planned_at).total_seconds() // 60), 0)


class ChangeRequest(models.Model):
    """An agency asks for another time, and what the secretariat answers."""

    class Outcome(models.TextChoices):
        MOVED = "moved", _("Moved")
        DECLINED = "declined", _("Declined")

    slot = models.ForeignKey(InterviewSlot, on_delete=models.CASCADE, related_name="change_requests")
    reason = models.TextField(_("reason"), max_length=1000)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(outcome=""),
                name="one_open_change_request_per_interview",
                violation_error_message=_("A request for another time is already waiting for an answer."),
            )
        ]

    def __str__(self) -> str:
        return self.reason
