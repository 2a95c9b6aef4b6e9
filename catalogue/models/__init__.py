"""Innovations of all years with what they won, who offers and replicates them, who asks for what, and what became of
them."""

from catalogue.models.follow_ups import FollowUp, FollowUpFile, FollowUpReport
from catalogue.models.innovations import IMPLIED, Award, Import, Innovation, Merge, Word
from catalogue.models.offers import Offer, OfferFile, ReplicationRequest, RequestFile, RequestMessage
from catalogue.models.replications import Replication

__all__ = [
    "IMPLIED",
    "Award",
    "FollowUp",
    "FollowUpFile",
    "FollowUpReport",
    "Import",
    "Innovation",
    "Merge",
    "Offer",
    "OfferFile",
    "Replication",
    "ReplicationRequest",
    "RequestFile",
    "RequestMessage",
    "Word",
]
