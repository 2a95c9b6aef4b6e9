"""Giving sheets out and taking them back. The shared part of assignment, recusal and leaving.

Locks, here and everywhere in judging: the round first, then its sheets in primary key order.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions.models import Round
from judging import rules
from judging.calibration.readings import Staff, staff_of
from judging.jurors.conflicts import ties_of
from judging.models import Assessment, ConflictOfInterest, Entry, Juror, Selection
from judging.plenary.standing import effect_of_dropping
from judging.querysets.selections import is_fixed
from judging.querysets.sheets import LIVE
from notifications.outbox import tell, tell_many


def managing(by: User) -> None:
    """PermissionDenied unless the person may manage the judging."""
    if not rules.may_manage(by):
        raise PermissionDenied


def lock_round(pk: int) -> Round:
    """The round, locked until the transaction ends, so that nothing is given out while the plenary freezes it."""
    rounds = Round.objects.select_for_update(of=("self",), no_key=True)
    return rounds.select_related("group__competition", "stage").get(pk=pk)


def refuse_if_frozen(judging_round: Round) -> None:
    if Selection.objects.fixing(judging_round).exists():
        words = _("The plenary has already fixed the result of this round.")
        raise ValidationError(words, code="frozen")


def give(pairs: Iterable[tuple[Entry, Juror]], *, seed: int) -> list[Assessment]:
    """Create the sheets, each juror's new ones in a shuffled order behind those they have.

    The order differs from juror to juror, so that no proposal is always read last, and is the same for the same seed.
    """
    by_juror: dict[int, list[Entry]] = {}
    codes: dict[int, str] = {}
    for entry, juror in pairs:
        by_juror.setdefault(juror.pk, []).append(entry)
        codes[juror.pk] = juror.code
    last = dict(
        Assessment.objects.filter(juror__in=by_juror).order_by().values_list("juror").annotate(last=Max("place"))
    )
    sheets = []
    for juror_id, entries in by_juror.items():
        entries.sort(key=lambda entry: entry.pk)
        random.Random(f"{seed}:{codes[juror_id]}").shuffle(entries)  # noqa: S311 (an order, not a secret)
        first = last.get(juror_id, 0) + 1
        sheets += [
            Assessment(entry=entry, juror_id=juror_id, place=place) for place, entry in enumerate(entries, first)
        ]
    return Assessment.objects.bulk_create(sheets, batch_size=1000)


def drop(sheet: Assessment, status: str, *, why: str, by: User) -> None:
    """The sheet stops counting, with trace: its scores stay stored, the record says what it was."""
    was = sheet.status
    sheet.status = status
    sheet.save(update_fields=["status"])
    record("judging.drop_sheet", by=by, on=sheet, data={"was": was, "now": str(status), "why": why})


@transaction.atomic
def drop_final(assessment: Assessment, *, reason: str, by: User) -> list[Assessment]:
    """The secretariat takes a sheet out of the count for a conflict found after scoring; another juror steps in.

    ValidationError `frozen` when the plenary has fixed the list: a published number never changes silently. The place
    the proposal had with the sheet is kept in the record. Returns the replacement's sheet, or nothing if nobody may.
    """
    managing(by)
    judging_round = lock_round(assessment.entry.round_id)
    refuse_if_frozen(judging_round)
    sheets = Assessment.objects.select_for_update(of=("self",)).select_related("juror", "entry__proposal__agency")
    sheet = sheets.select_related("entry__round__group").get(pk=assessment.pk)
    if sheet.status not in LIVE:
        raise ValidationError(_("This sheet does not count any more."), code="dropped")
    if not reason.strip():
        raise ValidationError(_("Say what the conflict of interest is."), code="no_reason")
    effect = effect_of_dropping(sheet)
    told = {each: str(getattr(effect.before, each)) for each in ("rank", "total")} if effect.before else {}
    record("judging.drop_final", by=by, on=sheet, data={"reason": reason.strip(), "before": told})
    ConflictOfInterest.objects.get_or_create(
        juror=sheet.juror, proposal=sheet.entry.proposal, defaults={"reason": reason.strip()[:300]}
    )
    drop(sheet, Assessment.Status.RECUSED, why=reason.strip(), by=by)
    return replace([sheet.entry], by=by)


def drop_conflicting(juror: Juror, *, by: User) -> int:
    """Take back every live sheet that is now a conflict, in rounds not yet fixed, and find who steps in."""
    bound = ties_of([juror])[juror.pk]
    sheets = _live_of(juror)
    found = [sheet for sheet in sheets if bound.reason(sheet.entry.proposal) is not None]
    for sheet in found:
        drop(sheet, Assessment.Status.RECUSED, why=str(bound.reason(sheet.entry.proposal)), by=by)
    replace([sheet.entry for sheet in found], by=by)
    return len(found)


@dataclass(frozen=True)
class HandedBack:
    """Unfinished sheets taken back, sheets given to others for them, and proposals that lack one for that."""

    taken: int = 0
    given: int = 0
    short: int = 0


def hand_back_open(juror: Juror, *, by: User) -> HandedBack:
    """Take back all unfinished sheets of a juror who leaves, and find who steps in."""
    found = [sheet for sheet in _live_of(juror) if sheet.status != Assessment.Status.FINAL]
    for sheet in found:
        drop(sheet, Assessment.Status.HANDED_BACK, why="left", by=by)
    entries = [sheet.entry for sheet in found]
    given = replace(entries, by=by)
    waiting = {entry.pk for entry in entries} - {sheet.entry_id for sheet in given}
    rounds = {entry.round for entry in entries}
    short = sum(Entry.objects.short_of_jurors(each).filter(pk__in=waiting).count() for each in rounds)
    return HandedBack(len(found), len(given), short)


def _live_of(juror: Juror) -> list[Assessment]:
    mine = Assessment.objects.live().filter(~is_fixed("entry__round__"), juror=juror)
    for pk in sorted(set(mine.order_by().values_list("entry__round", flat=True))):
        lock_round(pk)
    locked = mine.select_for_update(of=("self",)).order_by("pk")
    return list(locked.select_related("entry__round", "entry__proposal__agency"))


def replace(entries: list[Entry], *, by: User) -> list[Assessment]:
    """For each entry that lacks a juror, the least loaded one without a conflict steps in and is told at once.

    Where nobody may, the entry stays short: the round's page shows it, and the secretariat is told.
    The rounds are locked by the caller.
    """
    given = []
    for pk in {entry.round_id for entry in entries}:
        judging_round = entries[0].round if entries[0].round_id == pk else Round.objects.get(pk=pk)
        given += _replace_in(judging_round, {entry.pk for entry in entries if entry.round_id == pk}, by)
    return given


def _replace_in(judging_round: Round, wanted: set[int], by: User) -> list[Assessment]:
    short = Entry.objects.short_of_jurors(judging_round).filter(pk__in=wanted)
    entries = list(short.select_related("proposal__agency").order_by("pk"))
    staff = staff_of(judging_round, entries)
    pairs, alone = [], []
    for entry in entries:
        if promote_anchor_sheets(entry, 1, staff, by=by):
            continue
        juror = staff.promise(entry)
        if juror is None:
            alone.append(entry)
        else:
            pairs.append((entry, juror))
    sheets = give(pairs, seed=judging_round.pk)
    announce(judging_round, sheets, staff.jurors, by=by)
    _tell_of_nobody(judging_round, alone)
    return sheets


def promote_anchor_sheets(entry: Entry, count: int, staff: Staff, *, by: User) -> int:
    """Let sheets that were read only to compare jurors count from now on: the least loaded jurors', whatever they
    gave. Where everybody reads an anchor, nobody else could step in. Returns how many were found."""
    sheets = staff.spare(entry)[:count]
    for sheet in sheets:
        staff.loads[sheet.juror_id] = staff.loads.get(sheet.juror_id, 0) + 1
        sheet.is_anchor_only = False
        sheet.save(update_fields=["is_anchor_only"])
        record("judging.count_anchor_sheet", by=by, on=sheet, data={"proposal": entry.proposal.code})
    return len(sheets)


def announce(judging_round: Round, sheets: list[Assessment], jurors: dict[int, Juror], *, by: User) -> None:
    """Tell each juror of the sheets one deed gave them after the round's assignment: one letter, with the number."""
    new = defaultdict(list)
    for sheet in sheets:
        juror = jurors[sheet.juror_id]
        record("judging.give_sheet", by=by, on=sheet, data={"juror": juror.code, "round": judging_round.key})
        new[juror.pk].append(sheet)
    for pk, given in new.items():
        tell(
            to=jurors[pk].user,
            template="judging/mail/given",
            key=f"judging.given:{given[0].code}",
            context={"round": judging_round, "count": len(given)},
            link=reverse("judging:desk"),
        )


def _tell_of_nobody(judging_round: Round, alone: list[Entry]) -> None:
    for entry in alone:
        tell_many(
            User.objects.secretariat(),
            template="judging/mail/nobody_left",
            key=f"judging.nobody_left:{entry.pk}:{Assessment.objects.filter(entry=entry).count()}",
            context={"round": judging_round, "proposal": entry.proposal},
        )
