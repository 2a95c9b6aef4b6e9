"""The year, its calendar and its groups: who may enter them, and how often.

Ages are whole months. All times are UTC moments; a deadline is the moment after which it is too late.
"""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from competitions.querysets import CompetitionQuerySet, StageQuerySet
from files.kinds import KINDS

# What an award of the catalogue can be, as history rules and rounds name it (catalogue.models.Award.Tier).
AWARD_TIERS = (
    "winner",
    "finalist",
    "outstanding",
    "special_finalist",
    "replication_winner",
    "replication_finalist",
    "sustainability",
    "other",
)

# What a year can ask of a proposal, as `sources` of its file and findings name it (proposals/eligibility).
RULES = (
    "open",
    "invitation",
    "cap",
    "title",
    "duplicate_title",
    "started_on",
    "started_after",
    "age",
    "sdgs",
    "application",
    "source",
    "video",
    "history",
    "answer",
    "words",
    "document",
)


class Competition(models.Model):
    """One edition, for example KIPP 2023. Two may run side by side."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text="in addresses, for example 2023")
    year = models.PositiveSmallIntegerField(_("year"))
    edition = models.PositiveSmallIntegerField(_("edition"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=200)
    theme = models.CharField(_("theme"), max_length=400, blank=True)
    regulations = models.JSONField(default=list, help_text="list of names of regulations, in order of rank")
    is_demonstration = models.BooleanField(default=False, help_text="shown with a banner; its dates follow today")
    assumptions = models.JSONField(
        default=list,
        help_text="list of {key, where, value, note}: what the year's file marks as assumed, for the secretariat",
    )
    counts = models.JSONField(default=dict, help_text="published real figures of the year, for statistics")
    holidays = models.JSONField(
        default=dict, help_text="{day: name} of public holidays on working days, when nothing is planned"
    )
    title_rules = models.JSONField(
        default=dict,
        help_text="what a proposal's title must be: {min_characters, max_characters, max_words, forbidden, describes}",
    )

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:year", args=[self.code])

    @property
    def days_off(self) -> dict[date, str]:
        """The public holidays on working days in their order, with their names."""
        return {date.fromisoformat(day): name for day, name in sorted(self.holidays.items())}

    def published(self, figure: str) -> int | None:
        """One of `counts`, added up where it is given by group; None: not known."""
        count = self.counts.get(figure)
        if isinstance(count, dict):
            return sum(count.values())
        return count if isinstance(count, int) else None


class Stage(models.Model):
    """One step of the calendar. Effective dates are the last revision's, or the planned ones."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Agency registration")
        SUBMISSION = "submission", _("Proposal submission")
        SCREENING = "screening", _("Administrative screening")
        ASSESSMENT = "assessment", _("Assessment")
        PLENARY = "plenary", _("Plenary")
        OBJECTION = "objection", _("Public objection period")
        ANNOUNCEMENT = "announcement", _("Announcement")
        EVENT = "event", _("Event")

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="stages")
    key = models.SlugField(max_length=40)
    kind = models.CharField(max_length=14, choices=Kind)
    name = models.CharField(_("name"), max_length=150)
    order = models.PositiveSmallIntegerField()
    planned_start = models.DateTimeField(_("planned start"), null=True, blank=True)
    planned_end = models.DateTimeField(_("planned end"), null=True, blank=True)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True, help_text="effective: planned or revised")
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True, help_text="effective: planned or revised")
    actual_start = models.DateTimeField(null=True, blank=True)
    actual_end = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["competition", "order"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "key"], name="one_stage_per_key"),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(starts_at__lte=F("ends_at")),
                name="a_stage_ends_after_it_starts",
                violation_error_message=_("A stage cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_revised(self) -> bool:
        """Whether its dates are other than planned."""
        return (self.starts_at, self.ends_at) != (self.planned_start, self.planned_end)

    @property
    def is_deadline(self) -> bool:
        """Whether its end is a moment that people must meet."""
        return self.kind in (self.Kind.REGISTRATION, self.Kind.SUBMISSION)

    def is_over(self, at: datetime) -> bool:
        end = self.ends_at or self.starts_at
        return end is not None and end < at


class StageRevision(models.Model):
    """A change of a stage's dates, with the letter that ordered it. The stage's effective dates follow the last."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="revisions")
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    previous_starts_at = models.DateTimeField(null=True)
    previous_ends_at = models.DateTimeField(null=True)
    letter_number = models.CharField(_("letter number"), max_length=100)
    reason = models.TextField(_("reason"))
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return self.letter_number


class Category(models.Model):
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="categories")
    key = models.SlugField(max_length=80)
    name = models.CharField(_("name"), max_length=150)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["competition", "order"]
        constraints = [models.UniqueConstraint(fields=["competition", "key"], name="one_category_per_key")]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A track of the competition (Umum, Replikasi, Khusus) with its own form, rules, rounds and quotas."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="groups")
    key = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=150)
    order = models.PositiveSmallIntegerField()
    description = models.TextField(blank=True)
    min_age_months = models.PositiveSmallIntegerField(null=True, blank=True)
    age_counted_to = models.DateField(
        null=True, blank=True, help_text="minimum age is counted back from this day; empty: the day submission closes"
    )
    started_after = models.DateField(
        null=True, blank=True, help_text="earliest start of implementation, where a rule sets one"
    )
    cap_per_agency = models.PositiveSmallIntegerField(null=True, blank=True, help_text="empty: no limit")
    invitation_only = models.BooleanField(default=False)
    needs_sdgs = models.BooleanField(default=False, help_text="a proposal names at least one development goal")
    needs_source_innovation = models.BooleanField(default=False, help_text="a replication names what it replicates")
    finalists = models.PositiveSmallIntegerField(null=True, blank=True)
    winners = models.PositiveSmallIntegerField(null=True, blank=True)
    finalist_label = models.CharField(max_length=150, blank=True)
    winner_label = models.CharField(max_length=150, blank=True)
    sources = models.JSONField(
        default=dict, help_text="{rule of RULES: where it stands, in words}; a rule without one is the year file's own"
    )

    class Meta:
        ordering = ["competition", "order"]
        constraints = [models.UniqueConstraint(fields=["competition", "key"], name="one_group_per_key")]

    def __str__(self) -> str:
        return self.name

    def cap_for(self, agency: Agency) -> int | None:
        """How many proposals the agency may send in this group; None: no limit. Its kind's own cap goes first."""
        own = [each.cap for each in self.caps.all() if each.agency_type == agency.type]
        return own[0] if own else self.cap_per_agency

    def min_age_months_for(self, category: "Category") -> int | None:
        """Minimum age of an innovation of that category, in whole months; None: the group sets none."""
        own = [each.min_age_months for each in self.age_exceptions.all() if each.category_id == category.pk]
        return own[0] if own else self.min_age_months

    def invites(self, agency: Agency) -> bool:
        """Whether the agency may take part: everybody, unless the group is by invitation only."""
        return not self.invitation_only or any(each.agency_id == agency.pk for each in self.invited_agencies.all())


class AgencyTypeCap(models.Model):
    """A cap for one kind of agency, in place of the group's general cap."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="caps")
    agency_type = models.CharField(max_length=12, choices=Agency.Type)
    cap = models.PositiveSmallIntegerField(null=True, help_text="empty: no limit for this kind")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "agency_type"], name="one_cap_per_agency_type")]

    def __str__(self) -> str:
        return f"{self.get_agency_type_display()}: {'–' if self.cap is None else self.cap}"


class AgeException(models.Model):
    """Another minimum age for one category (2022: one year for pandemic services, two for all others)."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="age_exceptions")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    min_age_months = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "category"], name="one_age_exception_per_category")]

    def __str__(self) -> str:
        return f"{self.category}: {self.min_age_months}"


class GroupInvitation(models.Model):
    """An agency the Minister invites to a group that is by invitation only."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invited_agencies")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    letter_number = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "agency"], name="one_group_invitation_per_agency")]

    def __str__(self) -> str:
        return f"{self.agency} ({self.letter_number})"


class HistoryRule(models.Model):
    """What earlier awards mean for this group: those of the innovation itself, or of the one it replicates. `tiers` and
    the years name awards in the catalogue."""

    class Kind(models.TextChoices):
        AT_MOST = "at_most", _("At most this many such awards before")
        REQUIRES = "requires", _("At least one such award before")

    class About(models.TextChoices):
        PAST = "past", _("The innovation itself")
        SOURCE = "source", _("The innovation it replicates")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="history_rules")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    about = models.CharField(max_length=6, choices=About, default=About.PAST)
    tiers = models.JSONField(help_text='award tiers: "finalist", "winner", "special_finalist", "outstanding", …')
    limit = models.PositiveSmallIntegerField(default=0, help_text="for at_most: so many are still allowed")
    first_year = models.PositiveSmallIntegerField(null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=300, help_text="the rule as the regulation words it")
    source = models.CharField(max_length=200, blank=True, help_text="where it stands; empty: not known")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "key"], name="one_history_rule_per_key")]

    def __str__(self) -> str:
        return self.text


def only_pdf() -> list[str]:
    return ["pdf"]


def validate_kinds(chosen: object) -> None:
    if not isinstance(chosen, list) or not chosen or not set(chosen) <= set(KINDS):
        raise ValidationError(_("Choose at least one of: %(kinds)s."), params={"kinds": ", ".join(KINDS)})
