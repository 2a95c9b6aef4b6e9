"""Conflicts found too late: final sheets that count in a list already fixed, and what dropping a sheet would do."""

from dataclasses import dataclass, replace

from judging.jurors.conflicts import Path, ties_of
from judging.models import Assessment, Juror, Selection
from judging.ranking.places import Place, compute, fetch


@dataclass
class Standing:
    """A final sheet with a conflict that counts in a frozen Selection: it stands until the Selection is answered."""

    sheet: Assessment
    path: Path
    selection: Selection


@dataclass
class Effect:
    """Where a proposal stands in the ranking now, and without that sheet."""

    before: Place | None
    after: Place | None
    quota: int


def standing_conflicts(juror: Juror) -> list[Standing]:
    """The juror's final sheets that a tie forbids and a frozen Selection holds."""
    sheets = Assessment.objects.final().filter(juror=juror)
    sheets = sheets.select_related("entry__round__group", "entry__proposal__agency").order_by("pk")
    if not sheets:
        return []
    ties, fixing, found = ties_of([juror])[juror.pk], {}, []
    for sheet in sheets:
        path = ties.path(sheet.entry.proposal)
        if path is None:
            continue
        if sheet.entry.round_id not in fixing:
            fixing[sheet.entry.round_id] = Selection.objects.fixing(sheet.entry.round).first()
        if selection := fixing[sheet.entry.round_id]:
            found.append(Standing(sheet, path, selection))
    return found


def effect_of_dropping(sheet: Assessment) -> Effect:
    """The proposal's place with and without that sheet, by the written rule; changes nothing."""
    judging_round = sheet.entry.round.supported or sheet.entry.round
    inputs = fetch(judging_round)
    without = replace(inputs, sheets=[each for each in inputs.sheets if each.code != sheet.code])
    code = sheet.entry.proposal.code
    before, after = (
        next((place for place in compute(each).places if place.proposal == code), None) for each in (inputs, without)
    )
    return Effect(before, after, judging_round.advance)
