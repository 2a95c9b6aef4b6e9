"""How it is judged: jurors, entries of a round and their sheets, assignments, what plenaries leave behind."""

from judging.models.assignment import AssignmentPlan
from judging.models.calibration import Anchor, AnchorScore, CalibrationRun
from judging.models.feedback import FeedbackComment, FeedbackLetter, FeedbackRun
from judging.models.interviews import ChangeRequest, InterviewSlot, Panel, Timetable
from judging.models.jurors import ConflictOfInterest, Juror
from judging.models.plenary import (
    Attendance,
    Correction,
    Disqualification,
    PlenaryMove,
    Scenario,
    Selection,
    SelectionEntry,
    WeightRevision,
)
from judging.models.sheets import Assessment, AssessmentVersion, Entry, Score, TeamMessage
from judging.models.verification import Claim, ClaimPhoto

__all__ = [
    "Anchor",
    "AnchorScore",
    "Assessment",
    "AssessmentVersion",
    "AssignmentPlan",
    "Attendance",
    "CalibrationRun",
    "ChangeRequest",
    "Claim",
    "ClaimPhoto",
    "ConflictOfInterest",
    "Correction",
    "Disqualification",
    "Entry",
    "FeedbackComment",
    "FeedbackLetter",
    "FeedbackRun",
    "InterviewSlot",
    "Juror",
    "Panel",
    "PlenaryMove",
    "Scenario",
    "Score",
    "Selection",
    "SelectionEntry",
    "TeamMessage",
    "Timetable",
    "WeightRevision",
]
