"""Points along a back: how long they are, slips put back, noise taken out of their shape."""

from __future__ import annotations

import numpy as np

from hinge_dowel.analysis.refusal import LEAST_FRAMES, UnusableError
from hinge_dowel.analysis.time_series import known_median, smooth
from hinge_dowel.body.array_types import Array
from hinge_dowel.keypoints import slips, validation

SMALLEST_SHARE = 1e-9
"""Shorter than this share of its distance from the origin, a back is lost to rounding: of 16 digits
7 are left, of which bends take three."""


def lengths(points: Array) -> Array:
    """The way (T,) from first to last of points (T, K, 2); refuse points that show nothing."""
    if np.isfinite(points).all(axis=(1, 2)).sum() < LEAST_FRAMES:
        raise UnusableError("Too few frames show every point.", refusal="few")
    length = np.linalg.norm(points[:, 0] - points[:, -1], axis=1)
    if not longest(length) > SMALLEST_SHARE * float(np.nanmax(np.abs(points))):
        raise UnusableError("All points lie in one place.")
    return np.asarray(length)


def as_a_back(time_s: Array, given: Array, length: Array) -> Array:
    """The points (T, K, 2) with slips put back, NaN in frames that show no back, or refuse them."""
    seen = np.isfinite(given).all(axis=(1, 2)).sum()
    points = slips.put_back(time_s, given, known_median(length))
    backs = validation.like_a_back(points)
    if backs.sum() < max(LEAST_FRAMES, validation.PLAUSIBLE_SHARE * seen):
        raise UnusableError(
            "The points do not follow each other along a back: give them in order from head to "
            "sacrum, x and y in one scale."
        )
    if validation.bulges(points[backs]):
        raise UnusableError(
            "The points lie too far off one line for a back: give points from head to sacrum, or, "
            "of another skeleton, the names of its places."
        )
    return np.where(backs[:, None, None], points, np.nan)


def longest(length: Array) -> float:
    """The greatest of lengths (T,), but for a tenth that may be slips."""
    return float(np.nanpercentile(length, 90))


def steadied(time_s: Array, points: Array) -> Array:
    """The points (T, K, 2) with noise taken out of the back's shape, and not of its movement.

    A running median of where each point lies in a frame that turns and goes along with the back:
    a shape changes slowly, however fast the back moves.
    """
    run = points[:, 0] - points[:, -1]
    length = np.linalg.norm(run, axis=1, keepdims=True)
    # A point may lie twice; one whole back has no direction and is left as it is.
    up = run / np.where(length > 0, length, np.nan)
    across = np.stack([-up[:, 1], up[:, 0]], axis=-1)
    origin = points.mean(axis=1)
    local = points - origin[:, None]
    along = np.einsum("tki,ti->tk", local, up)
    beside = np.einsum("tki,ti->tk", local, across)
    for place in range(points.shape[1]):
        along[:, place] = smooth(time_s, along[:, place])
        beside[:, place] = smooth(time_s, beside[:, place])
    return np.asarray(
        origin[:, None] + along[..., None] * up[:, None] + beside[..., None] * across[:, None]
    )
