"""Several people in one file: the one who hinges is followed, whatever the file calls them."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import BODY, FPS

from hinge_dowel.keypoints.people import followed

ME = BODY.landmarks[..., :2]
T = len(ME)
TIME = np.arange(T) / FPS
OTHER = np.repeat(ME[:1] * 0.8 + [-380.0, 130.0], T, axis=0)
"""Somebody who stands behind."""


def rows(*bodies, order=None):
    """Everybody in every frame, `order[t]` who comes first there; and where each body went."""
    flip = np.zeros(T, dtype=int) if order is None else order
    count = len(bodies)
    landmarks = np.concatenate(
        [[bodies[(k + flip[t]) % count][t] for k in range(count)] for t in range(T)]
    )
    where = np.array([[t * count + (b - flip[t]) % count for t in range(T)] for b in range(count)])
    return landmarks, np.repeat(np.arange(T), count), where


@pytest.mark.parametrize(
    "order", [np.zeros(T, dtype=int), np.arange(T) % 2, np.arange(T) // 50 % 2]
)
@pytest.mark.parametrize("called", ["nothing", "rightly", "wrongly", "again"])
def test_who_hinges_is_followed(order, called):
    """By place and size, for numbers change hands and lists come in any order."""
    landmarks, frame, where = rows(ME, OTHER, order=order)
    person = [None] * len(landmarks)
    for body, mine in enumerate(where):
        for t, row in enumerate(mine):
            person[row] = {
                "nothing": None,
                "rightly": body,
                "wrongly": (body + (t > 50)) % 2,
                "again": 10 * (t // 15) + body,
            }[called]
    assert followed(landmarks, frame, TIME, person).tolist() == where[0].tolist()


def test_frames_without_that_person_are_empty():
    """Another in the same place at another time is not taken for them."""
    landmarks, frame, where = rows(ME, OTHER)
    gone = slice(40, 52)
    kept = np.ones(len(landmarks), dtype=bool)
    kept[where[0][gone]] = False
    found = followed(landmarks[kept], frame[kept], TIME, [None] * int(kept.sum()))
    assert (found[gone] == -1).all()
    seen = found >= 0
    assert seen.sum() == T - 12
    assert landmarks[kept][found[seen]] == pytest.approx(ME[seen])


def test_who_is_lost_for_long_is_the_same_again():
    landmarks, frame, where = rows(ME, OTHER)
    kept = np.ones(len(landmarks), dtype=bool)
    kept[where[0][50:75]] = False
    found = followed(landmarks[kept], frame[kept], TIME, [None] * int(kept.sum()))
    assert (found >= 0).tolist() == [t < 50 or t >= 75 for t in range(T)]


def test_a_person_seen_twice_is_followed_as_one_of_the_two():
    """As where mirrors and loose detections give a second body in the same place."""
    again = slice(50, 75)
    twin = np.full_like(ME, np.nan)
    twin[again] = ME[again] + 25.0
    landmarks, frame, where = rows(ME, twin, order=np.arange(T) % 2)
    hidden = np.r_[where[0][35:50], where[0][75:90]]
    landmarks[hidden] = np.nan
    found = followed(landmarks, frame, TIME, [None] * len(landmarks))
    assert set(np.isin(found[again], where[0]).tolist()) in ({True}, {False})


def test_a_body_that_is_seen_twice_for_a_moment_takes_no_frames_from_the_person():
    twin = np.full_like(ME, np.nan)
    twin[45:55] = ME[45:55] + 25.0
    landmarks, frame, where = rows(ME, twin)
    landmarks[where[0][50:75]] = np.nan
    found = followed(landmarks, frame, TIME, [None] * len(landmarks))
    kept = np.r_[:50, 75:T]
    np.testing.assert_array_equal(found[kept], where[0][kept])


def test_of_people_who_stand_still_the_one_seen_for_longest_is_followed():
    """However near the other is."""
    nearer = ME[:1] * 1.2 + np.zeros((T, 1, 1))
    nearer[T // 2 :] = np.nan
    landmarks, frame, where = rows(nearer, OTHER)
    found = followed(landmarks, frame, TIME, [None] * len(landmarks))
    assert found.tolist() == where[1].tolist()


def test_nobody_at_all():
    unseen = np.full((4, 33, 2), np.nan)
    found = followed(unseen, np.arange(4), TIME[:4], [None] * 4)
    assert found.tolist() == [-1] * 4


@pytest.mark.parametrize("frames", [T, 4])
def test_who_stands_alone_is_followed_too(frames):
    """However short it is."""
    found = followed(OTHER[:frames], np.arange(frames), TIME[:frames], ["a"] * frames)
    assert found.tolist() == list(range(frames))


@pytest.mark.parametrize("off_px", [0.0, 3.0])
def test_who_is_written_twice_here_and_there_is_one_person(off_px):
    """A frame written again, or two detections of one body: no frame of the person is lost."""
    twin = np.full_like(ME, np.nan)
    twin[5::7] = ME[5::7] + off_px
    landmarks, frame, where = rows(ME, twin)
    found = followed(landmarks, frame, TIME, [None] * len(landmarks))
    assert found.tolist() == where[0].tolist()
