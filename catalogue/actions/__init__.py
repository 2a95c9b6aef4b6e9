"""What can happen to the catalogue: an innovation wins something, gets another name, turns out to be another row, is
offered, asked for and replicated, and followed up; a spreadsheet of past awards is taken in."""

from catalogue.actions.awards import record_award, withdraw_award
from catalogue.actions.curating import lock_catalogue, merge, rename, set_contact, undo_merge
from catalogue.actions.following import (
    accept_report,
    move_closing,
    open_follow_up,
    remind_of_follow_ups,
    send_back_report,
    send_report,
)
from catalogue.actions.imports import (
    WRITE_IMPORTS,
    begin_import,
    confirm_import,
    discard_import,
    settle_import,
    undo_import,
    write_imports,
)
from catalogue.actions.offering import offer, withdraw_offer
from catalogue.actions.replicating import confirm, declare, deny, remind_sources, take_back
from catalogue.actions.requesting import ask_source, close, write

__all__ = [
    "WRITE_IMPORTS",
    "accept_report",
    "ask_source",
    "begin_import",
    "close",
    "confirm",
    "confirm_import",
    "declare",
    "deny",
    "discard_import",
    "lock_catalogue",
    "merge",
    "move_closing",
    "offer",
    "open_follow_up",
    "record_award",
    "remind_of_follow_ups",
    "remind_sources",
    "rename",
    "send_back_report",
    "send_report",
    "set_contact",
    "settle_import",
    "take_back",
    "undo_import",
    "undo_merge",
    "withdraw_award",
    "withdraw_offer",
    "write",
    "write_imports",
]
