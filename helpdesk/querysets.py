"""Reading the help desk: what is published, what somebody looks for, and who may know of which ticket."""

import re
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import models
from django.db.models import Count, F, Q, Value

from accounts.models import User
from accounts.rules import is_secretariat
from catalogue.search import CONFIG, stems
from catalogue.words import plain, stop_words

if TYPE_CHECKING:
    from helpdesk.models import FrequentQuestion, Ticket  # noqa: F401 (in quotes below)

MOST_WORDS = 8
SWALLOWED = re.compile(r"[mp]e(?P<nasal>ng|n|m)(?P<rest>[aiueo]\w+)")


class FrequentQuestionQuerySet(models.QuerySet["FrequentQuestion"]):
    def published(self) -> "FrequentQuestionQuerySet":
        return self.filter(is_published=True)

    def matching(self, text: str) -> "FrequentQuestionQuerySet":
        """Those that hold every word of the text in whatever form, in either language, the nearest first; only where
        there are none, those that hold some. A text of nothing but stop words finds what it finds."""
        typed = list(dict.fromkeys(plain(text)))
        words = ([word for word in typed if word not in stop_words()] or typed)[:MOST_WORDS]
        if not words:
            return self.none()
        asked = [reduce(or_, [_asked(each) for each in spellings(word)]) for word in words]
        every, some = reduce(and_, asked), reduce(or_, asked)
        titles = SearchVector(stems(F("question")), stems(F("question_en")), config=CONFIG, weight="A")
        vector = titles + SearchVector(stems(F("answer")), stems(F("answer_en")), config=CONFIG, weight="D")
        ranked = self.annotate(vector=vector, rank=SearchRank(vector, some)).order_by("-rank", "pk")
        whole = ranked.filter(vector=every)
        return whole if whole.exists() else ranked.filter(vector=some)


def spellings(word: str) -> list[str]:
    """The word, and itself with the first letter that me- and pe- swallow and the stemmer does not give back: kirim
    stands in mengirim, tulis in menulis, pakai in memakai."""
    if prefixed := SWALLOWED.match(word):
        return [word, {"ng": "k", "n": "t", "m": "p"}[prefixed["nasal"]] + prefixed["rest"]]
    return [word, word[1:]] if word[0] in "ktp" and len(word) > 3 else [word]


def _asked(word: str) -> SearchQuery:
    return SearchQuery(stems(Value(word)), config=CONFIG, search_type="plain")


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User | AnonymousUser) -> "TicketQuerySet":
        """The secretariat all, everybody else none: an owner has a link."""
        return self.all() if isinstance(user, User) and is_secretariat(user) else self.none()

    def opened_by(self, user: User) -> "TicketQuerySet":
        """What the person opened while signed in."""
        return self.filter(user=user)

    def waiting(self) -> "TicketQuerySet":
        return self.filter(state="waiting")

    def looked_for(self, text: str) -> "TicketQuerySet":
        """Those whose number, title, name, address or messages hold the text."""
        if not text:
            return self
        named = Q(code__iexact=text) | Q(title__icontains=text) | Q(name__icontains=text) | Q(email__icontains=text)
        return self.filter(named | Q(pk__in=self.filter(messages__text__icontains=text).values("pk")))

    def counts(self, reader: User) -> dict[str, int]:
        """For the queue: waiting, those of them nobody took, and those the reader took."""
        waits = Q(state="waiting")
        return self.aggregate(
            waiting=Count("pk", filter=waits),
            free=Count("pk", filter=waits & Q(handler=None)),
            mine=Count("pk", filter=waits & Q(handler=reader)),
        )
