"""The proposal in the order its juror reads it: aspect by aspect, answers with their evidence."""

from dataclasses import dataclass

from competitions.models import Aspect, Question
from proposals.models import Answer, Document, Proposal


@dataclass(frozen=True)
class Reply:
    question: Question
    text: str


@dataclass(frozen=True)
class Section:
    """One aspect with its answers and the documents that are its evidence."""

    aspect: Aspect
    answers: list[Reply]
    papers: list[Document]


def read(proposal: Proposal) -> tuple[list[Section], list[Document]]:
    """The sections, and the documents that belong to no aspect. Four queries.

    Read from the live rows: a proposal that was sent can no longer be changed, so they are what was sent.
    """
    texts = dict(Answer.objects.filter(proposal=proposal).values_list("question", "text"))
    papers = list(
        Document.objects.filter(proposal=proposal)
        .select_related("file", "requirement")
        .order_by("requirement__order", "requirement__key")
    )
    aspects = Aspect.objects.filter(group=proposal.group_id).prefetch_related("questions").order_by("order")
    sections = [
        Section(
            aspect,
            [Reply(question, texts.get(question.pk, "")) for question in aspect.questions.all()],
            [paper for paper in papers if paper.requirement.aspect_id == aspect.pk],
        )
        for aspect in aspects
    ]
    return sections, [paper for paper in papers if paper.requirement.aspect_id is None]
