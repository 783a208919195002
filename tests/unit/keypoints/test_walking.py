"""Bends in which the feet step."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.body.landmarks import ANKLES
from hinge_dowel.keypoints import walking
from hinge_dowel.keypoints.arrays import check_keypoints
from hinge_dowel.testing.synthetic import HINGE, motion

SEEN = motion(HINGE, reps=3)
VERDICT = check_keypoints(SEEN.landmarks, SEEN.fps)
TIME_S = np.arange(len(SEEN.landmarks)) / SEEN.fps
TRUNK = np.linalg.norm(SEEN.landmarks[0, 11, :2] - SEEN.landmarks[0, 23, :2])


def stepping(reps: slice, apart: float, way: float) -> np.ndarray:
    """The hinges with feet that go so far apart and on in some of them, in trunk lengths."""
    out = SEEN.landmarks.copy()
    for rep in VERDICT.reps[reps]:
        rows = np.flatnonzero((rep.start_s <= TIME_S) & (rep.end_s >= TIME_S))
        share = np.linspace(0, 1, len(rows))
        for side, ankle in zip((1, -1), ANKLES, strict=True):
            swing = side * apart / 2 * np.sin(2 * np.pi * share)
            out[rows, ankle, 0] += TRUNK * (swing + way * share)
    return out


@pytest.mark.parametrize("direction", [1, -1])
def test_a_bend_in_walking_is_no_hinge(direction):
    seen = stepping(slice(1, 2), 1.0, direction)
    verdict = walking.left_out_of(VERDICT, TIME_S, seen)
    assert [rep.number for rep in verdict.reps] == [1, 2]
    assert verdict.reps[1].bottom_s == VERDICT.reps[2].bottom_s
    said = f"{VERDICT.reps[1].bottom_s:.1f} s is not counted as a repetition: the feet step in it."
    assert verdict.warnings[-1].endswith(said)


def test_where_all_bends_are_in_walking_there_is_no_hinge():
    verdict = walking.left_out_of(VERDICT, TIME_S, stepping(slice(None), 1.0, 1.0))
    assert (verdict.status, verdict.reps, verdict.refusal) == ("unusable", (), "nothing")
    assert verdict.reason == walking.WALKED


@pytest.mark.parametrize(("apart", "way"), [(0.0, 1.0), (1.0, 0.0), (0.0, 0.0)])
def test_a_camera_that_moves_and_a_foot_that_is_lost_are_no_walk(apart, way):
    assert walking.left_out_of(VERDICT, TIME_S, stepping(slice(None), apart, way)) is VERDICT


def test_one_foot_ahead_throughout_is_no_walk():
    seen = stepping(slice(None), 0.0, 1.0)
    seen[:, ANKLES[0], 0] += 1.5 * TRUNK
    assert not walking.walks(seen)


def test_feet_of_markers_that_step_need_not_go_on():
    whole = slice(None)
    assert walking.steps(stepping(whole, 1.0, 0.0))
    assert not walking.steps(stepping(whole, 0.1, 1.0))


def test_what_is_never_seen_does_not_step():
    lost = np.full((9, 33, 3), np.nan)
    assert not walking.steps(lost)
    assert not walking.walks(lost)
