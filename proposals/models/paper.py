"""What is written from proposals to be taken away: the PDF of a sent one, and a person's own data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from proposals.models.proposal import Proposal
from proposals.models.sending import Submission
from proposals.querysets import ExportQuerySet


class SentPaper(models.Model):
    """The PDF of what was sent, in one language, written once and kept: whoever opens it later gets the same bytes."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="papers")
    language = models.CharField(max_length=5)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "language"], name="one_paper_per_language")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.language}"


class Export(models.Model):
    """A person's own data as one ZIP: asked for, written in the background, kept for some days, then removed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being prepared")
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready to download")
        FAILED = "failed", _("Could not be prepared")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, help_text="when a worker last began to write it")
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    path = models.CharField(max_length=200, blank=True, help_text="name inside the default storage")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    proposals = models.ManyToManyField(
        Proposal,
        related_name="+",
        help_text="held whole; handed out while the person may read all of them",
    )

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["waiting", "writing"]),
                name="one_export_at_a_time",
                violation_error_message=_("Your data are already being prepared."),
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(path="") & Q(ready_at__isnull=False, expires_at__isnull=False)),
                name="a_ready_export_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="writing") | Q(claimed_at__isnull=False), name="an_export_is_written_since_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def archive(self) -> str:
        """Where its file goes in the default storage."""
        return f"exports/{self.code}.zip"
