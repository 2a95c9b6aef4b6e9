"""Innovations across the years, and what they won. Fed by past_top_innovations.csv and by published Selections.

A year's winner was a finalist of that year too and has both awards, whether a file or the portal's own Selections
brought them; so "not Top 99 twice" counts alike for old years and new ones.
"""

from urllib.parse import urlsplit

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.codes import new_code
from accounts.models import Agency, User
from catalogue.querysets import InnovationQuerySet

# What an innovation is found by, its title first. Its words join the vocabulary that misspelt ones are put right by.
INDEX = """
NEW.vector :=
    setweight(to_tsvector('indonesian', catalogue_stems(
        concat_ws(' ', NEW.title, array_to_string(NEW.former_titles, ' ')))), 'A')
    || setweight(to_tsvector('indonesian', catalogue_stems(concat_ws(' ', NEW.agency_name, NEW.category_name,
        (SELECT concat_ws(' ', name, province) FROM accounts_agency WHERE id = NEW.agency_id)))), 'B')
    || setweight(to_tsvector('indonesian', catalogue_stems(NEW.summary)), 'C');
INSERT INTO catalogue_word (word)
    SELECT DISTINCT word FROM unnest(catalogue_words(concat_ws(' ', NEW.title,
        array_to_string(NEW.former_titles, ' '), NEW.agency_name, NEW.category_name, NEW.summary))) AS word
    WHERE length(word) > 2 AND word !~ '[0-9]' ORDER BY word
    ON CONFLICT DO NOTHING;
RETURN NEW;
"""


class Innovation(models.Model):
    """One innovation with an identity across years; its proposals and titles may differ from year to year."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    title = models.CharField(_("title"), max_length=300)
    former_titles = ArrayField(
        models.CharField(max_length=300), verbose_name=_("former titles"), default=list, db_default=[], blank=True,
        help_text="oldest first; a search finds it by them too",
    )  # fmt: skip
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="innovations",
        help_text="empty when the body of that year no longer exists or was not found in the list",
    )
    agency_name = models.CharField(_("agency"), max_length=250, help_text="as the source names it")
    category_name = models.CharField(_("category"), max_length=150, blank=True)
    category_inferred = models.BooleanField(default=False)
    sdgs = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("sustainable development goals"), default=list,
        db_default=[], blank=True, help_text="numbers 1-17",
    )  # fmt: skip
    summary = models.TextField(_("summary"), blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="address or document the facts come from")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        help_text="the innovation this row turned out to be; its address leads there",
    )
    contact_name = models.CharField(_("contact for replication"), max_length=150, blank=True, db_default="")
    contact_email = models.EmailField(_("e-mail"), blank=True, db_default="")
    contact_phone = models.CharField(_("telephone"), max_length=30, blank=True, db_default="")
    vector = SearchVectorField(null=True, editable=False, help_text="written by the database")

    objects = InnovationQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["title", "agency_name"], name="one_innovation_per_title_and_agency"),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="merged_into_another"),
        ]
        indexes = [
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="innovations_by_title"),
            GinIndex(fields=["vector"], name="innovations_by_words"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="index_words", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=INDEX
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:innovation", args=[self.code])

    @property
    def current(self) -> "Innovation":
        """The row that stands for it now."""
        return self.merged_into or self

    @property
    def source_url(self) -> str:
        """The source's address, if it has one."""
        return self.source if self.source.startswith(("https://", "http://")) else ""

    @property
    def source_host(self) -> str:
        return urlsplit(self.source_url).netloc.removeprefix("www.")

    @property
    def distinctions(self) -> list["Award"]:
        """What to show of the awards: without those that a higher one of the same year implies."""
        awards = list(self.awards.all())
        implied = {(award.year, IMPLIED[award.tier]) for award in awards if award.tier in IMPLIED}
        return [award for award in awards if (award.year, award.tier) not in implied]


class Word(models.Model):
    """A word of the catalogue, written by the database; what a misspelt one is taken for."""

    word = models.TextField(primary_key=True)

    def __str__(self) -> str:
        return self.word


class Award(models.Model):
    """One distinction in one year. `tier` is what rules ask about; `label` is what people call it (Top 45)."""

    class Tier(models.TextChoices):
        WINNER = "winner", _("Winner")
        FINALIST = "finalist", _("Finalist")
        OUTSTANDING = "outstanding", _("Outstanding achievement")
        SPECIAL_FINALIST = "special_finalist", _("Special group finalist")
        REPLICATION_WINNER = "replication_winner", _("Replication winner")
        REPLICATION_FINALIST = "replication_finalist", _("Replication finalist")
        SUSTAINABILITY = "sustainability", _("Sustainability award")
        OTHER = "other", _("Other recognition")

    innovation = models.ForeignKey(Innovation, on_delete=models.CASCADE, related_name="awards")
    year = models.PositiveSmallIntegerField(_("year"))
    tier = models.CharField(max_length=24, choices=Tier)
    label = models.CharField(max_length=100, help_text="for example Top 45")

    class Meta:
        ordering = ["-year", "label"]
        constraints = [
            models.UniqueConstraint(fields=["innovation", "year", "tier"], name="one_award_per_year_and_tier")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.year}"

    @property
    def is_top(self) -> bool:
        """Whether it is the highest award of its group and year."""
        return self.tier in IMPLIED


class Merge(models.Model):
    """Two rows of the catalogue that were one innovation. `added` is what the kept one got: award keys and titles, so
    that it can be undone."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    kept = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="merges")
    other = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    added = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["other"], condition=Q(undone_at=None), name="one_merge_in_force_per_innovation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.other} → {self.kept}"


class Import(models.Model):
    """A spreadsheet of past awards: read, looked at, written on confirmation, and taken back while nothing else
    touched what it wrote."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Not written yet")
        QUEUED = "queued", _("Being written")
        DONE = "done", _("Written")
        FAILED = "failed", _("Could not be written")
        UNDONE = "undone", _("Taken back")
        DISCARDED = "discarded", _("Discarded")

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    name = models.CharField(max_length=200, help_text="of the file")
    heads = models.JSONField(default=list)
    lines = models.JSONField(default=list, help_text="[number, [cells]] of each row")
    places = models.JSONField(default=dict, help_text="field → place of its column")
    as_written = models.JSONField(default=list, help_text="names of agencies taken though the list lacks them")
    same = models.JSONField(default=dict, help_text="line → code of the innovation it is, or empty for a new one")
    written = models.JSONField(default=dict, help_text="keys of the innovations and awards it brought")
    problem = models.TextField(blank=True, help_text="why it could not be written")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalogue:import", args=[self.code])


# Whoever wins was a finalist of the same year.
IMPLIED: dict[str, str] = {
    Award.Tier.WINNER: Award.Tier.FINALIST,
    Award.Tier.OUTSTANDING: Award.Tier.SPECIAL_FINALIST,
    Award.Tier.REPLICATION_WINNER: Award.Tier.REPLICATION_FINALIST,
}
