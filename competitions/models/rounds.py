"""How a group is judged: its rounds and their rubrics. Shares and weights are percentages (0-100)."""

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from competitions.models.form import Aspect
from competitions.models.year import Group, Stage


class Round(models.Model):
    """One pass of judging within a group: entries in, assessments, a ranking, a Selection out.

    "Top 99" is the Selection of the panel round of 2023's Umum, "Top 45" that of its interview round.
    """

    class Assessors(models.TextChoices):
        EVALUATOR = "evaluator", _("Evaluators (TE)")
        PANELIST = "panelist", _("Panelists (TPI)")
        PUBLIC = "public", _("Public assessors")

    class Result(models.TextChoices):
        SCORED = "scored", _("Scores")
        PASS_FAIL = "pass_fail", _("Pass or fail")

    class Shown(models.TextChoices):
        NEVER = "never", _("Never")
        OWN_FINAL = "own_final", _("Once one's own sheet is final")
        ALL_FINAL = "all_final", _("Once all sheets of the proposal are final")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="rounds")
    key = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=150)
    order = models.PositiveSmallIntegerField()
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, related_name="rounds", help_text="when scores are entered"
    )
    assessors = models.CharField(max_length=10, choices=Assessors)
    assessors_per_proposal = models.PositiveSmallIntegerField(default=2)
    team = models.JSONField(
        default=dict, blank=True, help_text="{kind of assessor: at least so many per proposal}; empty: one kind"
    )
    result = models.CharField(max_length=10, choices=Result, default=Result.SCORED)
    supports = models.SlugField(
        max_length=40,
        blank=True,
        help_text="key of the round whose Selection this one informs; empty: it has a Selection of its own",
    )
    intake = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="of a supporting round: how many of the best enter; empty: all"
    )
    advance = models.PositiveSmallIntegerField(help_text="quota: how many the round's Selection holds; 0: it has none")
    selection_name = models.CharField(
        max_length=150, blank=True, help_text="for example Finalis Top Inovasi (Top 99); empty: it has no Selection"
    )
    award_tier = models.CharField(
        max_length=30, blank=True, help_text="tier the Selection gives in the catalogue; empty: none (nominations)"
    )
    passing_grade = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    shares = models.JSONField(
        default=dict,
        help_text="{round key: percent}: how this round's ranking total is mixed; empty: this round alone, 100",
    )
    scores_shown = models.CharField(
        max_length=10, choices=Shown, default=Shown.OWN_FINAL, help_text="when a juror sees the other jurors' scores"
    )
    discussion = models.BooleanField(
        _("discussion"),
        default=False,
        help_text="once all sheets of a proposal are final its jurors talk about it and may revise their scores",
    )
    deviation_points = models.PositiveSmallIntegerField(
        default=15, help_text="from this distance on, of 100, two jurors' totals are pointed out to them"
    )
    composition = models.JSONField(
        default=list,
        blank=True,
        help_text="written rules on what the Selection is made of: [{of, among, at_least, at_most, text, is_assumed}]",
    )
    min_words_comment = models.PositiveSmallIntegerField(default=0)
    presentation_minutes = models.PositiveSmallIntegerField(
        default=0, help_text="of an interview: how long the agency presents; 0 with question_minutes 0: no interviews"
    )
    question_minutes = models.PositiveSmallIntegerField(default=0, help_text="of an interview: how long it is asked")

    class Meta:
        ordering = ["group", "order"]
        constraints = [
            models.UniqueConstraint(fields=["group", "key"], name="one_round_per_key"),
            models.UniqueConstraint(
                fields=["group", "order"], name="one_round_per_place", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kinds(self) -> list[str]:
        """The kinds of assessor that may be given its sheets: those of the team, or the one named."""
        return list(self.team) or [self.assessors]

    @property
    def assessors_label(self) -> str:
        """ "Evaluators (TE)", or the kinds of a mixed team with their numbers."""
        labels = dict(self.Assessors.choices)
        if not self.team:
            return str(labels[self.assessors])
        return ", ".join(f"{labels[kind]} ≥ {count}" for kind, count in self.team.items())

    @property
    def has_selection(self) -> bool:
        return not self.supports

    def counted_in(self) -> "models.QuerySet[Round]":
        """The other rounds whose result its scores enter: by a share, or because it supports them."""
        mixed_in = models.Q(shares__has_key=self.key) | models.Q(key=self.supports)
        return Round.objects.filter(mixed_in, group_id=self.group_id).exclude(pk=self.pk).order_by("order")

    @property
    def interview_minutes(self) -> int:
        """How long one interview takes; 0: the round has none."""
        return self.presentation_minutes + self.question_minutes

    @property
    def is_pass_fail(self) -> bool:
        return self.result == self.Result.PASS_FAIL

    @property
    def previous(self) -> "Round | None":
        """The round whose Selection this one's entries come from; None: the first, fed by screening.

        A supporting round reads entries of the round it supports, so it comes from where that one does.
        """
        order = self.supported.order if self.supported else self.order
        return self._selecting().filter(order__lt=order).order_by("-order").first()

    @property
    def next(self) -> "Round | None":
        return self._selecting().filter(order__gt=self.order).order_by("order").first()

    @cached_property
    def supported(self) -> "Round | None":
        """The round whose Selection this one informs."""
        return Round.objects.filter(group_id=self.group_id, key=self.supports).first() if self.supports else None

    def supporters(self) -> "models.QuerySet[Round]":
        """The rounds that inform this one's Selection, in order."""
        return Round.objects.filter(group_id=self.group_id, supports=self.key).order_by("order")

    def _selecting(self) -> "models.QuerySet[Round]":
        return Round.objects.filter(group_id=self.group_id, supports="")


class Criterion(models.Model):
    """One line of a round's rubric. A desk round's criteria are its group's aspects; an interview has its own."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="criteria")
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, null=True, blank=True, related_name="criteria")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=150)
    guidance = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=5, decimal_places=2, help_text="percent of the round's total")
    scale_min = models.PositiveSmallIntegerField(default=0)
    scale_max = models.PositiveSmallIntegerField(default=100)
    anchors = models.JSONField(default=list, help_text="list of {from, to, text}")

    class Meta:
        ordering = ["round", "order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "key"], name="one_criterion_per_key"),
            models.CheckConstraint(condition=Q(scale_min__lt=F("scale_max")), name="a_criterion_scale_has_room"),
        ]

    def __str__(self) -> str:
        return self.name
