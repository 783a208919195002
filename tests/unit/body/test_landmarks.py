"""Places by MediaPipe's numbers."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.body.landmarks import HIPS, near


def test_the_near_side_of_who_faces_right_weighs_double():
    seen = np.zeros((1, 33, 4))
    seen[0, HIPS[1], :2] = 3.0, 6.0
    assert near(seen, HIPS)[0] == pytest.approx([2.0, 4.0])


def test_a_side_that_is_missing_is_not_made_up():
    seen = np.zeros((1, 33, 2))
    seen[0, HIPS[0]] = np.nan
    assert np.isnan(near(seen, HIPS)).all()
