"""The history of what is written: every version of a box or of the details page, and what was set aside, gathered by
sitting, with a word for each change. Reads only; restoring is an ordinary save."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property

from accounts.models import User
from competitions.models import Aspect, Question
from proposals import details
from proposals.models import AnswerVersion, DetailsVersion, Proposal, SetAside
from proposals.reading import Detail
from proposals.reading import details as detail_rows
from proposals.words import count_words

SAME_SITTING = timedelta(minutes=30)  # a longer pause begins a new sitting
ASIDE = "kept-"


@dataclass(frozen=True)
class Text:
    """A text of a box as it once was: `version` is None for one that was set aside."""

    question: Question
    text: str
    at: datetime
    by: User | None
    version: int | None = None
    aside: SetAside | None = None
    is_current: bool = False
    before: "Text | None" = None

    @property
    def which(self) -> str:
        """How its address names it."""
        return str(self.version) if self.aside is None else f"{ASIDE}{self.aside.code}"

    @cached_property
    def words(self) -> int:
        return count_words(self.text)

    @property
    def more_words(self) -> int:
        """Than the version before it."""
        return self.words - (self.before.words if self.before else 0)


@dataclass
class Sitting:
    """Versions one person saved without a long pause, the newest first."""

    by: User | None
    versions: list[Text] = field(default_factory=list)

    @property
    def last(self) -> datetime:
        return self.versions[0].at


@dataclass(frozen=True)
class Box:
    question: Question
    sittings: list[Sitting]


def of_aspect(proposal: Proposal, aspect: Aspect) -> list[Box]:
    """Every text of every box of the aspect, in three queries."""
    return [Box(question, _sittings(texts)) for question, texts in _texts_of(proposal, list(aspect.questions.all()))]


def of_box(proposal: Proposal, question: Question) -> list[Text]:
    """All texts of one box, the oldest first."""
    return _texts_of(proposal, [question])[0][1]


def _texts_of(proposal: Proposal, questions: list[Question]) -> list[tuple[Question, list[Text]]]:
    kept: dict[int, list[AnswerVersion]] = {each.pk: [] for each in questions}
    versions = AnswerVersion.objects.filter(answer__proposal=proposal, answer__question__in=questions)
    for version in versions.select_related("saved_by", "answer").order_by("version"):
        kept[version.answer.question_id].append(version)
    aside: dict[int, list[SetAside]] = {each.pk: [] for each in questions}
    for lost in SetAside.objects.filter(proposal=proposal, question__in=questions).select_related("made_by"):
        aside[lost.question_id or 0].append(lost)
    return [(each, _texts(each, kept[each.pk], aside[each.pk])) for each in questions]


def _texts(question: Question, kept: list[AnswerVersion], aside: list[SetAside]) -> list[Text]:
    """The oldest first. What a text is compared with: the version before it, and for one set aside the version it
    met or came after."""
    found: list[Text] = []
    for each in kept:
        found.append(Text(question, each.text, each.saved_at, each.saved_by, each.version,
                          is_current=each is kept[-1], before=found[-1] if found else None))  # fmt: skip
    for lost in aside:
        met = [each for each in found if each.at <= lost.made_at and each.aside is None]
        found.append(Text(question, lost.text, lost.made_at, lost.made_by, aside=lost, before=met[-1] if met else None))
    return sorted(found, key=lambda each: each.at)


def _sittings(texts: Iterable[Text]) -> list[Sitting]:
    """The newest first."""
    found: list[Sitting] = []
    for each in texts:
        last = found[-1] if found else None
        if last and last.by == each.by and each.at - last.last <= SAME_SITTING:
            last.versions.insert(0, each)
        else:
            found.append(Sitting(each.by, [each]))
    return found[::-1]


@dataclass(frozen=True)
class DetailsState:
    """The details page after one save: which fields changed, from what to what."""

    which: str
    at: datetime
    by: User | None
    values: details.Values
    changed: list[tuple[Detail, Detail]]
    aside: SetAside | None = None
    is_current: bool = False


def of_details(proposal: Proposal) -> list[DetailsState]:
    """All versions of the details page and what was set aside, the newest first."""
    prefetch_related_objects([proposal.group], "aspects__questions")  # each version asks which fields there are
    kept = list(proposal.details_versions.select_related("saved_by").order_by("version"))
    aside = list(SetAside.objects.filter(proposal=proposal, question=None).select_related("made_by"))
    reader = details.Reader(proposal, [*(each.values for each in kept), *(each.values for each in aside)])
    states = [*list(_details_states(reader, kept))[::-1], *(_details_aside(reader, proposal, each) for each in aside)]
    return sorted(states, key=lambda each: each.at, reverse=True)


def _details_states(reader: details.Reader, kept: list[DetailsVersion]) -> Iterator[DetailsState]:
    before: DetailsVersion | None = None
    for each in kept:
        yield DetailsState(
            str(each.version), each.saved_at, each.saved_by, each.values,
            _changed(reader, before.values, each.values) if before else [], is_current=each is kept[-1],
        )  # fmt: skip
        before = each


def _details_aside(reader: details.Reader, proposal: Proposal, lost: SetAside) -> DetailsState:
    """What was set aside is shown against what is stored now."""
    changed = _changed(reader, details.stored(proposal), lost.values)
    return DetailsState(f"{ASIDE}{lost.code}", lost.made_at, lost.made_by, lost.values, changed, aside=lost)


def _changed(reader: details.Reader, old: details.Values, new: details.Values) -> list[tuple[Detail, Detail]]:
    """The fields of `new` that differ, each as it was and as it became."""
    names = {name for name in new if old.get(name) != new[name]}
    was = {each.name: each for each in detail_rows(reader.proposal_with(old))}
    became = detail_rows(reader.proposal_with(old | new))
    return [(was.get(each.name, replace(each, value="")), each) for each in became if each.name in names]
