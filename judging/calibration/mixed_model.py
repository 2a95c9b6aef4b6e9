"""score = quality of the entry + level of the juror + noise, solved exactly for a whole round.

Quality is random, N(0, quality variance); a juror's level is free (no prior), so that a juror who adds the same points
to every sheet changes nothing at all in the result. Noise is normal or, where the data ask for it, Student's t.
Entries are eliminated one by one (their block is diagonal), which leaves a dense system of the jurors alone.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize_scalar
from scipy.sparse import coo_array
from scipy.special import gammaln

FREEDOMS = np.array([2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 50.0])  # the t distribution's degrees, tried in a grid
BURN_IN = 60
FREEDOM_EVERY = 5  # sweeps between draws of the degrees, the dearest step and the one that moves least


@dataclass(frozen=True)
class Components:
    """Variances in squared points. `freedom` is the degrees of the t distribution; inf for normal noise."""

    quality: float
    noise: float
    freedom: float = np.inf


@dataclass(frozen=True)
class Solution:
    """Posterior means: `quality` (entries,) around 0; `level` (jurors,) in points, covariance beside."""

    components: Components
    quality: np.ndarray
    level: np.ndarray
    level_covariance: np.ndarray


class Design:
    """Which sheet is whose: `entry`, `juror` (sheets,) integers; every juror has at least one sheet."""

    def __init__(self, entry: np.ndarray, juror: np.ndarray, entries: int, jurors: int) -> None:
        self.entry, self.juror, self.entries, self.jurors = entry, juror, entries, jurors
        self.left, self.right = _pairs(entry, entries)
        self.cell = juror[self.left] * jurors + juror[self.right]
        self.of_pair = entry[self.left]

    def by_entry(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.entry, values, self.entries)

    def by_juror(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.juror, values, self.jurors)

    def eliminate(self, precision: np.ndarray, prior: float) -> tuple[np.ndarray, np.ndarray]:
        """Precisions of the entries (entries,) and the Schur complement of the jurors (jurors, jurors)."""
        own = self.by_entry(precision) + prior
        common = precision[self.left] * precision[self.right] / own[self.of_pair]
        schur = -np.bincount(self.cell, common, self.jurors**2).reshape(self.jurors, self.jurors)
        schur[np.diag_indices(self.jurors)] += self.by_juror(precision)
        return own, schur

    def right_side(self, precision: np.ndarray, score: np.ndarray, own: np.ndarray) -> np.ndarray:
        weighted = precision * score
        return self.by_juror(weighted) - self.by_juror(precision * (self.by_entry(weighted) / own)[self.entry])


def _pairs(entry: np.ndarray, entries: int) -> tuple[np.ndarray, np.ndarray]:
    """All ordered pairs of sheets of the same entry, a sheet with itself included."""
    order = np.argsort(entry, kind="stable")
    counts = np.bincount(entry, minlength=entries)
    repeat = counts[entry[order]]
    first = np.cumsum(counts) - counts
    inside = np.arange(repeat.sum()) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    return np.repeat(order, repeat), order[np.repeat(first[entry[order]], repeat) + inside]


def estimate(design: Design, score: np.ndarray) -> Components:
    """Restricted maximum likelihood of the two variances, the ratio searched on a log scale."""
    centred = score - score.mean()
    best = minimize_scalar(lambda x: _reml(design, centred, x)[0], bounds=(-7.0, 7.0), method="bounded")
    noise = max(_reml(design, centred, best.x)[1], 1e-9)
    return Components(quality=noise * float(np.exp(best.x)), noise=noise)


def _reml(design: Design, score: np.ndarray, log_ratio: float) -> tuple[float, float]:
    """-2 log restricted likelihood with the noise profiled out, and that noise. Precisions are 1 per sheet."""
    ones = np.ones(len(score))
    own, schur = design.eliminate(ones, float(np.exp(-log_ratio)))
    factor = cho_factor(schur, lower=True)
    rhs = design.right_side(ones, score, own)
    level = cho_solve(factor, rhs)
    rest = score - level[design.juror]
    freedom = max(len(score) - design.jurors, 1)
    noise = float(rest @ score - rest @ (design.by_entry(score) / own)[design.entry]) / freedom
    logs = float(np.log(own).sum() + 2 * np.log(np.diag(factor[0])).sum()) + design.entries * log_ratio
    return freedom * float(np.log(max(noise, 1e-12))) + logs, noise


def solve(design: Design, score: np.ndarray, components: Components) -> Solution:
    """Posterior of all entries and jurors under normal noise of those variances."""
    precision = np.full(len(score), 1 / components.noise)
    own, schur = design.eliminate(precision, 1 / components.quality)
    factor = cho_factor(schur, lower=True)
    level = cho_solve(factor, design.right_side(precision, score, own))
    covariance = cho_solve(factor, np.eye(design.jurors))
    quality = design.by_entry(precision * (score - level[design.juror])) / own
    return Solution(components, quality, level, covariance)


def draw_normal(
    design: Design, solution: Solution, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Independent draws of the posterior: qualities (draws, entries) and levels (draws, jurors)."""
    components = solution.components
    root = np.linalg.cholesky(solution.level_covariance)
    shift = rng.standard_normal((draws, design.jurors)) @ root.T
    own = design.by_entry(np.ones(len(design.entry))) / components.noise + 1 / components.quality
    precision = 1 / (components.noise * own)
    cells = (precision[design.entry], (design.entry, design.juror))
    share = coo_array(cells, shape=(design.entries, design.jurors)).tocsr()
    quality = rng.standard_normal((design.entries, draws)) / np.sqrt(own)[:, None]
    quality += solution.quality[:, None] - share @ shift.T
    return quality.T, solution.level + shift


