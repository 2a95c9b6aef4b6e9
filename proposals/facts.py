"""Everything the rules of a year ask about a proposal, loaded once, so that the rules themselves ask no database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property

from accounts.models import User
from catalogue.models import Innovation
from competitions import calendar
from competitions.models import Aspect, DocumentRequirement, Group, Question, Stage
from competitions.together import hold_each, hold_rules, rules_asked, together
from files.models import StoredFile
from proposals import deadline
from proposals.matching import Catalogue
from proposals.models import Answer, Document, PastMatch, Proposal, Submission

Used = dict[tuple[int, int], int]  # standing submissions, by agency and group


@dataclass(frozen=True)
class Facts:
    """`standing` counts the agency's other standing submissions in the group; `at` is the moment judged: the one of
    sending for a proposal that stands with the ministry, else `asked_at`, the database's now. `past` are the
    innovations of earlier years that the proposal's people say are this one, `denied` those they say are another, with
    `asked` the likely ones nobody has answered yet; all with their awards."""

    proposal: Proposal
    at: datetime
    asked_at: datetime
    stage: Stage
    standing: int
    cap: int | None
    invited: bool
    title_taken: bool
    past: list[Innovation]
    denied: list[tuple[Innovation, PastMatch]]
    asked: list[Innovation]
    source: Innovation | None
    answers: dict[int, Answer]
    documents: dict[int, Document]

    @cached_property
    def aspects(self) -> list[Aspect]:
        """The aspects that ask this innovation something."""
        return [aspect for aspect in self.proposal.group.aspects.all() if self.asked_in(aspect)]

    def asked_in(self, aspect: Aspect) -> list[Question]:
        return asked_in(aspect, self.proposal)

    @property
    def questions(self) -> list[tuple[Aspect, Question]]:
        return [(aspect, question) for aspect in self.aspects for question in self.asked_in(aspect)]

    @property
    def requirements(self) -> list[DocumentRequirement]:
        """The files asked for: not the evidence of an aspect that asks nothing."""
        asking = {None, *(aspect.pk for aspect in self.aspects)}
        return [each for each in self.proposal.group.documents.all() if each.aspect_id in asking]

    @property
    def asks_application(self) -> bool:
        """Whether some question depends on the innovation being an application."""
        return asks_application(self.proposal.group)

    def is_assumed(self, *place: str) -> bool:
        """Whether the year's file marks this place of it, or a table around it, as assumed."""
        path = ".".join(place) + "."
        return any(path.startswith(f"{each['key']}.") for each in self.proposal.competition.assumptions)

    @property
    def counted_to(self) -> date | None:
        """The day to which an innovation's age is counted: the group's own, or the day submission closes."""
        if self.proposal.group.age_counted_to:
            return self.proposal.group.age_counted_to
        return calendar.local_day(self.stage.ends_at) if self.stage.ends_at else None


def asked_in(aspect: Aspect, proposal: Proposal) -> list[Question]:
    """The aspect's questions that are asked of this innovation."""
    return [each for each in aspect.questions.all() if not each.only_if or getattr(proposal, each.only_if) is True]


def asks_application(group: Group) -> bool:
    only_if = Question.Condition.IS_APPLICATION
    return any(each.only_if == only_if for aspect in group.aspects.all() for each in aspect.questions.all())


def gather(proposal: Proposal, at: datetime | None = None) -> Facts:
    """The facts of one proposal, read afresh from the database."""
    return gather_all([proposal], at)[proposal.pk]


def gather_all(proposals: Iterable[Proposal], at: datetime | None = None) -> dict[int, Facts]:
    """The facts of many, read afresh, by primary key and in the given order, in a number of queries that does not grow
    with them."""
    keys = list(dict.fromkeys(each.pk for each in proposals))
    rows = Proposal.objects.with_names().in_bulk(keys)
    return gather_loaded([rows[key] for key in keys if key in rows], at)


def gather_loaded(loaded: list[Proposal], at: datetime | None = None, *, used: Used | None = None) -> dict[int, Facts]:
    """The same of rows just read as `Proposal.objects.with_names()`. `used` is for who has counted the standing
    submissions of their agencies already."""
    if not loaded:
        return {}
    at = at or calendar.now()
    stages, taken, counted = _hold_content(loaded, counts=used is None)
    known, standing = Catalogue(loaded), counted if used is None else used
    return {
        each.pk: Facts(
            proposal=each,
            at=_judged_at(each, stages[each.competition_id], at),
            asked_at=at,
            stage=stages[each.competition_id],
            standing=standing.get((each.agency_id, each.group_id), 0) - _stands(each),
            cap=each.group.cap_for(each.agency),
            invited=each.group.invites(each.agency),
            title_taken=bool(taken.get((each.competition_id, each.title_key), set()) - {each.pk}),
            past=known.past(each),
            denied=known.denied(each),
            asked=known.asked(each),
            source=known.innovations.get(each.source_innovation_id or 0),
            answers={answer.question_id: answer for answer in each.answers.all()},
            documents={document.requirement_id: document for document in each.documents.all()},
        )
        for each in loaded
    }


