"""How much of the scale each juror uses: one who gives 60 to 95 and one who gives 78 to 84 may mean the same.

A sheet on the common scale is z = level + (score - level) / scale. For given levels and qualities the most likely
scale has a closed form; it sees both how far a juror's scores lie apart and how well they follow the other readers'.
The scales are then drawn towards 1 by what their own errors allow, and kept only where jurors clearly differ.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc  # scipy.stats takes long to load

from judging.calibration.mixed_model import Design, Solution, estimate, solve

MIN_SHEETS = 12  # below that a juror's own scale stays 1
CLEARLY = 0.001  # chance of such differences among jurors who are all alike
TURNS = 2


def excess_kurtosis(values: np.ndarray) -> float:
    """How heavy the tails of these values (n,) are: 0 for the normal distribution."""
    squares = (values - values.mean()) ** 2
    return float((squares**2).mean() / squares.mean() ** 2 - 3)


@dataclass(frozen=True)
class Scales:
    """`scale` and `level` are (jurors,); `spread` the standard deviation of the log scales; `p` how likely jurors who
    are all alike would look so different. `used` says whether the scores are changed."""

    scale: np.ndarray
    level: np.ndarray
    spread: float
    p: float
    used: bool


def estimate_scales(design: Design, score: np.ndarray) -> Scales:
    """The scales, estimated in turns with the levels. All 1 where jurors do not clearly differ."""
    scale, level, spread, p = np.ones(design.jurors), np.zeros(design.jurors), 0.0, 1.0
    for turn in range(TURNS):
        common = score if turn == 0 else _common(design, score, scale, level)
        at = solve(design, common, estimate(design, common))
        level = at.level
        logs, errors = _most_likely(design, score, common, at)
        known = (np.bincount(design.juror, minlength=design.jurors) >= MIN_SHEETS) & np.isfinite(errors)
        if known.sum() < 3:
            return Scales(np.ones(design.jurors), level, 0.0, 1.0, used=False)
        shrunk, spread, p = _shrink(logs[known], errors[known])
        if p > CLEARLY:
            return Scales(np.ones(design.jurors), level, spread, p, used=False)
        scale = np.ones(design.jurors)
        scale[known] = np.exp(shrunk)
    return Scales(scale, level, spread, p, used=True)


def on_one_scale(design: Design, score: np.ndarray, scales: Scales) -> np.ndarray:
    return _common(design, score, scales.scale, scales.level) if scales.used else score


def _common(design: Design, score: np.ndarray, scale: np.ndarray, level: np.ndarray) -> np.ndarray:
    own = level[design.juror]
    return own + (score - own) / scale[design.juror]


def _most_likely(design: Design, score: np.ndarray, common: np.ndarray, at: Solution) -> tuple[np.ndarray, np.ndarray]:
    """Log scales (jurors,) that make each juror's scores fit what the other readers say, and their error variances.

    `common` is the score on the scale `at` was solved on; what a sheet itself adds there is taken out again.
    """
    noise, prior = at.components.noise, 1 / at.components.quality
    moved = score - at.level[design.juror]
    own = design.by_entry(np.full(len(score), 1 / noise)) + prior
    others = own[design.entry] - 1 / noise
    mean = (own[design.entry] * at.quality[design.entry] - (common - at.level[design.juror]) / noise) / others
    variance = 1 / others + noise
    a, b, n = (design.by_juror(x) for x in (moved**2 / variance, moved * mean / variance, np.ones(len(score))))
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = (b + np.sqrt(b**2 + 4 * a * n)) / (2 * a)
        errors = 1 / (2 * inverse**2 * a - inverse * b)
    rest = (moved - mean) / np.sqrt(variance)
    heavier = 1 + max(excess_kurtosis(rest), 0.0) / 2  # heavy tails make dispersions less sure
    return -np.log(inverse), errors * heavier


def _shrink(logs: np.ndarray, errors: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Empirical Bayes: log scales around 0 drawn together, their true spread, and the test that there is any."""
    centred = logs - np.average(logs, weights=1 / errors)
    p = float(chdtrc(len(logs) - 1, (centred**2 / errors).sum()))
    spread = max(float((centred**2).mean() - errors.mean()), 0.0)
    shrunk = centred * spread / (spread + errors)
    return shrunk - shrunk.mean(), float(np.sqrt(spread)), p
