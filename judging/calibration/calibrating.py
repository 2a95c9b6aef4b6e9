"""Calibrated scores of a round with their uncertainty: advice beside the official mean, never in its place.

`calibrate` takes the totals of a round's final sheets and answers what they would be if every juror were as strict as
the average one, how sure that is, and how jurors differ. It switches itself off, with a reason, where the jurors are
linked too weakly to be compared (judging/assignment/linking.py); the chances are then those of a model without
severity. Pure: the same readings, quota and settings give the same numbers anywhere.

Severity: a juror's level is free, so that adding points to all sheets of a juror changes no calibrated rank.
Scale: where jurors use clearly more or less of the scale than others, their scores are first brought to one scale.
Tails: where residuals are clearly heavier than normal, noise is Student's t, so that one odd sheet weighs less.
"""

from dataclasses import dataclass

import numpy as np

from judging.assignment.linking import Links, links_of
from judging.calibration.fit_checks import Day, Fit, LeftOut, check, days_of, left_out
from judging.calibration.mixed_model import Components, Design, Solution, draw_normal, draw_student, estimate, solve
from judging.calibration.scales import Scales, estimate_scales, on_one_scale

VERSION = "calibration:1"  # part of every stored run: raise it when the same readings would give other numbers
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Readings:
    """The final sheets of a round, one row each.

    `entry` and `juror` are (sheets,) integers below `entries` and `jurors`; every juror has at least one sheet.
    `score` is (sheets,) totals in points; `day` (sheets,) ordinals of the local day a sheet became final.
    """

    entries: int
    jurors: int
    entry: np.ndarray
    juror: np.ndarray
    score: np.ndarray
    day: np.ndarray | None = None


@dataclass(frozen=True)
class Settings:
    """`draws` from the posterior; `scales` and `tails` allow what the data may ask for; False forbids it."""

    draws: int = 600
    seed: int = 0
    scales: bool = True
    tails: bool = True


@dataclass(frozen=True)
class Chances:
    """Per entry, (entries,) each: calibrated `score` and its `sd` in points; `rank` by it from 1; the 90 % interval of
    the rank; `p_in` the chance to be among the best `quota`; `p_reaches` the chance to be at the threshold or above."""

    score: np.ndarray
    sd: np.ndarray
    rank: np.ndarray
    rank_low: np.ndarray
    rank_high: np.ndarray
    p_in: np.ndarray
    p_reaches: np.ndarray | None


@dataclass(frozen=True)
class JurorFigures:
    """Per juror, (jurors,) each, in points, with 90 % intervals. `severity` is how far below the average juror they
    score the same work (positive: stricter). `noise` is the standard deviation of what severity leaves unexplained:
    small is consistent. `scale` above 1: they use more of the scale than the others."""

    sheets: np.ndarray
    severity: np.ndarray
    severity_low: np.ndarray
    severity_high: np.ndarray
    noise: np.ndarray
    noise_low: np.ndarray
    noise_high: np.ndarray
    scale: np.ndarray


@dataclass(frozen=True)
class Calibration:
    """What one run found. With `is_on` False, `why_off` is a code of linking.Links.weakness, `jurors` is None and
    `chances` know nothing of severity. Variances in squared points."""

    is_on: bool
    why_off: str
    links: Links
    quality_variance: float
    severity_variance: float
    noise_variance: float
    freedom: float
    chances: Chances
    jurors: JurorFigures | None
    days: tuple[Day, ...]
    fit: Fit


