"""Everything the rules of a year ask about a proposal, loaded once, so that the rules themselves ask no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from catalogue.models import Innovation
from competitions import calendar
from competitions.models import Aspect, DocumentRequirement, Question, Stage
from proposals.models import Answer, Document, Proposal, Submission

DEADLINE_ZONE = User.TimeZone.WIB  # a regulation's days are days in Jakarta


@dataclass(frozen=True)
class Facts:
    """`standing` counts the agency's other standing submissions in the group; `at` is the moment judged: the one of
    sending for a proposal that stands with the ministry, else the database's now."""

    proposal: Proposal
    at: datetime
    stage: Stage
    standing: int
    cap: int | None
    invited: bool
    title_taken: bool
    namesake: Innovation | None
    answers: dict[int, Answer]
    documents: dict[int, Document]

    @property
    def aspects(self) -> list[Aspect]:
        return list(self.proposal.group.aspects.all())

    @property
    def questions(self) -> list[tuple[Aspect, Question]]:
        return [(aspect, question) for aspect in self.aspects for question in aspect.questions.all()]

    @property
    def requirements(self) -> list[DocumentRequirement]:
        return list(self.proposal.group.documents.all())

    @property
    def counted_to(self) -> date | None:
        """The day to which an innovation's age is counted: the group's own, or the day submission closes."""
        if self.proposal.group.age_counted_to:
            return self.proposal.group.age_counted_to
        return local_day(self.stage.ends_at) if self.stage.ends_at else None


def local_day(moment: datetime) -> date:
    """The day in Jakarta."""
    return timezone.localtime(moment, ZoneInfo(DEADLINE_ZONE)).date()


def gather(proposal: Proposal, at: datetime | None = None) -> Facts:
    """The facts of one proposal, read afresh from the database."""
    return gather_all([proposal], at)[proposal.pk]


def gather_all(proposals: Iterable[Proposal], at: datetime | None = None) -> dict[int, Facts]:
    """The facts of many, by primary key, in a number of queries that does not grow with them (one more for each
    competition among them)."""
    at = at or calendar.now()
    loaded = list(Proposal.objects.with_content().filter(pk__in=[each.pk for each in proposals]))
    competitions = {each.competition_id: each.competition for each in loaded}
    stages = {key: calendar.submission_stage(competition) for key, competition in competitions.items()}
    standing = _standing(loaded)
    taken, namesakes = _taken_titles(loaded), _namesakes(loaded)
    return {
        each.pk: Facts(
            proposal=each,
            at=next((sent.sent_at for sent in each.submissions.all() if sent.stands), at),
            stage=stages[each.competition_id],
            standing=standing.get((each.agency_id, each.group_id), 0) - _stands(each),
            cap=each.group.cap_for(each.agency),
            invited=each.group.invites(each.agency),
            title_taken=bool(taken.get((each.competition_id, each.title_key), set()) - {each.pk}),
            namesake=namesakes.get((each.agency_id, each.title_key)),
            answers={answer.question_id: answer for answer in each.answers.all()},
            documents={document.requirement_id: document for document in each.documents.all()},
        )
        for each in loaded
    }


def _stands(proposal: Proposal) -> int:
    return int(any(sent.stands for sent in proposal.submissions.all()))


def _standing(proposals: list[Proposal]) -> dict[tuple[int, int], int]:
    """How many submissions stand, by agency and group."""
    rows = (
        Submission.objects.filter(
            stands=True,
            proposal__agency__in={each.agency_id for each in proposals},
            proposal__group__in={each.group_id for each in proposals},
        )
        .values_list("proposal__agency", "proposal__group")
        .annotate(number=Count("pk"))
    )
    return {(agency, group): number for agency, group, number in rows}


def _taken_titles(proposals: list[Proposal]) -> dict[tuple[int, str], set[int]]:
    """Which proposals already stand with the ministry under one of these titles, by competition and title key."""
    keys = {each.title_key for each in proposals if each.title_key}
    rows = (
        Proposal.objects.sent()
        .filter(competition__in={each.competition_id for each in proposals}, title_key__in=keys)
        .values_list("competition", "title_key", "pk")
    )
    taken: dict[tuple[int, str], set[int]] = {}
    for competition, key, pk in rows:
        taken.setdefault((competition, key), set()).add(pk)
    return taken


def _namesakes(proposals: list[Proposal]) -> dict[tuple[int, str], Innovation]:
    """Innovations of the catalogue with the same agency and title, for proposals that name no past innovation."""
    asked = [each for each in proposals if each.past_innovation_id is None and each.title_key]
    if not asked:
        return {}
    agencies = {each.agency_id for each in asked}
    known = {
        (innovation.agency_id, title_key(innovation.title)): innovation
        for innovation in Innovation.objects.filter(agency__in=agencies, awards__isnull=False)
    }
    return {
        (each.agency_id, each.title_key): known[each.agency_id, each.title_key]
        for each in asked
        if (each.agency_id, each.title_key) in known
    }


def title_key(title: str) -> str:
    """As the column `title_key` is generated: only letters and digits, without case."""
    return "".join(sign for sign in title.lower() if sign.isalnum())
