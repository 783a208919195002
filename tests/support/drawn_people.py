"""A person drawn with known distances, and silhouettes of plain shapes."""

from __future__ import annotations

import numpy as np

from hinge_dowel.analysis.evidence import evidence_of
from hinge_dowel.body.landmarks import (
    ANKLES,
    ELBOWS,
    HEELS,
    HIPS,
    KNEES,
    MOUTH,
    NOSE,
    SHOULDERS,
    TOES,
    WRISTS,
)
from hinge_dowel.body.landmarks import EARS as EAR_MARKS
from hinge_dowel.body.outline import EAR_RAYS, OUTLINE_SIZE, STATIONS

N = len(STATIONS)


FRONT, REAR, EAR = slice(0, N), slice(N, 2 * N), slice(2 * N, 2 * N + EAR_RAYS)


TRUNK = 100.0


HIP, SHOULDER, EARS = np.array([200.0, 300.0]), np.array([200.0, 200.0]), np.array([205.0, 165.0])


SIZE = (480, 400)
"""Height and width of the pictures."""


def person():
    """Return landmarks (33, 3) of an upright person facing right, trunk 100 px, left over right."""
    where = {
        NOSE: (222, 168),
        **dict.fromkeys((1, 2, 3, 4, 5, 6), (216, 160)),
        **dict.fromkeys(EAR_MARKS, EARS),
        **dict.fromkeys(MOUTH, (218, 176)),
        **dict.fromkeys(SHOULDERS, SHOULDER),
        **dict.fromkeys(ELBOWS, (196, 258)),
        **dict.fromkeys((*WRISTS, *range(17, 23)), (208, 300)),
        **dict.fromkeys(HIPS, HIP),
        **dict.fromkeys(KNEES, (202, 380)),
        **dict.fromkeys(ANKLES, (200, 460)),
        **dict.fromkeys(HEELS, (190, 468)),
        **dict.fromkeys(TOES, (230, 470)),
    }
    out = np.zeros((33, 3))
    for number, place in where.items():
        out[number, :2] = place
    # The person's right is nearer to the camera.
    out[:, 2] = [0.0 if k == 0 else 15.0 if k % 2 else -15.0 for k in range(33)]
    return out


def mask(inside, size=SIZE):
    """Return a silhouette (height, width), 1 where `inside(x, y)` holds."""
    y, x = np.indices(size)
    return inside(x, y).astype(np.float32)


def rectangle(left, right, top=0, bottom=10_000):
    return mask(lambda x, y: (x > left) & (x < right) & (y > top) & (y < bottom))


def mirrored(landmarks, width):
    """Return mirrored landmarks, with left and right exchanged."""
    order = [0, 4, 5, 6, 1, 2, 3, *(k + 1 if k % 2 else k - 1 for k in range(7, 33))]
    out = np.array(landmarks)[..., order, :]
    out[..., 0] = width - 1 - out[..., 0]
    return out


def row(landmarks, rays=None):
    outline = np.linspace(0.1, 0.9, OUTLINE_SIZE) if rays is None else rays
    return evidence_of(landmarks[None], outline[None])[0]


def changed(alter):
    """Return the columns of the evidence that differ after `alter` changed landmarks in place."""
    landmarks = person() + np.random.default_rng(3).normal(0, 2, (33, 3))
    before = row(landmarks)
    alter(landmarks)
    return set(np.flatnonzero(np.abs(row(landmarks) - before) > 1e-9))
