"""Which end of three points has left the dowel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.backs import PLACES, displaced
from support.postures import posture_of

from hinge_dowel import check_points
from hinge_dowel.analysis.three_points import GROWN_SHARE, which_end
from hinge_dowel.testing.synthetic import (
    HINGE,
    NECK_FLEXION,
    ROUNDING,
    SQUAT,
    Bottom,
    motion,
    rounding,
)

OCCIPUT, C7, T4, T8, T12, L3, SACRUM = range(7)


BOTTOMS = {"hinge": HINGE, "squat": SQUAT, "rounding": ROUNDING, "neck": NECK_FLEXION}


T = 101
TIME = np.arange(T) / 20
BOTTOM = np.arange(47, 54)
SHARE = (1 - np.cos(2 * np.pi * TIME / 5)) / 2


def told(upper, lower, *, noise_cm=0.0, stands=10, seed=1):
    """Which end is told where the distances to the middle point grow by these shares."""
    zero = np.zeros(T)
    points = np.stack(
        [
            np.stack([zero, -20 * (1 + upper * SHARE)], axis=-1),
            np.stack([zero, zero], axis=-1),
            np.stack([zero, 35 * (1 + lower * SHARE)], axis=-1),
        ],
        axis=1,
    )
    points += noise_cm * np.random.default_rng(seed).standard_normal(points.shape)
    standing = np.arange(T) < stands
    return which_end(replace(posture_of(TIME), points_cm=points, standing=standing), BOTTOM)


@pytest.mark.parametrize(
    ("upper", "lower", "end"),
    [
        (0.12, 0.0, "head"),
        (0.0, 0.12, "sacrum"),
        (0.015, 0.12, "sacrum"),  # the back above bends a little with the rest
        (0.06, 0.12, None),
        (0.12, 0.02, None),
        (0.12, 0.12, None),  # both, or the person came nearer
        (-0.12, 0.12, None),
        (0.0, 0.0, None),
        (0.01, 0.0, None),
        (0.0, -0.12, None),
    ],
)
def test_an_end_is_named_where_its_own_distance_alone_has_grown(upper, lower, end):
    assert told(upper, lower) == end


def test_noise_hides_what_it_might_be():
    assert told(0.05, 0.0, noise_cm=0.01) == "head"
    assert told(0.05, 0.0, noise_cm=1.0) is None


def test_noise_alone_seldom_takes_a_distance_past_the_limit():
    """One in 26 of either sign with 10 frames of standing, so one in 52 of growth."""
    share = np.expm1(GROWN_SHARE) / np.median(SHARE[47:54])  # at the bottom, just the limit
    named = [told(share, 0.0, noise_cm=0.1, seed=seed) for seed in range(1200)]
    assert 8 <= named.count("head") <= 30
    assert "sacrum" not in named


@pytest.mark.parametrize("stands", [0, 1])
def test_without_standing_nothing_is_told(stands):
    assert told(0.12, 0.0, stands=stands) is None


def test_of_more_points_than_three_nothing_is_asked():
    four = replace(posture_of(TIME), points_cm=np.zeros((T, 4, 2)))
    assert which_end(four, BOTTOM) is None


def test_a_bottom_that_is_not_seen_tells_nothing():
    points = np.full((T, 3, 2), np.nan)
    points[:10] = [[0, -20], [0, 0], [0, 35]]
    motion = replace(posture_of(TIME), points_cm=points, standing=np.arange(T) < 10)
    assert which_end(motion, BOTTOM) is None


class TestVerdicts:
    """As judged, where the end that is not told makes the fault ambiguous."""

    BARE = (OCCIPUT, T4, SACRUM)

    @pytest.mark.parametrize("facing", ["left", "right"])
    @pytest.mark.parametrize(("place", "forward_cm"), [("head", 5.0), ("sacrum", 12.0)])
    def test_the_end_that_was_drawn_away_is_named(self, place, forward_cm, facing):
        """What moves square to the dowel comes to lie further from the upper back."""
        points = displaced(place, forward_cm, kept=self.BARE, facing=facing)
        other = {"head": "sacrum", "sacrum": "head"}[place]
        verdict = check_points(points, 20.0)
        assert len(verdict.reps) == 2
        for rep in verdict.reps:
            assert rep.faults == (PLACES[place][1],)
            assert rep.notes == ()
            assert getattr(rep.stray_cm, place) == pytest.approx(forward_cm, abs=0.8)
            assert getattr(rep.stray_cm, other) == 0

    @pytest.mark.parametrize("facing", ["left", "right"])
    @pytest.mark.parametrize("place", ["head", "sacrum"])
    def test_an_end_that_only_turned_may_be_either_and_both_are_named(self, place, facing):
        """No distance changes, and the triangle is the same but for where it lies."""
        points = displaced(place, 9.0, kept=self.BARE, facing=facing)
        end = 0 if place == "head" else 2
        reach = points[:, end] - points[:, 1]
        length = np.linalg.norm(reach, axis=1, keepdims=True)
        points[:, end] = points[:, 1] + reach / length * length[0]
        verdict = check_points(points, 20.0)
        assert verdict.status == "faulty"
        assert verdict.faults == ("spinal_flexion", "cervical_flexion")
        for rep in verdict.reps:
            assert rep.faults == ("spinal_flexion", "cervical_flexion")
            assert rep.notes == ("ambiguous",)
            assert min(rep.stray_cm.head, rep.stray_cm.sacrum) > 3.0

    @pytest.mark.parametrize("facing", ["left", "right"])
    def test_both_ends_at_once_are_both_named(self, facing):
        made = motion(Bottom(spinal_deg=35, cervical_deg=35), 2, facing=facing)
        told = [(rep.faults, rep.notes) for rep in check_points(made.points[:, self.BARE], 30).reps]
        assert told == [(("spinal_flexion", "cervical_flexion"), ("ambiguous",))] * 2

    @pytest.mark.parametrize("yaw", [-10, 0, 10])
    @pytest.mark.parametrize("noise_cm", [0.0, 0.3, 0.6])
    @pytest.mark.parametrize("middle", [T4, T8])
    def test_the_wrong_end_is_never_named_alone(self, middle, noise_cm, yaw):
        """Whether the right one is named depends on the noise; that it is among them does not."""
        told = set()
        for name, true in (("rounding", "spinal_flexion"), ("neck", "cervical_flexion")):
            for seed in range(3):
                made = motion(
                    BOTTOMS[name], 2, noise_cm=noise_cm, seed=seed, camera_yaw_deg=yaw, fps=20.0
                )
                reps = check_points(made.points[:, [OCCIPUT, middle, SACRUM]], 20.0).reps
                assert len(reps) == 2
                for rep in reps:
                    assert true in rep.faults
                    assert (len(rep.faults) == 2) == ("ambiguous" in rep.notes)
                    told |= {rep.faults} if len(rep.faults) == 1 else set()
        if noise_cm == 0 and yaw == 0:
            assert told == {("spinal_flexion",), ("cervical_flexion",)}

    @pytest.mark.parametrize("facing", ["left", "right"])
    def test_the_upper_back_is_not_ambiguous(self, facing):
        points = displaced("upper_back", 4.0, kept=self.BARE, facing=facing)
        verdict = check_points(points, 20.0)
        assert verdict.faults == ("squatting",)
        for rep in verdict.reps:
            assert rep.faults == ("squatting",)
            assert rep.notes == ()
            assert rep.stray_cm.upper_back == pytest.approx(4.0, abs=0.1)
            assert rep.stray_cm.head == rep.stray_cm.sacrum == 0

    @pytest.mark.parametrize(
        ("place", "forward_cm"), [("head", 1.6), ("sacrum", 3.9), ("upper_back", 2.4)]
    )
    def test_where_neither_can_be_beyond_tolerance_nothing_is_named(self, place, forward_cm):
        verdict = check_points(displaced(place, forward_cm, kept=self.BARE), 20.0)
        assert verdict.status == "clean"
        assert verdict.faults == ()
        assert all(rep.notes == () for rep in verdict.reps)

    def test_four_points_are_never_ambiguous(self):
        made = rounding(1)
        verdict = check_points(made.points[:, [OCCIPUT, C7, T8, SACRUM]], 30)
        assert verdict.faults == ("spinal_flexion",)
        assert "ambiguous" not in verdict.reps[0].notes
