"""What a group asks of a proposal: its aspects, their questions, and the documents."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from competitions.models.year import Group, only_pdf, validate_kinds


class Aspect(models.Model):
    """A part of the proposal that is judged: its weight and scale. Its text boxes are Questions."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="aspects")
    key = models.SlugField(max_length=60)
    name = models.CharField(_("name"), max_length=150)
    order = models.PositiveSmallIntegerField()
    guidance = models.TextField(blank=True)
    weight = models.DecimalField(max_digits=5, decimal_places=2, help_text="percent of the group's total, 0-100")
    scale_min = models.PositiveSmallIntegerField(default=0)
    scale_max = models.PositiveSmallIntegerField(default=100)
    anchors = models.JSONField(default=list, help_text="list of {from, to, text}: what a score in that band means")
    needs_evidence = models.BooleanField(default=False)

    class Meta:
        ordering = ["group", "order"]
        constraints = [
            models.UniqueConstraint(fields=["group", "key"], name="one_aspect_per_key"),
            models.CheckConstraint(condition=Q(weight__range=(0, 100)), name="a_weight_is_a_percentage"),
            models.CheckConstraint(condition=Q(scale_min__lt=F("scale_max")), name="a_scale_has_room"),
        ]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """One box to write in, under an aspect. 2023's Adaptabilitas has two: replicated by whom, and potential."""

    class Condition(models.TextChoices):
        IS_APPLICATION = "is_application", _("The innovation is a web or mobile application")

    aspect = models.ForeignKey(Aspect, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=60)
    label = models.CharField(_("question"), max_length=300)
    hint = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField()
    max_words = models.PositiveSmallIntegerField(null=True, blank=True, help_text="empty: no limit")
    required = models.BooleanField(default=True)
    only_if = models.CharField(
        max_length=20, choices=Condition, blank=True, help_text="what must be true of it; empty: always asked"
    )

    class Meta:
        ordering = ["aspect", "order"]
        constraints = [models.UniqueConstraint(fields=["aspect", "key"], name="one_question_per_key")]

    def __str__(self) -> str:
        return self.label


class DocumentRequirement(models.Model):
    """A file the group asks for. With an aspect it is that aspect's evidence."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="documents")
    aspect = models.ForeignKey(Aspect, on_delete=models.CASCADE, null=True, blank=True, related_name="documents")
    key = models.SlugField(max_length=60)
    name = models.CharField(_("name"), max_length=200)
    hint = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField()
    required = models.BooleanField(default=True)
    max_mb = models.DecimalField(max_digits=5, decimal_places=1, default=1)
    accepts = models.JSONField(
        default=only_pdf, validators=[validate_kinds], help_text="which kinds of files, keys of files.kinds.KINDS"
    )

    class Meta:
        ordering = ["group", "order"]
        constraints = [models.UniqueConstraint(fields=["group", "key"], name="one_document_requirement_per_key")]

    def __str__(self) -> str:
        return self.name
