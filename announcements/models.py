"""What is made public, and when."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from announcements.querysets import AnnouncementQuerySet
from competitions.models import Competition
from judging.models import Selection


class Announcement(models.Model):
    """A public notice. It becomes visible when the database clock passes `publish_at`, not when a task runs."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening")
        EXTENSION = "extension", _("Deadline extension")
        SCREENING = "screening", _("Screening results")
        SELECTION = "selection", _("Selection results")
        NEWS = "news", _("News")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="announcements")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.CharField(
        _("number"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("Another announcement already carries this number.")},
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, help_text="Markdown")
    selections = models.ManyToManyField(Selection, blank=True, related_name="announcements")
    publish_at = models.DateTimeField(_("published at"), null=True, blank=True, help_text="empty: still being written")
    told_at = models.DateTimeField(null=True, help_text="when those concerned were written to")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    is_public: bool  # by the database's clock; only on rows read with_publicity()

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-publish_at", "-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("announcements:announcement", args=[self.code])
