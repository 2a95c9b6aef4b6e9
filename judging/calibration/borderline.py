"""Where one more reading helps most: at the line of the quota, not where two readers disagree.

Most disagreements lie far from the line and change nothing. What a reading is worth is how likely an entry may still
cross the line, and how much there is left to learn of it. Pure: knows no database.
"""

from dataclasses import dataclass

import numpy as np

from judging.calibration.calibrating import Chances


@dataclass(frozen=True)
class Budget:
    """`percent` of the entries may get a reading more, in `waves`; one entry at most `most` readings in all."""

    percent: int = 10
    waves: int = 3
    most: int = 6

    def wave(self, entries: int, spent: int) -> int:
        """How many readings the next wave may propose when so many were given already."""
        whole = round(entries * self.percent / 100)
        return max(min(-(-whole // self.waves), whole - spent), 0)


def worth(chances: Chances) -> np.ndarray:
    """What one more reading of each entry is worth, (entries,), 0 to 1: how open it is (1 at P = 0.5), times its
    posterior standard deviation against the greatest of the round."""
    greatest = float(chances.sd.max(initial=0.0)) or 1.0
    return 4 * chances.p_in * (1 - chances.p_in) * chances.sd / greatest


def choose(chances: Chances, readers: np.ndarray, count: int, *, most: int) -> list[int]:
    """The indices of at most `count` entries to read once more, the worthiest first.

    `readers` (entries,) counts sheets given out, finished or not. Nothing whose place is certain is proposed.
    """
    value = np.where(readers < most, worth(chances), 0.0)
    order = np.argsort(-value, kind="stable")[:count]
    return [int(entry) for entry in order if value[entry] > 0]
