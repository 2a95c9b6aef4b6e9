"""Reads of competitions in the language of the work. Time is asked of the database, in the same query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch

if TYPE_CHECKING:
    from competitions.models import Competition, Stage  # noqa: F401 (in quotes below)


class CompetitionQuerySet(models.QuerySet["Competition"]):
    def _with_stage(self, **conditions: object) -> CompetitionQuerySet:
        from competitions.models import Stage  # the models name these querysets, so they cannot be imported first

        return self.filter(Exists(Stage.objects.filter(competition=OuterRef("pk"), **conditions)))

    def open_for_submission(self) -> CompetitionQuerySet:
        """Years in which a proposal can be sent at this moment."""
        return self._with_stage(kind="submission", starts_at__lte=TransactionNow(), ends_at__gte=TransactionNow())

    def current(self) -> CompetitionQuerySet:
        """Years in progress: something has begun and something is still to come."""
        return self._with_stage(starts_at__lte=TransactionNow())._with_stage(ends_at__gte=TransactionNow())

    def present(self) -> Competition | None:
        """The newest year in progress; between two years the last one."""
        return self.current().first() or self.first()

    def with_calendar(self) -> CompetitionQuerySet:
        """With all stages and their revisions, in two more queries however many years there are."""
        from competitions.models import StageRevision

        revisions = StageRevision.objects.select_related("made_by")
        return self.prefetch_related("stages", Prefetch("stages__revisions", queryset=revisions))

    def with_rules(self) -> CompetitionQuerySet:
        """With all that the public page of a year says about its groups."""
        return self.prefetch_related(
            "categories",
            "groups__caps",
            "groups__age_exceptions__category",
            "groups__history_rules",
            "groups__documents__aspect",
            "groups__aspects__questions",
            "groups__rounds__stage",
            "groups__rounds__criteria",
            "groups__invited_agencies__agency",
        )


class StageQuerySet(models.QuerySet["Stage"]):
    def open(self) -> StageQuerySet:
        return self.filter(starts_at__lte=TransactionNow(), ends_at__gte=TransactionNow())

    def submission(self) -> StageQuerySet:
        return self.filter(kind="submission")
