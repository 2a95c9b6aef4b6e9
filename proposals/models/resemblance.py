"""What was seen before: fingerprints of sent texts, and the questions that comparing them raised."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.models import Innovation
from proposals.models.sending import Submission


class Fingerprint(models.Model):
    """The kept shingles of a sent text (proposals/similarity.py); `compared_at` is empty while it waits its turn."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="fingerprint")
    method = models.PositiveSmallIntegerField(help_text="similarity.METHOD when it was made")
    shingles = models.BinaryField(help_text="sorted unsigned 64-bit numbers, little-endian")
    made_at = models.DateTimeField(default=timezone.now)
    compared_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["compared_at"], name="fingerprints_by_comparison")]

    def __str__(self) -> str:
        return f"{self.submission_id}: {len(self.shingles) // 8}"


class Resemblance(models.Model):
    """A sent proposal is like an earlier one, or its title like an innovation of the catalogue. A question for the
    screeners, never a verdict: nothing is refused because of it.

    `score` is a percentage: of the shorter text's own wording that stands in the other, or the likeness of titles.
    `passages` are [start, end, other start, other end, same words] in the two texts of `resemblances.text_of`.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Same text")
        TITLE = "title", _("Similar title")

    class Judgement(models.TextChoices):
        OPEN = "open", _("Not looked at yet")
        DISMISSED = "dismissed", _("Not a duplicate")
        CONFIRMED = "confirmed", _("Perhaps a duplicate")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="resemblances")
    other = models.ForeignKey(Submission, on_delete=models.PROTECT, null=True, related_name="later_resemblances")
    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, null=True, related_name="resemblances")
    kind = models.CharField(max_length=5, choices=Kind)
    score = models.PositiveSmallIntegerField(help_text="percent")
    passages = models.JSONField(default=list, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    judgement = models.CharField(_("judgement"), max_length=9, choices=Judgement, default=Judgement.OPEN)
    note = models.TextField(_("note"), blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "-score", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "other", "innovation", "kind"],
                name="one_resemblance_per_pair_and_kind",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(other=None, innovation__isnull=False) | Q(other__isnull=False, innovation=None),
                name="a_resemblance_is_to_one_thing",
            ),
            models.CheckConstraint(condition=~Q(other=models.F("submission")), name="nothing_resembles_itself"),
            models.CheckConstraint(
                condition=Q(judgement="open") | Q(judged_by__isnull=False, judged_at__isnull=False),
                name="a_judgement_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} ~ {self.other_id or self.innovation_id} {self.kind} {self.score} %"
