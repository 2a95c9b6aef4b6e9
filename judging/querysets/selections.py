"""Reads of Selections in the language of the work: which one stands, what it fixes."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
)

from competitions.models import Competition, Round

if TYPE_CHECKING:
    from judging.models import Assessment, Entry, Juror, Selection  # noqa: F401 (only names for the type checker)


def is_fixed(of: str = "") -> Exists:
    """Whether a plenary has fixed the sheets of a Round, asked from it or along `of` ("entry__round__"): what
    SelectionQuerySet.fixing says of one round."""
    own = Q(round=OuterRef(f"{of}pk"))
    helped = Q(round__group=OuterRef(f"{of}group"), round__key=OuterRef(f"{of}supports"))  # no round has the key ""
    return Exists(apps.get_model("judging", "Selection").objects.closed().filter(own | helped))


class SelectionQuerySet(QuerySet["Selection"]):
    def standing(self) -> Self:
        """Those nothing supersedes: one for each round that has any."""
        return self.filter(superseded_by=None)

    def closed(self) -> Self:
        """Standing ones that no correction has opened again: nothing their rounds hold may change."""
        return self.standing().filter(correction=None)

    def of(self, judging_round: Round) -> "Selection | None":
        """The standing Selection of that round."""
        return self.standing().filter(round=judging_round).first()

    def fixing(self, judging_round: Round) -> Self:
        """The Selection after which that round's sheets stand: its own, or that of the round it supports; none while
        it is being corrected."""
        own = Q(round=judging_round)
        if judging_round.supports:
            own |= Q(round__group=judging_round.group_id, round__key=judging_round.supports)
        return self.closed().filter(own)

    def in_competition(self, competition: Competition) -> Self:
        return self.filter(round__group__competition=competition)

    def holding(self, proposal: int) -> Self:
        """Selections in which that proposal (primary key) was selected."""
        entries = apps.get_model("judging", "SelectionEntry").objects
        return self.filter(Exists(entries.filter(selection=OuterRef("pk"), proposal=proposal, is_selected=True)))
