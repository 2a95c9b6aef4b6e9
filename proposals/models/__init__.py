"""What is entered: proposals with answers and documents, their history, their frozen snapshots, their screening."""

from proposals.models.matching import PastMatch
from proposals.models.paper import Export, SentPaper
from proposals.models.proposal import Move, Proposal
from proposals.models.resemblance import Fingerprint, Resemblance
from proposals.models.screening import Screening
from proposals.models.sending import Batch, Counter, Submission
from proposals.models.team import Comment, TeamMember
from proposals.models.writing import Answer, AnswerVersion, DetailsVersion, Document, SaveOnce, SetAside

__all__ = [
    "Answer",
    "AnswerVersion",
    "Batch",
    "Comment",
    "Counter",
    "DetailsVersion",
    "Document",
    "Export",
    "Fingerprint",
    "Move",
    "PastMatch",
    "Proposal",
    "Resemblance",
    "SaveOnce",
    "Screening",
    "SentPaper",
    "SetAside",
    "Submission",
    "TeamMember",
]
