"""What is written into a proposal: answers with every text they ever had, and documents."""

from django.conf import settings
from django.db import models
from django.utils import timezone

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
