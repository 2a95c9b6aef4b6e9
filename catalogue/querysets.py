"""Reads of the catalogue in the language of the work."""

from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchRank
from django.db import models
from django.db.models import Case, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Value, When

from catalogue.search import AnyTitleWord, understand

if TYPE_CHECKING:
    from catalogue.models import Award, Innovation

SAME_CATEGORY = 0.2  # what a shared category adds to the rank of a similar title, which is rarely above 0.5


class InnovationQuerySet(models.QuerySet["Innovation"]):
    def search(self, text: str) -> "InnovationQuerySet":
        """Those the text means, best matches first: Indonesian affixes, small typing mistakes, accents, capitals and
        usual synonyms do not matter (search.py). All of them for an empty text."""
        if not text.strip():
            return self
        wanted = understand(text)
        return wanted.best_first(wanted.among(self))

    def current(self) -> "InnovationQuerySet":
        """Without those that turned out to be another one."""
        return self.filter(merged_into=None)

    def awarded(self, *, year: int | None = None, tiers: list[str] | None = None) -> "InnovationQuerySet":
        """The current ones with an award, of that year and one of those tiers if named."""
        from catalogue.models import Award

        awards = Award.objects.filter(innovation=OuterRef("pk"))
        if year:
            awards = awards.filter(year=year)
        if tiers:
            awards = awards.filter(tier__in=tiers)
        return self.current().filter(Exists(awards))

    def with_awards(self) -> "InnovationQuerySet":
        """Each with its agency and awards, in one more query."""
        from catalogue.models import Award

        newest_first = Prefetch("awards", queryset=Award.objects.order_by("-year", "pk"))
        return self.select_related("agency", "merged_into").defer("vector").prefetch_related(newest_first)

    def by_year(self, *, newest: bool = True) -> "InnovationQuerySet":
        """Ordered by the last year they won something in."""
        latest = F("latest").desc(nulls_last=True) if newest else F("latest").asc(nulls_last=True)
        return self.annotate(latest=Max("awards__year")).order_by(latest, "title", "pk")

    def like(self, innovation: "Innovation") -> "InnovationQuerySet":
        """Others with words of its title, or of its category; the most similar first."""
        own = Subquery(type(innovation)._default_manager.filter(pk=innovation.pk).values("vector"))
        words = AnyTitleWord(own)
        same = Q(category_name=innovation.category_name) if innovation.category_name else Q(pk=None)
        likeness = SearchRank(F("vector"), words, weights=[0, 0, 0.1, 1.0], normalization=1) + Case(
            When(same, then=Value(SAME_CATEGORY)), default=Value(0.0)
        )
        others = self.exclude(pk=innovation.pk).filter(Q(vector=words) | same)
        return others.annotate(likeness=likeness).order_by("-likeness", "title", "pk")


def award_history(innovation: "Innovation | None") -> list["Award"]:
    """All that the innovation won, oldest first; nothing for an innovation not in the catalogue."""
    return [] if innovation is None else list(innovation.awards.order_by("year", "pk"))
