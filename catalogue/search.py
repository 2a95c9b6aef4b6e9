"""What somebody looks for in the catalogue, and which innovations that means.

A search text becomes ideas (words.py): its words without stop words, misspelt ones put right by the vocabulary of the
catalogue, each with what means the same. An innovation is found if it holds every idea; only where none does, those
that hold some. `catalogue_stems`, a function of the database, cuts Indonesian prefixes and suffixes off, the same way
for the index (a trigger of Innovation) and for what is asked.
"""

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import connection
from django.db.models import Case, F, Func, IntegerField, Q, TextField, Value, When
from django.db.models.expressions import Combinable

from catalogue.words import allowed_mistakes, ideas, mistakes, plain, stop_words, synonym_words

if TYPE_CHECKING:
    from catalogue.querysets import InnovationQuerySet

CONFIG, FIELD = "indonesian", SearchVectorField()
MOST_IDEAS = 8  # a search text is cut after so many: a novel is no search
MOST_MEANT = 3  # words that a misspelt one may mean

KNOWN = f"""
SELECT word, EXISTS (
    SELECT FROM catalogue_innovation WHERE vector @@ plainto_tsquery('{CONFIG}', catalogue_stems(word))
) FROM unnest(%s::text[]) AS asked (word)
"""  # noqa: S608 - our own constant
# Words of the catalogue that begin like the typed one or differ by two letters, three with a swap.
NEAR = """
SELECT typed, word FROM unnest(%s::text[]) AS asked (typed) JOIN catalogue_word ON
    (word LIKE typed || '%%' AND length(typed) > 3)
    OR (length(word) BETWEEN length(typed) - 2 AND length(typed) + 2 AND levenshtein_less_equal(word, typed, 3) < 4)
ORDER BY typed, word
"""


@dataclass(frozen=True)
class Wanted:
    """What a search text means. `meant` holds what was put right, typed → taken for; `ignored` are words nobody
    wrote; with `some` no innovation holds all ideas, and those with some of them are shown."""

    ideas: list[list[str]] = field(default_factory=list)
    meant: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    some: bool = False

    def among(self, innovations: "InnovationQuerySet") -> "InnovationQuerySet":
        """Those of the innovations that are wanted, in no order."""
        if not self.ideas:
            return innovations.none()
        if self.some:
            return innovations.filter(vector=_any_of([spelling for idea in self.ideas for spelling in idea]))
        for idea in self.ideas:
            innovations = innovations.filter(vector=_any_of(idea))
        return innovations

    def best_first(self, innovations: "InnovationQuerySet") -> "InnovationQuerySet":
        """Ordered by how many ideas they hold, then by how many of them their title says, then by rank."""
        held = sum((_worth(Q(vector=_any_of(idea)), 1) for idea in self.ideas), Value(0))
        titled = sum((_titled(idea) for idea in self.ideas), Value(0))
        rank = SearchRank(F("vector"), _any_of([idea[0] for idea in self.ideas] or [""]), normalization=1)
        ranked = innovations.alias(in_title=Func(F("vector"), Value("{a}"), function="ts_filter", output_field=FIELD))
        return ranked.annotate(held=held, titled=titled, rank=rank).order_by("-held", "-titled", "-rank", "title", "pk")


class AnyTitleWord(SearchQuery):
    """Asks for any word of the title that a vector holds."""

    SEARCH_TYPES = {"plain": "catalogue_any_title_word"}


def understand(text: str) -> Wanted:
    """What the text asks the catalogue for; three queries at most."""
    typed = [word for word in dict.fromkeys(plain(text)) if word not in stop_words()][: MOST_IDEAS * 2]
    typed = typed or list(dict.fromkeys(plain(text)))[:MOST_IDEAS]  # nothing but stop words: they are meant
    if not typed:
        return Wanted()
    known = _known(typed)
    unknown = [word for word in typed if not known[word] and word not in synonym_words()]
    near = _near(unknown) if unknown else {}
    meant = {word: near[word][0] for word in unknown if near.get(word)}
    ignored = [word for word in unknown if word not in meant]
    found = ideas([meant.get(word, word) for word in typed if word not in ignored])[:MOST_IDEAS]
    for word in meant:  # the other words it may mean
        for idea in found:
            if idea[0] == meant[word]:
                found[found.index(idea)] = [*idea, *[each for each in near[word][1:] if each not in idea]]
    return Wanted(found, meant, ignored, some=_nobody_holds(found))


def stems(text: Value | F) -> Func:
    """The text without Indonesian prefixes and suffixes, as the database cuts them."""
    return Func(text, function="catalogue_stems", output_field=TextField())


def _any_of(spellings: list[str]) -> SearchQuery:
    queries = [SearchQuery(stems(Value(each)), config=CONFIG, search_type="plain") for each in spellings]
    return reduce(or_, queries)


def _worth(condition: Q, value: int) -> Combinable:
    return Case(When(condition, then=Value(value)), default=Value(0), output_field=IntegerField())


def _titled(idea: list[str]) -> Combinable:
    """2 if the title says it in the words typed, 1 if in others."""
    says_so = When(Q(in_title=_any_of(idea[:1])), then=Value(2))
    return Case(says_so, When(Q(in_title=_any_of(idea)), then=Value(1)), default=Value(0), output_field=IntegerField())


def _known(words: list[str]) -> dict[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [words])
        return dict(cursor.fetchall())


def _near(words: list[str]) -> dict[str, list[str]]:
    """For each word those it may mean: beginnings first, else those with the fewest mistakes."""
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [words])
        rows = cursor.fetchall() + [(typed, known) for typed in words for known in sorted(synonym_words())]
    found: dict[str, dict[str, int]] = {}
    for typed, word in rows:
        wrong = 0 if word.startswith(typed) and len(typed) > 3 else mistakes(typed, word)
        if wrong <= allowed_mistakes(typed):
            found.setdefault(typed, {})[word] = wrong
    nearest = {}
    for typed, near in found.items():
        least = min(near.values())
        words_of = [word for word, wrong in near.items() if wrong == least]
        nearest[typed] = sorted(words_of, key=lambda word: (len(word), word))[:MOST_MEANT]
    return nearest


def _nobody_holds(found: list[list[str]]) -> bool:
    from catalogue.models import Innovation

    return len(found) > 1 and not Wanted(found).among(Innovation.objects.awarded()).exists()
