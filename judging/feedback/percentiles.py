"""Where an entry stands among the others on one criterion, as an interval: two readers do not know it to the point.

The interval is that of the calibration's posterior (judging/calibration/calibrating.py): strict jurors are evened out
where jurors are linked well enough to be compared, and otherwise left as they are, with the width that takes. Pure.
"""

from dataclasses import dataclass

import numpy as np

from judging.calibration.calibrating import Readings, Settings, calibrate, enough

FEWEST = 10  # entries: among fewer, a share in percent says more than is known
DRAWS = 300


@dataclass(frozen=True)
class Standing:
    """Of 100 entries compared, so many stand lower: `near` is the best single guess, `low` to `high` holds the truth
    nine times in ten."""

    low: int
    near: int
    high: int


def standings(entry: np.ndarray, juror: np.ndarray, score: np.ndarray, *, seed: int = 0) -> dict[int, Standing]:
    """By entry number, from the sheets' (entry, juror, score), any integers. Empty where there is too little to
    compare, or where everybody has the same score. The same sheets give the same standings."""
    entries, row = np.unique(entry, return_inverse=True)
    jurors, by = np.unique(juror, return_inverse=True)
    readings = Readings(len(entries), len(jurors), row, by, score.astype(float))
    if len(entries) < FEWEST or np.ptp(readings.score) == 0 or not enough(readings):
        return {}
    chances = calibrate(readings, quota=1, settings=Settings(draws=DRAWS, seed=seed)).chances
    low, near, high = (
        _share_below(ranks, len(entries)) for ranks in (chances.rank_high, chances.rank, chances.rank_low)
    )
    near = np.clip(near, low, high)
    return {
        int(key): Standing(int(low[place]), int(near[place]), int(high[place])) for place, key in enumerate(entries)
    }


def _share_below(ranks: np.ndarray, count: int) -> np.ndarray:
    """Percent of the other entries below a rank, whole numbers from 0 to 100."""
    return np.rint(100 * (count - ranks) / (count - 1)).astype(int)
