"""A plan as it would be if it were deployed now: counted from its rows and the round's sheets, not from the solver.

What the solver proves holds when it is computed. Until the plan is deployed people change it by hand, jurors declare
ties and sheets are begun; these numbers are counted anew each time somebody looks.
"""

from dataclasses import dataclass, field

import numpy as np

from judging.assignment.linking import Links, links_of
from judging.assignment.planning import Reading, read_round
from judging.assignment.solving import fair_shares
from judging.assignment.togetherness import pair_counts
from judging.jurors.conflicts import Path
from judging.models import AssignmentPlan, Entry, Juror


@dataclass
class JurorLoad:
    """One juror before and after the plan; `outside` of the new sheets are not in their field."""

    juror: Juror
    before: int
    least: int = 0
    most: int = 0
    new: int = 0
    leaving: int = 0
    outside: int = 0

    @property
    def after(self) -> int:
        return self.before + self.new - self.leaving

    @property
    def is_fair(self) -> bool:
        return self.least <= self.after <= self.most


@dataclass
class Given:
    """One row of the plan: who would get which entry, and from whom it would be taken."""

    entry: Entry
    juror: Juror
    giver: Juror | None
    sheet: int | None
    is_expert: bool
    path: Path | None

    @property
    def is_move(self) -> bool:
        return self.giver is not None


@dataclass
class Measured:
    """`stale` counts rows that can no longer be carried out (the juror left, the pair exists), `begun` those whose
    sheet was begun by its juror meanwhile, `crowded` the entries with more jurors than the round asks for."""

    loads: list[JurorLoad]
    given: list[Given]
    conflicts: list[Given]
    kept: int
    without_expert: int
    linked: int
    entries: int
    short: list[Entry]
    waiting: list[Juror]
    together: int
    links: Links
    stale: int = 0
    begun: int = 0
    crowded: int = 0
    moves: list[Given] = field(default_factory=list)

    @property
    def least(self) -> int:
        return min((load.after for load in self.loads), default=0)

    @property
    def most(self) -> int:
        return max((load.after for load in self.loads), default=0)

    @property
    def unfair(self) -> int:
        return sum(not load.is_fair for load in self.loads)

    @property
    def outside(self) -> int:
        return sum(load.outside for load in self.loads)

    @property
    def linked_percent(self) -> int:
        return 100 * self.linked // self.entries if self.entries else 0

    def numbers(self) -> dict[str, object]:
        """What is kept with the plan when it is proposed, changed or deployed."""
        return {
            "sheets": len(self.given), "moves": len(self.moves), "kept": self.kept, "least": self.least,
            "most": self.most, "unfair": self.unfair, "conflicts": len(self.conflicts), "outside": self.outside,
            "without_expert": self.without_expert, "linked_percent": self.linked_percent,
            "short": len(self.short), "together": self.together, "eigenvalue": round(self.links.eigenvalue, 4),
            "components": self.links.components, "weakness": self.links.weakness,
        }  # fmt: skip


def measure(plan: AssignmentPlan, reading: Reading | None = None) -> Measured:
    """Count the plan; a constant number of queries."""
    reading = reading or read_round(plan.round)
    row = {entry.pk: i for i, entry in enumerate(reading.entries)}
    column = {juror.pk: j for j, juror in enumerate(reading.jurors)}
    sheets = {pk: (i, j) for i, j, pk, _unstarted in reading.sheets}
    unstarted = {pk for _i, _j, pk, is_unstarted in reading.sheets if is_unstarted}
    present = {(i, j) for i, j, _pk, _unstarted in reading.sheets}
    loads = [JurorLoad(juror, 0) for juror in reading.jurors]
    for _i, holder, _pk, _unstarted in reading.sheets:
        loads[holder].before += 1
    pairs, given, stale, begun = set(present), [], 0, 0
    for entry, juror, sheet in plan.rows:
        i, j = row.get(entry), column.get(juror)
        if sheet is not None and sheet not in unstarted:
            begun += 1
            continue
        if i is None or j is None or (i, j) in present or reading.closed[i, j]:
            stale += 1
            continue
        giver = None
        if sheet is not None:
            at = sheets[sheet]
            giver = reading.jurors[at[1]]
            loads[at[1]].leaving += 1
            pairs.discard(at)
        pairs.add((i, j))
        loads[j].new += 1
        loads[j].outside += int(reading.outside[i, j])
        path = reading.ties[juror].path(reading.entries[i].proposal) if reading.conflict[i, j] else None
        given.append(Given(reading.entries[i], reading.jurors[j], giver, sheet, not reading.outside[i, j], path))
    _shares(loads, len(pairs), reading)
    measured = _counted(reading, sorted(pairs), given, loads)
    measured.stale, measured.begun = stale, begun
    return measured


def _shares(loads: list[JurorLoad], total: int, reading: Reading) -> None:
    """Each juror's fair share of all the sheets there will be."""
    if not loads:
        return
    caps = np.array([-1 if juror.cap is None else juror.cap for juror in reading.jurors])
    least, most = fair_shares(np.zeros(len(loads), dtype=int), total, caps)
    for each, low, high in zip(loads, least.tolist(), most.tolist(), strict=True):
        each.least, each.most = low, high


def _counted(reading: Reading, pairs: list[tuple[int, int]], given: list[Given], loads: list[JurorLoad]) -> Measured:
    size, jurors = len(reading.entries), len(reading.jurors)
    row = {entry.pk: i for i, entry in enumerate(reading.entries)}
    fresh = np.bincount([row[each.entry.pk] for each in given if not each.is_move], minlength=size)
    rows, columns = (np.array(pairs).T if pairs else np.zeros((2, 0))).astype(int)
    outside = reading.outside[rows, columns]
    experts = np.bincount(rows[~outside], minlength=size)
    strangers = np.array([reading.strangers.get(i, 0) for i in range(size)])
    readers = np.bincount(rows, minlength=size) + strangers
    linked = (experts > 0) & (np.bincount(rows[outside], minlength=size) > 0)
    short = np.flatnonzero(readers < reading.round.assessors_per_proposal)
    return Measured(
        loads=sorted(loads, key=lambda load: load.juror.user.name),
        given=given,
        conflicts=[each for each in given if each.path],
        kept=len(reading.sheets) + int(strangers.sum()),
        without_expert=int(((experts == 0) & (readers > 0)).sum()) if (~reading.outside).any() else 0,
        linked=int(linked.sum()),
        entries=size,
        short=[reading.entries[i] for i in short],
        waiting=reading.waiting,
        together=int(pair_counts(pairs, jurors).max(initial=0)),
        links=links_of(rows, columns, size, jurors),
        crowded=int(((readers > reading.round.assessors_per_proposal) & (fresh > 0)).sum()),
        moves=[each for each in given if each.is_move],
    )
