"""The trunk's own frame, and pitch from vertical.

The trunk frame has its origin midway between the hips, its first axis forward (the way the person
faces, square to the trunk) and its second up the trunk to midway between the shoulders. Its unit is
the distance from mid-hip to mid-shoulder. People who face left are mirrored to face right, so a
mirrored clip gets the mirrored verdict by construction.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.body.array_types import Array
from hinge_dowel.body.landmarks import HIPS, SHOULDERS, places

LEAST_TRUNK_PX = 1e-6
"""A trunk shorter than this, in whatever unit, is rounding error and has no direction."""


def trunk_frame(landmarks: ArrayLike) -> tuple[Array, Array, Array]:
    """Return origin (..., 2), unit vector up the trunk (..., 2), and length (...,) in pixels.

    `landmarks` is (..., 33, 2 or more) in pixels, y down. NaN in, NaN out; a trunk of no length
    gives NaN.
    """
    hips, shoulders = places(landmarks, *HIPS), places(landmarks, *SHOULDERS)
    hip, shoulder = (hips[0] + hips[1]) / 2, (shoulders[0] + shoulders[1]) / 2
    length = np.linalg.norm(shoulder - hip, axis=-1)
    length = np.where(length > LEAST_TRUNK_PX, length, np.nan)
    return hip, (shoulder - hip) / length[..., None], length


def forward_of(up: Array) -> Array:
    """Return forward (..., 2) of a person facing right: `up` turned a quarter clockwise."""
    return np.stack([-up[..., 1], up[..., 0]], axis=-1)


def pitch_deg(vector: Array) -> Array:
    """Return the angle (...) of vectors (..., 2) from straight up, rightward positive, degrees."""
    return np.degrees(np.arctan2(vector[..., 0], -vector[..., 1]))


def wrapped(angle: Array, turn: float) -> Array:
    """Return angles (...) as the same directions from minus half a turn to below half a turn.

    `turn` is a whole turn in their unit: 360 or 2 pi.
    """
    return np.asarray((angle + turn / 2) % turn - turn / 2)
