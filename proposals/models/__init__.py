"""What is entered: proposals with answers and documents, their history, their frozen snapshots, their screening."""

from proposals.models.after_screening import Correction, Objection
from proposals.models.matching import PastMatch
from proposals.models.paper import Export, SentPaper
from proposals.models.proposal import Move, Proposal
from proposals.models.resemblance import Fingerprint, Resemblance
from proposals.models.screening import Screening, ScreeningBatch, ScreeningHead, SecondLook
from proposals.models.sending import Batch, Counter, Submission
from proposals.models.team import Comment, TeamMember
from proposals.models.writing import Answer, AnswerVersion, DetailsVersion, Document, SaveOnce, SetAside

__all__ = [
    "Answer",
    "AnswerVersion",
    "Batch",
    "Comment",
    "Correction",
    "Counter",
    "DetailsVersion",
    "Document",
    "Export",
    "Fingerprint",
    "Move",
    "Objection",
    "PastMatch",
    "Proposal",
    "Resemblance",
    "SaveOnce",
    "Screening",
    "ScreeningBatch",
    "ScreeningHead",
    "SecondLook",
    "SentPaper",
    "SetAside",
    "Submission",
    "TeamMember",
]
