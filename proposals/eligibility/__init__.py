"""What a year's rules say about one proposal: a list of findings, the same for every page, for sending and for
screening. Every rule is a plain function over loaded Facts; each page of it is a module of this package.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from proposals.eligibility.admission import is_invited, is_open, is_within_cap
from proposals.eligibility.ages import latest_start, months_between
from proposals.eligibility.content import has_answers, has_documents
from proposals.eligibility.details import (
    has_details,
    has_good_title,
    has_video,
    is_old_enough,
    names_a_video,
)
from proposals.eligibility.finding import Finding, Verdict
from proposals.eligibility.history import has_history_in_order, has_source_in_order
from proposals.facts import Facts, gather
from proposals.models import Proposal

__all__ = [
    "CONTENT_RULES",
    "RULES",
    "Finding",
    "Verdict",
    "failures",
    "findings",
    "judge",
    "judge_for_screening",
    "latest_start",
    "months_between",
    "names_a_video",
]

Rule = Callable[[Facts], list[Finding]]
CONTENT_RULES: tuple[Rule, ...] = (
    has_good_title, is_old_enough, has_details, has_video, has_history_in_order, has_source_in_order, has_answers,
    has_documents,
)  # fmt: skip
RULES: tuple[Rule, ...] = (is_open, is_invited, is_within_cap, *CONTENT_RULES)


def findings(proposal: Proposal) -> list[Finding]:
    """All findings about the proposal as it is stored, at the database's now (once sent: at the moment of sending)."""
    return judge(gather(proposal))


def judge(facts: Facts) -> list[Finding]:
    """The findings, in the order of the pages where they are mended."""
    return [each for rule in RULES for each in rule(facts)]


def failures(found: Iterable[Finding]) -> list[Finding]:
    return [each for each in found if each.verdict == Verdict.FAIL]


def judge_for_screening(facts: Facts) -> list[Finding]:
    """The very findings of the proposal's own pages; but that its people call a likely innovation another one, which
    settles the question for them, is a question to whoever screens."""
    return [replace(each, verdict=Verdict.UNKNOWN) if each.is_denial else each for each in judge(facts)]
