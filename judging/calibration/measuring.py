"""A round's sheets read for calibration, and what a run found, as it is stored and read again.

The interface for everybody else: `latest(judging_round)` is the last stored run or None, `chances_of(run)` gives each
proposal its `Chance` by code. Both are advice; the official number stays the weighted mean of
judging/ranking/places.py.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import F

from competitions import calendar
from competitions.models import Round
from judging.calibration.agreement import agreement
from judging.calibration.borderline import Budget
from judging.calibration.calibrating import VERSION, Calibration, Readings, Settings, calibrate
from judging.models import Assessment, CalibrationRun, Entry, Score
from judging.scoring.chain import given_alone
from judging.scoring.totals import sheet_total

Results = dict[str, Any]


@dataclass(frozen=True)
class Sheets:
    """The final sheets of a round by index: `proposals` and `jurors` are codes in order, `readings` points into them.

    `rows` are (sheet code, proposal code, juror code, total, day) in sheet order: what the digest is taken of. A sheet
    revised after the team's discussion stands there with what its juror gave `alone` (its scores by criterion):
    readings that were agreed on are not independent, and would look surer than they are.
    """

    proposals: list[str]
    jurors: list[str]
    rows: list[tuple[str, str, str, str, str]]
    readings: Readings
    alone: dict[str, dict[str, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True)
class Chance:
    """One proposal in a run: calibrated score, its standard deviation, rank with its 90 % interval, the chance to be
    in the quota and the chance to reach the passing grade (None where the round has none)."""

    score: float
    sd: float
    rank: int
    low: int
    high: int
    p_in: float
    p_reaches: float | None

    @property
    def percent(self) -> int:
        return round(100 * self.p_in)


def read_sheets(judging_round: Round, entered: Iterable[str] | None = None) -> Sheets:
    """Four queries at most. Every final sheet counts here, those of anchors and of jurors who have left too. `entered`
    are the codes of the competing proposals, where they are known."""
    if entered is None:
        entries = Entry.objects.competing().filter(round=judging_round)
        entered = entries.values_list("proposal__code", flat=True)
    proposals = sorted(entered)
    found = (
        Assessment.objects.final()
        .competing()
        .in_round(judging_round)
        .with_total()
        .annotate(proposal=F("entry__proposal__code"), by=F("juror__code"))
        .order_by("code")
    )
    alone = _totals_alone(judging_round, given := given_alone(judging_round))
    rows = [
        (code, proposal, juror, f"{alone.get(code, total):.4f}", _day(finalised_at))
        for code, proposal, juror, total, finalised_at in found.values_list(
            "code", "proposal", "by", "total", "finalised_at"
        )
    ]
    jurors = sorted({row[2] for row in rows})
    at_entry = {code: index for index, code in enumerate(proposals)}
    at_juror = {code: index for index, code in enumerate(jurors)}
    readings = Readings(
        entries=len(proposals),
        jurors=len(jurors),
        entry=np.array([at_entry[row[1]] for row in rows], dtype=int),
        juror=np.array([at_juror[row[2]] for row in rows], dtype=int),
        score=np.array([float(row[3]) for row in rows]),
        day=np.array([date.fromisoformat(row[4]).toordinal() for row in rows], dtype=int),
    )
    return Sheets(proposals, jurors, rows, readings, given)


def _day(moment: datetime | None) -> str:
    """The day of drift, in Jakarta. A final sheet has its moment."""
    assert moment is not None  # noqa: S101
    return calendar.local_day(moment).isoformat()


def _totals_alone(judging_round: Round, given: dict[str, dict[str, Decimal]]) -> dict[str, Decimal]:
    if not given:
        return {}
    rubric = list(judging_round.criteria.order_by("order", "key").values_list("key", "weight", "scale_max"))
    return {
        code: sheet_total([values.get(key) for key, _weight, _highest in rubric], rubric)
        for code, values in given.items()
    }


def options_of(judging_round: Round, budget: Budget, *, seed: int = 0, draws: int = Settings.draws) -> Results:
    """What a run depends on beside the sheets."""
    grade = judging_round.passing_grade
    return {
        "draws": draws, "seed": seed, "quota": judging_round.advance, "percent": budget.percent,
        "waves": budget.waves, "threshold": None if grade is None else str(grade),
    }  # fmt: skip


def budget_of(run: CalibrationRun | None) -> Budget:
    """The budget of extra readings last set for the round, or the usual one."""
    if run is None:
        return Budget()
    return Budget(percent=run.options["percent"], waves=run.options["waves"])


def digest(sheets: Sheets, options: Results) -> str:
    """Hex digest of everything a run is computed from, the code's version included."""
    facts = {"version": VERSION, "options": options, "proposals": sheets.proposals, "sheets": sheets.rows}
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def compute(sheets: Sheets, options: Results) -> Calibration:
    threshold = options["threshold"]
    return calibrate(
        sheets.readings,
        quota=options["quota"],
        threshold=None if threshold is None else float(Decimal(threshold)),
        settings=Settings(draws=options["draws"], seed=options["seed"]),
    )


