"""Points along a back: which are refused, what is put back, and what of noise is taken out."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.analysis.refusal import UnusableError
from hinge_dowel.keypoints import back_shape
from hinge_dowel.testing.synthetic import HINGE, ROUNDING, mix

MADE = mix([HINGE])
LENGTH = back_shape.lengths(MADE.points)


def test_a_back_is_as_long_as_from_its_first_point_to_its_last():
    points = np.zeros((21, 3, 2))
    points[:, :, 1] = [0.0, 90.0, 120.0]
    points[0, 0, 1] = -500.0  # a slip
    assert back_shape.longest(back_shape.lengths(points)) == pytest.approx(120.0, abs=1e-9)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (np.full((9, 3, 2), np.nan), "Too few frames show every point"),
        (np.full((9, 3, 2), 4.0), "All points lie in one place"),
        (np.full((9, 3, 2), 1e12) + np.arange(3)[:, None] * 1e-6, "All points lie in one place"),
    ],
)
def test_points_that_show_nothing_are_refused(points, reason):
    with pytest.raises(UnusableError, match=reason):
        back_shape.lengths(points)


@pytest.mark.parametrize("order", [[3, 0, 6, 1, 5, 2, 4], [6, 0, 1, 2, 3, 4, 5]])
def test_points_in_another_order_than_along_the_back_are_refused(order):
    shuffled = MADE.points[:, order]
    with pytest.raises(UnusableError, match="do not follow each other"):
        back_shape.as_a_back(MADE.time_s, shuffled, back_shape.lengths(shuffled))


def test_frames_without_a_point_are_left_out_and_points_exchanged_put_back():
    given = MADE.points.copy()
    given[40:50, 3] = np.nan
    given[60:80, [0, 6]] = given[60:80, [6, 0]]
    found = back_shape.as_a_back(MADE.time_s, given, LENGTH)
    lost = np.isnan(found).any(axis=(1, 2))
    assert np.flatnonzero(lost).tolist() == list(range(40, 50))
    assert found[~lost] == pytest.approx(MADE.points[~lost])


def test_noise_goes_out_of_the_shape_and_none_of_the_movement():
    made = mix([ROUNDING])
    noise = np.random.default_rng(3).normal(0, 1.5, made.points.shape)
    steady = back_shape.steadied(made.time_s, made.points + noise)
    assert np.abs(steady - made.points).mean() < 0.75 * np.abs(noise).mean()
    exact = back_shape.steadied(made.time_s, made.points)
    assert exact == pytest.approx(made.points, abs=1.5)
