"""Who judges: jurors of a competition and the ties they declare."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from accounts.models import Agency
from competitions.models import Category, Competition
from judging.querysets.jurors import JurorQuerySet
from proposals.models import Proposal


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