def results(judging_round: Round, sheets: Sheets, found: Calibration) -> Results:
    """The run as JSON: columns by proposal and by juror, days, fit, links, variances and agreement per criterion."""
    chances, jurors = found.chances, found.jurors
    entries = {key: _column(values) for key, values in asdict(chances).items() if values is not None}
    freedom = found.freedom if np.isfinite(found.freedom) else None
    return {
        "is_on": found.is_on,
        "why_off": found.why_off,
        "links": asdict(found.links),
        "variances": {
            "quality": found.quality_variance, "severity": found.severity_variance, "noise": found.noise_variance,
            "freedom": freedom,
        },
        "entries": {"codes": sheets.proposals, **entries},
        "jurors": {"codes": sheets.jurors, **{key: _column(values) for key, values in asdict(jurors).items()}}
        if jurors
        else None,
        "days": [asdict(each) | {"day": date.fromordinal(each.day).isoformat()} for each in found.days],
        "fit": asdict(found.fit),
        "agreement": _agreement(judging_round, sheets),
        "alone": len(sheets.alone),
        "readings": [],
    }  # fmt: skip


def _column(values: np.ndarray) -> list[float]:
    return [round(float(value), 4) if values.dtype.kind == "f" else int(value) for value in values]


def _agreement(judging_round: Round, sheets: Sheets) -> list[Results]:
    """Of the total first, under the key "", then of each criterion. One query."""
    entry, score = sheets.readings.entry, sheets.readings.score
    found = [{"key": "", "name": "", **asdict(agreement(entry, score))}]
    at = {row[0]: entry[index] for index, row in enumerate(sheets.rows)}
    by_criterion: dict[tuple[str, str], tuple[list[int], list[float]]] = {}
    scores = Score.objects.filter(
        assessment__entry__round=judging_round, assessment__status="final", value__isnull=False
    )
    in_order = scores.order_by("criterion__order", "criterion__key", "assessment__code")
    for key, name, sheet, value in in_order.values_list(
        "criterion__key", "criterion__name", "assessment__code", "value"
    ):
        entries, values = by_criterion.setdefault((key, name), ([], []))
        entries.append(int(at[sheet]))
        values.append(float(sheets.alone.get(sheet, {}).get(key, value) or 0))
    for (key, name), (entries, values) in by_criterion.items():
        figures = agreement(np.array(entries), np.array(values))
        found.append({"key": key, "name": name, **asdict(figures)})
    return found


def latest(judging_round: Round) -> CalibrationRun | None:
    return CalibrationRun.objects.filter(round=judging_round).select_related("computed_by").first()


def is_current(run: CalibrationRun, sheets: Sheets) -> bool:
    """Whether the same sheets and settings stand today; otherwise the run is of an earlier state."""
    return run.input_sha256 == digest(sheets, run.options)


def chances_of(run: CalibrationRun) -> dict[str, Chance]:
    """Each proposal's chance by its code. Where `run.results["is_on"]` is False they know nothing of severity."""
    columns = run.results["entries"]
    reaches = columns.get("p_reaches") or [None] * len(columns["codes"])
    rows = zip(
        columns["codes"], columns["score"], columns["sd"], columns["rank"], columns["rank_low"], columns["rank_high"],
        columns["p_in"], reaches, strict=True,
    )  # fmt: skip
    return {code: Chance(*values) for code, *values in rows}
