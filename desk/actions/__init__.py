"""Everything that can happen at the secretariat's desk."""

from desk.actions.broadcasts import (
    WRITE_LETTERS,
    discard_broadcast,
    save_broadcast,
    send_broadcast,
    stop_broadcast,
    write_letters,
)
from desk.actions.extracting import EXTRACT, ask_extract, extract_due, take_extract
from desk.actions.letters import send_again

__all__ = [
    "EXTRACT",
    "WRITE_LETTERS",
    "ask_extract",
    "discard_broadcast",
    "extract_due",
    "save_broadcast",
    "send_again",
    "send_broadcast",
    "stop_broadcast",
    "take_extract",
    "write_letters",
]
