"""A plenary freezes its list; a frozen list that proves wrong is opened for correction and made anew."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.models import Seal
from audit.recording import record
from competitions import calendar
from competitions.models import Round
from judging.actions.plenary import prepared_moves
from judging.actions.sheets import lock_round, managing, refuse_if_frozen
from judging.models import Assessment, Attendance, Correction, Entry, PlenaryMove, Selection, SelectionEntry
from judging.plenary.verifying import to_keep
from judging.ranking import board, composition
from judging.ranking.places import Inputs, Ranking, fetch, rank_of
from judging.ranking.selecting import Line, Move, lines, list_digest, problems, shown_digest


@transaction.atomic
def freeze_selection(
    judging_round: Round,
    *,
    minutes_number: str,
    minutes: str,
    by: User,
    fewer_because: str = "",
    expected: str | None = None,
) -> Selection:
    """Fix the round's list with its minutes, from the ranking, the confirmed moves and the noted attendance.

    It can never be changed, and no score of the round either. The assessment period need not have ended: what counts
    is that every entry has all its final sheets and none is open. From this moment late sheets are refused. `expected`
    is the shown_digest the plenary saw (ValidationError `changed` when a sheet or a move changed since). While a
    correction is open, the new list supersedes the old one, which stays readable; somebody else than who opened the
    correction must freeze it (`second_person`).
    """
    managing(by)
    locked = _locked(judging_round)
    inputs, moves = fetch(locked), prepared_moves(locked)
    ranking = rank_of(locked, inputs)
    if expected is not None and expected != shown_digest(ranking, moves):
        words = _("A sheet or a move changed since this list was shown. Look at it again.")
        raise ValidationError(words, code="changed")
    present = [{"name": row.name, "office": row.office} for row in Attendance.objects.filter(round=locked)]
    _refuse_problems(ranking, moves, minutes_number, minutes, fewer_because, present)
    before = _corrected_by(locked, by)
    listed = lines(ranking, moves)
    seal = Seal.objects.order_by("-id").first()
    selection = Selection.objects.create(
        round=locked, name=locked.selection_name, minutes_number=minutes_number.strip(), minutes=minutes.strip(),
        version=before.selection.version + 1 if before else 1, supersedes=before.selection if before else None,
        because=before.reason if before else "", attendance=present, fewer_because=fewer_because.strip(),
        inputs=to_keep(locked, inputs), input_sha256=ranking.input_sha256, list_sha256=_digest_of(listed),
        composition=composition.to_keep(composition.judge(locked, board.rows(locked, ranking, moves))),
        audit_root=seal.root if seal else "", frozen_at=calendar.now(), frozen_by=by,
    )  # fmt: skip
    _write_entries(selection, listed)
    Attendance.objects.filter(round=locked).delete()
    record("judging.freeze", by=by, on=selection, data=_facts(selection, listed, moves))
    return selection


def _locked(judging_round: Round) -> Round:
    """The round, those that support it and all their sheets, locked: nothing changes until the list is written."""
    locked = lock_round(judging_round.pk)
    refuse_if_frozen(locked)
    if not locked.has_selection:
        words = _("This round has no list of its own: it counts in the plenary of the round it supports.")
        raise ValidationError(words, code="no_selection_of_its_own")
    beside = [lock_round(each.pk) for each in locked.supporters().order_by("pk")]
    sheets = Assessment.objects.filter(entry__round__in=[locked, *beside])
    list(sheets.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    return locked


def _refuse_problems(
    ranking: Ranking,
    moves: Sequence[Move],
    number: str,
    minutes: str,
    fewer_because: str,
    present: list[dict[str, str]],
) -> None:
    if errors := problems(ranking, moves, fewer_because=fewer_because):
        raise ValidationError(errors)
    if not number.strip() or not minutes.strip():
        raise ValidationError(_("The minutes need a number and a text."), code="no_minutes")
    if not present:
        raise ValidationError(_("Note first who is present at the plenary."), code="nobody_present")


def _corrected_by(judging_round: Round, by: User) -> Correction | None:
    """The open correction this freezing answers."""
    standing = Selection.objects.of(judging_round)
    if standing is None:
        return None
    correction = standing.correction
    if correction.opened_by_id == by.pk:
        words = _("You opened this correction yourself: somebody else must fix the corrected list.")
        raise ValidationError(words, code="second_person")
    return correction


def _digest_of(listed: Sequence[Line]) -> str:
    return list_digest((line.place.rank, line.place.proposal, line.place.total, line.is_selected) for line in listed)


def _facts(selection: Selection, listed: Sequence[Line], moves: Sequence[Move]) -> dict[str, object]:
    group = selection.round.group
    facts = {
        "round": selection.round.key, "group": group.key, "year": group.competition.code,
        "minutes": selection.minutes_number, "input_sha256": selection.input_sha256,
        "list_sha256": selection.list_sha256, "selected": sum(line.is_selected for line in listed),
        "moves": [{"proposal": move.proposal, "in": move.put_in, "reason": move.reason} for move in moves],
    }  # fmt: skip
    if selection.supersedes:
        facts |= {"version": selection.version, "supersedes": selection.supersedes.code, "because": selection.because}
    return facts


def _write_entries(selection: Selection, listed: Sequence[Line]) -> None:
    ids = dict(Entry.objects.filter(round=selection.round_id).values_list("proposal__code", "proposal"))
    people = {
        proposal: (made, confirmed)
        for proposal, made, confirmed in PlenaryMove.objects.filter(round=selection.round_id).values_list(
            "proposal", "made_by", "confirmed_by"
        )
    }
    rows = []
    for line in listed:
        proposal = ids[line.place.proposal]
        made, confirmed = people[proposal] if line.move else (None, None)
        rows.append(
            SelectionEntry(
                selection=selection, proposal_id=proposal, rank=line.place.rank, total=line.place.total,
                is_tied=line.place.is_tied, is_selected=line.is_selected, moved_because=line.moved_because,
                moved_by_id=made, confirmed_by_id=confirmed,
            )
        )  # fmt: skip
    SelectionEntry.objects.bulk_create(rows, batch_size=1000)


@transaction.atomic
def open_correction(selection: Selection, *, reason: str, by: User) -> Correction:
    """Open a frozen list's round again, because the list does not stand as it is. Twice is once.

    The list itself stays, stands and is shown until a corrected one supersedes it; whatever was announced stays
    announced until an announcement of its own corrects that. ValidationError `superseded`, `no_reason`.
    """
    managing(by)
    lock_round(selection.round_id)
    if not Selection.objects.standing().filter(pk=selection.pk).exists():
        raise ValidationError(_("A later version of this list stands already."), code="superseded")
    if found := Correction.objects.filter(selection=selection).first():
        return found
    if not reason.strip():
        raise ValidationError(_("Say why the list must be corrected."), code="no_reason")
    correction = Correction.objects.create(
        selection=selection, reason=reason.strip()[:1000], opened_by=by, opened_at=calendar.now()
    )
    record("judging.open_correction", by=by, on=selection, data={"reason": correction.reason})
    return correction


@transaction.atomic
def withdraw_correction(correction: Correction, *, by: User) -> None:
    """Close the round again without a new list. ValidationError `changed` once something the list was computed from
    has changed, `superseded` when the corrected list is fixed."""
    managing(by)
    judging_round = lock_round(correction.selection.round_id)
    if not Selection.objects.standing().filter(pk=correction.selection_id).exists():
        raise ValidationError(_("A later version of this list stands already."), code="superseded")
    inputs: Inputs = fetch(judging_round)
    if inputs.sha256() != correction.selection.input_sha256:
        words = _("Something this list was computed from has changed since: the corrected list must be fixed.")
        raise ValidationError(words, code="changed")
    record("judging.withdraw_correction", by=by, on=correction.selection, data={"reason": correction.reason})
    correction.delete()
