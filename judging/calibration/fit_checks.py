"""Does the model fit? What each sheet leaves unexplained when the entry's other readers alone foretell it."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, chdtri, ndtri

from judging.calibration.mixed_model import Components, Design, Solution
from judging.calibration.scales import Scales, excess_kurtosis

WIDE = float(ndtri(0.95))  # half of a 90 % interval, in standard errors
FAR = float(ndtri(0.975))
HEAVY, SURE = 0.3, 4.0  # excess kurtosis, and how many of its standard errors
PREDICTED = 100_000


@dataclass(frozen=True)
class LeftOut:
    """Per sheet (sheets,): score less what the others foretell, its variance under the model, and the others' part
    of it (points, squared points). `shared` marks sheets of entries with another reader; only they are judged by."""

    rest: np.ndarray
    variance: np.ndarray
    foretold: np.ndarray
    shared: np.ndarray

    @property
    def standard(self) -> np.ndarray:
        return (self.rest / np.sqrt(self.variance))[self.shared]

    @property
    def excess_kurtosis(self) -> float:
        values = self.standard
        return excess_kurtosis(values) if len(values) > 3 else 0.0

    @property
    def is_heavy(self) -> bool:
        error = np.sqrt(24 / max(int(self.shared.sum()), 1))
        return bool(self.excess_kurtosis > max(HEAVY, SURE * error))

    def noise_by_juror(self, design: Design, typical: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Standard deviation of each juror's own noise (jurors,) with its 90 % interval, in points."""
        squares = np.where(self.shared, self.rest**2, 0.0)
        counts = np.maximum(design.by_juror(self.shared.astype(float)), 1)
        total = design.by_juror(squares) / counts
        part = design.by_juror(np.where(self.shared, self.foretold, 0.0)) / counts
        low, high = (total * counts / chdtri(counts, p) for p in (0.05, 0.95))
        floor = typical / 100
        found, least, most = (np.sqrt(np.maximum(each - part, floor)) for each in (total, low, high))
        return found, least, most


@dataclass(frozen=True)
class Day:
    """One day's sheets: how many points above what the entries' other readers foretell, with a 90 % interval."""

    day: int
    sheets: int
    shift: float
    low: float
    high: float

    @property
    def stands_out(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Fit:
    """The checks as numbers. `far_observed` and `far_expected` are shares of pairs of readings of one entry that lie
    more than `far_limit` points apart after severity; `cautions` are codes: heavy_tails, scales, misfit, drift."""

    pairs: int
    excess_kurtosis: float
    scale_spread: float
    scale_p: float
    far_limit: float
    far_observed: float
    far_expected: float
    drift_p: float
    cautions: tuple[str, ...]


def left_out(design: Design, score: np.ndarray, solution: Solution) -> LeftOut:
    noise, prior = solution.components.noise, 1 / solution.components.quality
    readers = design.by_entry(np.ones(len(score)))
    own = readers / noise + prior
    moved = score - solution.level[design.juror]
    others = own[design.entry] - 1 / noise
    mean = (own[design.entry] * solution.quality[design.entry] - moved / noise) / others
    return LeftOut(moved - mean, 1 / others + noise, 1 / others, readers[design.entry] > 1)


def days_of(rests: LeftOut, day: np.ndarray | None) -> tuple[Day, ...]:
    """Drift: the mean rest of each day's sheets against that of all days."""
    if day is None or not rests.shared.any():
        return ()
    rest, when = rests.rest[rests.shared], np.asarray(day)[rests.shared]
    names, index = np.unique(when, return_inverse=True)
    counts = np.bincount(index)
    shift = np.bincount(index, rest) / counts - rest.mean()
    error = WIDE * rest.std() / np.sqrt(counts)
    return tuple(
        Day(int(name), int(count), float(mean), float(mean - half), float(mean + half))
        for name, count, mean, half in zip(names, counts, shift, error, strict=True)
    )


def check(
    design: Design,
    score: np.ndarray,
    level: np.ndarray,
    components: Components,
    rests: LeftOut,
    scales: Scales | None,
    day: np.ndarray | None,
    rng: np.random.Generator,
) -> Fit:
    apart, limit, expected = _far_apart(design, score - level[design.juror], components, rng)
    observed = float((apart > limit).mean()) if len(apart) else 0.0
    drift_p = _drift_p(days_of(rests, day), rests)
    cautions = []
    if rests.is_heavy:
        cautions.append("heavy_tails")
    if scales is not None and scales.used:
        cautions.append("scales")
    error = np.sqrt(expected * (1 - expected) / max(len(apart), 1))
    if abs(observed - expected) > max(3 * error, 0.01):
        cautions.append("misfit")
    if drift_p < 0.001:
        cautions.append("drift")
    return Fit(
        len(apart), rests.excess_kurtosis, scales.spread if scales else 0.0, scales.p if scales else 1.0, limit,
        observed, expected, drift_p, tuple(cautions),
    )  # fmt: skip


def _far_apart(
    design: Design, moved: np.ndarray, components: Components, rng: np.random.Generator
) -> tuple[np.ndarray, float, float]:
    """Distances between the first two readings of each entry, the limit of far, and the share the model expects."""
    order = np.argsort(design.entry, kind="stable")
    entry = design.entry[order]
    first = np.flatnonzero((entry[:-1] == entry[1:]) & np.concatenate([[True], entry[1:-1] != entry[:-2]]))
    apart = np.abs(moved[order[first]] - moved[order[first + 1]])
    root = float(np.sqrt(components.noise))
    limit = FAR * float(np.sqrt(2)) * root
    if not np.isfinite(components.freedom):
        return apart, limit, 0.05
    drawn = rng.standard_t(components.freedom, (2, PREDICTED)) * root
    return apart, limit, float((np.abs(drawn[0] - drawn[1]) > limit).mean())


def _drift_p(days: tuple[Day, ...], rests: LeftOut) -> float:
    if len(days) < 2:
        return 1.0
    variance = float(rests.rest[rests.shared].var())
    return float(chdtrc(len(days) - 1, sum(each.sheets * each.shift**2 for each in days) / variance))
