"""Everything that can happen at the secretariat's desk."""

from desk.actions.broadcasts import (
    WRITE_LETTERS,
    discard_broadcast,
    save_broadcast,
    send_broadcast,
    stop_broadcast,
    write_letters,
)

__all__ = [
    "WRITE_LETTERS",
    "discard_broadcast",
    "save_broadcast",
    "send_broadcast",
    "stop_broadcast",
    "write_letters",
]
