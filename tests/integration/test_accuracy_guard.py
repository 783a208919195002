"""Holds the estimate to what it was on a dozen virtual subjects that no model learnt from.

A change that makes it worse fails here. `make accuracy` measures all of them.
"""

from __future__ import annotations

import numpy as np
import pytest
from accuracy import guard

MOST_DEG = dict(zip(guard.ANGLES, (5.4, 2.9, 2.9, 2.3, 3.7), strict=True))
"""Mean absolute errors: what they were, and half a degree at most."""


@pytest.fixture(scope="module")
def told() -> guard.Outcome:
    return guard.outcome()


@pytest.mark.slow
def test_every_repetition_is_found_and_no_other(told: guard.Outcome) -> None:
    assert (told.missed, told.false) == (0, 0)
    assert len(told.true) >= 60


@pytest.mark.parametrize("angle", guard.ANGLES)
def test_angles_are_as_near_the_truth_as_they_were(told: guard.Outcome, angle: str) -> None:
    error = (told.found - told.true)[:, guard.ANGLES.index(angle)]
    assert np.isfinite(error).mean() > 0.95
    assert np.nanmean(np.abs(error)) <= MOST_DEG[angle]


@pytest.mark.parametrize("angle", guard.ANGLES)
def test_intervals_hold_the_truth_and_are_no_wider_than_need_be(
    told: guard.Outcome, angle: str
) -> None:
    column = guard.ANGLES.index(angle)
    low, high = told.intervals[:, column].T
    held = (told.true[:, column] >= low) & (told.true[:, column] <= high)
    assert held.mean() >= 0.8
    assert np.nanmedian(high - low) <= 5 * MOST_DEG[angle]


@pytest.mark.parametrize("fault", ["spinal_flexion", "cervical_flexion", "squatting"])
def test_faults_are_named_as_they_were(told: guard.Outcome, fault: str) -> None:
    counts = told.counts[fault]
    assert counts.hit >= 10
    assert 2 * counts.hit / (2 * counts.hit + counts.missed + counts.false) >= 0.9
