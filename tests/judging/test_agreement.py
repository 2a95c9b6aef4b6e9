"""Agreement against examples worked out by hand."""

import numpy as np
import pytest

from judging.calibration.agreement import agreement


def test_krippendorff_s_alpha_by_hand():
    """Two readers of three entries: (1, 2), (3, 3), (5, 4).

    Observed: squared differences 1, 0, 1, each counted twice over m - 1 = 1: (2 + 0 + 2) / 6 = 2/3.
    Expected over all 30 ordered pairs of 1 2 3 3 5 4: 2 * (6 * 64 - 18²) / 30 = 4.
    """
    found = agreement(np.array([0, 0, 1, 1, 2, 2]), np.array([1, 2, 3, 3, 5, 4]))
    assert found.alpha == pytest.approx(1 - (2 / 3) / 4)


def test_the_intraclass_correlation_by_hand():
    """The same: entry means 1.5, 3, 4.5 around 3; among = 2 * (2.25 + 0 + 2.25) / 2 = 4.5;
    within = (0.5 + 0 + 0.5) / 3 = 1/3; ICC(1) = (4.5 - 1/3) / (4.5 + 1/3) = 25/29, of the mean of two 50/54."""
    found = agreement(np.array([0, 0, 1, 1, 2, 2]), np.array([1, 2, 3, 3, 5, 4]))
    assert found.icc == pytest.approx(25 / 29)
    assert found.icc_mean == pytest.approx(50 / 54)
    assert found.readers == pytest.approx(2)


def test_unequal_numbers_of_readings_by_hand():
    """(0, 2), (4, 6, 8) and a lone 100, which says nothing.

    Observed: (2 * 4) / 1 + (2 * 4 + 2 * 4 + 2 * 16) / 2 = 8 + 24 = 32, over 5.
    Expected over 20 ordered pairs of 0 2 4 6 8: 2 * (5 * 120 - 20²) / 20 = 20.
    """
    found = agreement(np.array([0, 0, 1, 1, 1, 2]), np.array([0, 2, 4, 6, 8, 100]))
    assert (found.entries, found.readings) == (2, 5)
    assert found.alpha == pytest.approx(1 - 6.4 / 20)
    # readers: (5 - (4 + 9) / 5) / 1 = 2.4; among = 2 * 3² + 3 * 2² = 30; within = (2 + 8) / 3
    assert found.readers == pytest.approx(2.4)
    assert found.icc == pytest.approx((30 - 10 / 3) / (30 + 1.4 * 10 / 3))


def test_full_agreement_is_one_and_no_variation_says_nothing():
    assert agreement(np.array([0, 0, 1, 1]), np.array([3, 3, 7, 7])).alpha == pytest.approx(1)
    flat = agreement(np.array([0, 0, 1, 1]), np.array([5, 5, 5, 5]))
    assert (flat.alpha, flat.icc, flat.icc_mean) == (None, None, None)
    assert agreement(np.array([], dtype=int), np.array([])).alpha is None
    assert agreement(np.array([0, 1, 2]), np.array([1, 2, 3])).entries == 0


def test_intervals_hold_the_truth_and_come_again_with_the_seed():
    rng = np.random.default_rng(0)
    entry = np.repeat(np.arange(400), 2)
    score = 70 + rng.standard_normal(400)[entry] + rng.standard_normal(800)
    found, again = agreement(entry, score, seed=3), agreement(entry, score, seed=3)
    assert found == again
    assert found.alpha_low < 0.5 < found.alpha_high
    assert found.icc_low < 0.5 < found.icc_high
    assert found.alpha_high - found.alpha_low < 0.25
    moved = agreement(entry, score * 3 + 1000, seed=3)
    assert moved.alpha == pytest.approx(found.alpha)
