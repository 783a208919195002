"""Angles of limbs, legs that stand as legs can, hands behind the back."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn_people import (
    person,
)

from hinge_dowel.body.landmarks import (
    ANKLES,
    EYES,
    KNEES,
    NOSE,
    WRISTS,
)
from hinge_dowel.body.limbs import hands_behind, kneeling_share, legs_seen, limb_angles
from hinge_dowel.testing.synthetic import hinge, squat


class TestPlainAngles:
    def test_upright(self):
        plain = limb_angles(person()[None])
        assert plain.trunk.tolist() == [0.0]
        # Hips 2 px behind the knees over 80 px, knees 2 px before the ankles.
        assert plain.thigh == pytest.approx([-np.degrees(np.arctan(2 / 80))])
        assert plain.shank == pytest.approx([np.degrees(np.arctan(2 / 80))])
        assert plain.knee == pytest.approx([2 * np.degrees(np.arctan(2 / 80))])

    def test_the_face_looks_forward(self):
        """Nose and eyes together lie 14 px ahead of the ears and 1 px above them."""
        level = person()
        level[NOSE, :2] = (221.0, 164.0)
        level[EYES, :2] = (217.0, 164.0)
        assert limb_angles(level[None]).face == pytest.approx([-np.degrees(np.arctan(1 / 14))])

    def test_the_near_side_weighs_double(self):
        """The person's right knee comes 30 px forward: the knee is taken to do 20."""
        stepped = person()
        stepped[KNEES[1], 0] += 30
        thigh = limb_angles(stepped[None]).thigh
        assert thigh == pytest.approx([-np.degrees(np.arctan(22 / 80))])


class TestLegsSeen:
    @pytest.mark.parametrize("make", [hinge, squat])
    def test_every_frame_of_a_figure(self, make):
        assert legs_seen(make(1).landmarks).all()

    @pytest.mark.parametrize(
        ("knee", "seen"),
        [
            ((202.0, 380.0), True),
            ((270.0, 390.0), True),  # shank 45 degrees forward
            ((290.0, 390.0), False),  # 52 degrees
            ((150.0, 390.0), True),  # 36 degrees back
            ((120.0, 390.0), False),  # 49 degrees back, and the thigh 42 forward
        ],
    )
    def test_a_shank_that_no_leg_has(self, knee, seen):
        landmarks = person()
        landmarks[KNEES, :2] = knee
        assert legs_seen(landmarks[None]).tolist() == [seen]

    def test_a_thigh_that_no_leg_has(self):
        """The knee above and behind the hip, the shank upright below it."""
        landmarks = person()
        landmarks[KNEES, :2] = (140.0, 250.0)
        landmarks[ANKLES, :2] = (140.0, 330.0)
        assert legs_seen(landmarks[None]).tolist() == [False]

    def test_missing_legs_are_not_seen(self):
        landmarks = np.stack([person(), person()])
        landmarks[1, ANKLES[0]] = np.nan
        assert legs_seen(landmarks).tolist() == [True, False]


@pytest.mark.parametrize(("shank_deg", "share"), [(0, 0.0), (45, 0.0), (80, 0.5), (100, 0.5)])
def test_who_kneels_has_the_shanks_on_the_floor_as_no_squat_has(shank_deg, share):
    """In every other frame; frames without legs do not count."""
    seen = np.stack([person()] * 6)
    a = np.radians(shank_deg)
    ahead = 80 * np.array([np.sin(a), -np.cos(a)])
    seen[::2, KNEES, :2] = seen[::2, ANKLES, :2].mean(axis=1, keepdims=True) + ahead
    seen[4:, ANKLES] = np.nan
    assert kneeling_share(seen) == share
    assert kneeling_share(seen[4:]) == 0.0


@pytest.mark.parametrize(
    ("left_wrist", "right_wrist", "behind"),
    [
        ((208, 300), (208, 300), False),  # hanging
        ((180, 205), (182, 270), True),  # a dowel: one hand at the neck, one at the low back
        ((230, 260), (230, 260), False),  # folded in front
        ((190, 300), (190, 300), False),  # on the buttocks: too low to hide the back
        ((190, 110), (190, 114), False),  # overhead
        ((190, 110), (190, 270), True),
        ((np.nan, np.nan), (182, 270), False),
    ],
)
@pytest.mark.parametrize("turn_deg", [0, 70])
def test_hands_behind_the_back(left_wrist, right_wrist, behind, turn_deg):
    seen = person()
    seen[WRISTS[0], :2], seen[WRISTS[1], :2] = left_wrist, right_wrist
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    seen[:, :2] = seen[:, :2] @ np.array([[c, s], [-s, c]])
    assert hands_behind(seen[None]).tolist() == [behind]
