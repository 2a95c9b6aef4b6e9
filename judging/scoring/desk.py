"""A juror's desk: their piles, what comes next, and why a sheet can no longer be changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions import calendar
from competitions.models import Round
from judging.models import Assessment, Juror, PlenaryMove, Selection
from judging.querysets.selections import is_fixed


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
        """The first unfinished sheet; once the pile is closed, the first that was opened again."""
        waiting = [sheet for sheet in self.sheets if sheet.status != Assessment.Status.FINAL]
        if self.closed:
            waiting = [sheet for sheet in waiting if sheet.is_reopened and self.closed.code == "closed"]
        return waiting[0] if waiting else None


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
    closed = why_closed(assessment.entry.round)
    if closed and not (closed.code == "closed" and assessment.is_reopened):
        return closed
    if assessment.status == Assessment.Status.FINAL:
        if closed is None and assessment.entry.round.discussion and not assessment.is_anchor_only:
            words = _(
                "This sheet is final. Once all members of the team are final, you can revise yours under “Scores of the"
                " team”; otherwise only the secretariat can open it again."
            )
        else:
            words = _("This sheet is final. Only the secretariat can open it again.")
        return ValidationError(words, code="final")
    if assessment.status not in (Assessment.Status.ASSIGNED, Assessment.Status.DRAFT):
        return ValidationError(_("This sheet is no longer yours."), code="released")
    return None


def why_closed(judging_round: Round) -> ValidationError | None:
    """Why no sheet of the round can be changed now; None when its time is open and no plenary has fixed it."""
    frozen = Selection.objects.fixing(judging_round).exists()
    return _why_closed(judging_round, frozen=frozen, at=calendar.now())


def _why_closed(judging_round: Round, *, frozen: bool, at: datetime) -> ValidationError | None:
    stage = judging_round.stage
    if frozen:
        return ValidationError(_("The plenary has fixed the result of this round; scores stand."), code="frozen")
    if stage.starts_at and at < stage.starts_at:
        return ValidationError(_("The assessment period has not begun yet."), code="not_open")
    if not calendar.is_open(stage, at):
        words = _("The assessment period has ended on %(moment)s; this sheet can only be read.")
        ended = date_format(timezone.localtime(stage.ends_at), "j F Y, H.i T") if stage.ends_at else "–"
        return ValidationError(words, code="closed", params={"moment": ended})
    return None


# Between two final sheets: less is no reading (sent together after a journey without a line), more is a break.
LEAST_READING, BREAK = timedelta(seconds=20), timedelta(minutes=45)
ENOUGH_TO_TELL = 3  # gaps between final sheets from which a pace is told


@dataclass(frozen=True)
class Progress:
    """A sheet's `number` in its pile of `count`, how many are `done`, its neighbours' codes, and the reading time the
    open ones still take at the juror's own pace (None while that is not known)."""

    number: int
    count: int
    done: int
    previous: str | None
    next: str | None
    time_left: timedelta | None

    @property
    def hours_left(self) -> int:
        return round(self.time_left / timedelta(hours=1)) if self.time_left else 0

    @property
    def minutes_left(self) -> int:
        """In steps of five, for what takes less than an hour and a half."""
        minutes = self.time_left / timedelta(minutes=1) if self.time_left else 90
        return max(5, round(minutes / 5) * 5) if minutes < 90 else 0


def progress_of(assessment: Assessment) -> Progress:
    """Where the juror stands in the pile of this sheet; one query."""
    pile = Assessment.objects.live().in_round(assessment.entry.round).filter(juror=assessment.juror_id)
    rows = list(pile.order_by("place", "pk").values_list("code", "status", "finalised_at"))
    codes = [code for code, _status, _at in rows]
    place = codes.index(assessment.code) if assessment.code in codes else len(codes)
    final = sorted(at for _code, status, at in rows if at and status == Assessment.Status.FINAL)
    return Progress(
        number=place + 1, count=len(rows), done=len(final),
        previous=codes[place - 1] if 0 < place < len(codes) else None,
        next=codes[place + 1] if place + 1 < len(codes) else None,
        time_left=_time_left(final, len(rows) - len(final)),
    )  # fmt: skip


def _time_left(final: list[datetime], still_open: int) -> timedelta | None:
    gaps = [later - earlier for earlier, later in pairwise(final) if LEAST_READING <= later - earlier <= BREAK]
    if len(gaps) < ENOUGH_TO_TELL or not still_open:
        return None
    return timedelta(seconds=median(gap.total_seconds() for gap in gaps) * still_open)


def plenaries_of(user: User) -> list[Round]:
    """Rounds in whose plenary the person sits as a panelist, while a move of somebody else waits for its second."""
    waiting = PlenaryMove.objects.filter(round=OuterRef("pk"), confirmed_by=None).exclude(made_by=user)
    panel = Q(group__competition__jurors__user=user, group__competition__jurors__kind=Juror.Kind.PANELIST)
    rounds = Round.objects.filter(Exists(waiting), panel, attendance__user=user).distinct()
    return list(rounds.select_related("group__competition").order_by("group__order", "order"))
