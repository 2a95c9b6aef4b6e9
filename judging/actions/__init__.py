"""Everything that can happen in judging."""

from judging.actions.assessing import finalise, recuse, save_assessment, skip
from judging.actions.jurors import (
    accept_pact,
    declare_conflict,
    invite_juror,
    leave,
    open_account,
    send_invitation,
    update_juror,
    withdraw_conflict,
)
from judging.actions.plenary import (
    draw_from_tie,
    freeze_selection,
    prepare_move,
    prepared_moves,
    shown_digest,
    undo_move,
)
from judging.actions.rounds import assign, open_round, remind_due, remind_juror, return_assessment

__all__ = [
    "accept_pact",
    "assign",
    "declare_conflict",
    "draw_from_tie",
    "finalise",
    "freeze_selection",
    "invite_juror",
    "leave",
    "open_account",
    "open_round",
    "prepare_move",
    "prepared_moves",
    "recuse",
    "remind_due",
    "remind_juror",
    "return_assessment",
    "save_assessment",
    "send_invitation",
    "shown_digest",
    "skip",
    "undo_move",
    "update_juror",
    "withdraw_conflict",
]
