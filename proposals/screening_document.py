"""The sent proposal as the screener reads it: the frozen texts, in the order of the group's form."""

from dataclasses import dataclass, field

from competitions.models import Aspect, DocumentRequirement, Question
from proposals.models import Document, Submission


@dataclass
class Text:
    question: Question
    text: str
    words: int


@dataclass
class Section:
    """One aspect (None: papers of the whole proposal) with its texts and files."""

    aspect: Aspect | None
    texts: list[Text] = field(default_factory=list)
    files: list[tuple[DocumentRequirement, Document | None]] = field(default_factory=list)


def sections(submission: Submission) -> list[Section]:
    """The answers are those of the frozen payload; the files are served from where they were stored."""
    proposal = submission.proposal
    frozen = {(one["aspect"], one["question"]): one for one in submission.payload.get("answers", [])}
    attached = {one.requirement_id: one for one in proposal.documents.select_related("file")}
    papers = [(each, attached.get(each.pk)) for each in proposal.group.documents.all()]
    found = []
    for aspect in proposal.group.aspects.prefetch_related("questions"):
        section = Section(aspect, files=[paper for paper in papers if paper[0].aspect_id == aspect.pk])
        for question in aspect.questions.all():
            answer = frozen.get((aspect.key, question.key), {})
            section.texts.append(Text(question, answer.get("text", ""), answer.get("words", 0)))
        found.append(section)
    return [*found, Section(None, files=[paper for paper in papers if paper[0].aspect_id is None])]
