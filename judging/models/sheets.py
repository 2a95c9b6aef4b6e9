"""Entries of a round and their sheets: scores, the chain of versions, what the team says.

Scores are on the criterion's scale (usually 0-100); weights are percent. A total is
sum(weight * score / highest score), from 0 to 100 on every scale, and is computed in judging.querysets.sheets, nowhere
else.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgtrigger import Delete, Protect, Update

from accounts.codes import new_code
from competitions.models import Criterion, Round
from judging.models.jurors import Juror
from judging.querysets.sheets import AssessmentQuerySet, EntryQuerySet
from proposals.models import Proposal


class Entry(models.Model):
    """A proposal taking part in a round."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="entries")

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "proposal"], name="one_entry_per_round")]

    def __str__(self) -> str:
        return str(self.proposal)


class Assessment(models.Model):
    """One juror's sheet for one entry."""

    class Status(models.TextChoices):
        ASSIGNED = "assigned", _("Not started")
        DRAFT = "draft", _("In progress")
        FINAL = "final", _("Final")
        RECUSED = "recused", _("Recused: conflict of interest")
        HANDED_BACK = "handed_back", _("Handed back")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="assessments")
    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="assessments")
    status = models.CharField(max_length=12, choices=Status, default=Status.ASSIGNED)
    place = models.PositiveIntegerField(help_text="position in the juror's shuffled pile")
    comment = models.TextField(_("comment for the agency"), blank=True)
    panel_note = models.TextField(_("note for the panel"), blank=True)
    version = models.PositiveIntegerField(default=1)
    writer = models.CharField(
        max_length=40, blank=True, help_text="the open page that saved last, by the name its script gave it"
    )
    writer_turn = models.PositiveIntegerField(default=0, help_text="that page's number of the save")
    writer_since = models.PositiveIntegerField(default=0, help_text="the version that page began from")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(null=True, help_text="the juror's last save")
    finalised_at = models.DateTimeField(null=True)
    returned_because = models.TextField(blank=True, help_text="why the secretariat opened a final sheet again")
    is_reopened = models.BooleanField(
        default=False, help_text="opened again by the secretariat: may be finished after the period, until the plenary"
    )
    is_anchor_only = models.BooleanField(
        default=False, help_text="read only to compare jurors (Anchor): never counts in the official mean"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "juror"], name="one_assessment_per_juror_and_entry"),
            models.CheckConstraint(
                condition=~Q(status="final") | Q(finalised_at__isnull=False), name="a_final_sheet_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Score(models.Model):
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "criterion"], name="one_score_per_criterion")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class AssessmentVersion(models.Model):
    """A sheet as it was made final, or revised after the team's discussion: one link of a chain, never changed.

    The last one is what the sheet's own scores say, and what the ranking counts.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    values = models.JSONField(help_text="{criterion key: score as text}")
    total = models.DecimalField(max_digits=12, decimal_places=4)
    comment = models.TextField(blank=True)
    panel_note = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="of a revision; empty: made final by its juror alone")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="one_version_per_number")]
        triggers = [Protect(name="a_version_is_kept", operation=Update | Delete)]

    def __str__(self) -> str:
        return f"{self.assessment}/{self.number}"


class TeamMessage(models.Model):
    """What a juror of an entry, or the secretariat, says to the entry's team once all its sheets are final."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="team_messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("message"), max_length=2000)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]
        triggers = [Protect(name="a_message_stays", operation=Update | Delete)]

    def __str__(self) -> str:
        return self.text[:60]
