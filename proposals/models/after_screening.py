"""What an agency can still do once its screening is known: mend what is named, or object."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proposals.models.screening import Screening
from proposals.models.sending import Submission
from proposals.querysets import CorrectionQuerySet

NOT_RUNNING = _("The time to correct this proposal is over, or it was sent already.")


class Correction(models.Model):
    """The time an agency has to mend exactly what the screening named. One per proposal."""

    screening = models.OneToOneField(Screening, on_delete=models.PROTECT, related_name="correction")
    opened_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(help_text="the last moment that counts")
    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, null=True, related_name="corrects", help_text="what was sent instead"
    )
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submission=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="a_correction_sent_has_a_sender",
            )
        ]

    def __str__(self) -> str:
        return str(self.screening_id)


class Objection(models.Model):
    """An agency's one objection to a failed screening, and the secretariat's answer. Neither is ever changed."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("The result stands")
        OVERTURNED = "overturned", _("The proposal passes after all")

    screening = models.OneToOneField(
        Screening,
        on_delete=models.PROTECT,
        related_name="objection",
        error_messages={"unique": _("An objection was already filed.")},
    )
    text = models.TextField(_("objection"), max_length=5000)
    attachment = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["filed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="an_answered_objection_has_words_and_an_author",
            )
        ]

    def __str__(self) -> str:
        return f"{self.screening_id}: {self.outcome}"
