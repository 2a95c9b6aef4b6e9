"""A juror's desk: their piles, what comes next, and why a sheet can no longer be changed."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions import calendar
from competitions.models import Round
from judging.models import Assessment, Juror, Selection
from judging.querysets import is_fixed


@dataclass
class Pile:
    """One juror's sheets of one round, in the juror's own order."""

    round: Round
    juror: Juror
    sheets: list[Assessment]
    closed: ValidationError | None

    @property
    def done(self) -> int:
        return sum(sheet.status == Assessment.Status.FINAL for sheet in self.sheets)

    @property
    def next(self) -> Assessment | None:
        return next((sheet for sheet in self.sheets if sheet.status != Assessment.Status.FINAL), None)


def piles(user: User) -> list[Pile]:
    """All piles of the person's current juror roles with an accepted pact, the next to close first."""
    sheets = (
        Assessment.objects.live()
        .filter(juror__user=user, juror__left_at=None, juror__pact_accepted_at__isnull=False)
        .select_related(
            "juror__competition", "entry__round__stage", "entry__round__group__competition",
            "entry__proposal__category", "entry__proposal__agency",
        )
        .with_total()
        .order_by("entry__round__stage__ends_at", "entry__round", "juror", "place", "pk")
    )  # fmt: skip
    found: dict[tuple[int, int], Pile] = {}
    for sheet in sheets:
        key = (sheet.entry.round_id, sheet.juror_id)
        if key not in found:
            found[key] = Pile(sheet.entry.round, sheet.juror, [], None)
        found[key].sheets.append(sheet)
    rounds = {round_id for round_id, _juror in found}
    fixed = set(Round.objects.filter(is_fixed(), pk__in=rounds).values_list("pk", flat=True))
    now = calendar.now()
    for pile in found.values():
        pile.closed = _why_closed(pile.round, frozen=pile.round.pk in fixed, at=now)
    return list(found.values())


def next_sheet(assessment: Assessment) -> Assessment | None:
    """The first unfinished sheet after this one in its pile, or the first before it, or None."""
    pile = Assessment.objects.open().in_round(assessment.entry.round).filter(juror=assessment.juror)
    pile = pile.exclude(pk=assessment.pk).order_by("place", "pk")
    return pile.filter(place__gte=assessment.place).first() or pile.first()


def why_read_only(assessment: Assessment) -> ValidationError | None:
    """Why the sheet cannot be changed now, in words with a code; None when it can."""
    judging_round = assessment.entry.round
    frozen = Selection.objects.fixing(judging_round).exists()
    closed = _why_closed(judging_round, frozen=frozen, at=calendar.now())
    if closed:
        return closed
    if assessment.status == Assessment.Status.FINAL:
        words = _("This sheet is final. Only the secretariat can open it again.")
        return ValidationError(words, code="final")
    if assessment.status not in (Assessment.Status.ASSIGNED, Assessment.Status.DRAFT):
        return ValidationError(_("This sheet is no longer yours."), code="released")
    return None


def _why_closed(judging_round: Round, *, frozen: bool, at: datetime) -> ValidationError | None:
    stage = judging_round.stage
    if frozen:
        return ValidationError(_("The plenary has fixed the result of this round; scores stand."), code="frozen")
    if stage.starts_at and at < stage.starts_at:
        return ValidationError(_("The assessment period has not begun yet."), code="not_open")
    if not calendar.is_open(stage, at):
        return ValidationError(_("The assessment period has ended; this sheet can only be read."), code="closed")
    return None


def place_in_pile(assessment: Assessment) -> dict[str, int]:
    """`number` of this sheet in its pile (from 1), `count` of all, `done` so far."""
    pile = Assessment.objects.live().in_round(assessment.entry.round).filter(juror=assessment.juror_id)
    earlier = Q(place__lt=assessment.place) | Q(place=assessment.place, pk__lt=assessment.pk)
    return pile.aggregate(
        number=Count("pk", filter=earlier) + 1,
        count=Count("pk"),
        done=Count("pk", filter=Q(status=Assessment.Status.FINAL)),
    )
