"""What happened to a proposal, as its page tells it: the steps of its life, and what its agency admin changed in it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.lookups import Exact
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from proposals.models import AnswerVersion, DetailsVersion, Document, Move, Proposal
from proposals.querysets import SENT
from proposals.versions import SAME_SITTING
from proposals.workflow import TRANSITIONS, worded

EDITED = gettext_lazy("Changed during the review")
NOTHING = Value("", CharField())
Row = tuple[datetime, int, str | None, str, str, str, str]  # at, key, by whom, what, from status, to status, note


@dataclass(frozen=True)
class Past:
    """A step, or one sitting of the reviewer at the text: then `about` names what was changed."""

    past: str | Promise
    made_at: datetime
    by: str
    note: str = ""
    about: tuple[str, ...] = ()


def history(proposal: Proposal, reader: User) -> list[Past]:
    """The oldest first. Of a step that began and ended before it was sent the secretariat learns that it was made; the
    note, and what was edited, is the agency's own. One query."""
    happened: list[Past] = []
    for at, _key, by, what, source, target, note in _rows(proposal, reader):
        if target:
            is_internal = reader.is_secretariat and not {source, target} & set(SENT)
            happened.append(Past(worded(TRANSITIONS[what], source).past, at, by or "", "" if is_internal else note))
            continue
        last = happened[-1]
        if last.about and last.by == by and at - last.made_at <= SAME_SITTING:
            happened[-1] = replace(last, made_at=at, about=tuple(dict.fromkeys([*last.about, what])))
        else:
            happened.append(Past(EDITED, at, by or "", about=(what,)))
    return happened


def _rows(proposal: Proposal, reader: User) -> list[Row]:
    """Every step, and every save while the proposal lay with its agency admin; of documents those attached now."""
    steps = proposal.moves.order_by().values_list(
        "made_at", "pk", "made_by__name", "name", "source", "target", "note"
    )  # fmt: skip
    if reader.is_secretariat:
        return sorted(steps)
    texts = AnswerVersion.objects.filter(_in_review(proposal, "saved_at"), answer__proposal=proposal)
    pages = DetailsVersion.objects.filter(_in_review(proposal, "saved_at"), proposal=proposal, saved_by__isnull=False)
    files = Document.objects.filter(_in_review(proposal, "attached_at"), proposal=proposal)
    no_step, details = (NOTHING, NOTHING, NOTHING), Value(_("Details of the innovation"), CharField())
    found = steps.union(
        texts.order_by().values_list(
            "saved_at", Value(0), "saved_by__name", F("answer__question__aspect__name"), *no_step
        ),
        pages.order_by().values_list("saved_at", Value(0), "saved_by__name", details, *no_step),
        files.order_by().values_list("attached_at", Value(0), "attached_by__name", F("requirement__name"), *no_step),
        all=True,
    )
    return sorted(found)


def _in_review(proposal: Proposal, moment: str) -> Exact:
    """Whether the last step before that moment had brought it to the agency admin."""
    before = Move.objects.filter(proposal=proposal, made_at__lt=OuterRef(moment)).order_by("-made_at", "-pk")
    return Exact(Subquery(before.values("target")[:1]), Value(Proposal.Status.IN_REVIEW.value))
