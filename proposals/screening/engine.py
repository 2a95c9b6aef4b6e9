"""What the machine found about an item, kept when a clerk takes it: hints beside the checklist, never a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format

from competitions.models import ScreeningCheck
from proposals.eligibility import Finding, Verdict, judge_for_screening, months_between
from proposals.facts import Facts, gather
from proposals.models import Screening

# Which line of a year's checklist a finding speaks of: words looked for in the check's key, the likeliest first.
SPEAKS_OF: dict[str, tuple[str, ...]] = {
    "age": ("usia", "age"),
    "started_on": ("usia", "age"),
    "started_after": ("usia", "age"),
    "title": ("judul", "title", "lengkap"),
    "duplicate_title": ("ganda", "duplicate", "judul", "title"),
    "sdgs": ("lengkap", "complete"),
    "application": ("lengkap", "complete"),
    "answer": ("lengkap", "complete"),
    "words": ("lengkap", "complete"),
    "document": ("dokumen", "document", "surat", "lengkap", "complete"),
    "video": ("video", "lengkap", "complete"),
    "history": ("riwayat", "history"),
    "namesake": ("riwayat", "ganda", "history"),
    "denied": ("riwayat", "ganda", "history"),
    "invitation": ("kelompok", "group"),
    "source": ("sumber", "source", "lengkap", "complete"),
}


@dataclass(frozen=True)
class Hint:
    """One finding as it is shown beside a check."""

    rule: str
    verdict: str
    message: str
    advice: str = ""
    source: str = ""


@dataclass
class CheckLine:
    """One line of the checklist with what the machine found about it."""

    check: ScreeningCheck
    hints: list[Hint] = field(default_factory=list)

    @property
    def suggested(self) -> bool:
        return any(hint.verdict == Verdict.FAIL for hint in self.hints)


def examine(screening: Screening) -> None:
    """Runs the engine on the locked item and keeps what it says, in the language of whoever takes it."""
    facts = gather(screening.submission.proposal)
    checks = list(facts.proposal.competition.screening_checks.all())
    hints: dict[str, list[dict[str, Any]]] = {}
    for finding in judge_for_screening(facts):
        if finding.verdict != Verdict.PASS and (check := _check_for(finding, checks)):
            hints.setdefault(check.key, []).append(_kept(finding))
    screening.findings = {"hints": hints, "values": _values(facts)}


def checklist(checks: Iterable[ScreeningCheck], screening: Screening | None) -> list[CheckLine]:
    """The year's checks, each with the hints that speak of it. Suggestions: people decide."""
    hints = screening.findings.get("hints", {}) if screening else {}
    return [CheckLine(check, [Hint(**each) for each in hints.get(check.key, [])]) for check in checks]


def suggested(screening: Screening) -> set[str]:
    """Keys of the checks the machine found unmet."""
    hints = screening.findings.get("hints", {})
    return {key for key, found in hints.items() if any(each["verdict"] == Verdict.FAIL for each in found)}


def _kept(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule, "verdict": str(finding.verdict.value), "message": finding.message,
        "advice": finding.advice, "source": finding.source.text,
    }  # fmt: skip


def _values(facts: Facts) -> dict[str, str]:
    """Facts that reasons may name, as far as they are known; only here are the year's rules at hand."""
    proposal, until = facts.proposal, facts.counted_to
    values = {}
    if proposal.started_on and until:
        values["umur"] = str(max(months_between(proposal.started_on, until), 0))
    if (least := proposal.group.min_age_months_for(proposal.category)) is not None:
        values["batas"] = str(least)
    if until:
        values["tanggal"] = date_format(until, "j F Y")
    return values


def _check_for(finding: Finding, checks: list[ScreeningCheck]) -> ScreeningCheck | None:
    """The check with the key the finding names, or whose words name it, else the likeliest by SPEAKS_OF."""
    rule, _colon, about = finding.rule.partition(":")
    if about:
        for check in checks:
            if check.key == about or about.replace("-", " ") in check.label.lower():
                return check
    return next((check for word in SPEAKS_OF.get(rule, ()) for check in checks if word in check.key), None)
