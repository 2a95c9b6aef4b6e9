"""Whether jurors can be compared at all: two jurors are linked by every entry both have read.

Severity is only visible where the same entry was read by several jurors. Where jurors fall into groups that never
read the same entries, a strict group cannot be told from a group with weak entries, and correcting for it does harm.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigvalsh
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MIN_JURORS = 3
MIN_SHEETS = 8  # of the juror in the middle
MIN_EIGENVALUE = 0.1  # of the normalised Laplacian; a random assignment of 70 sheets each has about 0.75


@dataclass(frozen=True)
class Links:
    """The link graph of the jurors who have final sheets. `weakness` is "" when it carries a calibration, else why not:
    no_jurors, few_sheets, apart (several components) or weak (one component, held by too few common entries)."""

    jurors: int
    components: int
    eigenvalue: float
    least_sheets: int
    median_sheets: float
    shared_entries: int
    weakness: str

    @property
    def carries(self) -> bool:
        return not self.weakness


def links_of(entry: np.ndarray, juror: np.ndarray, entries: int, jurors: int) -> Links:
    """The link test. `entry` and `juror` are (sheets,) integers below `entries` and `jurors`.

    An entry read by m jurors gives each of its pairs the weight 1 / (m - 1), so that an anchor everybody reads counts
    as much for each juror as any other entry. `eigenvalue` is the smallest non-zero one of the normalised Laplacian
    when the graph is whole, and 0 when it is not: how hard it is to cut the jurors into two groups.
    """
    loads = np.bincount(juror, minlength=jurors)
    active = np.flatnonzero(loads)
    column = np.full(jurors, -1)
    column[active] = np.arange(len(active))
    readers = np.bincount(entry, minlength=entries)
    shared = int((readers > 1).sum())
    if len(active) < MIN_JURORS:
        return Links(len(active), len(active), 0.0, int(loads.max(initial=0)), 0.0, shared, "no_jurors")
    counted = readers[entry] > 1
    share = 1 / np.sqrt(readers[entry[counted]] - 1)
    incidence = coo_array((share, (entry[counted], column[juror[counted]])), shape=(entries, len(active))).tocsr()
    weights = (incidence.T @ incidence).toarray()
    np.fill_diagonal(weights, 0.0)
    components = int(connected_components(weights > 0, directed=False, return_labels=False))
    eigenvalue = _second_eigenvalue(weights) if components == 1 else 0.0
    median = float(np.median(loads[active]))
    weakness = _weakness(components, eigenvalue, median)
    return Links(len(active), components, eigenvalue, int(loads[active].min()), median, shared, weakness)


def _second_eigenvalue(weights: np.ndarray) -> float:
    scale = 1 / np.sqrt(weights.sum(axis=1))
    laplacian = np.eye(len(weights)) - scale[:, None] * weights * scale[None, :]
    return float(eigvalsh(laplacian, subset_by_index=[1, 1])[0])


def _weakness(components: int, eigenvalue: float, median: float) -> str:
    if components > 1:
        return "apart"
    if median < MIN_SHEETS:
        return "few_sheets"
    return "weak" if eigenvalue < MIN_EIGENVALUE else ""
