"""Everything that can happen to a proposal before and while it is sent. Screening has its own page (screening.py)."""

from proposals.actions.closing import send_at_closing
from proposals.actions.commenting import SETTLES, comment, resolve, tell_comments
from proposals.actions.comparing import compare_due, compare_year
from proposals.actions.copying import reuse_document, start_from
from proposals.actions.desk import (
    begin_batch,
    put_in_order,
    remind_all_writers,
    remind_writers,
    send_batch,
    set_auto_send,
)
from proposals.actions.exporting import ask_export, export_due
from proposals.actions.matching import answer_match
from proposals.actions.moving import move, send
from proposals.actions.saving import StaleVersion, forget_old_keys, save_answer, save_details
from proposals.actions.team import add_to_team, answer_offer, end_in_team, offer_lead, take_lead
from proposals.actions.writing import attach_document, remove_document, start_proposal

__all__ = [
    "SETTLES",
    "StaleVersion",
    "add_to_team",
    "answer_match",
    "answer_offer",
    "ask_export",
    "attach_document",
    "begin_batch",
    "comment",
    "compare_due",
    "compare_year",
    "end_in_team",
    "export_due",
    "forget_old_keys",
    "move",
    "offer_lead",
    "put_in_order",
    "remind_all_writers",
    "remind_writers",
    "remove_document",
    "resolve",
    "reuse_document",
    "save_answer",
    "save_details",
    "send",
    "send_at_closing",
    "send_batch",
    "set_auto_send",
    "start_from",
    "start_proposal",
    "take_lead",
    "tell_comments",
]
