"""Seasons with a known truth: what calibration and extra readings find of the true Top 99, and whether the chances
are honest. Every number comes from the portal's own functions."""

import time

import numpy as np
from figures import Figure
from season import ENTRIES, FEW_DRAWS, JURORS, QUOTA, Season, begin

from judging.calibration.borderline import choose
from judging.calibration.calibrating import Calibration, Readings, Settings, calibrate

PLAIN = Settings(draws=20)  # where only the scores are looked at
FORCED = Settings(draws=300, scales=False, tails=False)  # the simple model, also where it is wrong


def main(seasons: int = 20) -> list[Figure]:
    table, bands = _linked(seasons)
    return [
        *_table(table, seasons),
        *_reliability("right model", bands, target=0.05),
        *_locked(seasons),
        *_wrong("scales", "jurors who use more or less of the scale", seasons),
        *_wrong("tails", "heavy-tailed noise (Student's t, 3)", seasons),
        *_speed(),
    ]


def _linked(seasons: int) -> tuple[dict[str, list[float]], list[tuple[np.ndarray, np.ndarray]]]:
    """Recall of each way of reading per season, and (chance, whether true) of every entry read twice and thrice."""
    found: dict[str, list[float]] = {}
    bands = []
    for seed in range(seasons):
        season, third = begin("linked", seed), begin("linked", seed, readers=3)
        base = calibrate(season.readings(), quota=QUOTA, settings=Settings())
        of_three = calibrate(third.readings(), quota=QUOTA, settings=Settings())
        bands += [(base.chances.p_in, season.is_top), (of_three.chances.p_in, third.is_top)]
        extra = ENTRIES // 10
        ways = {
            "2 each, +10 % at random": season.with_more(season.rng.permutation(ENTRIES)[:extra].tolist()),
            "2 each, +10 % where the two disagree most": season.with_more(_disagreements(season, base)[:extra]),
            "2 each, +10 % at the borderline": season.with_more(_borderline(season, base, extra)),
            "2 each, +10 % at the borderline, three waves": season.in_waves(10, 3, base),
            "2 each, +30 % at the borderline, four waves": season.in_waves(30, 4, base),
        }
        scores = {"2 each, raw mean": season.recall(season.raw()), "2 each, calibrated": _recall(season, base)}
        scores |= {"3 each, raw mean": third.recall(third.raw()), "3 each, calibrated": _recall(third, of_three)}
        scores |= {name: _recall(way) for name, way in ways.items()}
        for name, value in scores.items():
            found.setdefault(name, []).append(value)
    return found, bands


def _recall(season: Season, known: Calibration | None = None) -> float:
    found = known or calibrate(season.readings(), quota=QUOTA, settings=PLAIN)
    return season.recall(found.chances.score)


def _disagreements(season: Season, base: Calibration) -> list[int]:
    severity = base.jurors.severity if base.jurors else np.zeros(JURORS)
    moved = season.score + severity[season.juror]
    return [int(entry) for entry in np.argsort(-np.abs(moved[:ENTRIES] - moved[ENTRIES:]))]


def _borderline(season: Season, base: Calibration, count: int) -> list[int]:
    return choose(base.chances, np.bincount(season.entry, minlength=ENTRIES), count, most=6)


def _table(found: dict[str, list[float]], seasons: int) -> list[Figure]:
    targets = {"2 each, +10 % at the borderline": 0.53, "2 each, +30 % at the borderline, four waves": 0.61}
    figures = [Figure("linked seasons", f"{seasons} ({ENTRIES} entries, {JURORS} jurors, true Top {QUOTA} found)")]
    for name, values in found.items():
        mean, error = float(np.mean(values)), float(np.std(values)) / np.sqrt(len(values))
        least = targets.get(name)
        target = f"≥ {least:.0%}" if least else ""
        ok = None if least is None else mean >= least
        figures.append(Figure(name, f"{mean:.1%} ± {error:.1%}", target, ok))
    raw, calibrated = np.array(found["2 each, raw mean"]), np.array(found["2 each, calibrated"])
    better = float((calibrated > raw).mean())
    return [*figures, Figure("seasons where calibration beats the raw mean", f"{better:.0%}", "≥ 95%", better >= 0.95)]


