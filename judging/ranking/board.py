"""The ranking as people read it: places joined with their proposals and with what calibration says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit.models import Event
from competitions.models import Round
from judging.calibration import measuring
from judging.calibration.measuring import Chance
from judging.drawing import Interval, rank_interval
from judging.models import Assessment, CalibrationRun, Disqualification
from judging.ranking.places import Place, Ranking
from judging.ranking.selecting import Line, Move, lines
from proposals.models import Proposal

SURE_IN, UNCERTAIN, SURE_OUT = "sure_in", "uncertain", "sure_out"
SHOWN = (
    "code",
    "title",
    "agency__name",
    "agency__type",
    "agency__province",
    "category__key",
    "category__name",
)  # of a proposal; thousands are read whole


@dataclass(frozen=True)
class Row:
    """One line of the board. `position` counts lines from 1, so that the quota line has its place among equals.

    `is_provisional` tells that sheets are still missing; `chance` is calibration's advice; `was` the (rank, total)
    the proposal had before a sheet was dropped.
    """

    position: int
    line: Line
    proposal: Proposal
    ends_quota: bool
    is_provisional: bool = False
    chance: Chance | None = None
    fog: str = ""
    picture: Interval | None = None
    was: tuple[str, str] | None = None

    @property
    def place(self) -> Place:
        return self.line.place


@dataclass(frozen=True)
class Advice:
    """What the last calibration says about the quota line: how many are sure to be in, unsure, sure to be out,
    and of how many it says nothing.

    `is_current` tells whether it was computed from today's sheets; `is_partial` that the ranking's total also counts
    other rounds, of which calibration knows nothing.
    """

    run: CalibrationRun
    is_current: bool
    is_partial: bool
    sure_in: int
    uncertain: int
    sure_out: int
    unknown: int

    @property
    def is_on(self) -> bool:
        return bool(self.run.results["is_on"])


def rows(judging_round: Round, ranking: Ranking, moves: Sequence[Move] = ()) -> list[Row]:
    """The whole board in order; one query for the proposals."""
    entered = Proposal.objects.filter(entries__round=judging_round).select_related("agency", "category").only(*SHOWN)
    proposals = {proposal.code: proposal for proposal in entered}
    incomplete = {place.proposal for place in ranking.incomplete}
    return [
        Row(
            position, line, proposals[line.place.proposal], position == ranking.quota < len(ranking.places),
            line.place.proposal in incomplete,
        )
        for position, line in enumerate(lines(ranking, moves), start=1)
    ]  # fmt: skip


def advised(judging_round: Round, board: Sequence[Row]) -> tuple[list[Row], Advice | None]:
    """The rows with their calibrated scores, rank intervals and fog; the same rows and None without a calibration."""
    run = measuring.latest(judging_round)
    if run is None:
        return list(board), None
    chances, quota = measuring.chances_of(run), judging_round.advance
    found = [_advised(row, chances, quota) for row in board]
    count = [row.fog for row in found].count
    sheets = measuring.read_sheets(judging_round, [row.proposal.code for row in board])
    is_current = measuring.is_current(run, sheets)
    is_partial = set(judging_round.shares or {judging_round.key: 100}) != {judging_round.key}
    return found, Advice(run, is_current, is_partial, count(SURE_IN), count(UNCERTAIN), count(SURE_OUT), count(""))


def _advised(row: Row, chances: Mapping[str, Chance], quota: int) -> Row:
    chance = chances.get(row.proposal.code)
    if chance is None or not row.place.totals:
        return row
    fog = SURE_IN if chance.high <= quota else SURE_OUT if chance.low > quota else UNCERTAIN
    return replace(row, chance=chance, fog=fog)


def drawn(board: Sequence[Row], *, quota: int, entries: int) -> list[Row]:
    """The rows of one page with their rank intervals drawn on the scale of the whole round."""
    return [
        replace(row, picture=rank_interval(row.chance.low, row.chance.rank, row.chance.high, quota, entries))
        if row.chance
        else row
        for row in board
    ]


def recomputed(judging_round: Round, board: Sequence[Row]) -> list[Row]:
    """The rows, each with what it was before its first sheet was dropped for a conflict found late. One query."""
    sheets = Assessment.objects.filter(entry__round=judging_round, status=Assessment.Status.RECUSED)
    proposals = dict(sheets.values_list("code", "entry__proposal__code"))
    events = Event.objects.filter(verb="judging.drop_final", object_key__in=proposals).order_by("-id")
    before = {proposals[event.object_key]: event.data["before"] for event in events if event.data["before"]}
    return [
        replace(row, was=(was["rank"], was["total"])) if (was := before.get(row.proposal.code)) else row
        for row in board
    ]


def around_the_line(board: Sequence[Row], quota: int, *, span: int = 20) -> list[Row]:
    """The rows a plenary talks about: those near the line, those that tie across it, and every moved one.

    A board of at most a hundred rows is talked about whole."""
    if len(board) <= 100:
        return list(board)
    return [
        row for row in board if abs(row.position - quota) <= span or row.place.on_the_line or row.line.moved_because
    ]


def proposed_out(judging_round: Round) -> list[Disqualification]:
    """Disqualifications of entries of the round that wait for a second person: until then the list holds them."""
    waiting = Disqualification.objects.filter(confirmed_at=None, proposal__entries__round=judging_round)
    return list(waiting.select_related("proposal").order_by("made_at"))
