"""Calibration on invented scores whose truth is known. Tolerances are many standard errors wide, seeds are fixed."""

from dataclasses import replace

import numpy as np
import pytest

from judging.assignment.linking import links_of
from judging.calibration.borderline import Budget, choose, worth
from judging.calibration.calibrating import Readings, Settings, calibrate, ranks

ENTRIES, JURORS = 600, 20
FEW = Settings(draws=200)


def season(seed: int = 1, *, tails: bool = False, scales: bool = False, readers: int = 2) -> dict[str, np.ndarray]:
    """Variances quality 64 : severity 32 : noise 64; juror r + turn reads entry r, loads balanced."""
    rng = np.random.default_rng(seed)
    entry = np.tile(np.arange(ENTRIES), readers)
    first = rng.permutation(ENTRIES) % JURORS
    steps = 1 + rng.permutation(ENTRIES) % (JURORS - readers + 1)
    juror = np.concatenate([first, *((first + steps + extra) % JURORS for extra in range(readers - 1))])
    quality, level = 8 * rng.standard_normal(ENTRIES), 32**0.5 * rng.standard_normal(JURORS)
    scale = np.exp(0.4 * rng.standard_normal(JURORS)) if scales else np.ones(JURORS)
    noise = rng.standard_t(3, len(entry)) / 3**0.5 if tails else rng.standard_normal(len(entry))
    score = 75 + level[juror] + scale[juror] * (quality[entry] + 8 * noise)
    return {"entry": entry, "juror": juror, "score": score, "quality": quality, "level": level, "scale": scale}


def readings(made: dict[str, np.ndarray], **more: np.ndarray) -> Readings:
    values = {key: made[key] for key in ("entry", "juror", "score")} | more
    return Readings(ENTRIES, JURORS, **values)


def test_severity_and_variances_are_recovered():
    made = season()
    found = calibrate(readings(made), quota=30, settings=FEW)
    truth = made["level"].mean() - made["level"]
    assert found.is_on
    assert np.corrcoef(found.jurors.severity, truth)[0, 1] > 0.95
    assert np.abs(found.jurors.severity - truth).max() < 6  # sheets: 60 each, so a standard error of about 1.3
    inside = (found.jurors.severity_low <= truth) & (truth <= found.jurors.severity_high)
    assert inside.mean() >= 0.7  # of intervals that hold 90 %
    assert 45 < found.quality_variance < 85
    assert 45 < found.noise_variance < 85
    assert np.abs(found.jurors.noise - 8).max() < 4
    assert found.fit.cautions == ()


def test_calibrated_scores_lie_nearer_to_the_truth_than_raw_means():
    made = season()
    raw = np.bincount(made["entry"], made["score"]) / 2
    found = calibrate(readings(made), quota=30, settings=FEW)
    assert np.corrcoef(found.chances.score, made["quality"])[0, 1] > np.corrcoef(raw, made["quality"])[0, 1] + 0.03


def test_rank_intervals_and_chances_are_honest():
    made = season(2)
    found = calibrate(readings(made), quota=60, settings=FEW).chances
    truth = ranks(made["quality"])
    inside = ((found.rank_low <= truth) & (truth <= found.rank_high)).mean()
    assert 0.85 < inside < 0.96  # 600 intervals of 90 %: standard error 0.012
    assert found.p_in.sum() == pytest.approx(60)
    assert abs(found.p_in[truth <= 60].sum() - (found.p_in * found.p_in).sum()) < 12


@pytest.mark.parametrize("points", [-20.0, 3.7, 500.0])
def test_points_added_to_all_sheets_of_a_juror_change_no_calibrated_rank(points):
    made = season(3)
    moved = made["score"] + points * (made["juror"] == 4)
    before, after = (calibrate(readings(made, score=score), quota=30, settings=FEW) for score in (made["score"], moved))
    assert (before.chances.rank == after.chances.rank).all()
    assert np.allclose(before.chances.p_in, after.chances.p_in)
    shift = after.jurors.severity[4] - before.jurors.severity[4]
    assert shift == pytest.approx(-points * (JURORS - 1) / JURORS)


def test_the_order_of_sheets_and_the_names_of_jurors_change_no_score():
    made, rng = season(4), np.random.default_rng(0)
    order, names = rng.permutation(len(made["entry"])), rng.permutation(JURORS)
    other = Readings(ENTRIES, JURORS, made["entry"][order], names[made["juror"]][order], made["score"][order])
    first, second = calibrate(readings(made), quota=30, settings=FEW), calibrate(other, quota=30, settings=FEW)
    assert np.allclose(first.chances.score, second.chances.score)
    assert np.allclose(first.chances.rank, second.chances.rank)


def test_the_same_seed_gives_the_same_run_and_another_seed_other_draws():
    made = season()
    one, same, other = (calibrate(readings(made), quota=30, settings=replace(FEW, seed=seed)) for seed in (1, 1, 2))
    assert (one.chances.p_in == same.chances.p_in).all()
    assert (one.chances.p_in != other.chances.p_in).any()
    assert np.allclose(one.chances.score, other.chances.score)