def calibrate(
    readings: Readings, *, quota: int, threshold: float | None = None, settings: Settings | None = None
) -> Calibration:
    """Fit, draw and check. About a second for 7,000 sheets and 600 draws.

    Needs at least two sheets more than jurors; the caller sees to it (`enough`).
    """
    settings = settings or Settings()
    links = links_of(readings.entry, readings.juror, readings.entries, readings.jurors)
    juror, jurors = (readings.juror, readings.jurors) if links.carries else (readings.juror * 0, 1)
    design = Design(readings.entry, juror, readings.entries, jurors)
    score = np.asarray(readings.score, dtype=float)
    scales = None
    if links.carries and settings.scales:
        scales = estimate_scales(design, score)
        score = on_one_scale(design, score, scales)
    components = estimate(design, score)
    solution = solve(design, score, components)
    rests = left_out(design, score, solution)
    heavy = settings.tails and rests.is_heavy
    rng = np.random.default_rng(settings.seed)
    if heavy:
        quality, level, components = draw_student(design, score, components, settings.draws, rng)
    else:
        quality, level = draw_normal(design, solution, settings.draws, rng)
    return Calibration(
        is_on=links.carries,
        why_off=links.weakness,
        links=links,
        quality_variance=components.quality,
        severity_variance=_severity_variance(solution),
        noise_variance=_noise_variance(components),
        freedom=components.freedom,
        chances=_chances(quality, level, None if heavy else solution, quota, threshold),
        jurors=_jurors(design, level, rests, scales, components) if links.carries else None,
        days=days_of(rests, readings.day),
        fit=check(design, score, level.mean(axis=0), components, rests, scales, readings.day, rng),
    )


def enough(readings: Readings) -> bool:
    """Whether there is anything to compute from: several entries with two readings, and more sheets than unknowns."""
    shared = int((np.bincount(readings.entry, minlength=readings.entries) > 1).sum())
    return shared >= 3 and len(readings.entry) >= readings.jurors + 2


def ranks(scores: np.ndarray) -> np.ndarray:
    """Ranks from 1, highest score first, along the last axis; equal scores in index order."""
    order = np.argsort(-scores, axis=-1, kind="stable")
    found = np.empty(order.shape, dtype=np.int32)
    np.put_along_axis(found, order, np.arange(1, scores.shape[-1] + 1, dtype=np.int32), axis=-1)
    return found


def _chances(
    quality: np.ndarray, level: np.ndarray, solution: Solution | None, quota: int, threshold: float | None
) -> Chances:
    """From draws (draws, entries). Means are exact where the posterior is normal, else those of the draws."""
    centre = level.mean(axis=1, keepdims=True)
    mean = quality.mean(axis=0) if solution is None else solution.quality
    base = float(centre.mean()) if solution is None else float(solution.level.mean())
    drawn = ranks(quality)
    draws = len(drawn)
    in_order = np.sort(drawn, axis=0)
    return Chances(
        score=base + mean,
        sd=(quality + centre).std(axis=0),
        rank=ranks(mean),
        rank_low=in_order[int(LOW * draws)],
        rank_high=in_order[min(int(np.ceil(HIGH * draws)), draws) - 1],
        p_in=(drawn <= quota).mean(axis=0),
        p_reaches=None if threshold is None else (quality + centre >= threshold).mean(axis=0),
    )


def _jurors(
    design: Design, level: np.ndarray, rests: LeftOut, scales: Scales | None, components: Components
) -> JurorFigures:
    severity = level.mean(axis=1, keepdims=True) - level
    low, high = np.quantile(severity, [LOW, HIGH], axis=0)
    scale = np.ones(design.jurors) if scales is None else scales.scale
    noise, noise_low, noise_high = rests.noise_by_juror(design, components.noise)
    return JurorFigures(
        sheets=np.bincount(design.juror, minlength=design.jurors),
        severity=severity.mean(axis=0),
        severity_low=low,
        severity_high=high,
        noise=noise * scale,
        noise_low=noise_low * scale,
        noise_high=noise_high * scale,
        scale=scale,
    )


def _severity_variance(solution: Solution) -> float:
    """Variance of the true levels: that of the estimated ones less what their errors add."""
    jurors = len(solution.level)
    if jurors < 2:
        return 0.0
    covariance = solution.level_covariance
    error = (np.trace(covariance) - covariance.sum() / jurors) / (jurors - 1)
    return float(max(np.var(solution.level, ddof=1) - error, 0.0))


def _noise_variance(components: Components) -> float:
    """Of one sheet; for Student's t the scale's variance times f / (f - 2), with f held above 2.5."""
    if not np.isfinite(components.freedom):
        return components.noise
    freedom = max(components.freedom, 2.5)
    return components.noise * freedom / (freedom - 2)
