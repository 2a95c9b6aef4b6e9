"""Verification of an entry: the claims of its proposal, what the team found of each, and photographs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from competitions.models import Aspect


class Claim(models.Model):
    """One thing the proposal says that a team looks at, and what it found. Changed by version, as all that is saved
    while it is written."""

    class Finding(models.TextChoices):
        CONFIRMED = "confirmed", _("As claimed")
        PARTLY = "partly", _("Partly confirmed")
        NOT = "not", _("Not confirmed by what was found")
        UNCHECKED = "unchecked", _("Could not be checked")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    entry = models.ForeignKey("judging.Entry", on_delete=models.PROTECT, related_name="claims")
    aspect = models.ForeignKey(
        Aspect, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("aspect")
    )
    text = models.TextField(_("claim"), max_length=600)
    finding = models.CharField(_("finding"), max_length=10, choices=Finding, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField(null=True, blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["entry", "aspect__order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__in=["", "confirmed"]) | ~Q(note=""),
                name="a_doubt_about_a_claim_says_why",
                violation_error_message=_("Write what was found instead, or why it could not be checked."),
            )
        ]

    def __str__(self) -> str:
        return self.text


class ClaimPhoto(models.Model):
    """A photograph of what was found; drawn again by the portal before it is kept."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["claim", "file"], name="one_photo_once_per_claim")]

    def __str__(self) -> str:
        return str(self.file)
