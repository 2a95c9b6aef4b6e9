"""A calibration is computed and kept; the readings it proposes are released."""

import logging
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.recording import record
from competitions import calendar
from competitions.models import Round
from judging.actions.sheets import announce, give, lock_round, managing, refuse_if_frozen
from judging.calibration import measuring, readings
from judging.calibration.borderline import Budget
from judging.calibration.calibrating import VERSION, enough
from judging.models import CalibrationRun, Entry, Juror, Selection
from judging.querysets.selections import is_fixed

log = logging.getLogger(__name__)


@transaction.atomic
def run_calibration(
    judging_round: Round, *, by: User | None, budget: Budget | None = None, seed: int = 0
) -> CalibrationRun:
    """Compute the round's calibration from its final sheets, and the next readings within the budget; keep both.

    Changes no score, no rank and no sheet. The same inputs again give the run that exists. `by` is empty for the
    nightly run. ValidationError `not_enough` while there is nothing to compare.
    """
    if by is not None:
        managing(by)
    last = measuring.latest(judging_round)
    budget = budget or measuring.budget_of(last)
    sheets = measuring.read_sheets(judging_round)
    if not enough(sheets.readings):
        words = _("There are too few final sheets to compare: at least three proposals must have been read twice.")
        raise ValidationError(words, code="not_enough")
    options = measuring.options_of(judging_round, budget, seed=seed)
    inputs = measuring.digest(sheets, options)
    if last is not None and last.input_sha256 == inputs:
        return last
    found = measuring.compute(sheets, options)
    results = measuring.results(judging_round, sheets, found)
    fixed = Selection.objects.fixing(judging_round).exists()
    wave = [] if fixed else readings.propose(judging_round, sheets.proposals, found.chances, budget)
    results["readings"] = [asdict(each) for each in wave]
    run = CalibrationRun.objects.create(
        round=judging_round, computed_by=by, version=VERSION, input_sha256=inputs, options=options, results=results
    )
    facts = {"round": judging_round.key, "inputs": inputs, "on": found.is_on, "readings": len(wave)}
    record("judging.calibrate", by=by, on=judging_round, data=facts)
    return run


def calibrate_tonight() -> int:
    """Compute every round being scored; one that has too little to compare waits. Returns how many were looked at."""
    rounds = Round.objects.filter(~is_fixed(), entries__isnull=False).distinct()
    due = [each for each in rounds.select_related("group__competition", "stage") if calendar.has_opened(each.stage)]
    for judging_round in due:
        try:
            run_calibration(judging_round, by=None)
        except ValidationError as error:
            log.info("%s is not calibrated: %s", judging_round, " ".join(error.messages))
    return len(due)


@transaction.atomic
def release_readings(run: CalibrationRun, *, proposals: list[str], by: User) -> int:
    """Give the run's proposed readings of these proposals (codes) to their jurors, who are told; returns how many.

    One that has had a new sheet since the run gets none, so that a second press does nothing. A juror who may no
    longer read is replaced by the least loaded one who may. ValidationError `closed` when jurors could not finish,
    `old_weights` when the weights were corrected since: the run's line is not that of the ranking any more. Sheets that
    became final since are only warned of: while jurors work there are always some.
    """
    managing(by)
    locked = lock_round(run.round_id)
    refuse_if_frozen(locked)
    revised = locked.weight_revisions.filter(made_at__gt=run.computed_at).exists()
    if revised and not measuring.is_current(run, measuring.read_sheets(locked)):
        words = _("The weights were corrected after this calibration. Compute the calibration anew first.")
        raise ValidationError(words, code="old_weights")
    if not calendar.is_open(locked.stage):
        words = _("The assessment period is not open, so the jurors could not finish. Extend it first.")
        raise ValidationError(words, code="closed")
    wanted = {row["proposal"]: row["juror"] for row in run.results["readings"] if row["proposal"] in proposals}
    later = readings.given_since(run)
    found = Entry.objects.filter(round=locked, proposal__code__in=wanted).exclude(pk__in=later)
    entries = list(found.select_related("proposal__agency").order_by("pk"))
    staff = readings.staff_of(locked, entries)
    pairs: list[tuple[Entry, Juror]] = []
    for entry in entries:
        juror = staff.promise(entry, first=wanted[entry.proposal.code])
        if juror is not None:
            pairs.append((entry, juror))
    sheets = give(pairs, seed=run.pk)
    facts = {"run": run.code, "proposals": [entry.proposal.code for entry, _juror in pairs]}
    record("judging.release_readings", by=by, on=locked, data=facts)
    announce(locked, sheets, staff.jurors, by=by)
    return len(sheets)
