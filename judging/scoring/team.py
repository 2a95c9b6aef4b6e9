"""The jurors of one entry as a team: what each may see of the others and when, and how far they lie apart.

Jurors see each other as juror 1, 2, 3; only the secretariat sees names. Notes for the panel are never shown here.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Criterion, Round
from judging.models import Assessment, AssessmentVersion, Entry, Score, TeamMessage
from judging.scoring.desk import why_closed


@dataclass(frozen=True)
class Seat:
    """One juror's sheet as its reader may see it; `versions` is its chain, the first one first."""

    number: int
    sheet: Assessment
    is_own: bool
    versions: list[AssessmentVersion]

    def score(self, criterion: Criterion) -> Score | None:
        return next((score for score in self.sheet.scores.all() if score.criterion_id == criterion.pk), None)


@dataclass(frozen=True)
class Line:
    """One criterion with each seat's score; `is_far` where they lie apart by more than the round's distance."""

    criterion: Criterion
    scores: list[tuple[Seat, Score | None]]
    is_far: bool

    @property
    def comments(self) -> list[tuple[Seat, str]]:
        return [(seat, score.comment) for seat, score in self.scores if score and score.comment]


@dataclass(frozen=True)
class Team:
    """What `reader` sees: `seats` (their own at least), whether all sheets are final, and why nothing can be said or
    revised now (None: it can)."""

    seats: list[Seat]
    lines: list[Line]
    is_complete: bool
    apart: Decimal
    is_far: bool
    closed: ValidationError | None

    @property
    def shows_others(self) -> bool:
        return any(not seat.is_own for seat in self.seats)


def team_of(sheet: Assessment, reader: User, criteria: list[Criterion]) -> Team:
    """The team of the sheet's entry as its juror or the secretariat may see it; two queries and the calendar's."""
    chain = Prefetch("versions", AssessmentVersion.objects.order_by("number"))
    sheets = list(
        sheet.entry.assessments.live().official().with_total().select_related("juror__user").order_by("pk")
        .prefetch_related("scores", chain)
    )  # fmt: skip
    is_complete = bool(sheets) and all(each.status == Assessment.Status.FINAL for each in sheets)
    seats = [
        Seat(number, each, each.juror.user_id == reader.pk, list(each.versions.all()))
        for number, each in enumerate(sheets, start=1)
        if may_see(reader, sheet, each, is_complete=is_complete)
    ]
    limit = sheet.entry.round.deviation_points
    apart = _apart([seat.sheet.total for seat in seats if seat.sheet.status == Assessment.Status.FINAL])  # type: ignore[attr-defined]
    return Team(
        seats, [_line(criterion, seats, limit) for criterion in criteria], is_complete, apart, apart > limit,
        why_silent(sheet.entry, is_complete=is_complete),
    )  # fmt: skip


def may_see(reader: User, own: Assessment, other: Assessment, *, is_complete: bool) -> bool:
    """Whether the reader of sheet `own` may see the sheet `other` of the same entry, by the round's setting."""
    if reader.is_secretariat or own.pk == other.pk:
        return True
    judging_round, final = own.entry.round, Assessment.Status.FINAL
    if own.is_anchor_only or own.status != final or other.status != final:
        return False
    if is_complete and judging_round.discussion:
        return True
    shown = judging_round.scores_shown
    return shown == Round.Shown.OWN_FINAL or (shown == Round.Shown.ALL_FINAL and is_complete)


def why_silent(entry: Entry, *, is_complete: bool) -> ValidationError | None:
    """Why the team can neither talk nor revise now; None when it can."""
    if not entry.round.discussion:
        return ValidationError(_("In this round every juror scores alone."), code="no_discussion")
    if not is_complete:
        words = _("The discussion opens once all sheets of this proposal are final.")
        return ValidationError(words, code="not_all_final")
    return why_closed(entry.round)


def is_complete(entry: Entry) -> bool:
    """All sheets that count are final."""
    statuses = set(entry.assessments.live().official().values_list("status", flat=True))
    return statuses == {Assessment.Status.FINAL}


def messages_of(entry: Entry) -> list[TeamMessage]:
    return list(entry.team_messages.select_related("author"))


def far_apart(user: User) -> dict[int, Decimal]:
    """Entries (primary keys) the juror's team may talk about now and lies further apart on than the round's distance,
    with that distance; one query."""
    mine = Assessment.objects.final().official().filter(juror__user=user, entry__round__discussion=True)
    sheets = Assessment.objects.live().official().filter(entry__in=mine.order_by().values("entry"))
    totals: dict[tuple[int, int], list[Decimal | None]] = defaultdict(list)
    rows = sheets.with_total().values_list("entry", "entry__round__deviation_points", "status", "total")  # type: ignore[misc]
    for entry, limit, status, total in rows.order_by():
        totals[entry, limit].append(total if status == Assessment.Status.FINAL else None)
    found = {}
    for (entry, limit), given in totals.items():
        final = [each for each in given if each is not None]
        if len(final) == len(given) and _apart(final) > limit:
            found[entry] = _apart(final)
    return found


def _line(criterion: Criterion, seats: list[Seat], limit: int) -> Line:
    scores = [(seat, seat.score(criterion)) for seat in seats]
    values = [score.value * 100 / criterion.scale_max for _seat, score in scores if score and score.value is not None]
    return Line(criterion, scores, _apart(values) > limit)


def _apart(values: list[Decimal]) -> Decimal:
    return max(values) - min(values) if values else Decimal(0)
