"""An invented season of judging whose truth is known: qualities, severities, who reads what, what they give."""

from dataclasses import dataclass, replace

import numpy as np

from judging.assignment.solving import least_loaded
from judging.calibration.borderline import choose
from judging.calibration.calibrating import Calibration, Readings, Settings, calibrate, ranks

ENTRIES, JURORS, QUOTA, CATEGORIES = 3500, 100, 99, 10
SPREAD = 8.0  # points per standard deviation of quality
SEVERITY, NOISE = 0.5, 1.0  # variances, that of quality being 1
FEW_DRAWS = Settings(draws=300)


@dataclass
class Season:
    """`kind`: linked, locked (jurors see one category each, categories differ in strength), scales or tails."""

    kind: str
    seed: int
    entry: np.ndarray
    juror: np.ndarray
    score: np.ndarray
    quality: np.ndarray
    level: np.ndarray
    scale: np.ndarray
    rng: np.random.Generator

    def readings(self) -> Readings:
        return Readings(ENTRIES, JURORS, self.entry, self.juror, self.score)

    def raw(self) -> np.ndarray:
        return np.asarray(np.bincount(self.entry, self.score) / np.bincount(self.entry))

    def recall(self, scores: np.ndarray) -> float:
        """Share of the true Top 99 among the 99 best by `scores`."""
        return float(((ranks(scores) <= QUOTA) & self.is_top).sum()) / QUOTA

    @property
    def is_top(self) -> np.ndarray:
        return np.asarray(ranks(self.quality) <= QUOTA)

    def read(self, entry: np.ndarray, juror: np.ndarray) -> np.ndarray:
        """What those jurors would give those entries."""
        heavy = self.kind == "tails"
        noise = self.rng.standard_t(3, len(entry)) / np.sqrt(3) if heavy else self.rng.standard_normal(len(entry))
        seen = self.quality[entry] + np.sqrt(NOISE) * noise
        return np.asarray(75 + SPREAD * (self.level[juror] + self.scale[juror] * seen))

    def with_more(self, entries: list[int]) -> "Season":
        """A reading more of each of these entries, by the least loaded juror who has not read it."""
        loads = dict(enumerate(np.bincount(self.juror, minlength=JURORS).tolist()))
        readers: dict[int, set[int]] = {}
        for entry, juror in zip(self.entry.tolist(), self.juror.tolist(), strict=True):
            readers.setdefault(entry, set()).add(juror)
        given = []
        for entry in entries:
            chosen = least_loaded([each for each in range(JURORS) if each not in readers[entry]], loads, set())
            if chosen is None:
                raise ValueError(f"Every juror has read entry {entry}.")
            loads[chosen] += 1
            readers[entry].add(chosen)
            given.append(chosen)
        new, by = np.array(entries, dtype=int), np.array(given, dtype=int)
        scores = np.concatenate([self.score, self.read(new, by)])
        entry, juror = np.concatenate([self.entry, new]), np.concatenate([self.juror, by])
        return replace(self, entry=entry, juror=juror, score=scores)

    def in_waves(self, percent: int, waves: int, first: Calibration) -> "Season":
        """Borderline readings, chosen anew after each wave."""
        whole, season, now = round(ENTRIES * percent / 100), self, first
        for wave in range(waves):
            if wave:
                now = calibrate(season.readings(), quota=QUOTA, settings=FEW_DRAWS)
            count = round(whole * (wave + 1) / waves) - round(whole * wave / waves)
            readers = np.bincount(season.entry, minlength=ENTRIES)
            season = season.with_more(choose(now.chances, readers, count, most=6))
        return season


def begin(kind: str, seed: int, *, readers: int = 2) -> Season:
    rng = np.random.default_rng([seed, readers])
    category = np.arange(ENTRIES) * CATEGORIES // ENTRIES
    quality = rng.standard_normal(ENTRIES)
    if kind == "locked":
        quality = (quality + rng.standard_normal(CATEGORIES)[category]) / np.sqrt(2)
    level = np.sqrt(SEVERITY) * rng.standard_normal(JURORS)
    scale = np.exp(0.35 * rng.standard_normal(JURORS)) if kind == "scales" else np.ones(JURORS)
    juror = _locked(category, readers, rng) if kind == "locked" else _linked(readers, rng)
    entry = np.tile(np.arange(ENTRIES), readers)
    empty = Season(kind, seed, entry, juror, np.empty(0), quality, level, scale, rng)
    return replace(empty, score=empty.read(entry, juror))


def _linked(readers: int, rng: np.random.Generator) -> np.ndarray:
    """Balanced loads, any juror with any entry, nobody twice: (readers * entries,)."""
    piles = [rng.permutation(np.arange(ENTRIES) % JURORS) for _ in range(readers)]
    for number, pile in enumerate(piles):
        while True:
            twice = np.flatnonzero(np.any([pile == other for other in piles[:number]], axis=0)) if number else []
            if not len(twice):
                break
            for here, there in zip(twice, rng.integers(0, ENTRIES, len(twice)), strict=True):
                pile[here], pile[there] = pile[there], pile[here]
    return np.concatenate(piles)


def _locked(category: np.ndarray, readers: int, rng: np.random.Generator) -> np.ndarray:
    """Ten jurors a category, who read nothing else."""
    own = JURORS // CATEGORIES
    turn = rng.permutation(ENTRIES)
    return np.concatenate([category * own + (turn + number) % own for number in range(readers)])
