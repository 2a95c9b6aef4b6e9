"""Reads of entries and sheets in the language of the work. The one formula of a sheet's total lives here."""

from typing import TYPE_CHECKING, Self

from django.db.models import (
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from competitions.models import Round

if TYPE_CHECKING:
    from judging.models import Assessment, Entry, Juror, Selection  # noqa: F401 (only names for the type checker)


OPEN = ("assigned", "draft")


LIVE = ("assigned", "draft", "final")


OFFICIAL = Q(assessments__is_anchor_only=False)  # sheets that count, asked from an entry


TOTAL = DecimalField(max_digits=12, decimal_places=4)


SCORED = ExpressionWrapper(
    F("scores__criterion__weight") * F("scores__value") / F("scores__criterion__scale_max"), output_field=TOTAL
)


class EntryQuerySet(QuerySet["Entry"]):
    def competing(self) -> Self:
        """Entries of proposals that are not disqualified."""
        return self.filter(proposal__disqualification__confirmed_at=None)

    def with_sheets(self) -> Self:
        """`sheets_final`, `sheets_open` (numbers) of each entry."""
        return self.annotate(
            sheets_final=Count("assessments", filter=OFFICIAL & Q(assessments__status="final")),
            sheets_open=Count("assessments", filter=OFFICIAL & Q(assessments__status__in=OPEN)),
        )

    def short_of_jurors(self, judging_round: Round) -> Self:
        """Entries of the round with fewer live sheets than it asks for."""
        live = Count("assessments", filter=OFFICIAL & Q(assessments__status__in=LIVE))
        entries = self.competing().filter(round=judging_round).annotate(sheets_live=live)
        return entries.filter(sheets_live__lt=judging_round.assessors_per_proposal)


class AssessmentQuerySet(QuerySet["Assessment"]):
    def visible_to(self, user: User) -> Self:
        """A juror's own sheets, once the pact is accepted and while they serve; the secretariat sees all."""
        if user.is_secretariat:
            return self
        return self.filter(
            juror__user=user, juror__left_at=None, juror__pact_accepted_at__isnull=False, status__in=LIVE
        )

    def passed_on_by(self, user: User) -> Self:
        """Sheets a serving juror stepped back from or handed back."""
        return self.filter(juror__user=user, juror__left_at=None).exclude(status__in=LIVE)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def live(self) -> Self:
        """Sheets that count or may still count: neither recused nor handed back."""
        return self.filter(status__in=LIVE)

    def final(self) -> Self:
        return self.filter(status="final")

    def official(self) -> Self:
        """Sheets that count in the mean: all but those read only to compare jurors."""
        return self.filter(is_anchor_only=False)

    def competing(self) -> Self:
        """Sheets of proposals that are not disqualified."""
        return self.filter(entry__proposal__disqualification__confirmed_at=None)

    def in_round(self, judging_round: Round) -> Self:
        return self.filter(entry__round=judging_round)

    def with_total(self) -> Self:
        """`total` = sum(weight * score / highest score), from 0 to 100 whatever the scale; 0 while nothing is scored.

        On a scale to 100 that is the plain weighted mean; a 1 on a scale of pass or fail is 100.

        SCORED is the only place where a total is computed. A subquery, so that it may stand beside any other join.
        """
        sheet = self.model._default_manager.filter(pk=OuterRef("pk")).order_by().values("pk")
        total = sheet.annotate(total=Sum(SCORED)).values("total")
        return self.annotate(total=Coalesce(Subquery(total, output_field=TOTAL), 0, output_field=TOTAL))
