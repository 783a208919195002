"""Who is in a clip, told from what one watching of it saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import moving

from hinge_dowel.body.landmarks import NOSE
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.person_tracks import doubtful, everybody, hinger

NOBODY = np.full((33, 4), np.nan)


@pytest.fixture(scope="module")
def alone() -> Record:
    """Somebody who does four repetitions."""
    return moving.record()


@pytest.fixture(scope="module")
def watcher(alone: Record) -> np.ndarray:
    """Somebody smaller who stands to the right, (33, 4)."""
    small = alone.landmarks[0] * (0.7, 0.7, 0.7, 1.0)
    return np.asarray(small + np.array([150.0, 60.0, 0.0, 0.0]))


def seen(record: Record, where: slice, who: np.ndarray) -> Record:
    """The record with somebody else, or nobody, in some of its frames."""
    landmarks = record.landmarks.copy()
    landmarks[where] = who
    return replace(record, landmarks=landmarks)


def test_one_person_who_hinges_leaves_no_doubt(alone: Record) -> None:
    people = everybody(alone)
    assert len(people) == 1
    assert people[0].hinges
    assert len(people[0].frames) == len(alone.time_s)
    assert not doubtful(alone, people)


def test_who_was_taken_for_them_is_somebody_else(alone: Record, watcher: np.ndarray) -> None:
    half = len(alone.time_s) // 2
    record = seen(alone, slice(half), watcher)
    people = everybody(record)
    assert len(people) == 2
    own = hinger(people)
    assert own is not None
    assert own.frames.tolist() == list(range(half, len(alone.time_s)))
    (other,) = (one for one in people if one is not own)
    assert not other.hinges
    assert other.landmarks == pytest.approx(watcher[:, :2])
    assert other.trunk_px == pytest.approx(0.7 * own.trunk_px, rel=0.1)
    assert doubtful(record, people)


def test_the_same_person_again_is_no_third(alone: Record, watcher: np.ndarray) -> None:
    people = everybody(seen(alone, slice(60, 90), watcher))
    assert sorted(len(one.frames) for one in people) == [30, len(alone.time_s) - 30]


def test_a_slip_of_the_pose_model_is_nobody(alone: Record, watcher: np.ndarray) -> None:
    assert len(everybody(seen(alone, slice(60, 63), watcher))) == 1


def test_who_only_stands_there_may_be_the_wrong_one(alone: Record, watcher: np.ndarray) -> None:
    record = seen(alone, slice(None), watcher)
    people = everybody(record)
    assert hinger(people) is None
    assert doubtful(record, people)


@pytest.mark.parametrize(("lost", "doubt"), [(5, False), (45, True)])
def test_who_is_lost_for_long_is_in_doubt(alone: Record, lost: int, doubt: bool) -> None:
    record = seen(alone, slice(30, 30 + lost), NOBODY)
    assert doubtful(record, everybody(record)) is doubt


def test_of_two_who_hinge_the_longer_seen_is_followed(alone: Record) -> None:
    landmarks = alone.landmarks.copy()
    third = len(landmarks) // 3
    landmarks[:third, :, 0] += 250
    own = hinger(everybody(replace(alone, landmarks=landmarks)))
    assert own is not None
    assert own.frames[0] == third


def test_nobody_at_all(alone: Record) -> None:
    record = seen(alone, slice(None), NOBODY)
    assert everybody(record) == ()
    assert doubtful(record, ())


def test_a_box_holds_the_whole_hinge(alone: Record) -> None:
    (own,) = everybody(alone)
    nose = alone.landmarks[:, NOSE, :2]
    inside = ((nose >= own.box[:2] - 1) & (nose <= own.box[2:] + 1)).all(axis=1)
    assert inside.mean() > 0.95
