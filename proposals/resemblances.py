"""What was seen before, as screeners read it: which proposals and innovations one is like, passages side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.models import Award
from proposals.models import Resemblance, Submission

AROUND = 140  # characters shown before and after a passage
WHOLE = 1200  # characters of a passage shown; a longer one is cut in the middle


@dataclass(frozen=True)
class Excerpt:
    """A passage with what stands around it; the middle of a very long one is left out."""

    before: str
    same: str
    after: str


@dataclass(frozen=True)
class Pair:
    here: Excerpt
    there: Excerpt
    words: int


@dataclass(frozen=True)
class Seen:
    """One resemblance, looked at from one of its two sides."""

    resemblance: Resemblance
    title: str
    agency: str
    facts: str
    url: str
    same_agency: bool

    @property
    def is_open(self) -> bool:
        return self.resemblance.judgement == Resemblance.Judgement.OPEN

    @property
    def tone(self) -> str:
        """The status its badge is coloured by."""
        return {"dismissed": "done", "confirmed": "warning"}.get(self.resemblance.judgement, "open")

    @property
    def words(self) -> int:
        return sum(passage[4] for passage in self.resemblance.passages)


def text_of(payload: Mapping[str, object]) -> str:
    """All answers of a frozen proposal as one text; the places of passages count in it."""
    answers = payload.get("answers") or []
    return "\n\n".join(answer["text"] for answer in answers if answer["text"])  # type: ignore[attr-defined]


def about(submission: Submission) -> QuerySet[Resemblance]:
    """Its resemblances from either side, those to what still stands, texts first, the most alike first."""
    either = Q(submission=submission, other__stands=True) | Q(submission=submission, other=None)
    awards = Prefetch("innovation__awards", Award.objects.order_by("year", "pk"))
    return (
        Resemblance.objects.filter(either | Q(other=submission, submission__stands=True))
        .select_related(
            "submission__proposal__agency", "submission__proposal__competition", "other__proposal__agency",
            "other__proposal__competition", "innovation", "judged_by",
        )
        .prefetch_related(awards)
        .defer("submission__payload", "other__payload")
    )  # fmt: skip


def seen_from(submission: Submission) -> list[Seen]:
    """What the page of this submission shows, in a fixed number of queries."""
    return [seen(each, submission) for each in about(submission)]


def seen(resemblance: Resemblance, here: Submission) -> Seen:
    """The resemblance from this side: the other side's names, and where it is read."""
    own = here.proposal.agency_id
    if innovation := resemblance.innovation:
        won = ", ".join(str(award) for award in innovation.awards.all())
        facts = won or _("In the catalogue, without an award")
        return Seen(
            resemblance, innovation.title, innovation.agency_name, facts, innovation.get_absolute_url(),
            innovation.agency_id == own,
        )  # fmt: skip
    there = resemblance.other if resemblance.submission_id == here.pk else resemblance.submission
    assert there is not None  # noqa: S101  the constraint a_resemblance_is_to_one_thing
    proposal = there.proposal
    facts = f"{proposal.competition.name} · {there.number}"
    url = reverse("proposals:screening_item", args=[proposal.code])
    return Seen(resemblance, proposal.title, proposal.agency.name, facts, url, proposal.agency_id == own)


def pairs(resemblance: Resemblance, here: Submission) -> list[Pair]:
    """The passages side by side, `here` on the left, in the order of its text."""
    if resemblance.other is None:
        return []
    turned = resemblance.submission_id != here.pk
    texts = text_of(resemblance.submission.payload), text_of(resemblance.other.payload)
    found = []
    for start, end, other_start, other_end, words in resemblance.passages:
        both = _excerpt(texts[0], start, end), _excerpt(texts[1], other_start, other_end)
        found.append((other_start if turned else start, Pair(*(both[::-1] if turned else both), words)))
    return [pair for _start, pair in sorted(found, key=lambda each: each[0])]


def _excerpt(text: str, start: int, end: int) -> Excerpt:
    before, after = text[max(start - AROUND, 0) : start], text[end : end + AROUND]
    same = text[start:end]
    if len(same) > WHOLE:
        same = f"{same[: WHOLE // 2].rsplit(' ', 1)[0]} […] {same[-WHOLE // 2 :].split(' ', 1)[-1]}"
    if start > AROUND:
        before = "…" + before.split(" ", 1)[-1]
    if end + AROUND < len(text):
        after = after.rsplit(" ", 1)[0] + "…"
    return Excerpt(before, same, after)
