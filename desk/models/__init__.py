"""Every table of this app."""

from desk.models.broadcast import Broadcast, Recipient
from desk.models.export import Extract

__all__ = ["Broadcast", "Extract", "Recipient"]
