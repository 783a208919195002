"""The trunk's frame, on a person drawn with known distances."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn_people import (
    HIP,
    person,
)

from hinge_dowel.body.landmarks import (
    HIPS,
    SHOULDERS,
)
from hinge_dowel.body.trunk import forward_of, trunk_frame, wrapped


class TestTrunkFrame:
    def test_upright(self):
        origin, up, length = trunk_frame(person())
        assert origin.tolist() == [200.0, 300.0]
        assert up.tolist() == [0.0, -1.0]
        assert length == 100.0
        assert forward_of(up).tolist() == [1.0, 0.0]

    def test_bent_over_forward_points_down(self):
        bent = person()
        bent[SHOULDERS, :2] = (300.0, 300.0)
        _, up, _ = trunk_frame(bent)
        assert up.tolist() == [1.0, 0.0]
        assert forward_of(up).tolist() == [0.0, 1.0]

    def test_midway_between_left_and_right(self):
        wide = person()
        wide[HIPS, 0] = (190.0, 214.0)
        wide[SHOULDERS, 1] = (196.0, 208.0)
        origin, up, length = trunk_frame(wide)
        assert origin.tolist() == [202.0, 300.0]
        assert length * up == pytest.approx([-2.0, -98.0])

    @pytest.mark.parametrize("place", [*HIPS, *SHOULDERS])
    def test_a_missing_corner_is_nan_and_only_in_its_frame(self, place):
        frames = np.stack([person(), person()])
        frames[1, place, 0] = np.nan
        _, up, length = trunk_frame(frames)
        assert np.isnan(length).tolist() == [False, True]
        assert np.isnan(up).all(axis=1).tolist() == [False, True]

    def test_no_length_is_no_trunk(self):
        no_person = person()
        no_person[SHOULDERS, :2] = HIP
        _, up, length = trunk_frame(no_person)
        assert np.isnan(length)
        assert np.isnan(up).all()


@pytest.mark.parametrize(
    ("angle", "same"), [(0.0, 0.0), (179.0, 179.0), (180.0, -180.0), (370.0, 10.0), (-190.0, 170.0)]
)
def test_a_direction_has_one_angle(angle, same):
    assert wrapped(np.array([angle]), 360.0) == pytest.approx([same])
    assert wrapped(np.radians([angle]), 2 * np.pi) == pytest.approx(np.radians([same]))
