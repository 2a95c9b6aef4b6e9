"""What a proposal of an earlier year gives to one of this year: which old answer belongs under which new question.

Questions are paired by their keys; where a year named them anew, by their aspect and by how alike they are worded.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, prefetch_related_objects

from accounts.models import User
from catalogue.models import Innovation
from competitions.models import Aspect, Competition, DocumentRequirement, Group, Question
from proposals.models import Answer, Document, Proposal

LIKE_WORDED = 0.5  # share of common words, 0-1, from which two questions of different keys are the same question
LIKE_NAMED = 0.8  # the same for the names of two files, which begin alike
_WORD = re.compile(r"\w+")
Asked = tuple[Aspect, Question]


@dataclass(frozen=True)
class Carried:
    """A question of this year and the answer of the earlier year that belongs to it."""

    aspect: Aspect
    question: Question
    former: Question
    answer: Answer | None
    year: int

    @property
    def is_changed(self) -> bool:
        return _asks_otherwise(self.question, self.former)

    @property
    def words_too_many(self) -> int:
        words, most = self.answer.words if self.answer else 0, self.question.max_words
        return max(words - most, 0) if most is not None else 0


@dataclass(frozen=True)
class Offered:
    """A file of the earlier proposal that fits a requirement of this year."""

    requirement: DocumentRequirement
    document: Document


@dataclass(frozen=True)
class Inheritance:
    """All that an earlier proposal gives: answers, files, and answers no question asks for any more."""

    carried: list[Carried]
    offered: list[Offered]
    left_over: list[Answer]


def earlier_proposals(user: User, competition: Competition) -> QuerySet[Proposal]:
    """What this person may start a proposal of the competition from: what they may know of, of earlier years."""
    found = Proposal.objects.visible_to(user).filter(competition__year__lt=competition.year)
    return found.select_related("competition", "group", "agency", "unit").order_by("-competition__year", "title")


def inherited(earlier: Proposal, group: Group) -> Inheritance:
    """What `earlier` gives to a proposal of this group."""
    answers = {each.question_id: each for each in earlier.answers.select_related("question__aspect")}
    pairs = pair(_asked(earlier.group), _asked(group))
    carried = [
        Carried(aspect, question, pairs[question.pk], answers.get(pairs[question.pk].pk), earlier.competition.year)
        for aspect, question in _asked(group)
        if question.pk in pairs
    ]
    used = {each.former.pk for each in carried}
    left_over = [each for pk, each in answers.items() if pk not in used and each.words]
    return Inheritance(carried, _offered(earlier, group), left_over)


def changed_questions(earlier: Group, group: Group) -> dict[int, Question]:
    """Of the questions that ask in other words than in the earlier group the earlier one, by the present one's key."""
    present = _asked(group)
    pairs = pair(_asked(earlier), present)
    return {
        question.pk: pairs[question.pk]
        for _aspect, question in present
        if question.pk in pairs and _asks_otherwise(question, pairs[question.pk])
    }


def _asks_otherwise(question: Question, former: Question) -> bool:
    return _words(question.label) != _words(former.label)


def _asked(group: Group) -> list[Asked]:
    prefetch_related_objects([group], "aspects__questions")
    return [(aspect, question) for aspect in group.aspects.all() for question in aspect.questions.all()]


def pair(former: Iterable[Asked], present: Iterable[Asked]) -> dict[int, Question]:
    """The earlier question of each present one, by the present one's key; each earlier one is used once."""
    left, open_ = list(former), list(present)
    found: dict[int, Question] = {}
    for likeness in (_by_keys, _by_key, _by_aspect, _by_words):
        ranked = sorted(
            ((likeness(old, new), -place, old, new) for place, new in enumerate(open_) for old in left),
            key=lambda each: each[:2], reverse=True,
        )  # fmt: skip
        for score, _place, old, new in ranked:
            if score and old in left and new in open_:
                found[new[1].pk] = old[1]
                left.remove(old)
                open_.remove(new)
    return found


Likeness = Callable[[Asked, Asked], float]


def _by_keys(old: Asked, new: Asked) -> float:
    return float((old[0].key, old[1].key) == (new[0].key, new[1].key))


def _by_key(old: Asked, new: Asked) -> float:
    return float(old[1].key == new[1].key)


def _by_aspect(old: Asked, new: Asked) -> float:
    return 0.01 + _worded(old[1].label, new[1].label) if old[0].key == new[0].key else 0.0


def _by_words(old: Asked, new: Asked) -> float:
    likeness = _worded(old[1].label, new[1].label)
    return likeness if likeness >= LIKE_WORDED else 0.0


def _words(label: str) -> list[str]:
    return _WORD.findall(label.casefold())


def _worded(one: str, other: str) -> float:
    first, second = set(_words(one)), set(_words(other))
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def _offered(earlier: Proposal, group: Group) -> list[Offered]:
    held = {each.requirement.key: each for each in earlier.documents.select_related("requirement", "file")}
    found = []
    for requirement in group.documents.all():
        document = held.pop(requirement.key, None) or next(
            (each for each in held.values() if _worded(each.requirement.name, requirement.name) >= LIKE_NAMED), None
        )
        if document:
            held.pop(document.requirement.key, None)
            found.append(Offered(requirement, document))
    return found


def won_as(earlier: Proposal) -> list[Innovation]:
    """The innovations of the catalogue that the earlier proposal was, or became by winning."""
    same = {match.innovation_id for match in earlier.matches.all() if match.is_same} | {earlier.past_innovation_id}
    own = Q(agency=earlier.agency_id, title__iexact=earlier.title.strip(), awards__year=earlier.competition.year)
    return list(Innovation.objects.filter(Q(pk__in=same - {None}) | own).distinct().order_by("pk"))
