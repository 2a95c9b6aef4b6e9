"""Reads of interviews in the language of the work."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Agency, User
from competitions.models import Round
from judging.querysets.sheets import LIVE
from proposals.models import Proposal

if TYPE_CHECKING:
    from judging.models import InterviewSlot  # noqa: F401 (only a name for the type checker)


class SlotQuerySet(QuerySet["InterviewSlot"]):
    def visible_to(self, user: User) -> Self:
        """The secretariat sees all; once they are published a juror those they have a sheet of, and an agency's
        people those of the proposals they may know of."""
        if user.is_secretariat:
            return self
        theirs = Q(entry__proposal__in=Proposal.objects.visible_to(user))
        return self.published().filter(theirs | Exists(self._sheets_of(user)))

    def heard_by(self, user: User) -> Self:
        """Interviews in which this person sits as a juror."""
        return self.published().filter(Exists(self._sheets_of(user)))

    def of_agencies(self, user: User) -> Self:
        """Interviews of agencies this person acts for: theirs to confirm."""
        return self.published().filter(entry__proposal__agency__in=Agency.objects.administered_by(user))

    def published(self) -> Self:
        return self.exclude(published_at=None)

    def in_round(self, judging_round: Round) -> Self:
        return self.filter(entry__round=judging_round)

    def unconfirmed(self) -> Self:
        """Published ones still to come that no agency has confirmed."""
        return self.published().filter(confirmed_at=None, status="waiting")

    def on_day_of(self, start: datetime) -> Self:
        """Those within the 24 hours from that moment, the beginning of a day somewhere."""
        return self.filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=1))

    def with_people(self) -> Self:
        """With the single rows a page names."""
        return self.select_related(
            "panel", "entry__round__group__competition", "entry__round__stage", "entry__proposal__agency__parent",
            "entry__proposal__category", "entry__proposal__lead", "confirmed_by",
        )  # fmt: skip

    @staticmethod
    def _sheets_of(user: User) -> QuerySet:
        sheets = apps.get_model("judging", "Assessment").objects
        return sheets.filter(
            entry=OuterRef("entry"), juror__user=user, juror__left_at=None, juror__pact_accepted_at__isnull=False,
            status__in=LIVE,
        )  # fmt: skip
