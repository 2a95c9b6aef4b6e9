"""Innovations of all years with what they won, who offers and replicates them, and who asks for what."""

from catalogue.models.innovations import IMPLIED, Award, Import, Innovation, Merge, Word
from catalogue.models.offers import Offer, OfferFile, ReplicationRequest, RequestMessage
from catalogue.models.replications import Replication

__all__ = [
    "IMPLIED",
    "Award",
    "Import",
    "Innovation",
    "Merge",
    "Offer",
    "OfferFile",
    "Replication",
    "ReplicationRequest",
    "RequestMessage",
    "Word",
]
