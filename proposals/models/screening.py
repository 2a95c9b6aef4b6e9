"""The secretariat's check of what was sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.models import ScreeningCheck
from proposals.models.sending import Submission


class Screening(models.Model):
    """The secretariat's check of one sent proposal. One row per submission; claimed by one clerk at a time.

    A decision stays inside the secretariat (proposal still `sent`) until results are released together.
    """

    class Verdict(models.TextChoices):
        PASS = "pass", _("Pass")
        FAIL = "fail", _("Fail")

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="screening")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict, blank=True)
    failed_checks = models.ManyToManyField(ScreeningCheck, related_name="+", blank=True)
    note = models.TextField(_("note"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["submission__sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_verdict_has_an_author",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | ~Q(verdict=""), name="only_decided_screenings_are_released"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.verdict}"
