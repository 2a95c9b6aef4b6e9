"""The whole proposal as one document, for whoever may read it: writers, agency admin, secretariat, jurors.

`templates/proposals/_document.html` shows it. Each app says for itself where its readers download files.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Agency, Unit, User
from catalogue.models import Innovation
from catalogue.sdgs import GOALS
from competitions.models import Aspect, DocumentRequirement, Group, Question
from files.models import StoredFile
from proposals.facts import asked_in, asks_application, gather
from proposals.models import Answer, Comment, Document, Proposal, Submission


@dataclass(frozen=True)
class Detail:
    """One field of the details page: `name` is the field's; an empty value was not filled in."""

    name: str
    label: str
    value: str
    link: str = ""


@dataclass(frozen=True)
class ReadAnswer:
    """`remarks` are the open comments on it, where its reader belongs to those who write and review it."""

    question: Question
    answer: Answer | None
    remarks: list[Comment] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def words(self) -> int:
        return self.answer.words if self.answer else 0


@dataclass(frozen=True)
class ReadDocument:
    requirement: DocumentRequirement
    document: Document | None
    url: str


@dataclass(frozen=True)
class ReadAspect:
    aspect: Aspect
    answers: list[ReadAnswer]
    documents: list[ReadDocument]


@dataclass(frozen=True)
class Reading:
    """`documents` are those of no aspect; an aspect's evidence stands with the aspect."""

    proposal: Proposal
    details: list[Detail]
    aspects: list[ReadAspect]
    documents: list[ReadDocument]

    @property
    def files(self) -> list[ReadDocument]:
        """All documents asked for, those of the aspects first."""
        return [*[each for aspect in self.aspects for each in aspect.documents], *self.documents]


def own_document_url(proposal: Proposal, requirement: DocumentRequirement) -> str:
    return reverse("proposals:document", args=[proposal.code, requirement.key])


DocumentUrl = Callable[[Proposal, DocumentRequirement], str]


def read(proposal: Proposal, *, document_url: DocumentUrl = own_document_url) -> Reading:
    """The proposal with its details, answers and documents in the order of its group's form; read afresh unless it
    comes with its Facts. Jurors' pages pass their own `document_url`."""
    if "answers" not in getattr(proposal, "_prefetched_objects_cache", {}):
        proposal = gather(proposal).proposal
    answers = {each.question_id: each for each in proposal.answers.all()}
    held = {each.requirement_id: each for each in proposal.documents.all()}
    return _laid_out(proposal, answers, held, document_url)


def with_remarks(reading: Reading, remarks: Iterable[Comment]) -> Reading:
    """The same with the remarks beside the answers they are about."""
    by_question: dict[int, list[Comment]] = {}
    for each in remarks:
        by_question.setdefault(each.question_id, []).append(each)
    aspects = [
        replace(
            aspect, answers=[replace(each, remarks=by_question.get(each.question.pk, [])) for each in aspect.answers]
        )
        for aspect in reading.aspects
    ]
    return replace(reading, aspects=aspects)


def thawed(submission: Submission) -> Reading:
    """What was sent, from the frozen payload alone; only the words of the form around it are the year's own."""
    frozen, competition = submission.payload, submission.proposal.competition
    groups = Group.objects.prefetch_related("aspects__questions", "documents")
    group = groups.get(competition=competition, key=frozen["group"])
    category = competition.categories.get(key=frozen["category"])
    named = [frozen["past_innovation"], frozen["source_innovation"]]
    innovations = {each.code: each for each in Innovation.objects.filter(code__in=[code for code in named if code])}
    proposal = Proposal(
        code=frozen["proposal"], competition=competition, group=group, category=category,
        agency=Agency(name=frozen["agency"]["name"]), unit=Unit(name=frozen["unit"]) if frozen["unit"] else None,
        lead=User(name=frozen["lead"]["name"]), title=frozen["title"], sdgs=frozen["sdgs"],
        started_on=date.fromisoformat(frozen["started_on"]) if frozen["started_on"] else None,
        video_url=frozen["video_url"], is_application=frozen["is_application"],
        past_innovation=innovations.get(named[0]), source_innovation=innovations.get(named[1]),
    )  # fmt: skip
    written = {(each["aspect"], each["question"]): each for each in frozen["answers"]}
    sent = {each["requirement"]: each for each in frozen["documents"]}
    answers = {
        question.pk: Answer(question=question, text=known["text"], words=known["words"])
        for aspect in group.aspects.all()
        for question in aspect.questions.all()
        if (known := written.get((aspect.key, question.key)))
    }
    held = {
        each.pk: Document(file=StoredFile(name=known["name"], size=known["size"], sha256=known["sha256"]))
        for each in group.documents.all()
        if (known := sent.get(each.key))
    }
    return _laid_out(proposal, answers, held, own_document_url)


def _laid_out(
    proposal: Proposal, answers: dict[int, Answer], held: dict[int, Document], document_url: DocumentUrl
) -> Reading:
    """In the order of the group's form."""
    documents = [
        ReadDocument(each, held.get(each.pk), document_url(proposal, each)) for each in proposal.group.documents.all()
    ]
    aspects = [
        ReadAspect(
            aspect,
            [ReadAnswer(question, answers.get(question.pk)) for question in asked],
            [each for each in documents if each.requirement.aspect_id == aspect.pk],
        )
        for aspect in proposal.group.aspects.all()
        if (asked := asked_in(aspect, proposal))
    ]
    return Reading(proposal, details(proposal), aspects, [each for each in documents if not each.requirement.aspect_id])


def details(proposal: Proposal) -> list[Detail]:
    """Every field of the details page once, in its order."""
    rows = [
        Detail("title", _("Title"), proposal.title),
        Detail("group", _("Group"), proposal.group.name),
        Detail("category", _("Category"), proposal.category.name),
        Detail("agency", _("Agency"), proposal.agency.name),
        Detail("unit", _("Public service unit"), proposal.unit.name if proposal.unit else ""),
        Detail("lead", _("Innovator"), proposal.lead.name),
        Detail("started_on", _("Implementation started on"), _day(proposal.started_on)),
        Detail("sdgs", _("Sustainable development goals"), _goals(proposal.sdgs)),
        Detail("video_url", _("Video link"), proposal.video_url, link=_safe_link(proposal.video_url)),
        Detail("past_innovation", _("The same innovation in earlier years"), _innovation(proposal.past_innovation)),
    ]
    if asks_application(proposal.group) or proposal.is_application is not None:
        rows.append(Detail("is_application", _("Web or mobile application"), _yes_or_no(proposal.is_application)))
    if proposal.group.needs_source_innovation or proposal.source_innovation:
        value = _innovation(proposal.source_innovation)
        rows.append(Detail("source_innovation", _("The innovation it replicates"), value))
    return rows


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _goals(numbers: list[int]) -> str:
    return "; ".join(f"{number}. {GOALS[number]}" for number in sorted(numbers) if number in GOALS)


def _yes_or_no(value: bool | None) -> str:
    return {True: _("Yes"), False: _("No"), None: ""}[value]


def _innovation(innovation: Innovation | None) -> str:
    return f"{innovation.title} ({innovation.agency_name})" if innovation else ""


def _safe_link(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""
