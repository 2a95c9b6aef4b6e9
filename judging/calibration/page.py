"""A stored run as the secretariat reads it: rows with people, verdicts in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from judging.drawing import Interval, intervals
from judging.models import CalibrationRun, Juror

WHY_OFF: dict[str, str | Promise] = {
    "no_jurors": _("Fewer than three jurors have final sheets, so there is nobody to compare."),
    "apart": _(
        "The jurors fall into groups that have no proposal in common. A strict group could not be told from a group"
        " with weaker proposals."
    ),
    "few_sheets": _("The jurors have too few final sheets each to say how strict they are."),
    "weak": _(
        "Too few proposals link the jurors to one another. A strict group could hardly be told from a group with weaker"
        " proposals."
    ),
}
CAUTIONS: dict[str, str | Promise] = {
    "heavy_tails": _(
        "Some sheets lie much farther off than chance explains. They are given less weight; look at the proposals whose"
        " readings are far apart."
    ),
    "scales": _(
        "Jurors clearly differ in how much of the scale they use. Their scores were brought to one scale before they"
        " were compared."
    ),
    "misfit": _("Readings of the same proposal are not as far apart as the model expects. Read the chances with care."),
    "drift": _("Scores drift from day to day more than chance explains. See the table by day below."),
}
BANDS: tuple[tuple[float, str | Promise], ...] = (
    (0.8, _("high")),
    (0.667, _("enough for tentative conclusions")),
    (0.4, _("moderate")),
    (-9.0, _("low")),
)


@dataclass(frozen=True)
class JurorRow:
    """One juror in points; `far` when the interval of severity leaves zero out."""

    juror: Juror
    picture: Interval
    sheets: int
    severity: float
    low: float
    high: float
    noise: float
    noise_low: float
    noise_high: float
    scale: float

    @property
    def leaning(self) -> str:
        return "strict" if self.low > 0 else "lenient" if self.high < 0 else ""


@dataclass(frozen=True)
class DayRow:
    day: date
    sheets: int
    shift: float
    low: float
    high: float
    picture: Interval

    @property
    def stands_out(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class AgreementRow:
    """Agreement of the total (`name` empty) or of one criterion; `verdict` of Krippendorff's alpha in a word."""

    name: str
    figures: dict[str, Any]

    @property
    def verdict(self) -> str | Promise:
        alpha = self.figures["alpha"]
        return "" if alpha is None else next(words for least, words in BANDS if alpha >= least)


def juror_rows(run: CalibrationRun) -> list[JurorRow]:
    """The strictest first; one query. Empty where the calibration is off."""
    columns = run.results["jurors"]
    if not columns:
        return []
    people = {juror.code: juror for juror in Juror.objects.filter(code__in=columns["codes"]).select_related("user")}
    pictures = intervals(list(zip(columns["severity_low"], columns["severity"], columns["severity_high"], strict=True)))
    keys = ("sheets", "severity", "severity_low", "severity_high", "noise", "noise_low", "noise_high", "scale")
    values = zip(*(columns[key] for key in keys), strict=True)
    found = [
        JurorRow(people[code], picture, *row)
        for code, row, picture in zip(columns["codes"], values, pictures, strict=True)
        if code in people
    ]
    return sorted(found, key=lambda row: -row.severity)


def day_rows(run: CalibrationRun) -> list[DayRow]:
    days = run.results["days"]
    pictures = intervals([(each["low"], each["shift"], each["high"]) for each in days])
    return [
        DayRow(date.fromisoformat(each["day"]), each["sheets"], each["shift"], each["low"], each["high"], picture)
        for each, picture in zip(days, pictures, strict=True)
    ]


def agreement_rows(run: CalibrationRun) -> list[AgreementRow]:
    return [AgreementRow(each["name"], each) for each in run.results["agreement"]]


@dataclass(frozen=True)
class FitWords:
    """The fit in numbers a sentence can hold, and the cautions as sentences."""

    severity_sd: float
    quality_sd: float
    noise_sd: float
    far_limit: float
    far_observed: float
    far_expected: float
    pairs: int
    cautions: list[str | Promise]


def fit_words(run: CalibrationRun) -> FitWords:
    fit, variances = run.results["fit"], run.results["variances"]
    return FitWords(
        severity_sd=variances["severity"] ** 0.5,
        quality_sd=variances["quality"] ** 0.5,
        noise_sd=variances["noise"] ** 0.5,
        far_limit=fit["far_limit"],
        far_observed=100 * fit["far_observed"],
        far_expected=100 * fit["far_expected"],
        pairs=fit["pairs"],
        cautions=[CAUTIONS[code] for code in fit["cautions"]],
    )
