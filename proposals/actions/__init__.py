"""Everything that can happen to a proposal before and while it is sent. Screening has its own page (screening.py)."""

from proposals.actions.moving import move, send
from proposals.actions.saving import StaleVersion, forget_old_keys, save_answer, save_details
from proposals.actions.writing import attach_document, remove_document, start_proposal

__all__ = [
    "StaleVersion",
    "attach_document",
    "forget_old_keys",
    "move",
    "remove_document",
    "save_answer",
    "save_details",
    "send",
    "start_proposal",
]
