"""How far the rounds are: what the secretariat watches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from competitions import calendar
from competitions.models import Competition, Round
from judging.models import Assessment, Entry, Juror, Selection
from judging.querysets.sheets import LIVE, OFFICIAL

STATES: dict[str, tuple[str | Promise, str]] = {
    "closed_before": (_("Waiting for the round before"), "blocked"),
    "to_open": (_("Ready to open"), "pending"),
    "to_assign": (_("Entries without enough jurors"), "pending"),
    "not_begun": (_("Assigned, scoring has not begun"), "neutral"),
    "scoring": (_("Being scored"), "open"),
    "overdue": (_("Time is up, sheets missing"), "overdue"),
    "complete": (_("Complete, ready for the plenary"), "done"),
    "counted": (_("Complete, counts in the plenary it supports"), "done"),
    "frozen": (_("Fixed in plenary"), "passed"),
    "correcting": (_("Fixed list being corrected"), "pending"),
}


@dataclass
class RoundState:
    """One round with its numbers. `state` is a key of STATES; `short` entries lack a juror."""

    round: Round
    entries: int
    sheets: int
    final: int
    recused: int
    short: int
    selection: Selection | None
    state: str

    @property
    def label(self) -> str | Promise:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]


def round_states(competition: Competition) -> list[RoundState]:
    """Every round of the year in order, in a constant number of queries."""
    rounds = Round.objects.filter(group__competition=competition).order_by("group__order", "order")
    return _states(rounds.select_related("group__competition", "stage"))


def state_of(judging_round: Round) -> RoundState:
    """The state of one round."""
    group = Round.objects.filter(group=judging_round.group_id).order_by("order")
    states = _states(group.select_related("group__competition", "stage"))
    return next(state for state in states if state.round.pk == judging_round.pk)


def _states(rounds: Iterable[Round]) -> list[RoundState]:
    rounds = list(rounds)
    entries = dict(
        Entry.objects.competing().filter(round__in=rounds).order_by().values_list("round").annotate(Count("pk"))
    )
    sheets = {
        row["entry__round"]: row
        for row in Assessment.objects.official()
        .filter(entry__round__in=rounds)
        .order_by()
        .values("entry__round")
        .annotate(
            live=Count("pk", filter=Q(status__in=LIVE)),
            final=Count("pk", filter=Q(status="final")),
            recused=Count("pk", filter=Q(status="recused")),
        )
    }
    short = _short(rounds)
    selections = {(row.round.group_id, row.round.key): row for row in _selections(rounds)}
    opened = {(each.group_id, each.key) for each in rounds if entries.get(each.pk)}
    now, found = calendar.now(), []
    before: dict[int, bool] = {}
    for judging_round in rounds:
        numbers = sheets.get(judging_round.pk, {"live": 0, "final": 0, "recused": 0})
        state = RoundState(
            judging_round, entries.get(judging_round.pk, 0), numbers["live"], numbers["final"], numbers["recused"],
            short.get(judging_round.pk, 0),
            selections.get((judging_round.group_id, judging_round.supports or judging_round.key)), "",
        )  # fmt: skip
        may_open = before.get(judging_round.group_id, True)
        if judging_round.supports:
            may_open = (judging_round.group_id, judging_round.supports) in opened
        else:
            before[judging_round.group_id] = state.selection is not None
        state.state = _name(state, first_or_fixed=may_open, at=now)
        found.append(state)
    return found


def _selections(rounds: list[Round]) -> QuerySet[Selection]:
    groups = {each.group_id for each in rounds}
    return Selection.objects.standing().filter(round__group__in=groups).select_related("round", "correction")


def _short(rounds: list[Round]) -> dict[int, int]:
    """How many entries of each round have fewer live sheets than the round asks for, in one query."""
    live = Count("assessments", filter=OFFICIAL & Q(assessments__status__in=LIVE))
    wanted = {judging_round.pk: judging_round.assessors_per_proposal for judging_round in rounds}
    found = dict.fromkeys(wanted, 0)
    rows = (
        Entry.objects.competing().filter(round__in=rounds).order_by().annotate(live=live).values_list("round", "live")
    )
    for pk, count in rows:
        found[pk] += count < wanted[pk]
    return found


def _name(state: RoundState, *, first_or_fixed: bool, at: datetime) -> str:
    stage = state.round.stage
    if state.selection is not None:
        return "correcting" if hasattr(state.selection, "correction") else "frozen"
    if not state.entries:
        return "to_open" if first_or_fixed else "closed_before"
    if state.short:
        return "to_assign"
    if state.final == state.sheets:
        return "counted" if state.round.supports else "complete"
    if calendar.has_closed(stage, at):
        return "overdue"
    return "scoring" if calendar.is_open(stage, at) else "not_begun"


def jurors_of(judging_round: Round) -> QuerySet[Juror]:
    """The round's jurors with their numbers (JurorQuerySet.with_progress), by name."""
    jurors = Juror.objects.for_round(judging_round).with_progress(judging_round).select_related("user")
    return jurors.filter(Q(left_at=None) | Q(sheets_total__gt=0)).order_by("user__name")


def short_entries(judging_round: Round) -> QuerySet[Entry]:
    """Entries that lack a juror, with `sheets_live`."""
    return Entry.objects.short_of_jurors(judging_round).select_related("proposal__agency").order_by("proposal__code")