def _judged_at(proposal: Proposal, stage: Stage, at: datetime) -> datetime:
    sent_at = next((sent.sent_at for sent in proposal.submissions.all() if sent.stands), None)
    return deadline.counted(stage, sent_at) if sent_at else at


def _stands(proposal: Proposal) -> int:
    return int(any(sent.stands for sent in proposal.submissions.all()))


def standing_of(agencies: Iterable[int], others: QuerySet[Any, Any] | None = None) -> Used:
    """How many submissions of these agencies, and of those `others` asks for, stand, by agency and group."""
    counted = Q(proposal__agency__in=set(agencies))
    if others is not None:
        counted |= Q(proposal__agency__in=others)
    rows = (
        Submission.objects.filter(counted, stands=True)
        .values_list("proposal__agency", "proposal__group")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {(agency, group): number for agency, group, number in rows}


def _same_titles(loaded: list[Proposal]) -> QuerySet[Proposal]:
    """What stands with the ministry under one of these titles: one question for all, since asking it for each row took
    minutes where the database's statistics were young."""
    keys = {each.title_key for each in loaded if each.title_key}
    years = {each.competition_id for each in loaded}
    return Proposal.objects.sent().filter(competition__in=years, title_key__in=keys).only("competition", "title_key")


def _sent_by_agency(loaded: list[Proposal]) -> QuerySet[Proposal]:
    """What of their agencies stands with the ministry; it uses their places."""
    agencies = {each.agency_id for each in loaded}
    return Proposal.objects.filter(agency__in=agencies, submissions__stands=True).only("agency", "group")


def _hold_content(
    loaded: list[Proposal], *, counts: bool
) -> tuple[dict[int, Stage], dict[tuple[int, str], set[int]], Used]:
    """All that belongs to the proposals and the rules of their groups, in one question; the stage of sending by
    competition, who stands under a title of theirs, and (if it `counts`) what stands of their agencies. Proposals of
    one group share its row."""
    keys = [each.pk for each in loaded]
    groups = {each.group_id: each.group for each in loaded}
    years = {each.competition_id: each.competition for each in loaded}
    documents, matches = Document.objects.filter(proposal__in=keys), PastMatch.objects.filter(proposal__in=keys)
    found = together(
        answers=Answer.objects.filter(proposal__in=keys),
        documents=documents,
        files=StoredFile.objects.filter(pk__in=documents.values("file")),
        submissions=Submission.objects.filter(proposal__in=keys).defer("payload"),
        matches=matches,
        people=User.objects.filter(pk__in=matches.values("answered_by")),
        stages=Stage.objects.filter(competition__in=years, kind=Stage.Kind.SUBMISSION),
        same_titles=_same_titles(loaded),
        sent_by_agency=_sent_by_agency(loaded) if counts else Proposal.objects.none(),
        **rules_asked(groups),
    )
    files, people = ({each.pk: each for each in found[name]} for name in ("files", "people"))
    for document in found["documents"]:
        document.file = files[document.file_id]
    for match in found["matches"]:
        match.answered_by = people[match.answered_by_id]
    for each in loaded:
        each.group = groups[each.group_id]
    hold_rules(groups.values(), found)
    hold_each(loaded, "answers", found["answers"], "proposal")
    hold_each(loaded, "documents", found["documents"], "proposal")
    newest_first = sorted(found["submissions"], key=attrgetter("sent_at"), reverse=True)
    hold_each(loaded, "submissions", newest_first, "proposal")
    hold_each(loaded, "matches", sorted(found["matches"], key=attrgetter("answered_at", "pk")), "proposal")
    stages = {each.competition_id: each for each in sorted(found["stages"], key=lambda row: -row.order)}
    taken: dict[tuple[int, str], set[int]] = {}
    for other in found["same_titles"]:
        taken.setdefault((other.competition_id, other.title_key), set()).add(other.pk)
    used = Counter((other.agency_id, other.group_id) for other in found["sent_by_agency"])
    return {pk: stages.get(pk) or calendar.submission_stage(year) for pk, year in years.items()}, taken, used
