"""What is written into a proposal: answers and details with every version they ever had, what was typed without
becoming part of it, and documents."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from competitions.models import DocumentRequirement, Question
from proposals.models.proposal import Proposal


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


class DetailsVersion(models.Model):
    """The details page as it once was, so that two people who change different fields never hinder each other."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="details_versions")
    version = models.PositiveIntegerField()
    values = models.JSONField(help_text="as proposals.details.written writes them")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: not known"
    )

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["proposal", "version"], name="one_row_per_details_version")]

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.version}"


class SetAside(models.Model):
    """What somebody typed that did not become part of the proposal: it met a newer text, or came too late. Its writers
    read it in the history and may restore it; nobody else does, and it is never sent."""

    class Reason(models.TextChoices):
        CONFLICT = "conflict", _("Not taken")
        LATE = "late", _("Too late")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="set_aside")
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: of the details page"
    )
    text = models.TextField(blank=True)
    values = models.JSONField(default=dict, help_text="of the details page: the fields that were not taken")
    reason = models.CharField(max_length=10, choices=Reason)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.code


class SaveOnce(models.Model):
    """A save that was carried out, by what was asked: the same request again is answered with the first result.

    Kept for a day (actions.forget_old_keys): a browser that gets no answer asks again within minutes.
    """

    digest = models.CharField(max_length=64, unique=True, help_text="of the client's key, the person and the content")
    version = models.PositiveIntegerField(help_text="the version it became")
    made_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:12]


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
