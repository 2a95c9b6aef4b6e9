"""Files people attach, stored by content under opaque names and served only by the app that owns the reference; and
what every file has in common that is asked for now and written later."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One checked upload. The bytes lie at `path` (derived from the digest); the name is only for showing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, help_text="the uploader's file name, cleaned, for display and download")
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64, db_index=True)
    source_sha256 = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="digest of the bytes as they were sent, before cleaning"
    )
    path = models.CharField(max_length=200, help_text="name inside the default storage")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class AttachedFile(models.Model):
    """A file sent with something; with what, and under which code it is served, says the model that inherits this."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


class Usage(models.Model):
    """What was sent on one day on one account (files.quotas.Payer); old days are deleted."""

    account = models.CharField(max_length=120)
    day = models.DateField()
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    files = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="one_usage_per_account_and_day")]

    def __str__(self) -> str:
        return f"{self.account} {self.day}: {self.size}"


class PreparedFile(models.Model):
    """A file somebody asked for: written in the background (files/preparing.py), kept for some days, then removed.

    Whose it is and what it holds says the model that inherits this; its rows are deleted with their files.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being prepared")
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready to download")
        FAILED = "failed", _("Could not be prepared")

    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, help_text="when a worker last began to write it")
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    path = models.CharField(max_length=200, blank=True, help_text="name inside the default storage")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(path="") & Q(ready_at__isnull=False, expires_at__isnull=False)),
                name="a_ready_%(class)s_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="writing") | Q(claimed_at__isnull=False),
                name="an_%(class)s_is_written_since_a_moment",
            ),
        ]

    @property
    def archive(self) -> str:
        """Where its file goes in the default storage."""
        raise NotImplementedError
