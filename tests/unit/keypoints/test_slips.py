"""Slips in what is given as arrays: each is recognised, and named in one sentence."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel import check_keypoints, check_points
from hinge_dowel.testing.synthetic import hinge
from hinge_dowel.tolerances import Tolerances

MADE = hinge(2)
CHECKS = {"points": check_points, "landmarks": check_keypoints}
both = pytest.mark.parametrize("what", list(CHECKS))


@both
class TestSlips:
    def check(self, what, array=None, *args, **options):
        return CHECKS[what](getattr(MADE, what) if array is None else array, *args, **options)

    def test_no_rate(self, what):
        with pytest.raises(ValueError, match=r"fps=30.*time_s="):
            self.check(what)

    def test_milliseconds(self, what):
        with pytest.raises(ValueError, match="milliseconds"):
            self.check(what, time_s=MADE.time_s * 1000)

    def test_a_rate_ten_times_too_high(self, what):
        verdict = self.check(what, None, MADE.fps * 10)
        assert verdict.status == "unusable"
        assert "faster than anybody moves: 300 frames per second cannot be right" in verdict.reason

    def test_a_fast_repetition_is_none(self, what):
        made = hinge(2, tempo_s=1.0, noise_cm=0.5)
        assert self.check(what, getattr(made, what), made.fps).status == "clean"

    def test_y_up(self, what):
        array = getattr(MADE, what).copy()
        array[..., 1] *= -1
        verdict = self.check(what, array, MADE.fps)
        assert verdict.status == "unusable"
        assert "up" in verdict.reason
        assert "turn it round" in verdict.reason

    def test_pixels_and_their_pictures_size(self, what):
        with pytest.raises(ValueError, match="pixels already: leave size_px out"):
            self.check(what, None, MADE.fps, size_px=(1280, 720))

    def test_a_dict_of_tolerances(self, what):
        with pytest.raises(ValueError, match=r"Tolerances\(stature_cm=180\).* not dict"):
            self.check(what, None, MADE.fps, tolerances={"stature_cm": 180})


def test_shares_that_leave_the_picture_are_shares():
    shares = (MADE.points - [200, 0]) / (1280, 720) - 0.2
    assert check_points(shares, MADE.fps, size_px=(1280, 720)).status == "clean"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"stature_cm": 1.8}, "stature_cm must lie between 50 and 260 cm, not 1.8"),
        ({"spinal_flexion_deg": 400}, "spinal_flexion_deg must lie between 0 and 180 degrees"),
        ({"too_fast_s": -1}, "too_fast_s must not be negative"),
        ({"seen_share": np.nan}, "seen_share must be a number"),
        ({"end_stray_cm": "4"}, "end_stray_cm must be a number"),
        ({"end_stray_cm": True}, "end_stray_cm must be a number"),
    ],
)
def test_tolerances_that_cannot_be(given, told):
    with pytest.raises(ValueError, match=f"^{told}"):
        Tolerances(**given)


def test_a_verdict_prints_its_warnings():
    shares = (MADE.points - MADE.points.min((0, 1)) + 20) / 1400
    verdict = check_points(shares, MADE.fps)
    assert verdict.status == "clean"
    assert "\n  warning: All x and y lie between 0 and 1." in str(verdict)


def test_a_motion_is_told_in_one_line():
    assert repr(MADE) == "Motion(316 frames, 10.5 s at 30 fps, 2 reps: clean, clean)"
