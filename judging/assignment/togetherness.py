"""How often two jurors read the same entries: a pair that always meets learns to agree."""

from collections.abc import Sequence
from itertools import combinations
from math import ceil, comb

import numpy as np
from scipy.sparse import coo_matrix

Pairs = Sequence[tuple[int, int]]


def pair_counts(pairs: Pairs, jurors: int) -> np.ndarray:
    """(jurors, jurors): how many entries two jurors share; 0 on the diagonal."""
    if not pairs:
        return np.zeros((jurors, jurors), dtype=int)
    rows, columns = np.array(pairs).T
    readers = coo_matrix((np.ones(len(rows), dtype=int), (rows, columns)), shape=(rows.max() + 1, jurors)).tocsr()
    counts: np.ndarray = (readers.T @ readers).toarray()
    np.fill_diagonal(counts, 0)
    return counts


def default_limit(needs: np.ndarray, kept: Pairs, jurors: int) -> int:
    """Six times what chance would give each pair, at least four: few jurors cannot help meeting."""
    per_entry = needs + np.bincount([entry for entry, _juror in kept], minlength=len(needs)).astype(int)
    meetings = sum(comb(int(count), 2) for count in per_entry)
    return max(4, ceil(6 * meetings / max(comb(jurors, 2), 1)))


def separations(pairs: list[tuple[int, int]], kept: Pairs, jurors: int, limit: int) -> list[tuple[int, int]]:
    """The (entry, juror) pairs to forbid so that the jurors above the limit meet less often in the next answer.

    For each meeting beyond the limit one of the two leaves the entry; only new pairs can.
    """
    counts = pair_counts([*pairs, *kept], jurors)
    if not (counts > limit).any():
        return []
    readers: dict[int, list[int]] = {}
    for entry, juror in [*pairs, *kept]:
        readers.setdefault(entry, []).append(juror)
    movable, found = set(pairs), []
    for entry, present in readers.items():
        for one, other in combinations(sorted(present), 2):
            leaves = other if (entry, other) in movable else one
            if counts[one, other] > limit and (entry, leaves) in movable:
                found.append((entry, leaves))
                counts[one, other] -= 1
                counts[other, one] -= 1
    return found
