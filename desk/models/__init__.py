"""Every table of this app."""

from desk.models.broadcast import Broadcast, Recipient

__all__ = ["Broadcast", "Recipient"]
