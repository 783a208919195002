"""MediaPipe's landmark numbers, and access to landmarks by them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.body.array_types import Array

NOSE, EYES, EARS, MOUTH = 0, (2, 5), (7, 8), (9, 10)
SHOULDERS, ELBOWS, WRISTS = (11, 12), (13, 14), (15, 16)
HIPS, KNEES, ANKLES, HEELS, TOES = (23, 24), (25, 26), (27, 28), (29, 30), (31, 32)
PINKIES, INDEX_FINGERS, THUMBS = (17, 18), (19, 20), (21, 22)
"""MediaPipe's landmark numbers, the person's left before right."""
LANDMARK_COUNT = 33
"""Number of landmarks."""

ARM, LEG = (SHOULDERS, ELBOWS, WRISTS), (HIPS, KNEES, ANKLES)
"""Joints of the limbs, from the trunk outwards."""
MIRRORED = (0, 4, 5, 6, 1, 2, 3, *(k + 1 if k % 2 else k - 1 for k in range(7, LANDMARK_COUNT)))
"""By number, that of the landmark on the other side."""
PAIRS = (EYES, EARS, MOUTH, *ARM, *LEG, HEELS, TOES)
COMPARED = (*SHOULDERS, *HIPS, *KNEES, *ANKLES, *EARS, NOSE)
"""The landmarks by which two poses are told apart: arms may do anything."""


def places(landmarks: ArrayLike, *marks: int) -> list[Array]:
    """Return x and y (..., 2) of each of `marks` out of landmarks (..., 33, 2 or more)."""
    seen = np.asarray(landmarks)
    return [np.asarray(seen[..., mark, :2], dtype=float) for mark in marks]


NEAR_WEIGHT = 2.0
"""Weight of the near limb over that of the far one, which is half hidden. A choice, with which the
calibration in back_points.npz was fitted."""


def near(right: ArrayLike, pair: tuple[int, int]) -> Array:
    """Return the mean (T, 2) of a pair of landmarks, the near side weighing `NEAR_WEIGHT`.

    `right` (T, 33, 2 or more) is a person facing right, whose near side is their own right. NaN
    where either side is missing.
    """
    far, close = places(right, *pair)
    return np.asarray((far + NEAR_WEIGHT * close) / (1 + NEAR_WEIGHT))
