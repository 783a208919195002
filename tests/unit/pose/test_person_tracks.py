"""Who is in a clip, told from what one watching of it saw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.body.landmarks import ANKLES, NOSE
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.errors import ClipError
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.person_tracks import (
    BENT_SHORTER_LOG,
    PersonTrack,
    chosen,
    doubtful,
    hinging_track,
    locate,
    person_track,
    person_tracks_of,
    same_person,
    side_by_side,
)

NOBODY = np.full((33, 4), np.nan)


@pytest.fixture(scope="module")
def alone() -> Record:
    """Somebody who does four repetitions."""
    return recorded_person.record()


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
    people = person_tracks_of(alone)
    assert len(people) == 1
    assert people[0].hinges
    assert len(people[0].frames) == len(alone.time_s)
    assert not doubtful(alone, people)


def test_who_was_taken_for_them_is_somebody_else(alone: Record, watcher: np.ndarray) -> None:
    half = len(alone.time_s) // 2
    record = seen(alone, slice(half), watcher)
    people = person_tracks_of(record)
    assert len(people) == 2
    own = hinging_track(people)
    assert own is not None
    assert own.frames.tolist() == list(range(half, len(alone.time_s)))
    (other,) = (one for one in people if one is not own)
    assert not other.hinges
    assert other.landmarks == pytest.approx(watcher[:, :2])
    assert other.trunk_px == pytest.approx(0.7 * own.trunk_px, rel=0.1)
    assert doubtful(record, people)


def test_the_same_person_again_is_no_third(alone: Record, watcher: np.ndarray) -> None:
    people = person_tracks_of(seen(alone, slice(60, 90), watcher))
    assert sorted(len(one.frames) for one in people) == [30, len(alone.time_s) - 30]


def test_a_slip_of_the_pose_model_is_nobody(alone: Record, watcher: np.ndarray) -> None:
    assert len(person_tracks_of(seen(alone, slice(60, 63), watcher))) == 1


def test_who_only_stands_there_may_be_the_wrong_one(alone: Record, watcher: np.ndarray) -> None:
    record = seen(alone, slice(None), watcher)
    people = person_tracks_of(record)
    assert hinging_track(people) is None
    assert not people[0].trains
    assert doubtful(record, people)
    # Whether the ankles are seen or not.
    footless = watcher.copy()
    footless[ANKLES, :2] = np.nan
    assert not person_track(np.arange(9), np.repeat(footless[None], 9, axis=0)).trains


def bent_over(alone: Record) -> np.ndarray:
    """All frames as the deepest one, with a trunk that rocks a little: a set of rows."""
    deepest = int(np.nanargmax(alone.landmarks[:, 11, 1] - alone.landmarks[:, 23, 1]))
    row = np.repeat(alone.landmarks[deepest][None], len(alone.time_s), axis=0)
    row[:, 11:13, 1] += 3 * np.sin(alone.time_s)[:, None]
    return row


def upright_squat(alone: Record) -> np.ndarray:
    """A trunk that stays upright and comes down towards the feet by half its length."""
    squat = np.repeat(alone.landmarks[0][None], len(alone.time_s), axis=0)
    _, _, trunk_px = trunk_frame(squat[:1])
    squat[:, :25, 1] += (0.25 * trunk_px * (1 - np.cos(alone.time_s)))[:, None]
    return squat


@pytest.mark.parametrize("exercise", [bent_over, upright_squat])
def test_who_rows_or_squats_upright_is_no_bystander(alone: Record, exercise) -> None:
    """The trunk hardly swings, yet nobody else is looked for in their place."""
    record = seen(alone, slice(None), exercise(alone))
    people = person_tracks_of(record)
    assert hinging_track(people) is None
    assert [one.trains for one in people] == [True]
    assert not doubtful(record, people)


@pytest.mark.parametrize(("lost", "doubt"), [(5, False), (45, True)])
def test_who_is_lost_for_long_is_in_doubt(alone: Record, lost: int, doubt: bool) -> None:
    record = seen(alone, slice(30, 30 + lost), NOBODY)
    assert doubtful(record, person_tracks_of(record)) is doubt


def test_of_two_who_hinge_the_longer_seen_is_followed(alone: Record) -> None:
    landmarks = alone.landmarks.copy()
    third = len(landmarks) // 3
    landmarks[:third, :, 0] += 250
    own = hinging_track(person_tracks_of(replace(alone, landmarks=landmarks)))
    assert own is not None
    assert own.frames[0] == third


def test_nobody_at_all(alone: Record) -> None:
    record = seen(alone, slice(None), NOBODY)
    assert person_tracks_of(record) == ()
    assert doubtful(record, ())


def test_a_box_holds_the_whole_hinge(alone: Record) -> None:
    (own,) = person_tracks_of(alone)
    nose = alone.landmarks[:, NOSE, :2]
    inside = ((nose >= own.box[:2] - 1) & (nose <= own.box[2:] + 1)).all(axis=1)
    assert inside.mean() > 0.95


def test_feet_tell_who_somebody_is(alone: Record, watcher: np.ndarray) -> None:
    standing, bent = alone.landmarks[:5], alone.landmarks[43:48]
    own = locate(standing)
    assert same_person(locate(bent), own, spare=BENT_SHORTER_LOG)
    assert not same_person(locate(watcher[None]), own)
    assert not same_person(locate(np.full((3, 33, 4), np.nan)), own)


def test_without_feet_the_hips_tell(alone: Record) -> None:
    footless = alone.landmarks[:5].copy()
    footless[:, 25:] = np.nan
    hips = alone.landmarks[:5, 23:25, :2].mean(axis=(0, 1))
    here = locate(footless)
    assert (here.x_px, here.y_px) == pytest.approx(tuple(hips), abs=2.0)


class TestSideBySide:
    @pytest.fixture
    def people(self, alone: Record, watcher: np.ndarray) -> tuple[PersonTrack, ...]:
        """One who hinges, a watcher on the right, and who walks by once."""
        passing = watcher - np.array([320.0, 0.0, 0.0, 0.0])
        poses = [
            np.array([watcher, alone.landmarks[k]] + ([passing] if k == 40 else []))
            for k in range(0, len(alone.time_s), 10)
        ]
        return side_by_side(poses)

    def test_who_stays_is_there_from_left_to_right(self, people: tuple[PersonTrack, ...]) -> None:
        assert [one.hinges for one in people] == [True, False]
        assert people[0].location.x_px < people[1].location.x_px

    def test_who_was_asked_for_is_chosen(self, people: tuple[PersonTrack, ...]) -> None:
        assert chosen(people, "left") is chosen(people, 1) is people[0]
        assert chosen(people, "right") is chosen(people, 2) is people[1]
        with pytest.raises(ClipError, match=r"no person 3: 2 people are seen, counted from the"):
            chosen(people, 3)
        with pytest.raises(ClipError, match="Nobody is seen"):
            chosen((), "left")
