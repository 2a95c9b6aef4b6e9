"""What is entered: proposals with answers and documents, their history, their frozen snapshots, their screening."""

from proposals.models.matching import PastMatch
from proposals.models.proposal import Move, Proposal
from proposals.models.screening import Screening
from proposals.models.sending import Counter, Submission
from proposals.models.writing import Answer, AnswerVersion, DetailsVersion, Document, SaveOnce, SetAside

__all__ = [
    "Answer",
    "AnswerVersion",
    "Counter",
    "DetailsVersion",
    "Document",
    "Move",
    "PastMatch",
    "Proposal",
    "SaveOnce",
    "Screening",
    "SetAside",
    "Submission",
]
