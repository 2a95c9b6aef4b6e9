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
    """A public notice. It becomes visible when the database clock passes `publish_at`, not when a task runs.

    What was public never changes: a correction is a row of its own, with a reason, that supersedes the one it corrects
    from its own moment on.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening")
        EXTENSION = "extension", _("Deadline extension")
        SCREENING = "screening", _("Screening results")
        NOMINATION = "nomination", _("Nominations")
        FINALIST = "finalist", _("Finalists")
        WINNER = "winner", _("Winners")
        SELECTION = "selection", _("Other selection results")
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
    letter = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="the signed letter; empty: the portal's own PDF is the letter",
    )  # fmt: skip
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="corrected_by",
        help_text="empty: the first version",
    )  # fmt: skip
    because = models.CharField(
        _("reason of the correction"), max_length=1000, blank=True, help_text=_("Shown in public with both versions.")
    )
    revision = models.PositiveIntegerField(default=1, help_text="of the draft: two clerks in it notice each other")
    publish_at = models.DateTimeField(_("published at"), null=True, blank=True, help_text="empty: still being written")
    told_at = models.DateTimeField(null=True, help_text="when those concerned were written to")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    is_public: bool  # by the database's clock; only on rows read with_publicity()
    is_held: bool  # the same: its moment has come, but a list of it was being corrected

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-publish_at", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version=1, corrects=None) | models.Q(version__gt=1, corrects__isnull=False),
                name="a_later_version_corrects",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(because=""),
                name="a_correction_has_a_reason",
                violation_error_message=_("Say why it is corrected."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("announcements:announcement", args=[self.code])

    @property
    def carries_lists(self) -> bool:
        return self.kind in LISTS


# The kinds that make lists of plenaries public: what their people hear of must be written by the portal.
_KIND = Announcement.Kind
LISTS = (_KIND.NOMINATION, _KIND.FINALIST, _KIND.WINNER, _KIND.SELECTION)
