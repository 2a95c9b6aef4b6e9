"""Reads of the letters of feedback in the language of the work."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Agency, User
from competitions.models import Round

if TYPE_CHECKING:
    from judging.models import FeedbackLetter  # noqa: F401 (only a name for the type checker)


class FeedbackLetterQuerySet(QuerySet["FeedbackLetter"]):
    def visible_to(self, user: User) -> Self:
        """The secretariat sees all; who leads the proposal and who acts for its agency those that were sent."""
        if user.is_secretariat:
            return self
        theirs = Q(entry__proposal__lead=user) | Q(entry__proposal__agency__in=Agency.objects.administered_by(user))
        return self.filter(theirs, state="sent")

    def in_round(self, judging_round: Round) -> Self:
        return self.filter(entry__round=judging_round)

    def wanted(self) -> Self:
        """Those whose proposal the round's standing list left out: a correction may have put one in meanwhile. None
        for a disqualified one."""
        places = apps.get_model("judging", "SelectionEntry").objects.filter(
            proposal=OuterRef("entry__proposal"), selection__round=OuterRef("entry__round"),
            selection__superseded_by=None, is_selected=False,
        )  # fmt: skip
        return self.filter(Exists(places)).filter(entry__proposal__disqualification__confirmed_at=None)

    def with_open_comments(self) -> Self:
        """`open_comments`: how many of its comments nobody has looked at yet."""
        comments = apps.get_model("judging", "FeedbackComment").objects.filter(letter=OuterRef("pk"), decision="open")
        counted = comments.order_by().values("letter").annotate(number=Count("pk")).values("number")
        return self.annotate(open_comments=Coalesce(Subquery(counted), 0))

    def ready(self) -> Self:
        """Drafts that may be approved: every comment was released or held."""
        return self.filter(state="draft").exclude(comments__decision="open")

    def with_people(self) -> Self:
        """With the single rows a letter names."""
        return self.select_related(
            "entry__round__group__competition", "entry__proposal__agency", "entry__proposal__category",
            "entry__proposal__lead",
        )  # fmt: skip
