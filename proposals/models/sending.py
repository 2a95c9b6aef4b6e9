"""The frozen proposal as it was sent, and the numbers of receipts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pgtrigger import Condition, Delete, Protect, Update

from competitions.models import Competition
from proposals.models.proposal import Proposal


class Submission(models.Model):
    """The frozen proposal as it was sent: never changed. A new sending after a withdrawal is a new row."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="submissions")
    sequence = models.PositiveSmallIntegerField(help_text="1 for the first sending of this proposal")
    number = models.CharField(_("receipt number"), max_length=40, unique=True)
    payload = models.JSONField(help_text="all fields, answers and document digests, see proposals/snapshot.py")
    sha256 = models.CharField(max_length=64, help_text="hex digest of the canonical JSON of payload")
    sent_at = models.DateTimeField(help_text="the database's clock inside the sending transaction")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    files = models.ManyToManyField(
        "files.StoredFile", related_name="+", help_text="those the payload names: kept for as long as the row"
    )
    stands = models.BooleanField(default=True, help_text="false once withdrawn or replaced")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "sequence"], name="one_submission_per_sequence"),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(stands=True),
                name="one_standing_submission_per_proposal",
                violation_error_message=_("This proposal has already been sent."),
            ),
        ]
        triggers = [
            Protect(name="keep_sent_proposals", operation=Delete),
            Protect(
                name="freeze_sent_proposals",
                operation=Update,
                condition=Condition(
                    "OLD.payload IS DISTINCT FROM NEW.payload OR OLD.sha256 IS DISTINCT FROM NEW.sha256"
                    " OR OLD.number IS DISTINCT FROM NEW.number OR OLD.sent_at IS DISTINCT FROM NEW.sent_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Batch(models.Model):
    """Several proposals an agency admin sent in one confirmed step, in the order they were tried.

    Written before the first is sent and after each, so that a broken connection leaves a page that says which went and
    goes on with the rest. `results` holds for each tried code {"number": …} or {"refused": [sentences]}.
    """

    key = models.UUIDField(unique=True, help_text="of the confirmation page: a second click meets the same batch")
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    codes = models.JSONField(help_text="of the proposals, in the order of sending")
    results = models.JSONField(default=dict)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def untried(self) -> list[str]:
        return [code for code in self.codes if code not in self.results]


class Counter(models.Model):
    """The last receipt number given in a competition; its row lock makes numbers gapless."""

    competition = models.OneToOneField(Competition, on_delete=models.CASCADE, related_name="counter")
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.last_number}"
