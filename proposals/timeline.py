"""What happened to a proposal, as its page tells it: the steps of its life, and what its agency admin changed in it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import F, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from proposals.models import AnswerVersion, DetailsVersion, Document, Move, Proposal
from proposals.querysets import SENT
from proposals.versions import SAME_SITTING
from proposals.workflow import TRANSITIONS

Review = tuple[datetime, datetime | None]
EDITED = gettext_lazy("Changed during the review")


@dataclass(frozen=True)
class Past:
    """A step, or one sitting of the reviewer at the text: then `about` names what was changed."""

    past: str | Promise
    made_at: datetime
    made_by: User | None
    note: str = ""
    about: tuple[str, ...] = ()


def history(proposal: Proposal, reader: User) -> list[Past]:
    """The oldest first. Of a step that began and ended before it was sent the secretariat learns that it was made; the
    note, and what was edited, is the agency's own. Two or three queries."""
    moves = list(proposal.moves.select_related("made_by"))
    steps = [
        Past(
            TRANSITIONS[made.name].past, made.made_at, made.made_by,
            "" if reader.is_secretariat and not {made.source, made.target} & set(SENT) else made.note,
        )
        for made in moves
    ]  # fmt: skip
    edits = [] if reader.is_secretariat else _edits(proposal, moves)
    return sorted([*steps, *edits], key=lambda each: each.made_at)


def _edits(proposal: Proposal, moves: list[Move]) -> list[Past]:
    """What was written while the proposal lay with the agency admin, one line for each sitting."""
    reviews = [
        (came.made_at, left.made_at if left else None)
        for came, left in pairwise([*moves, None])
        if came and came.target == Proposal.Status.IN_REVIEW
    ]
    if not reviews:
        return []
    sittings: list[list[tuple[datetime, int, str]]] = []
    for saved in _saves(proposal, reviews):
        last = sittings[-1][-1] if sittings else None
        if last and last[1] == saved[1] and saved[0] - last[0] <= SAME_SITTING and _same(reviews, last[0], saved[0]):
            sittings[-1].append(saved)
        else:
            sittings.append([saved])
    people = User.objects.in_bulk({each[-1][1] for each in sittings}) if sittings else {}
    return [
        Past(EDITED, each[-1][0], people.get(each[-1][1]), about=tuple(dict.fromkeys(what for _at, _by, what in each)))
        for each in sittings
    ]


def _same(reviews: list[Review], one: datetime, other: datetime) -> bool:
    """Whether both moments are of the same review."""
    return any(since <= one and (until is None or other <= until) for since, until in reviews)


def _saves(proposal: Proposal, reviews: list[Review]) -> list[tuple[datetime, int, str]]:
    """When, by whom and what; a replaced document only as it is attached now."""
    texts = AnswerVersion.objects.filter(_during("saved_at", reviews), answer__proposal=proposal).order_by()
    pages = DetailsVersion.objects.filter(_during("saved_at", reviews), proposal=proposal, saved_by__isnull=False)
    files = Document.objects.filter(_during("attached_at", reviews), proposal=proposal)
    where = Value(_("Details of the innovation"))
    found = texts.values_list("saved_at", "saved_by", F("answer__question__aspect__name")).union(
        pages.order_by().values_list("saved_at", "saved_by", where),
        files.values_list("attached_at", "attached_by", F("requirement__name")),
        all=True,
    )
    return sorted(tuple(each) for each in found)


def _during(field: str, reviews: list[Review]) -> Q:
    found = Q()
    for since, until in reviews:
        found |= Q(**{f"{field}__gt": since} | ({f"{field}__lt": until} if until else {}))
    return found
