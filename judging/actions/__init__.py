"""Everything that can happen in judging."""

from judging.actions.anchors import agree_on_anchor, choose_anchors, give_anchors, remove_anchor
from judging.actions.assessing import Writer, finalise, note_late_save, recuse, save_assessment, skip
from judging.actions.calibrating import calibrate_tonight, release_readings, run_calibration
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
from judging.actions.plans import (
    Deployed,
    assign,
    deploy_plan,
    discard_plan,
    move_row,
    request_plan,
    solve_plan,
    solve_waiting,
    swap_rows,
)
from judging.actions.plenary import (
    draw_from_tie,
    freeze_selection,
    prepare_move,
    prepared_moves,
    shown_digest,
    undo_move,
)
from judging.actions.rounds import open_round, remind_due, remind_juror, return_assessment
from judging.actions.sheets import drop_final
from judging.actions.teams import revise, say_to_team

__all__ = [
    "Deployed",
    "Writer",
    "accept_pact",
    "agree_on_anchor",
    "assign",
    "calibrate_tonight",
    "choose_anchors",
    "declare_conflict",
    "deploy_plan",
    "discard_plan",
    "draw_from_tie",
    "drop_final",
    "finalise",
    "freeze_selection",
    "give_anchors",
    "invite_juror",
    "leave",
    "move_row",
    "note_late_save",
    "open_account",
    "open_round",
    "prepare_move",
    "prepared_moves",
    "recuse",
    "release_readings",
    "remind_due",
    "remind_juror",
    "remove_anchor",
    "request_plan",
    "return_assessment",
    "revise",
    "run_calibration",
    "save_assessment",
    "say_to_team",
    "send_invitation",
    "shown_digest",
    "skip",
    "solve_plan",
    "solve_waiting",
    "swap_rows",
    "undo_move",
    "update_juror",
    "withdraw_conflict",
]
