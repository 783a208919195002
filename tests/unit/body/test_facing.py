"""Which way a person faces, and the same person turned round."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn_people import (
    mirrored,
    person,
)

from hinge_dowel.body.facing import face_right, facing_of, rightward_reach
from hinge_dowel.body.landmarks import HEELS, NOSE, TOES
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.testing.synthetic import hinge, squat


class TestFacing:
    @pytest.mark.parametrize("side", ["left", "right"])
    @pytest.mark.parametrize("make", [hinge, squat])
    def test_figures(self, make, side):
        assert facing_of(make(1, facing=side).landmarks) == side

    @pytest.mark.parametrize("side", ["left", "right"])
    def test_from_the_bottom_alone(self, side):
        landmarks = hinge(1, facing=side).landmarks
        assert facing_of(landmarks[85:95]) == side

    @pytest.mark.parametrize("side", ["left", "right"])
    @pytest.mark.parametrize("hidden", [range(11), (*HEELS, *TOES)])
    def test_face_or_feet_alone_tell_it(self, hidden, side):
        landmarks = hinge(1, facing=side).landmarks.copy()
        landmarks[:, list(hidden)] = np.nan
        assert facing_of(landmarks) == side
        reach = np.abs(rightward_reach(landmarks))
        assert ((reach > 0.1) & (reach < 0.9)).all()

    @pytest.mark.parametrize("side", ["left", "right"])
    @pytest.mark.parametrize("make", [hinge, squat])
    def test_without_face_and_feet_it_is_where_hips_and_knees_bend(self, make, side):
        landmarks = make(1, facing=side).landmarks.copy()
        landmarks[:, (*range(11), *HEELS, *TOES)] = np.nan
        assert facing_of(landmarks) == side
        bent_to = {"left": -1.0, "right": 1.0}[side]
        assert (rightward_reach(landmarks) == bent_to).all()

    def test_most_frames_decide(self):
        right, left = person(), mirrored(person(), 400)
        assert facing_of(np.stack([right, right, left])) == "right"
        assert facing_of(np.stack([left, right, left])) == "left"

    def test_frames_with_gaps_are_left_out(self):
        lost = np.full((33, 3), np.nan)
        assert facing_of(np.stack([lost, mirrored(person(), 400), lost])) == "left"

    def test_face_and_feet_that_show_nothing(self):
        front = person()
        front[:, 0] = 200.0
        assert facing_of(front[None]) is None

    def test_nobody(self):
        assert facing_of(np.full((3, 33, 3), np.nan)) is None
        assert facing_of(np.empty((0, 33, 3))) is None


class TestFaceRight:
    rays = st.lists(st.floats(0, 1.3), min_size=OUTLINE_SIZE, max_size=OUTLINE_SIZE)

    def test_who_faces_right_stays(self):
        landmarks, rays = person()[None], np.arange(88.0)[None]
        same, still = face_right(landmarks, rays, "right")
        assert (same == landmarks).all()
        assert (still == rays).all()

    def test_who_faces_left_is_mirrored_and_called_by_the_other_side(self):
        seen = np.zeros((1, 33, 2))
        seen[0, :, 0] = np.arange(33)
        right, _ = face_right(seen, None, "left")
        assert (-right[0, :7, 0]).tolist() == [0, 4, 5, 6, 1, 2, 3]
        assert (-right[0, 7:, 0]).tolist() == [
            *(8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20),
            *(19, 22, 21, 24, 23, 26, 25, 28, 27, 30, 29, 32, 31),
        ]

    def test_without_outlines_there_are_none(self):
        assert face_right(person()[None], None, "left")[1] is None

    @settings(max_examples=20)
    @given(rays)
    def test_twice_is_not_at_all(self, rays):
        landmarks, outlines = person()[None], np.array([rays])
        once = face_right(landmarks, outlines, "left")
        again = face_right(*once, "left")
        assert (again[0] == landmarks).all()
        assert (again[1] == outlines).all()

    @pytest.mark.parametrize("side", ["left", "right"])
    def test_inputs_stay_as_they_were(self, side):
        landmarks, outlines = person()[None], np.arange(88.0)[None]
        landmarks.flags.writeable = outlines.flags.writeable = False
        right, rays = face_right(landmarks, outlines, side)
        assert (right[0, NOSE, 0] == 222) == (side == "right")
        assert landmarks[0, NOSE, 0] == 222
        assert rays.shape == (1, 88)
