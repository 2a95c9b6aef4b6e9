"""How it is judged: jurors, their conflicts, entries of a round, assessments with scores.
What plenaries leave behind is in judging/models_plenary.py.

Scores are on the criterion's scale (usually 0-100); weights are percent. A total is
sum(weight * score / highest score), from 0 to 100 on every scale, and is computed in judging.querysets, nowhere else.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgtrigger import Delete, Protect, Update

from accounts.codes import new_code
from accounts.models import Agency
from competitions.models import Category, Competition, Criterion, Round
from judging.models_feedback import FeedbackComment, FeedbackLetter, FeedbackRun
from judging.models_interviews import ChangeRequest, InterviewSlot, Panel, Timetable
from judging.models_plenary import (
    Attendance,
    Correction,
    Disqualification,
    PlenaryMove,
    Scenario,
    Selection,
    SelectionEntry,
    WeightRevision,
)
from judging.models_verification import Claim, ClaimPhoto
from judging.querysets import AssessmentQuerySet, EntryQuerySet, JurorQuerySet
from proposals.models import Proposal

__all__ = [
    "Anchor",
    "AnchorScore",
    "Assessment",
    "AssessmentVersion",
    "AssignmentPlan",
    "Attendance",
    "CalibrationRun",
    "ChangeRequest",
    "Claim",
    "ClaimPhoto",
    "ConflictOfInterest",
    "Correction",
    "Disqualification",
    "Entry",
    "FeedbackComment",
    "FeedbackLetter",
    "FeedbackRun",
    "InterviewSlot",
    "Juror",
    "Panel",
    "PlenaryMove",
    "Scenario",
    "Score",
    "Selection",
    "SelectionEntry",
    "TeamMessage",
    "Timetable",
    "WeightRevision",
]


class Juror(models.Model):
    """A person judging in one competition, as evaluator (TE) or panelist (TPI)."""

    class Kind(models.TextChoices):
        EVALUATOR = "evaluator", _("Evaluator (TE)")
        PANELIST = "panelist", _("Panelist (TPI)")
        PUBLIC = "public", _("Public assessor")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="jurors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="juror_roles")
    kind = models.CharField(_("role"), max_length=10, choices=Kind)
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("own agency"),
        help_text="the juror's own agency, whose proposals they never see",
    )
    expertise = models.ManyToManyField(Category, blank=True, related_name="+", verbose_name=_("expertise"))
    expertise_text = models.TextField(
        _("expertise in own words"), blank=True, max_length=2000, help_text="compared with the words of proposals"
    )
    cap = models.PositiveSmallIntegerField(
        _("most sheets in a round"), null=True, blank=True, help_text="empty: an equal share of all"
    )
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    pact_accepted_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = JurorQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "user", "kind"],
                name="one_juror_row_per_role",
                violation_error_message=_("This person is already a juror of that kind this year."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class ConflictOfInterest(models.Model):
    """A tie a juror declares: to an agency, or to one proposal. Never assigned again, replaced if already assigned."""

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="conflicts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    declared_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["declared_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=False, proposal=None) | Q(agency=None, proposal__isnull=False),
                name="a_conflict_names_an_agency_or_a_proposal",
            ),
            models.UniqueConstraint(
                fields=["juror", "agency"],
                name="one_conflict_per_agency",
                violation_error_message=_("This conflict of interest is already recorded."),
            ),
            models.UniqueConstraint(
                fields=["juror", "proposal"],
                name="one_conflict_per_proposal",
                violation_error_message=_("This conflict of interest is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency or self.proposal)


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


class AssignmentPlan(models.Model):
    """A proposed assignment of a round: computed, changed by hand, compared, and at last deployed or left.

    `rows` are [entry, juror, sheet]: primary keys of what would be given, and of the unstarted sheet that it takes from
    another juror (null: a new sheet). Until it is deployed nobody is given anything.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for its turn")
        SOLVING = "solving", _("Being computed")
        PROPOSED = "proposed", _("Proposed")
        FAILED = "failed", _("Could not be computed")
        DEPLOYED = "deployed", _("Deployed")
        DISCARDED = "discarded", _("Discarded")

    class Mode(models.TextChoices):
        FILL = "fill", _("Fill what is missing; every sheet stays where it is")
        LEVEL = "level", _("Level the loads; sheets nobody has begun may move")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    mode = models.CharField(_("What it may change"), max_length=6, choices=Mode, default=Mode.FILL)
    seed = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict, help_text="links_percent, pairs_limit; see judging.planning.Options")
    rows = models.JSONField(default=list)
    proof = models.JSONField(default=dict, help_text="what the solver found and proved; see judging.planning.proof_of")
    edits = models.JSONField(default=list, help_text="changes by hand: who, when, why, what")
    progress = models.CharField(max_length=20, blank=True, help_text="step of the computation: name:number")
    problem = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="rises with each change by hand")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    deployed_at = models.DateTimeField(null=True)
    deployed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.code

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.SOLVING)


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
    """What a calibration found, as advice: kept for ever with what it was computed from. See judging/measuring.py."""

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
