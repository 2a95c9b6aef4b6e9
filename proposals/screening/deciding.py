"""The verdict of the clerk who holds an item, and taking it back."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import as_secretariat
from audit.recording import record
from competitions import calendar
from competitions.models import ScreeningCheck, ScreeningRules
from proposals.models import Correction, Proposal, Screening
from proposals.screening import engine, looks
from proposals.screening.claims import already_decided, check_standing, facts_of, held_by, hold, locked

Verdict = Screening.Verdict


@transaction.atomic
def decide(
    screening: Screening, *, verdict: str, failed_checks: Iterable[ScreeningCheck] = (), note: str = "", by: User
) -> Screening:
    """Writes the verdict of the clerk who holds the item, and asks for a second look where the year wants one.

    A fail or a correction names at least one check and carries a note. Where the clerk judged other than the machine
    is kept. The same decision sent twice is one decision.
    ValidationError `withdrawn`, `already_decided`, `claimed`, `verdict_needed`, `reason_needed`, `note_needed`,
    `pass_with_failed_checks`, `no_correction` or `not_correctable`.
    """
    as_secretariat(by)
    checks = sorted(failed_checks, key=lambda check: check.order)
    screening = locked(screening)
    if screening.verdict:
        if (screening.decided_by, screening.verdict) == (by, verdict) and list(screening.failed_checks.all()) == checks:
            return screening
        raise ValidationError(already_decided(screening), code="already_decided")
    check_standing(screening)
    if screening.claimed_by != by:
        raise ValidationError(held_by(screening), code="claimed")
    check_verdict(verdict, checks, note, screening)
    write_verdict(screening, verdict, checks, note.strip(), by, differences(screening, checks))
    looks.ask_if_wanted(screening)
    return screening


@transaction.atomic
def reopen(screening: Screening, *, by: User, reason: str = "") -> Screening:
    """Takes a decision back before release; the item is then held by whoever reopened it, its second look void.

    Undoing a colleague's decision needs a reason. The decision undone stays in the audit record.
    """
    as_secretariat(by)
    screening = locked(screening)
    if screening.released_at:
        raise ValidationError(
            _("The results are already released; this decision can no longer change."), code="released"
        )
    if not screening.verdict:
        return screening
    if screening.decided_by != by and not reason.strip():
        raise ValidationError(_("Say why you reopen a colleague's decision."), code="reason_needed")
    take_back(screening, by, reason.strip())
    hold(screening, by)
    return screening


def take_back(screening: Screening, by: User, reason: str) -> None:
    """The locked screening is undecided again, with the note and checks of before at hand."""
    facts: dict[str, object] = {"verdict": screening.verdict, "note": screening.note, "reason": reason}
    facts["failed_checks"] = list(screening.failed_checks.values_list("key", flat=True))
    screening.verdict, screening.decided_by, screening.decided_at, screening.batch = "", None, None, None
    screening.save(update_fields=["verdict", "decided_by", "decided_at", "batch"])
    looks.void(screening)
    record("proposals.reopen_screening", by=by, on=screening, data=facts_of(screening) | facts)


def write_verdict(
    screening: Screening, verdict: str, checks: list[ScreeningCheck], note: str, by: User,
    different: dict[str, list[str]],
) -> None:  # fmt: skip
    """Stores it on the locked row and records it; nobody holds the item afterwards."""
    screening.verdict, screening.note, screening.differences = verdict, note, different
    screening.decided_by, screening.decided_at = by, calendar.now()
    screening.claimed_by = screening.claimed_until = None
    fields = ["verdict", "note", "differences", "decided_by", "decided_at", "claimed_by", "claimed_until"]
    screening.save(update_fields=fields)
    screening.failed_checks.set(checks)
    facts = {"verdict": verdict, "failed_checks": [check.key for check in checks], "note": note} | different
    record("proposals.screen", by=by, on=screening, data=facts_of(screening) | facts)


def differences(screening: Screening, checks: list[ScreeningCheck]) -> dict[str, list[str]]:
    """What the machine found unmet and the clerk did not, and the other way round; empty when they agree."""
    machine, clerk = engine.suggested(screening), {check.key for check in checks}
    found = {"cleared": sorted(machine - clerk), "added": sorted(clerk - machine)}
    return {name: keys for name, keys in found.items() if keys}


def check_verdict(verdict: str, checks: list[ScreeningCheck], note: str, screening: Screening) -> None:
    competition = screening.submission.proposal.competition
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": ValidationError(_("Choose pass or fail."), code="verdict_needed")})
    if verdict == Verdict.PASS and checks:
        text = _("A proposal that passes has no unmet checks. Untick them, or choose fail.")
        raise ValidationError({"failed_checks": ValidationError(text, code="pass_with_failed_checks")})
    if verdict != Verdict.PASS and not checks:
        text = _("Tick at least one check that is not met; the agency is told this reason.")
        raise ValidationError({"failed_checks": ValidationError(text, code="reason_needed")})
    if verdict != Verdict.PASS and not note.strip():
        text = _("Write a note that explains what is wrong; the agency reads it.")
        raise ValidationError({"note": ValidationError(text, code="note_needed")})
    if any(check.competition_id != competition.pk for check in checks):
        raise ValidationError({"failed_checks": ValidationError(_("Unknown check."), code="unknown_check")})
    if verdict == Verdict.CORRECT:
        _check_correction(checks, screening)


def may_correct(proposal: Proposal) -> bool:
    """Whether the year lets agencies mend, and this one was not asked to before."""
    if ScreeningRules.of(proposal.competition).correction_days is None:
        return False
    return not Correction.objects.filter(screening__submission__proposal=proposal).exists()


def _check_correction(checks: list[ScreeningCheck], screening: Screening) -> None:
    if not may_correct(screening.submission.proposal):
        text = _("This proposal can no longer be corrected. Choose pass or fail.")
        raise ValidationError({"verdict": ValidationError(text, code="no_correction")})
    fixed = [check.label for check in checks if not check.corrects]
    if fixed:
        text = _("This cannot be corrected: %(checks)s. Choose fail, or untick it.") % {"checks": "; ".join(fixed)}
        raise ValidationError({"failed_checks": ValidationError(text, code="not_correctable")})
