"""Which exercise a movement is taken for."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from hinge_dowel import check_keypoints
from hinge_dowel.analysis.movement import ObservedMovement, RepShape
from hinge_dowel.body.figure import figure
from hinge_dowel.exercises.recognition import recognise
from hinge_dowel.testing.synthetic import HINGE, SQUAT, Bottom, motion

HINGING = RepShape(
    full=True,
    duration_s=3.5,
    trunk_deg=65.0,
    knee_deg=20.0,
    hands_below_hips=0.4,
    hands_below_knees=-0.4,
    hands_ahead=0.1,
    hands_up=-0.2,
    hands_front=0.8,
    highest_hands=1.1,
)
LIFTING = replace(
    HINGING, trunk_deg=60.0, knee_deg=75.0, hands_below_hips=0.7, hands_below_knees=0.3
)
LOWERING = replace(HINGING, trunk_deg=75.0, hands_ahead=-0.3, hands_below_knees=0.1)
CARRYING = replace(HINGING, hands_up=0.95, hands_front=-0.05, hands_below_hips=-0.8)
SWINGING = replace(HINGING, duration_s=1.4, highest_hands=0.1, knee_deg=28.0)
SQUATTING = replace(HINGING, trunk_deg=35.0, knee_deg=110.0, hands_below_hips=-0.7, hands_ahead=0.7)


def taken_for(*reps, kneeling=False):
    found = recognise(ObservedMovement(reps, kneeling))
    return found.rules.exercise, found.sure


@pytest.mark.parametrize(
    ("rep", "name"),
    [
        (LIFTING, "deadlift"),
        (LOWERING, "rdl"),
        (CARRYING, "good_morning"),
        (SWINGING, "swing"),
    ],
)
def test_what_is_plain_is_told(rep, name):
    assert taken_for(rep, rep, rep) == (name, True)
    assert taken_for(rep, rep, HINGING, HINGING) == ("hinge", False)


@pytest.mark.parametrize("rep", [HINGING, SQUATTING])
def test_what_is_not_plain_is_a_hinge_unsure(rep):
    assert taken_for(rep, rep) == ("hinge", False)


@pytest.mark.parametrize(("highest", "name"), [(0.52, "swing"), (0.6, "hinge")])
def test_a_swing_comes_up_to_the_chest(highest, name):
    assert taken_for(*[replace(SWINGING, highest_hands=highest)] * 3)[0] == name


@pytest.mark.parametrize(("up", "name"), [(1.35, "good_morning"), (1.53, "hinge")])
def test_a_dowel_held_at_the_neck_is_no_bar_on_the_back(up, name):
    assert taken_for(*[replace(CARRYING, hands_up=up)] * 2)[0] == name


def test_who_kneels():
    assert taken_for(HINGING, kneeling=True) == ("kneeling", True)


def test_one_swing_is_none():
    assert taken_for(SWINGING, SWINGING) == ("hinge", False)


def test_half_a_repetition_counts_only_alone():
    half = replace(LIFTING, full=False)
    assert taken_for(half) == ("deadlift", True)
    assert taken_for(replace(LOWERING, full=False)) == ("rdl", True)
    assert taken_for(half, half, half, HINGING) == ("hinge", False)


def test_nothing_seen_is_nothing_plain():
    unseen = replace(HINGING, knee_deg=math.nan, hands_below_hips=math.nan, hands_up=math.nan)
    assert taken_for(unseen) == taken_for() == ("hinge", False)


def test_a_lift_done_well_is_no_squat_and_a_squat_is():
    """From the floor the knees bend by 80 and the shins by 18."""
    lift = Bottom(hip_deg=125.0, knee_deg=80.0, shin_deg=18.0)
    found = check_keypoints(motion(lift).landmarks, 30.0, exercise="auto")
    assert (found.exercise, found.exercise_sure, found.faults) == ("deadlift", True, ())
    assert check_keypoints(motion(lift).landmarks, 30.0).faults == ("squatting",)
    squat = check_keypoints(motion(SQUAT).landmarks, 30.0, exercise="auto")
    assert (squat.exercise, squat.faults) == ("hinge", ("squatting",))


def test_a_lift_with_the_hips_as_low_as_the_knees_is_a_squat():
    low = Bottom(hip_deg=130.0, knee_deg=112.0, shin_deg=22.0)
    found = check_keypoints(motion(low).landmarks, 30.0, exercise="deadlift")
    assert found.faults == ("squatting",)
    assert "hips_level_deg" in found.limits


def test_the_hinge_stays_what_it_was():
    found = check_keypoints(motion(HINGE).landmarks, 30.0, exercise="auto")
    assert (found.exercise, found.exercise_sure) == ("hinge", False)


class TestKneeling:
    """Shins on the floor: the figure's shanks lie level, its thighs alone turn."""

    TIME = np.arange(0, 10, 0.05)
    SHARE = np.exp(-(((TIME - 3) / 0.9) ** 4)) + np.exp(-(((TIME - 7) / 0.9) ** 4))
    BACK_CM = 170 * 0.245 * math.sin(math.radians(58))

    def landmarks(self, mirror=1):
        thigh = -58.0 * self.SHARE
        trunk = 36.0 * self.SHARE
        places = figure(hip_deg=trunk - thigh, knee_deg=90 - thigh, shin_deg=90.0).landmarks
        return places[..., :3] * (mirror, -1, mirror)

    @pytest.mark.parametrize("mirror", [1, -1])
    def test_repetitions_are_found_without_standing(self, mirror):
        found = check_keypoints(self.landmarks(mirror), 20.0, exercise="auto")
        assert (found.exercise, found.exercise_sure, found.faults) == ("kneeling", True, ())
        assert found.facing == ("right" if mirror == 1 else "left")
        assert [rep.bottom_s for rep in found.reps] == pytest.approx([3.0, 7.0], abs=0.2)
        for rep in found.reps:
            assert rep.hip_travel_cm == pytest.approx(self.BACK_CM, abs=5)
            assert rep.hip_flexion_deg == pytest.approx(94, abs=8)
            assert rep.weight_share is rep.hip_knee_ratio is None

    def test_told_to_be_a_hinge_it_cannot_be_judged(self):
        found = check_keypoints(self.landmarks(), 20.0, exercise="hinge")
        assert found.status == "unusable"

    def test_who_stands_does_not_kneel_whatever_was_said(self):
        found = check_keypoints(motion(HINGE).landmarks, 30.0, exercise="kneeling")
        assert found.status == "unusable"
        assert "shins are not on the floor" in found.reason