def _reliability(name: str, pairs: list[tuple[np.ndarray, np.ndarray]], *, target: float | None = None) -> list[Figure]:
    """One line per band of the predicted chance to be in the Top 99: what was predicted and what came true."""
    chance, came = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    figures = []
    for low in np.arange(0, 1, 0.2):
        inside = (chance >= low) & ((chance < low + 0.2) | (low > 0.7))
        if not inside.any():
            continue
        predicted, true = float(chance[inside].mean()), float(came[inside].mean())
        error = np.sqrt(predicted * (1 - predicted) / inside.sum())
        ok = None if target is None else abs(predicted - true) <= target
        what = f"chance {low:.1f}–{low + 0.2:.1f}, {name}"
        value = f"predicted {predicted:.3f}, came true {true:.3f} ± {error:.3f} (n = {inside.sum()})"
        figures.append(Figure(what, value, f"within ± {target}" if target else "", ok))
    return figures


def _locked(seasons: int) -> list[Figure]:
    """Jurors locked into categories of different strength: off, and what forcing it would have cost."""
    off, raw, forced = 0, [], []
    for seed in range(seasons):
        season = begin("locked", seed)
        off += not calibrate(season.readings(), quota=QUOTA, settings=PLAIN).is_on
        raw.append(season.recall(season.raw()))
        total = np.bincount(season.juror, season.score) / np.bincount(season.juror)
        centred = np.bincount(season.entry, season.score - total[season.juror])
        forced.append(season.recall(centred))
    return [
        Figure("locked seasons where calibration switched itself off", f"{off} of {seasons}", "all", off == seasons),
        Figure("locked, raw mean", f"{np.mean(raw):.1%}"),
        Figure("locked, every juror brought to the same mean all the same", f"{np.mean(forced):.1%}"),
    ]


def _wrong(kind: str, words: str, seasons: int) -> list[Figure]:
    """A model the simple one does not know: recall and honesty of the simple model and of what the portal does."""
    raw, simple, whole = [], [], []
    simple_bands, whole_bands = [], []
    for seed in range(seasons):
        season = begin(kind, seed)
        raw.append(season.recall(season.raw()))
        for settings, recalls, bands in ((FORCED, simple, simple_bands), (FEW_DRAWS, whole, whole_bands)):
            found = calibrate(season.readings(), quota=QUOTA, settings=settings)
            recalls.append(season.recall(found.chances.score))
            bands.append((found.chances.p_in, season.is_top))
    means = f"raw {np.mean(raw):.1%}, simple model {np.mean(simple):.1%}, the portal's {np.mean(whole):.1%}"
    ok = float(np.mean(whole)) >= float(np.mean(raw))
    return [
        Figure(words, means, "not below raw", ok),
        *_reliability(f"{kind}, simple model", simple_bands),
        *_reliability(f"{kind}, the portal's model", whole_bands),
    ]


def _speed() -> list[Figure]:
    figures = []
    for kind, words in (("linked", "normal noise"), ("tails", "Student's t")):
        season = begin(kind, 0)
        days = np.arange(len(season.entry)) % 14
        readings = Readings(ENTRIES, JURORS, season.entry, season.juror, season.score, days)
        times = []
        for _turn in range(3):
            start = time.process_time()
            calibrate(readings, quota=QUOTA, threshold=85, settings=Settings())
            times.append(time.process_time() - start)
        seconds = sorted(times)[1]
        what = f"calibration of {len(season.entry)} sheets with 600 draws, {words}"
        figures.append(Figure(what, f"{seconds:.2f} s of processor time (median of 3)", "≤ 2 s", seconds <= 2))
    return figures
