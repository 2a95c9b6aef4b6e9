"""Who could read a proposal once more: from chances to named readings the secretariat may release."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from django.db.models import Count, F

from competitions.models import Round
from judging.assignment.planning import live_loads
from judging.assignment.solving import least_loaded
from judging.calibration.borderline import Budget, choose, worth
from judging.calibration.calibrating import Chances
from judging.jurors.conflicts import Ties, ties_of
from judging.models import Assessment, CalibrationRun, Entry, Juror


@dataclass(frozen=True)
class Reading:
    """One proposed reading: why (chance, rank interval) and by whom. Codes of the proposal and of the juror."""

    proposal: str
    juror: str
    p_in: float
    rank_low: int
    rank_high: int
    worth: float


@dataclass
class Staff:
    """A round's ready jurors with what decides who may take a sheet; `loads` grows as sheets are promised."""

    jurors: dict[int, Juror]
    ties: dict[int, Ties]
    loads: dict[int, int]
    taken: dict[int, set[int]] = field(default_factory=dict)
    compared: dict[int, list[Assessment]] = field(default_factory=dict)  # live sheets that only compare, by entry

    def free_for(self, entry: Entry) -> list[int]:
        """Primary keys of those who have no sheet of the entry, whatever became of it, and no conflict."""
        taken = self.taken.get(entry.pk, ())
        return [pk for pk in self.jurors if pk not in taken and self.ties[pk].reason(entry.proposal) is None]

    def promise(self, entry: Entry, *, first: str = "") -> Juror | None:
        """The juror of the code `first` if free, else the least loaded free one, an expert among equals; counted as
        loaded and taken from now on."""
        free = self.free_for(entry)
        experts = {pk for pk in free if entry.proposal.category_id in self._fields(pk)}
        named = [pk for pk in free if self.jurors[pk].code == first]
        chosen = named[0] if named else least_loaded(free, self.loads, experts)
        if chosen is None:
            return None
        self.loads[chosen] = self.loads.get(chosen, 0) + 1
        self.taken.setdefault(entry.pk, set()).add(chosen)
        return self.jurors[chosen]

    def know(self, sheets: Iterable[Assessment]) -> None:
        """Live sheets that only compare: they are spare."""
        for sheet in sheets:
            self.compared.setdefault(sheet.entry_id, []).append(sheet)

    def spare(self, entry: Entry) -> list[Assessment]:
        """Live sheets of the entry that its jurors read only to be compared, the least loaded juror's first."""
        found = self.compared.get(entry.pk, [])
        extra = [sheet for sheet in found if sheet.is_anchor_only and sheet.juror_id in self.jurors]
        return sorted(extra, key=lambda sheet: (self.loads.get(sheet.juror_id, 0), sheet.juror_id))

    def _fields(self, pk: int) -> set[int]:
        return {category.pk for category in self.jurors[pk].expertise.all()}


def staff_of(judging_round: Round, entries: Iterable[Entry]) -> Staff:
    """Read once for all the entries, in a constant number of queries."""
    ready = Juror.objects.for_round(judging_round).ready().select_related("user").prefetch_related("expertise")
    jurors = {juror.pk: juror for juror in ready.order_by("pk")}
    staff = Staff(jurors, ties_of(jurors.values()), live_loads(judging_round))
    sheets = Assessment.objects.filter(entry__in=list(entries))
    for entry, juror in sheets.values_list("entry", "juror"):
        staff.taken.setdefault(entry, set()).add(juror)
    staff.know(sheets.live().filter(is_anchor_only=True))
    return staff


def spent(judging_round: Round) -> int:
    """How many official sheets were given beyond those the round asks for."""
    counts = Assessment.objects.official().live().in_round(judging_round).order_by().values("entry")
    least = judging_round.assessors_per_proposal
    return sum(max(count - least, 0) for count in counts.annotate(n=Count("pk")).values_list("n", flat=True))


def propose(judging_round: Round, codes: list[str], chances: Chances, budget: Budget) -> list[Reading]:
    """The next wave, the worthiest first. An entry that still waits for a sheet, or nobody may read, is left out."""
    count = budget.wave(len(codes), spent(judging_round))
    if not count:
        return []
    known = Entry.objects.competing().filter(round=judging_round)
    entries = {entry.proposal.code: entry for entry in known.select_related("proposal__agency")}
    counts = known.with_sheets().annotate(of=F("proposal__code")).values_list("of", "sheets_final", "sheets_open")
    ready = {code: final for code, final, waiting in counts if final and not waiting}
    readers = np.array([ready.get(code, budget.most) for code in codes])
    order = choose(chances, readers, len(codes), most=budget.most)
    staff, value, found = staff_of(judging_round, [entries[codes[i]] for i in order]), worth(chances), []
    for i in order:
        juror = staff.promise(entries[codes[i]])
        if juror is None:
            continue
        low, high = int(chances.rank_low[i]), int(chances.rank_high[i])
        found.append(Reading(codes[i], juror.code, float(chances.p_in[i]), low, high, float(value[i])))
        if len(found) == count:
            break
    return found


@dataclass(frozen=True)
class Row:
    """A proposed reading as the secretariat sees it; `given` when the entry has had a new sheet since the run."""

    reading: Reading
    entry: Entry
    juror: Juror
    given: bool

    @property
    def percent(self) -> int:
        return round(100 * self.reading.p_in)


def rows(run: CalibrationRun) -> list[Row]:
    """The run's proposed readings with their people, in a constant number of queries."""
    readings = [Reading(**each) for each in run.results["readings"]]
    entries = {
        entry.proposal.code: entry
        for entry in Entry.objects.filter(
            round=run.round_id, proposal__code__in=[each.proposal for each in readings]
        ).select_related("proposal__agency", "proposal__category")
    }
    jurors = {
        juror.code: juror
        for juror in Juror.objects.filter(code__in=[each.juror for each in readings]).select_related("user")
    }
    later = given_since(run)
    return [
        Row(each, entries[each.proposal], jurors[each.juror], entries[each.proposal].pk in later)
        for each in readings
        if each.proposal in entries and each.juror in jurors
    ]


def given_since(run: CalibrationRun) -> set[int]:
    """Entries that have had an official sheet since the run: a second release gives them nothing more."""
    later = Assessment.objects.official().filter(entry__round=run.round_id, assigned_at__gte=run.computed_at)
    return set(later.values_list("entry", flat=True))
