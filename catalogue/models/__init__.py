"""Innovations of all years with what they won, and who replicates whom."""

from catalogue.models.innovations import IMPLIED, Award, Import, Innovation, Merge, Word
from catalogue.models.replications import Replication

__all__ = ["IMPLIED", "Award", "Import", "Innovation", "Merge", "Replication", "Word"]
