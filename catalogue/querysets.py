"""Reads of the catalogue in the language of the work."""

from typing import TYPE_CHECKING

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q

if TYPE_CHECKING:
    from catalogue.models import Award, Innovation

LEAST_LIKENESS = 0.5  # of a search text to the most similar words of a title, 0-1: lets one wrong letter through


class InnovationQuerySet(models.QuerySet["Innovation"]):
    def search(self, text: str) -> "InnovationQuerySet":
        """Those whose title, agency or category holds the text or, for the title, nearly so. Best matches first;
        accents and capitals do not matter."""
        if not (text := text.strip()):
            return self
        holds = (
            Q(title__unaccent__icontains=text)
            | Q(agency_name__unaccent__icontains=text)
            | Q(agency__name__icontains=text)
            | Q(category_name__icontains=text)
        )
        return (
            self.annotate(likeness=TrigramWordSimilarity(text, "title"))
            .filter(holds | Q(likeness__gte=LEAST_LIKENESS))
            .order_by("-likeness", "title", "pk")
        )

    def awarded(self, *, year: int | None = None, tiers: list[str] | None = None) -> "InnovationQuerySet":
        """Those with an award, of that year and one of those tiers if named."""
        from catalogue.models import Award

        awards = Award.objects.filter(innovation=OuterRef("pk"))
        if year:
            awards = awards.filter(year=year)
        if tiers:
            awards = awards.filter(tier__in=tiers)
        return self.filter(Exists(awards))

    def with_awards(self) -> "InnovationQuerySet":
        """Each with its agency and awards, in one more query."""
        from catalogue.models import Award

        newest_first = Prefetch("awards", queryset=Award.objects.order_by("-year", "pk"))
        return self.select_related("agency").prefetch_related(newest_first)

    def newest_first(self) -> "InnovationQuerySet":
        return self.annotate(latest=Max("awards__year")).order_by(F("latest").desc(nulls_last=True), "title", "pk")

    def like(self, innovation: "Innovation") -> "InnovationQuerySet":
        """Others of the same category, those with the most similar title first."""
        others = self.exclude(pk=innovation.pk).filter(category_name=innovation.category_name)
        return others.annotate(likeness=TrigramWordSimilarity(innovation.title, "title")).order_by("-likeness", "title")


def award_history(innovation: "Innovation | None") -> list["Award"]:
    """All that the innovation won, oldest first; nothing for an innovation not in the catalogue."""
    return [] if innovation is None else list(innovation.awards.order_by("year", "pk"))
