"""What makes jurors comparable: anchors with their agreed scores, and what each calibration found."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from pgtrigger import Delete, Protect, Update

from accounts.codes import new_code
from competitions.models import Criterion, Round
from judging.models.sheets import Entry


class Anchor(models.Model):
    """An entry every juror of the round reads first, with scores the secretariat agreed on.

    It links the jurors and tells each of them, in private, how strict they are. As an entry it is judged like any
    other, by as many jurors as the round asks for; all further sheets are `Assessment.is_anchor_only`.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="anchor")
    chosen_at = models.DateTimeField(default=timezone.now, editable=False)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry__proposal__code"]

    def __str__(self) -> str:
        return str(self.entry)


class AnchorScore(models.Model):
    """The agreed score of an anchor on one criterion."""

    anchor = models.ForeignKey(Anchor, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["anchor", "criterion"], name="one_agreed_score_per_criterion")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class CalibrationRun(models.Model):
    """What a calibration found, as advice: kept for ever with what it was computed from.

    See judging/calibration/measuring.py.
    """

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="calibrations")
    computed_at = models.DateTimeField(default=timezone.now, editable=False)
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="empty: at night"
    )
    version = models.CharField(max_length=40, help_text="of the code that computed it, calibration.VERSION")
    input_sha256 = models.CharField(max_length=64, help_text="digest of the sheets and settings it was computed from")
    options = models.JSONField(help_text="{draws, seed, percent, waves, quota, threshold}")
    results = models.JSONField(help_text="see measuring.results")

    class Meta:
        ordering = ["-computed_at", "-id"]
        triggers = [Protect(name="a_calibration_is_kept", operation=Update | Delete)]

    def __str__(self) -> str:
        return self.code
