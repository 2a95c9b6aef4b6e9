"""How far jurors agree: Krippendorff's alpha for interval data and the intraclass correlation, with intervals.

Both are computed from four sums per entry, so that the bootstrap over entries is one matrix product.
Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability; Shrout, P. and Fleiss, J. (1979), ICC(1, 1) and
ICC(1, k), with the mean number of readings corrected for entries read unequally often.
"""

from dataclasses import dataclass

import numpy as np

RESAMPLES = 1000
WIDTH = 0.95


@dataclass(frozen=True)
class Agreement:
    """Point figures with 95 % bootstrap intervals over entries; `entries` with at least two readings counted.

    `alpha` 1 is full agreement, 0 none beyond chance. `icc` is the reliability of one reading, `icc_mean` that of the
    mean of `readers` (the average number of readings). None where nothing varies.
    """

    entries: int
    readings: int
    readers: float
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    icc: float | None
    icc_low: float | None
    icc_high: float | None
    icc_mean: float | None


def agreement(entry: np.ndarray, score: np.ndarray, *, seed: int = 0, resamples: int = RESAMPLES) -> Agreement:
    """`entry` (readings,) integers from 0, `score` (readings,) points. Entries with one reading say nothing here."""
    sums = _sums(np.asarray(entry), np.asarray(score, dtype=float))
    sums = sums[sums[:, 0] > 1]
    count = len(sums)
    if not count:
        return Agreement(0, 0, 0.0, None, None, None, None, None, None, None)
    whole = sums.sum(axis=0)[None, :]
    alpha, icc, readers = _alpha(whole), *_icc(whole, np.array([count]))
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(count, np.full(count, 1 / count), size=resamples)
    drawn = weights @ sums
    low_high = [_interval(_alpha(drawn)), _interval(_icc(drawn, np.full(resamples, count))[0])]
    one = _number(icc[0])
    mean = None if one is None else float(readers[0] * one / (1 + (readers[0] - 1) * one))
    return Agreement(
        count, int(whole[0, 0]), float(readers[0]), _number(alpha[0]), *low_high[0], one, *low_high[1], mean
    )


def _sums(entry: np.ndarray, score: np.ndarray) -> np.ndarray:
    """(entries, 6): m, sum x, sum x², squared differences over (m - 1), (sum x)² / m, m². Scores centred first."""
    score = score - score.mean() if len(score) else score
    m = np.bincount(entry).astype(float)
    total, squares = np.bincount(entry, score), np.bincount(entry, score**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(m > 1, (2 * m * squares - 2 * total**2) / (m - 1), 0.0)
        between = np.where(m > 0, total**2 / m, 0.0)
    return np.column_stack([m, total, squares, apart, between, m**2])


def _alpha(sums: np.ndarray) -> np.ndarray:
    """1 - observed / expected disagreement, from rows of summed _sums; nan where nothing varies."""
    n, total, squares, apart = sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3]
    expected = (2 * n * squares - 2 * total**2) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 1e-9, 1 - apart / expected, np.nan)


def _icc(sums: np.ndarray, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ICC(1) by one-way analysis of variance, and the mean number of readings it corrects to."""
    n, total, squares, between = sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 4]
    with np.errstate(divide="ignore", invalid="ignore"):
        among = (between - total**2 / n) / (entries - 1)
        within = (squares - between) / (n - entries)
        readers = (n - sums[:, 5] / n) / (entries - 1)
        varies = among + (readers - 1) * within
        return np.where(varies > 1e-9, (among - within) / varies, np.nan), readers


def _interval(drawn: np.ndarray) -> tuple[float | None, float | None]:
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < 20:
        return None, None
    low, high = np.quantile(drawn, [(1 - WIDTH) / 2, (1 + WIDTH) / 2])
    return float(low), float(high)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
