"""The plenary prepares its departures from the ranking and freezes the round's Selection, once and for all."""

import hashlib
import json
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Round
from judging.actions.sheets import lock_round, managing, refuse_if_frozen
from judging.models import Assessment, Entry, PlenaryMove, Selection, SelectionEntry
from judging.ranking import Ranking, rank
from judging.selecting import Line, Move, lines, problems, settle_line
from proposals.models import Proposal


@transaction.atomic
def prepare_move(judging_round: Round, *, proposal: Proposal, put_in: bool, reason: str, by: User) -> None:
    """Note that the plenary puts a proposal in, or takes it out, against the ranking. Replaces an earlier note."""
    managing(by)
    refuse_if_frozen(lock_round(judging_round.pk))
    if not Entry.objects.filter(round=judging_round, proposal=proposal).exists():
        raise ValidationError(_("That proposal is not in this round."), code="unknown_proposal")
    if not reason.strip():
        raise ValidationError(_("Say why the plenary departs from the ranking."), code="no_reason")
    values = {"put_in": put_in, "reason": reason.strip(), "made_by": by, "made_at": calendar.now()}
    PlenaryMove.objects.update_or_create(round=judging_round, proposal=proposal, defaults=values)
    record("judging.prepare_move", by=by, on=proposal, data={"round": judging_round.key, "in": put_in})


@transaction.atomic
def undo_move(judging_round: Round, *, proposal: Proposal, by: User) -> None:
    """Let the ranking decide on that proposal again."""
    managing(by)
    refuse_if_frozen(lock_round(judging_round.pk))
    PlenaryMove.objects.filter(round=judging_round, proposal=proposal).delete()
    record("judging.undo_move", by=by, on=proposal, data={"round": judging_round.key})


@transaction.atomic
def draw_from_tie(judging_round: Round, *, reason: str, by: User) -> int:
    """Prepare moves that fill the quota from the tie on its line (selecting.settle_line); returns how many."""
    managing(by)
    moves = settle_line(rank(judging_round), reason=reason)
    proposals = {p.code: p for p in Proposal.objects.filter(code__in=[move.proposal for move in moves])}
    for move in moves:
        prepare_move(judging_round, proposal=proposals[move.proposal], put_in=True, reason=reason, by=by)
    return len(moves)


@transaction.atomic
def freeze_selection(
    judging_round: Round,
    *,
    minutes_number: str,
    minutes: str,
    attendance: Sequence[str],
    by: User,
    moves: Sequence[Move] | None = None,
    fewer_because: str = "",
    expected: str | None = None,
) -> Selection:
    """Fix the round's list with its minutes. It can never be changed, and no score of the round either.

    The assessment period need not have ended: what counts is that every entry has all its final sheets and none is
    open. From this moment late sheets are refused. `moves` are the prepared ones unless given; `expected` is the
    shown_digest the plenary saw (ValidationError `changed` when a sheet or a move changed since). A second Selection is
    impossible.
    """
    managing(by)
    locked = lock_round(judging_round.pk)
    refuse_if_frozen(locked)
    if not locked.has_selection:
        words = _("This round has no list of its own: it counts in the plenary of the round it supports.")
        raise ValidationError(words, code="no_selection_of_its_own")
    beside = [lock_round(each.pk) for each in locked.supporters().order_by("pk")]
    sheets = Assessment.objects.filter(entry__round__in=[locked, *beside])
    list(sheets.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    if moves is None:
        moves = prepared_moves(locked)
    ranking = rank(locked)
    if expected is not None and expected != shown_digest(ranking, moves):
        words = _("A sheet or a move changed since this list was shown. Look at it again.")
        raise ValidationError(words, code="changed")
    if errors := problems(ranking, moves, fewer_because=fewer_because):
        raise ValidationError(errors)
    if not minutes_number.strip() or not minutes.strip():
        raise ValidationError(_("The minutes need a number and a text."), code="no_minutes")
    selection = Selection.objects.create(
        round=locked, name=locked.selection_name, minutes_number=minutes_number.strip(), minutes=minutes.strip(),
        attendance=list(attendance), fewer_because=fewer_because.strip(), input_sha256=ranking.input_sha256,
        frozen_at=calendar.now(), frozen_by=by,
    )  # fmt: skip
    listed = lines(ranking, moves)
    _write_entries(selection, listed)
    facts = {
        "round": locked.key, "group": locked.group.key, "year": locked.group.competition.code,
        "minutes": selection.minutes_number, "input_sha256": selection.input_sha256,
        "list_sha256": list_digest(listed), "selected": sum(line.is_selected for line in listed),
        "moves": [{"proposal": move.proposal, "in": move.put_in, "reason": move.reason} for move in moves],
    }  # fmt: skip
    record("judging.freeze", by=by, on=selection, data=facts)
    return selection


def prepared_moves(judging_round: Round) -> list[Move]:
    rows = PlenaryMove.objects.filter(round=judging_round).values_list("proposal__code", "put_in", "reason")
    return [Move(*row) for row in rows]


def shown_digest(ranking: Ranking, moves: Sequence[Move]) -> str:
    """Hex SHA-256 over all a list is made of: the sheets may stand while another clerk moves a proposal."""
    facts = [ranking.input_sha256, sorted([move.proposal, move.put_in, move.reason] for move in moves)]
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


def list_digest(listed: Sequence[Line]) -> str:
    """Hex SHA-256 over (rank, code, total, in) of every line in order, so that the frozen list itself is provable."""
    rows = [[line.place.rank, line.place.proposal, str(line.place.total), line.is_selected] for line in listed]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def _write_entries(selection: Selection, listed: Sequence[Line]) -> None:
    ids = dict(Entry.objects.filter(round=selection.round_id).values_list("proposal__code", "proposal"))
    SelectionEntry.objects.bulk_create(
        [
            SelectionEntry(
                selection=selection, proposal_id=ids[line.place.proposal], rank=line.place.rank,
                total=line.place.total, is_tied=line.place.is_tied, is_selected=line.is_selected,
                moved_because=line.moved_because,
            )
            for line in listed
        ],
        batch_size=1000,
    )  # fmt: skip
