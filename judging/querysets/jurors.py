"""Reads of jurors in the language of the work."""

from typing import TYPE_CHECKING, Self

from django.db.models import (
    Count,
    Max,
    Q,
    QuerySet,
)

from competitions.models import Round
from judging.querysets.sheets import LIVE

if TYPE_CHECKING:
    from judging.models import Assessment, Entry, Juror, Selection  # noqa: F401 (only names for the type checker)


class JurorQuerySet(QuerySet["Juror"]):
    def current(self) -> Self:
        """Jurors who have not left."""
        return self.filter(left_at=None)

    def ready(self) -> Self:
        """Current jurors who accepted the integrity pact: only they are given proposals."""
        return self.current().exclude(pact_accepted_at=None)

    def for_round(self, judging_round: Round) -> Self:
        """Jurors of the kinds that round wants, in its competition."""
        return self.filter(competition=judging_round.group.competition_id, kind__in=judging_round.kinds)

    def with_progress(self, judging_round: Round | None = None) -> Self:
        """`sheets_done`, `sheets_total`, `sheets_recused` (numbers) and `last_activity`, of one round or of all."""
        mine = Q(assessments__entry__round=judging_round) if judging_round else Q(assessments__isnull=False)
        return self.annotate(
            sheets_done=Count("assessments", filter=mine & Q(assessments__status="final")),
            sheets_total=Count("assessments", filter=mine & Q(assessments__status__in=LIVE)),
            sheets_recused=Count("assessments", filter=mine & Q(assessments__status="recused")),
            last_activity=Max("assessments__saved_at", filter=mine),
        )
