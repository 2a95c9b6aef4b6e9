"""What became of past winners: asked once a year, answered by their agencies, accepted by the secretariat (PKRI)."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from accounts.models import User
from catalogue.models.innovations import Innovation
from catalogue.querysets import FollowUpReportQuerySet
from files.models import AttachedFile

LONGEST_REPORT = 3000
TO_MEND = timedelta(days=7)  # from being sent back, also past the closing


class FollowUp(models.Model):
    """A year's asking of all that won from one year to another. It is open until it closes; nothing has to run."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True, help_text="in which it was asked")
    first_year = models.PositiveSmallIntegerField(_("winners from"))
    last_year = models.PositiveSmallIntegerField(_("winners to"))
    closes_at = models.DateTimeField(_("closes"))
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")), name="follow_up_begins_before_it_ends",
                violation_error_message=_("The first year comes after the last."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.year)

    def get_absolute_url(self) -> str:
        return reverse("catalogue:follow_up", args=[self.year])


class FollowUpReport(models.Model):
    """What is asked of one innovation, and what its agency says. It stays with the row it was asked of and is shown
    where that row leads."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the agency")
        SENT = "sent", _("Waiting for the secretariat")
        RETURNED = "returned", _("Sent back")
        ACCEPTED = "approved", _("Accepted")

    class Standing(models.TextChoices):
        RUNNING = "running", _("Still running")
        GROWN = "grown", _("Grown")
        STOPPED = "stopped", _("No longer running")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="reports")
    innovation = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    standing = models.CharField(max_length=10, choices=Standing, blank=True)
    text = models.TextField(_("what became of it"), max_length=LONGEST_REPORT, blank=True)
    note = models.TextField(_("note"), blank=True, help_text="why it was sent back")
    sent_at = models.DateTimeField(null=True, editable=False)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = FollowUpReportQuerySet.as_manager()

    class Meta:
        ordering = ["innovation__title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "innovation"], name="one_report_per_follow_up_and_innovation"),
            models.CheckConstraint(
                condition=Q(state="waiting") | ~(Q(standing="") | Q(text="") | Q(sent_at=None)),
                name="what_was_sent_says_what_became_of_it",
            ),
            models.CheckConstraint(condition=~Q(state="returned", note=""), name="sent_back_with_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.innovation} ({self.follow_up})"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:report", args=[self.code])

    @property
    def origin(self) -> Innovation:
        """The innovation under the row that stands for it now."""
        return self.innovation.current

    @property
    def stamp(self) -> str:
        """What whoever decides has read."""
        return self.sent_at.isoformat() if self.sent_at else ""

    @property
    def open_until(self) -> datetime:
        """The last moment the agency may answer, or mend what was sent back."""
        if self.state == self.State.RETURNED and self.decided_at:
            return max(self.follow_up.closes_at, self.decided_at + TO_MEND)
        return self.follow_up.closes_at


class FollowUpFile(AttachedFile):
    """Evidence of a report, for the agency and the secretariat."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    report = models.ForeignKey(FollowUpReport, on_delete=models.CASCADE, related_name="files")
