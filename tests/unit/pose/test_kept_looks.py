"""Of a clip that is watched some looks are kept, evenly over it, and pictures made small."""

from __future__ import annotations

import numpy as np
import pytest
from support.pose_trackers import SeesNobody

from hinge_dowel.pose.kept_looks import BLOCK_PX, KeepingTracker, block_means
from hinge_dowel.video.reader import Frame

LEAST = 4


@pytest.mark.parametrize("count", [0, 1, LEAST, 2 * LEAST, 2 * LEAST + 1, 100, 1000])
def test_looks_are_kept_evenly_and_not_too_many(count: int) -> None:
    own = SeesNobody()
    keeping = KeepingTracker(own, LEAST, lambda frame, seen: (frame.time_s, seen.time_s))
    for k in range(count):
        assert keeping.see(Frame(float(k), np.zeros((8, 8, 3), np.uint8))).time_s == k
    keeping.restart()
    assert (own.looks, own.starts) == (count, 1)
    times = [of_frame for of_frame, of_look in keeping.kept if of_frame == of_look]
    assert min(count, LEAST) <= len(times) == len(keeping.kept) <= 2 * LEAST
    assert times[:1] == [0.0][:count]
    steps = np.diff(times)
    assert (steps == steps[:1]).all()
    assert not times or count - times[-1] <= (steps[0] if len(steps) else 1)


def test_small_pictures_are_means_and_leave_out_the_edges() -> None:
    picture = np.zeros((2 * BLOCK_PX + 3, BLOCK_PX + 1, 3), np.uint8)
    picture[:BLOCK_PX, : BLOCK_PX // 2] = (200, 100, 4)
    picture[BLOCK_PX:] = 250
    picture[2 * BLOCK_PX :] = 7
    means = block_means(picture)
    assert means.tolist() == [[[100.0, 50.0, 2.0]], [[250.0] * 3]]
    assert means.dtype == np.float32


def test_a_picture_smaller_than_a_square_is_one() -> None:
    assert block_means(np.full((6, 2 * BLOCK_PX, 3), 90, np.uint8)).tolist() == [[[90.0] * 3] * 2]
