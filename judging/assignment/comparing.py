"""Who gets what: a plan beside what is deployed, or beside another plan."""

from dataclasses import dataclass, field

from judging.models import Assessment, AssignmentPlan, Entry, Juror

Pair = tuple[int, int]


@dataclass
class Change:
    """One juror: the entries only this plan gives them, and those only the other does."""

    juror: Juror
    here: list[Entry] = field(default_factory=list)
    there: list[Entry] = field(default_factory=list)
    both: int = 0


def compare(plan: AssignmentPlan, other: AssignmentPlan | None) -> list[Change]:
    """The jurors whose proposals differ, by name; without another plan, beside the live sheets of the round."""
    sheets = Assessment.objects.in_round(plan.round).live().official()
    live = set(sheets.values_list("entry", "juror"))
    here, there = pairs_after(plan, live), pairs_after(other, live) if other else live
    people = {juror for _entry, juror in here | there}
    jurors = {row.pk: Change(row) for row in Juror.objects.filter(pk__in=people).select_related("user")}
    differing = {entry for entry, _juror in here ^ there}
    entries = Entry.objects.filter(pk__in=differing).select_related("proposal").in_bulk()
    for entry, juror in sorted(here | there):
        if (entry, juror) in here & there:
            jurors[juror].both += 1
        elif (entry, juror) in here:
            jurors[juror].here.append(entries[entry])
        else:
            jurors[juror].there.append(entries[entry])
    changed = (each for each in jurors.values() if each.here or each.there)
    return sorted(changed, key=lambda each: each.juror.user.name)


def pairs_after(plan: AssignmentPlan, live: set[Pair]) -> set[Pair]:
    """Who would have what after that plan: the live sheets, less those it moves, and its rows."""
    moved = [sheet for _entry, _juror, sheet in plan.rows if sheet is not None]
    gone = set(Assessment.objects.filter(pk__in=moved).values_list("entry", "juror"))
    if plan.state == AssignmentPlan.State.DEPLOYED:
        gone = set()
    return (live - gone) | {(entry, juror) for entry, juror, _sheet in plan.rows}
