"""What a file holds: its clock."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.keypoints.recorded import Keypoints

TIME = np.array([0.0, 0.1, 0.3])
FRAME = np.array([0.0, 4.0, 10.0])


@pytest.mark.parametrize(
    ("said", "given", "rate", "time_s"),
    [
        ({}, None, None, None),
        ({}, 30.0, 30.0, None),
        ({"fps": 25.0}, None, 25.0, None),
        ({"fps": 25.0}, 30.0, 30.0, None),
        ({"time_s": TIME, "fps": 25.0, "frame": FRAME}, None, None, TIME),
        # What is given overrides what the file says, and holes stay where frames are numbered.
        ({"time_s": TIME}, 20.0, 20.0, None),
        ({"time_s": TIME, "frame": FRAME}, 20.0, None, FRAME / 20),
        ({"fps": 40.0, "frame": FRAME}, None, None, FRAME / 40),
        ({"frame": FRAME}, None, None, None),
    ],
)
def test_the_clock(said, given, rate, time_s):
    found_rate, found_time = Keypoints("points", np.zeros((3, 4, 2)), **said).clock(given)
    assert found_rate == rate
    if time_s is None:
        assert found_time is None
    else:
        assert found_time == pytest.approx(time_s)
