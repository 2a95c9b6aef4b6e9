"""What becomes of a juror's sheets if they leave now: foretold by the rules that then find who steps in."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import F

from competitions.models import Round
from judging.calibration.readings import Staff, staff_of
from judging.models import Assessment, Entry, Juror
from judging.querysets.selections import is_fixed
from proposals.models import Proposal


@dataclass(frozen=True)
class Leaving:
    """Final sheets that keep counting, unfinished ones that are taken back, who would get how many, and the proposals
    for which nobody is left."""

    final: int
    unfinished: int
    takers: list[tuple[Juror, int]]
    short: list[Proposal]


def foresee(juror: Juror) -> Leaving:
    """Nothing is changed. Sheets of a round whose list is fixed stay where they are."""
    mine = Assessment.objects.filter(juror=juror)
    unfinished = mine.open().filter(~is_fixed("entry__round__"))
    takers: Counter[int] = Counter()
    people: dict[int, Juror] = {}
    short: list[Proposal] = []
    for judging_round in Round.objects.filter(entries__assessments__in=unfinished).distinct():
        wanted = unfinished.official().filter(entry__round=judging_round).values_list("entry", flat=True)
        entries = _left_short(judging_round, list(wanted))
        staff = staff_of(judging_round, entries)
        staff.jurors.pop(juror.pk, None)
        people |= staff.jurors
        for entry in entries:
            taker = _taker(entry, staff)
            if taker is None:
                short.append(entry.proposal)
            else:
                takers[taker] += 1
    given = [(people[pk], count) for pk, count in takers.most_common()]
    return Leaving(mine.final().count(), unfinished.count(), given, short)


def _left_short(judging_round: Round, wanted: list[int]) -> list[Entry]:
    """Of these entries those that would lack a juror with one live sheet less."""
    entries = Entry.objects.competing().with_sheets().annotate(sheets_live=F("sheets_final") + F("sheets_open"))
    found = entries.filter(pk__in=wanted, sheets_live__lte=judging_round.assessors_per_proposal)
    return list(found.select_related("proposal__agency").order_by("pk"))


def _taker(entry: Entry, staff: Staff) -> int | None:
    spare = staff.spare(entry)
    if spare:
        staff.loads[spare[0].juror_id] = staff.loads.get(spare[0].juror_id, 0) + 1
        return spare[0].juror_id
    juror = staff.promise(entry)
    return juror.pk if juror else None
