"""What is entered: proposals with answers and documents, their history, their frozen snapshots, their screening."""

from django.conf import settings
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgtrigger import Condition, Delete, Protect, Update

from accounts.codes import new_code
from accounts.models import Agency, Unit
from catalogue.models import Innovation
from competitions.models import Category, Competition, DocumentRequirement, Group, Question, ScreeningCheck
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
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
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
        ]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """The text in one box. Saved by compare-and-set on `version`, so that no save overwrites another unseen."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    words = models.PositiveIntegerField(default=0, help_text="as proposals.words.count_words counts")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "question"], name="one_answer_per_question")]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.version}"


class AnswerVersion(models.Model):
    """Every text an answer ever had, so that nothing typed is lost."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["answer", "version"], name="one_text_per_answer_version")]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.version}"


class Document(models.Model):
    """A file a requirement asked for: the current one. Replaced files stay stored, for the snapshots that name them."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="documents")
    requirement = models.ForeignKey(DocumentRequirement, on_delete=models.PROTECT, related_name="documents")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(default=timezone.now)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "requirement"], name="one_document_per_requirement")]

    def __str__(self) -> str:
        return f"{self.requirement_id}: {self.file_id}"


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


class Submission(models.Model):
    """The frozen proposal as it was sent: never changed. A new sending after a withdrawal is a new row."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="submissions")
    sequence = models.PositiveSmallIntegerField(help_text="1 for the first sending of this proposal")
    number = models.CharField(_("receipt number"), max_length=40, unique=True)
    payload = models.JSONField(help_text="all fields, answers and document digests, see proposals/snapshot.py")
    sha256 = models.CharField(max_length=64, help_text="hex digest of the canonical JSON of payload")
    sent_at = models.DateTimeField(help_text="the database's clock inside the sending transaction")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stands = models.BooleanField(default=True, help_text="false once withdrawn or replaced")

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


class Counter(models.Model):
    """The last receipt number given in a competition; its row lock makes numbers gapless."""

    competition = models.OneToOneField(Competition, on_delete=models.CASCADE, related_name="counter")
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.last_number}"


class Screening(models.Model):
    """The secretariat's check of one sent proposal. One row per submission; claimed by one clerk at a time.

    A decision stays inside the secretariat (proposal still `sent`) until results are released together.
    """

    class Verdict(models.TextChoices):
        PASS = "pass", _("Pass")
        FAIL = "fail", _("Fail")

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="screening")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict, blank=True)
    failed_checks = models.ManyToManyField(ScreeningCheck, related_name="+", blank=True)
    note = models.TextField(_("note"), blank=True)
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
