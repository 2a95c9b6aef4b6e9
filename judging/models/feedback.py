"""What the secretariat writes to those a round did not select: a letter, and the jurors' comments it releases in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgtrigger import Delete, Protect, Update
from pgtrigger import Q as RowQ

from accounts.codes import new_code
from competitions.models import Round
from judging.querysets.feedback import FeedbackLetterQuerySet


class FeedbackRun(models.Model):
    """One drafting of a round's letters, asked for by a clerk and done by a worker."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="feedback_runs")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0, help_text="letters drafted anew")
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(done_at=None), name="one_drafting_of_letters_at_a_time",
                violation_error_message=_("The letters of this round are being drafted."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.round}, {self.asked_at:%Y-%m-%d %H:%M}"


class FeedbackLetter(models.Model):
    """The letter about one entry. `pieces` are facts (judging/feedback/facts.py), the words around them templates."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPROVED = "approved", _("Approved")
        SENT = "sent", _("Sent")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    entry = models.OneToOneField("judging.Entry", on_delete=models.PROTECT, related_name="feedback_letter")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    pieces = models.JSONField(help_text="see judging.feedback.pieces_of")
    remark = models.TextField(_("the secretariat's own words"), blank=True, max_length=2000)
    drafted_at = models.DateTimeField(default=timezone.now)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)

    objects = FeedbackLetterQuerySet.as_manager()

    class Meta:
        ordering = ["entry__proposal__agency__name", "entry__proposal__title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(approved_at__isnull=False), name="somebody_approved_the_letter"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="a_sent_letter_has_its_moment",
            ),
        ]
        triggers = [
            Protect(name="a_sent_letter_is_kept", operation=Update | Delete, condition=RowQ(old__state="sent")),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("judging:feedback_letter", args=[self.code])


class FeedbackComment(models.Model):
    """One juror's comment for the agency, as the secretariat lets it through. `place` is drawn by lot and stays: the
    order of comments says nothing about who wrote them."""

    class Decision(models.TextChoices):
        OPEN = "open", _("Not looked at")
        RELEASED = "released", _("Released")
        HELD = "held", _("Held back")

    letter = models.ForeignKey(FeedbackLetter, on_delete=models.CASCADE, related_name="comments")
    assessment = models.OneToOneField("judging.Assessment", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    original = models.TextField(help_text="as the juror wrote it")
    text = models.TextField(help_text="as the agency reads it")
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["letter", "place", "text"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_edited(self) -> bool:
        return self.text.strip() != self.original.strip()
