"""Titles near a proposal's own, as its writers hear of them before sending: a question, which never stands in the way.

What they hear. Innovations of the catalogue are public: title, year, agency, award. Of proposals they may read
themselves they get the title and the way there. Of all other proposals only those count that were sent, and the
writers hear no more than that there is one, this year or earlier: neither its title, number or agency nor how many.
Somebody else's draft counts not at all, so that nobody can find out by trying titles what another office prepares;
that a title very near theirs was sent they may know, as they would be told of the very same one (`duplicate_title`).
The secretariat sees everything (resemblances.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet

from accounts.models import User
from catalogue.models import Innovation
from proposals.models import Proposal
from proposals.similarity import COMMONPLACE, LIKE_TITLE, names, title_likeness, words

CANDIDATES = 200  # rows the trigram index brings, before the exact measure
SHOWN = 5
SHORTEST_WORD = 4


@dataclass(frozen=True)
class NearTitles:
    """`this_year` and `earlier`: whether a title near it was sent that the reader may know nothing else of."""

    innovations: list[Innovation] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    this_year: bool = False
    earlier: bool = False

    def __bool__(self) -> bool:
        return bool(self.innovations or self.proposals or self.this_year or self.earlier)


def near_titles(proposal: Proposal, *, reader: User) -> NearTitles:
    """What this person may hear about titles near the proposal's; at most five queries."""
    like = _like(proposal.title)
    if not like:
        return NearTitles()
    declared = [pk for pk in (proposal.past_innovation_id, proposal.source_innovation_id) if pk]
    innovations = _nearest(proposal.title, Innovation.objects.filter(like).exclude(pk__in=declared))
    others = Proposal.objects.filter(like).exclude(pk=proposal.pk).exclude(status=Proposal.Status.WITHDRAWN)
    near = _nearest(proposal.title, others)
    own = Proposal.objects.visible_to(reader).filter(pk__in=near).select_related("competition") if near else []
    unknown = others.sent().filter(pk__in=set(near) - {each.pk for each in own})
    years = set(unknown.values_list("competition", flat=True)) if near else set()
    return NearTitles(
        innovations=_in_order(innovations, Innovation.objects.filter(pk__in=innovations).with_awards()),
        proposals=_in_order(near, own),
        this_year=proposal.competition_id in years,
        earlier=bool(years - {proposal.competition_id}),
    )


def _like(title: str) -> Q:
    """Rows whose title is like this one, holds something like one of its names, or a word like one of its words. The
    trigram index answers it; what it brings is then measured exactly."""
    telling = [word.text for word in words(title) if word.text not in COMMONPLACE]
    asked = {*names(title), *(word for word in telling if len(word) >= SHORTEST_WORD)}
    like = Q(title__trigram_similar=title) if title.strip() else Q()
    for each in sorted(asked):
        like |= Q(title__trigram_word_similar=each) if each.strip() else Q()
    return like


def _nearest(title: str, rows: QuerySet[Any]) -> list[int]:
    """The keys of the rows whose title is near enough, the nearest first."""
    likest = rows.order_by(TrigramSimilarity("title", title).desc(), "pk").values_list("pk", "title")[:CANDIDATES]
    measured = [(title_likeness(title, other), pk) for pk, other in likest]
    return [pk for likeness, pk in sorted(measured, key=lambda each: -each[0]) if likeness >= LIKE_TITLE]


Titled = TypeVar("Titled", Innovation, Proposal)


def _in_order(keys: list[int], rows: Iterable[Titled]) -> list[Titled]:
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key][:SHOWN]
