"""What a year says about the administrative screening: its checklist, who looks twice, what can be mended, the reasons
at hand for a note."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from competitions.models.year import Competition


class ScreeningRules(models.Model):
    """How a year's screening goes. A year without this row has no second look, no correction and no objection."""

    competition = models.OneToOneField(Competition, on_delete=models.CASCADE, related_name="screening_rules")
    second_look_of_failures = models.BooleanField(
        default=False, help_text="a second clerk reads every proposal that fails"
    )
    second_look_of_passes = models.PositiveSmallIntegerField(
        default=0, help_text="percent of the passes a second clerk reads, drawn by the submission's digest"
    )
    correction_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="days to mend what a check names; empty: nothing can be mended"
    )
    objection_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="days to object after the results; empty: no objections"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_look_of_passes__lte=100), name="a_second_look_share_is_a_percentage"
            )
        ]

    def __str__(self) -> str:
        return str(self.competition_id)

    @classmethod
    def of(cls, competition: Competition) -> "ScreeningRules":
        """The year's own, or those of a year that says nothing."""
        return cls.objects.filter(competition=competition).first() or cls(competition=competition)


class ScreeningCheck(models.Model):
    """One line of the screening checklist; failing it is a documented reason."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="screening_checks")
    key = models.SlugField(max_length=60)
    label = models.CharField(max_length=200, help_text="what the screener confirms")
    reason = models.CharField(max_length=300, help_text="what the agency is told when it fails")
    corrects = models.JSONField(
        default=list,
        blank=True,
        help_text='what may be mended: "title", "video", "answers", "answers:<aspect>", "documents:<key>"',
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["competition", "order"]
        constraints = [models.UniqueConstraint(fields=["competition", "key"], name="one_screening_check_per_key")]

    def __str__(self) -> str:
        return self.label


class ReasonTemplate(models.Model):
    """A sentence clerks put into a note, for one check or for any. The year's file gives the first ones; from then on
    they are the secretariat's own, and loading the file again leaves them alone."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="reason_templates")
    check_line = models.ForeignKey(
        ScreeningCheck, on_delete=models.CASCADE, null=True, blank=True, related_name="reasons",
        verbose_name=_("check"),
    )  # fmt: skip
    title = models.CharField(_("short name"), max_length=80)
    text = models.TextField(_("text"), max_length=1000)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["competition", models.F("check_line__order").asc(nulls_last=True), "order", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "title"],
                name="one_reason_template_per_title",
                violation_error_message=_("There is already a reason with this short name."),
            )
        ]

    def __str__(self) -> str:
        return self.title
