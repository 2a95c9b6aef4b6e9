"""The secretariat's check of what was sent: the verdict, the second look at it, and who decides when two differ."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from competitions.models import Competition, ScreeningCheck
from proposals.models.sending import Submission


class ScreeningBatch(models.Model):
    """Clean proposals passed in one deed. Undone as a whole, until the results are released."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="screening_batches")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(help_text="how many it passed")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.code}: {self.count}"


class Screening(models.Model):
    """The secretariat's check of one sent proposal. One row per submission; claimed by one clerk at a time.

    A decision stays inside the secretariat (proposal still `sent`) until results are released together.
    """

    class Verdict(models.TextChoices):
        PASS = "pass", _("Pass")
        FAIL = "fail", _("Fail")
        CORRECT = "correct", _("To be corrected")

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="screening")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True, help_text="since when the one who holds it, or who decided, held it")
    verdict = models.CharField(_("verdict"), max_length=7, choices=Verdict, blank=True)
    failed_checks = models.ManyToManyField(ScreeningCheck, related_name="+", blank=True)
    note = models.TextField(_("note"), blank=True)
    findings = models.JSONField(
        default=dict, blank=True, help_text="what the machine found when the item was taken, see screening/engine.py"
    )
    differences = models.JSONField(
        default=dict,
        blank=True,
        help_text="{cleared: [check keys], added: [check keys]}: where the clerk judged other than the machine",
    )
    batch = models.ForeignKey(
        ScreeningBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="screenings"
    )
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


class SecondLook(models.Model):
    """A second clerk's word on a decision, before it is released. Where the two differ, a head of screening decides.

    A decision that is taken back takes its look with it (`stands` false): the next decision is looked at anew.
    """

    class Why(models.TextChoices):
        FAILURE = "failure", _("Every failure is read twice")
        SAMPLE = "sample", _("Drawn from the passes")

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="looks")
    why = models.CharField(max_length=7, choices=Why)
    asked_at = models.DateTimeField(default=timezone.now)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    agrees = models.BooleanField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settlement = models.TextField(_("what the head decided"), blank=True)
    stands = models.BooleanField(default=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening"], condition=Q(stands=True), name="one_standing_second_look_per_screening"
            ),
            models.CheckConstraint(
                condition=Q(agrees=None) | Q(looked_by__isnull=False, looked_at__isnull=False),
                name="a_second_look_has_an_author",
            ),
            models.CheckConstraint(
                condition=~Q(agrees=False) | ~Q(reason=""), name="who_disagrees_at_a_second_look_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.screening_id}: {self.agrees}"


class ScreeningHead(models.Model):
    """Who decides when clerk and second clerk differ, and sees how fast each clerk works."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="screening_heads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["named_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "user"],
                name="one_head_row_per_person_and_year",
                violation_error_message=_("This person already is a head of this year's screening."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
