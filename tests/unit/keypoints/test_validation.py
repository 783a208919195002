"""Slips in what is given as arrays: each is recognised, and named in one sentence."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel import check_keypoints, check_points
from hinge_dowel.keypoints import validation
from hinge_dowel.keypoints.validation import bulges
from hinge_dowel.testing.synthetic import ROUNDING, hinge, motion, rounding

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

    def test_times_that_count_frames(self, what):
        verdict = self.check(what, time_s=np.arange(len(MADE.time_s)) / 1000)
        assert "1000 frames per second cannot be right" in verdict.reason

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


def test_clocks_of_computers():
    told = [rep.bottom_s for rep in check_points(MADE.points, time_s=MADE.time_s).reps]
    later = [rep.bottom_s for rep in check_points(MADE.points, time_s=1.7e9 + MADE.time_s).reps]
    assert later == pytest.approx(told)


def test_times_within_a_long_recording_stay_its_own():
    told = [rep.bottom_s for rep in check_points(MADE.points, time_s=MADE.time_s).reps]
    later = [rep.bottom_s for rep in check_points(MADE.points, time_s=9000 + MADE.time_s).reps]
    assert later == pytest.approx(np.add(told, 9000))


def test_numbers_of_frames_are_no_times():
    with pytest.raises(ValueError, match="frame numbers"):
        check_points(MADE.points, time_s=np.arange(len(MADE.points)))


def test_another_skeleton_is_told_where_it_is_read():
    with pytest.raises(ValueError, match=r"\(82, 17, 2\).* for check_clip"):
        check_keypoints(np.zeros((82, 17, 2)), 30)


def test_a_long_rest_is_not_slow():
    pitch = np.interp(np.arange(0, 600, 0.1), [300, 302, 304], [0, 75, 0])
    assert validation.too_slow(np.arange(0, 600, 0.1), pitch) is None
    assert "slower than anybody" in (validation.too_slow(np.arange(0, 6000, 1.0), pitch) or "")


def test_shares_that_leave_the_picture_are_shares():
    shares = (MADE.points - [200, 0]) / (1280, 720) - 0.2
    assert check_points(shares, MADE.fps, size_px=(1280, 720)).status == "clean"


class TestTimes:
    POINTS = motion(ROUNDING, 1).points

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda t: t[::-1],
            lambda t: np.zeros_like(t),
            lambda t: np.where(t > 3, t - 2, t),
            lambda t: np.where(t > 3, np.nan, t),
        ],
        ids=["decreasing", "standing still", "jumping back", "missing"],
    )
    def test_that_do_not_increase(self, spoil):
        time = spoil(np.arange(len(self.POINTS)) / 30)
        with pytest.raises(ValueError, match=r"^time_s must increase"):
            check_points(self.POINTS, time_s=time)

    @pytest.mark.parametrize("count", [0, 1, 90])
    def test_that_are_not_one_a_frame(self, count):
        with pytest.raises(ValueError, match=r"^time_s must be "):
            check_points(self.POINTS, time_s=np.arange(count))

    def test_infinite_or_endless(self):
        time = np.arange(len(self.POINTS)) / 30
        with pytest.raises(ValueError, match=r"^time_s must be finite"):
            check_points(self.POINTS, time_s=np.where(time > 3, np.inf, time))
        with pytest.raises(ValueError, match=r"^time_s must be seconds"):
            check_points(self.POINTS, time_s=time * 1e7)

    def test_of_no_frames_there_are_none(self):
        assert (
            validation.times(0, None, []).tolist() == validation.times(0, 30.0, None).tolist() == []
        )

    def test_neither_rate_nor_times(self):
        with pytest.raises(ValueError, match=r"^fps must be a positive number"):
            check_points(self.POINTS)

    @pytest.mark.parametrize("size", [(1280,), (0, 720), (1280, -1), "1280x720", (np.nan, 1), 5])
    def test_sizes_that_are_none(self, size):
        with pytest.raises(ValueError, match=r"^size_px must be"):
            check_points(self.POINTS, 30, size_px=size)


HEAD_OF_COCO = [0, 2, 5, 7, 8, 11, 12]
"""Nose, eyes, ears and shoulders: with no names they come from head to trunk, like a back."""


@pytest.mark.parametrize("noise_px", [0.0, 2.0])
@pytest.mark.parametrize("made", [hinge(2), rounding(2)])
def test_the_first_seven_places_of_coco_are_no_back(made, noise_px):
    noise = np.random.default_rng(0).normal(0, noise_px, (len(made.landmarks), 7, 2))
    verdict = check_points(made.landmarks[:, HEAD_OF_COCO, :2] + noise, made.fps)
    assert verdict.status == "unusable"
    assert "off one line for a back" in verdict.reason


@pytest.mark.parametrize(("bend_deg", "off"), [(0, False), (60, False), (115, False), (130, True)])
def test_how_far_a_back_bends(bend_deg, off):
    angle = np.radians(np.linspace(-bend_deg / 2, bend_deg / 2, 7))
    arc = np.stack([np.cos(angle), np.sin(angle) if bend_deg else np.arange(7.0)], axis=1)
    assert bulges(np.tile(arc, (5, 1, 1))) is off


def test_a_length_is_even_by_the_frames_that_show_it():
    """From shortest to longest but for slips, whichever way it points."""
    turn = np.linspace(0, 2 * np.pi, 200)
    way = np.stack([np.cos(turn), 0.5 * np.sin(turn)], axis=-1)
    assert validation.even(way) == pytest.approx(0.5, abs=0.02)
    assert validation.even(np.concatenate([way, np.full((50, 2), np.nan)])) == validation.even(way)
    assert validation.even(np.full((3, 2), np.nan)) == validation.even(np.zeros((3, 2))) == 1.0


@pytest.mark.parametrize(
    ("third", "certain"),
    [([0.0, 0.5, 1.0, np.nan], True), ([0.2, 1.3], False), ([-0.1, 0.5], False), ([np.nan], False)],
)
def test_certainties_lie_between_nothing_and_one(third, certain):
    assert validation.like_certainties(np.array(third)) is certain