def test_scales_are_found_only_where_jurors_differ_in_them():
    made = season(5, scales=True)
    found = calibrate(readings(made), quota=30, settings=FEW)
    plain = calibrate(readings(made), quota=30, settings=replace(FEW, scales=False))
    assert "scales" in found.fit.cautions
    assert np.corrcoef(np.log(found.jurors.scale), np.log(made["scale"]))[0, 1] > 0.85
    truth = made["quality"]
    assert np.corrcoef(found.chances.score, truth)[0, 1] > np.corrcoef(plain.chances.score, truth)[0, 1]
    assert (calibrate(readings(season(5)), quota=30, settings=FEW).jurors.scale == 1).all()


def test_heavy_tails_are_noticed_and_weigh_less():
    made = season(6, tails=True)
    found = calibrate(readings(made), quota=30, settings=FEW)
    plain = calibrate(readings(made), quota=30, settings=replace(FEW, tails=False))
    assert "heavy_tails" in found.fit.cautions
    assert found.freedom < 10
    truth = made["quality"]
    assert np.corrcoef(found.chances.score, truth)[0, 1] > np.corrcoef(plain.chances.score, truth)[0, 1]


def test_a_day_on_which_all_score_higher_stands_out():
    made = season(7)
    day = np.random.default_rng(0).integers(738000, 738010, len(made["entry"]))
    quiet = calibrate(readings(made, day=day), quota=30, settings=FEW)
    assert "drift" not in quiet.fit.cautions
    loud = calibrate(readings(made, day=day, score=made["score"] + 8.0 * (day == 738003)), quota=30, settings=FEW)
    assert "drift" in loud.fit.cautions
    shifted = next(each for each in loud.days if each.day == 738003)
    assert shifted.low > 0
    assert [each.day for each in loud.days] == list(range(738000, 738010))


def test_the_chance_to_reach_a_threshold_falls_with_the_threshold():
    made = season()
    low, high = (calibrate(readings(made), quota=30, threshold=at, settings=FEW).chances.p_reaches for at in (70, 85))
    assert (low >= high).all()
    assert low.mean() > 0.5 > high.mean()
    assert calibrate(readings(made), quota=30, settings=FEW).chances.p_reaches is None


def test_jurors_locked_into_two_groups_switch_it_off():
    made = season()
    half = (made["entry"] < ENTRIES // 2).astype(int)
    locked = made["juror"] % (JURORS // 2) + half * (JURORS // 2)
    again = np.where(locked[:ENTRIES] == locked[ENTRIES:])[0]
    locked[ENTRIES + again] = (locked[ENTRIES + again] + 1) % 10 + half[again] * 10
    found = calibrate(readings(made, juror=locked), quota=30, settings=FEW)
    assert (found.is_on, found.why_off, found.jurors) == (False, "apart", None)
    assert found.links.components == 2
    raw = np.bincount(made["entry"], made["score"])
    assert (found.chances.rank == ranks(raw)).all()  # nothing is corrected: the order of the raw means


def test_the_link_test_against_graphs_worked_out_by_hand():
    triangle = links_of(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 2, 2, 0]), 3, 3)
    assert triangle.eigenvalue == pytest.approx(1.5)  # of K3: n / (n - 1)
    assert triangle.weakness == "few_sheets"
    path = links_of(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2]), 2, 3)
    assert path.eigenvalue == pytest.approx(1.0)  # of a path of three
    assert (path.components, path.shared_entries) == (1, 2)
    apart = links_of(np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3]), 2, 4)
    assert (apart.components, apart.eigenvalue, apart.weakness) == (2, 0.0, "apart")
    assert links_of(np.array([0, 0]), np.array([0, 1]), 1, 2).weakness == "no_jurors"


def test_two_groups_held_by_one_common_entry_are_too_weak():
    rng = np.random.default_rng(0)
    entry = np.repeat(np.arange(200), 2)
    juror = np.concatenate([rng.permutation(5)[:2] + 5 * (each % 2) for each in range(200)])
    entry, juror = np.append(entry, [200, 200]), np.append(juror, [0, 5])
    found = links_of(entry, juror, 201, 10)
    assert (found.components, found.weakness) == (1, "weak")
    assert 0 < found.eigenvalue < 0.1


def test_equal_scores_everywhere_break_nothing():
    made = season()
    found = calibrate(readings(made, score=np.full(len(made["entry"]), 80.0)), quota=30, settings=FEW)
    assert np.allclose(found.chances.score, 80)
    assert np.isfinite(found.chances.p_in).all()


def test_one_more_reading_is_worth_most_at_the_line():
    made = season(8)
    found = calibrate(readings(made), quota=60, settings=FEW).chances
    readers = np.bincount(made["entry"])
    chosen = choose(found, readers, 50, most=6)
    assert len(set(chosen)) == 50
    assert list(worth(found)[chosen]) == sorted(worth(found), reverse=True)[:50]
    assert np.abs(found.p_in[chosen] - 0.5).mean() < np.abs(found.p_in - 0.5).mean()
    assert not set(chosen) & set(np.flatnonzero(found.p_in == 0))
    assert choose(found, np.full(ENTRIES, 6), 50, most=6) == []


@pytest.mark.parametrize(
    ("entries", "percent", "waves", "spent", "wave"),
    [(3500, 10, 3, 0, 117), (3500, 10, 3, 300, 50), (3500, 10, 3, 350, 0), (3500, 10, 3, 400, 0), (20, 0, 3, 0, 0)],
)
def test_a_wave_keeps_to_the_budget(entries, percent, waves, spent, wave):
    assert Budget(percent, waves).wave(entries, spent) == wave
