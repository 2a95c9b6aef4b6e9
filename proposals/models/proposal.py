"""A proposal and the steps of its life."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from accounts.models import Agency, Unit
from catalogue.models import Innovation
from competitions.models import Category, Competition, Group
from proposals.querysets import ProposalQuerySet


class Proposal(models.Model):
    """One innovation entered in one competition. Its status is its own life only: how far it gets after screening
    is which Selections hold it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("With the agency admin")
        RETURNED = "returned", _("Returned for correction")
        SENT = "sent", _("Sent to the ministry")
        PASSED = "passed", _("Passed screening")
        FAILED = "failed", _("Failed screening")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    code = models.CharField(_("code"), max_length=12, unique=True, default=new_code, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="proposals")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("group"))
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("category")
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="proposals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="led_proposals")
    title = models.CharField(_("title"), max_length=200)
    started_on = models.DateField(_("implementation started on"), null=True, blank=True)
    sdgs = models.JSONField(_("sustainable development goals"), default=list, blank=True, help_text="numbers 1-17")
    video_url = models.URLField(_("video link"), blank=True)
    is_application = models.BooleanField(_("is it a web or mobile application?"), null=True, blank=True)
    past_innovation = models.ForeignKey(
        Innovation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("the same innovation in earlier years"),
    )
    source_innovation = models.ForeignKey(
        Innovation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replications",
        verbose_name=_("the innovation it replicates"),
    )
    copied_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        help_text="the proposal of an earlier year this one was begun with",
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    lead_offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="a member of the team asked to become its lead, who has not answered yet",
    )
    place = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="in the agency's own order within the group; the first goes first under a cap"
    )
    reminded_at = models.DateTimeField(null=True, editable=False, help_text="when the agency last reminded its writers")
    auto_send_at = models.DateTimeField(
        null=True, editable=False, help_text="when it was set to send itself at closing; null: it is not set"
    )
    auto_send_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, help_text="of the details page; rises with each save")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    title_key = models.GeneratedField(
        expression=Func(
            Lower("title"),
            Value("[^[:alnum:]]+"),
            Value(""),
            Value("g"),
            function="regexp_replace",
        ),
        output_field=models.TextField(),
        db_persist=True,
        help_text="the title without case, blanks and signs: two titles with the same key are the same title",
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["competition", "title_key"], name="proposals_by_title"),
            models.Index(fields=["competition", "status"], name="proposals_by_status"),
            models.Index(fields=["agency", "competition"], name="proposals_of_an_agency"),
            models.Index(
                fields=["competition"], condition=models.Q(auto_send_at__isnull=False), name="proposals_to_send_alone"
            ),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="proposals_by_likeness"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(auto_send_at=None, auto_send_by=None)
                | models.Q(auto_send_at__isnull=False, auto_send_by__isnull=False, status="in_review"),
                name="only_reviewed_ones_send_themselves",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Move(models.Model):
    """One step in a proposal's life, as workflow.py allows it. The chain of moves is the proposal's history."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="moves")
    name = models.CharField(max_length=30, help_text="of the Transition")
    source = models.CharField(max_length=10, choices=Proposal.Status)
    target = models.CharField(max_length=10, choices=Proposal.Status)
    note = models.TextField(_("note"), blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.source} → {self.target}"