def draw_student(
    design: Design, score: np.ndarray, start: Components, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, Components]:
    """Gibbs draws under Student noise, with its degrees and both variances drawn too (entries collapsed out of the
    jurors' step, which keeps the chain from creeping). Returns qualities, levels and the mean components."""
    quality, level, drawn = np.empty((draws, design.entries)), np.empty((draws, design.jurors)), []
    now, weight = replace(start, freedom=5.0), np.ones(len(score))
    for turn in range(-BURN_IN, draws):
        q, c = _draw_once(design, score, weight / now.noise, now.quality, rng)
        error = score - c[design.juror] - q[design.entry]
        if turn % FREEDOM_EVERY == 0:
            now = replace(now, freedom=_draw_freedom(error**2 / now.noise, rng))
        now, weight = _draw_noise(error, q, now, rng)
        if turn >= 0:
            quality[turn], level[turn] = q, c
            drawn.append((now.quality, now.noise, now.freedom))
    means = np.median(np.array(drawn), axis=0)
    return quality, level, Components(*(float(value) for value in means))


def _draw_once(
    design: Design, score: np.ndarray, precision: np.ndarray, quality: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    own, schur = design.eliminate(precision, 1 / quality)
    root = np.linalg.cholesky(schur)
    half = solve_triangular(root, design.right_side(precision, score, own), lower=True, check_finite=False)
    noise = rng.standard_normal(design.jurors)
    level = solve_triangular(root, half + noise, lower=True, trans=1, check_finite=False)
    mean = design.by_entry(precision * (score - level[design.juror])) / own
    return mean + rng.standard_normal(design.entries) / np.sqrt(own), level


def _draw_noise(
    error: np.ndarray, quality: np.ndarray, now: Components, rng: np.random.Generator
) -> tuple[Components, np.ndarray]:
    """The weights of the sheets (small where a score is far off), then both variances."""
    squares = error**2
    weight = rng.standard_gamma((now.freedom + 1) / 2, len(error)) * 2 / (now.freedom + squares / now.noise)
    noise = float(weight @ squares) / 2 / rng.standard_gamma(len(error) / 2)
    spread = float(quality @ quality) / 2 / rng.standard_gamma((len(quality) - 1) / 2)
    return replace(now, quality=spread, noise=noise), weight


def _draw_freedom(squares: np.ndarray, rng: np.random.Generator) -> float:
    logs = np.log1p(squares[None, :] / FREEDOMS[:, None]).sum(axis=1)
    constant = gammaln((FREEDOMS + 1) / 2) - gammaln(FREEDOMS / 2) - np.log(FREEDOMS) / 2
    chance = len(squares) * constant - (FREEDOMS + 1) / 2 * logs
    chance = np.exp(chance - chance.max())
    return float(rng.choice(FREEDOMS, p=chance / chance.sum()))
