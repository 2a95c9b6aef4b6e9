"""Everything that can happen to a proposal before and while it is sent. Screening has its own page (screening.py)."""

from proposals.actions.moving import move, send
from proposals.actions.writing import (
    StaleVersion,
    attach_document,
    remove_document,
    save_answer,
    save_details,
    start_proposal,
)

__all__ = [
    "StaleVersion",
    "attach_document",
    "move",
    "remove_document",
    "save_answer",
    "save_details",
    "send",
    "start_proposal",
]
