"""The answers and the files: every required one is there, none exceeds its words."""

from django.utils.translation import gettext as _

from competitions.models import Aspect, Question
from proposals.eligibility.finding import Finding, finding
from proposals.facts import Facts


def has_answers(facts: Facts) -> list[Finding]:
    """What is wrong in each box that is asked; one word of praise for an aspect without fault."""
    found = []
    for aspect in facts.aspects:
        wrong = [each for question in facts.asked_in(aspect) for each in _answer(facts, aspect, question)]
        found += wrong or [_in_order(facts, aspect)]
    return found


def _in_order(facts: Facts, aspect: Aspect) -> Finding:
    message = _("%(aspect)s: answered within the word limit.") % {"aspect": aspect}
    at = f"aspects.{aspect.key}"
    return finding(facts, f"answer:{aspect.key}", True, message, section="proposals:aspect", key=aspect.key, at=at)


def _answer(facts: Facts, aspect: Aspect, question: Question) -> list[Finding]:
    answer = facts.answers.get(question.pk)
    words, most = answer.words if answer else 0, question.max_words
    name, at = f"{aspect.key}/{question.key}", f"aspects.{aspect.key}.questions.{question.key}"
    if not words and question.required:
        message = _("%(aspect)s: “%(question)s” is not answered.") % {"aspect": aspect, "question": question}
        return [
            finding(
                facts, f"answer:{name}", False, message, section="proposals:aspect", key=aspect.key, missing=True, at=at
            )
        ]
    if most is not None and words > most:
        message = _("%(aspect)s: the answer has %(words)d words; at most %(most)d are allowed.")
        message = message % {"aspect": aspect, "words": words, "most": most}
        advice = _("Shorten it by %(number)d words.") % {"number": words - most}
        at = f"{at}.max_words"
        return [
            finding(facts, f"words:{name}", False, message, advice, section="proposals:aspect", key=aspect.key, at=at)
        ]
    return []


def has_documents(facts: Facts) -> list[Finding]:
    """Every required file is attached; each was checked when it was stored."""
    found, aspects = [], {aspect.pk: aspect.key for aspect in facts.aspects}
    for each in facts.requirements:
        if each.required:
            held = each.pk in facts.documents
            message = _("%(document)s is attached.") if held else _("%(document)s is not attached.")
            aspect = aspects.get(each.aspect_id or 0)
            at = f"aspects.{aspect}.evidence.required" if aspect else f"documents.{each.key}"
            found.append(
                finding(
                    facts, f"document:{each.key}", held, message % {"document": each}, section="proposals:documents",
                    missing=not held, at=at,
                )
            )  # fmt: skip
    return found
