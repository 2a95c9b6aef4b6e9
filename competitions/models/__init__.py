"""One KIPP year as data. Loaded from competitions/years/*.toml; nothing here knows of proposals or jurors."""

from competitions.models.form import Aspect, DocumentRequirement, Question
from competitions.models.rounds import Criterion, Round
from competitions.models.screening import ReasonTemplate, ScreeningCheck, ScreeningRules
from competitions.models.year import (
    AWARD_TIERS,
    RULES,
    AgeException,
    AgencyTypeCap,
    Category,
    Competition,
    Group,
    GroupInvitation,
    HistoryRule,
    Stage,
    StageRevision,
)

__all__ = [
    "AWARD_TIERS",
    "RULES",
    "AgeException",
    "AgencyTypeCap",
    "Aspect",
    "Category",
    "Competition",
    "Criterion",
    "DocumentRequirement",
    "Group",
    "GroupInvitation",
    "HistoryRule",
    "Question",
    "ReasonTemplate",
    "Round",
    "ScreeningCheck",
    "ScreeningRules",
    "Stage",
    "StageRevision",
]
