"""The silhouette's edge, whose rear is the back, for which MediaPipe has no landmark.

The edge is measured along rays from the trunk's axis and around the ear, so that the mask itself
can be dropped at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel.body.array_types import Array
from hinge_dowel.body.landmarks import EARS
from hinge_dowel.body.trunk import forward_of, trunk_frame

STATIONS = np.linspace(-0.4, 1.65, 36)
"""Places along the trunk's axis (0 hips, 1 shoulders) from which a ray is cast to each side: from
the seat to the top of the head, 3 cm apart. A choice, as are the rays below; back_points.npz was
fitted with them."""
EAR_RAYS = 16
"""Number of rays all round the ear."""
_AXIS_REACH_TRUNKS = 1.3
"""Length of a ray from the trunk's axis, in trunk lengths: past a folded arm."""
_EAR_REACH_TRUNKS = 0.6
"""Length of a ray from the ear, in trunk lengths: past a bun."""
_STEP_TRUNKS = 0.02
"""Distance between samples of a ray, in trunk lengths: about 1 cm, finer than the silhouette."""

OUTLINE_SIZE = 2 * len(STATIONS) + EAR_RAYS
"""Number of rays of one frame."""


def _exit(inside: Array) -> Array:
    """Return the distance (R,) at which rays (R, S) leave the silhouette, in fractional steps."""
    out = inside < 0.5
    first = out.argmax(axis=1)
    never = ~out.any(axis=1)
    row = np.arange(len(inside))
    before, after = inside[row, np.maximum(first - 1, 0)], inside[row, first]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (before - 0.5) / (before - after)
    distance = np.where(first > 0, first - 1 + np.nan_to_num(part), 0.0)
    return np.where(never, inside.shape[1] - 1.0, distance)


def _between_pixels(silhouette: NDArray[np.float32], places: Array) -> Array:
    """Interpolate the silhouette bilinearly at `places` (N, 2), x and y in pixels; 0 outside.

    Like `scipy.ndimage.map_coordinates`, whose import takes longer than a clip's outlines.
    """
    height, width = silhouette.shape
    x, y = places.T
    inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    left, top = np.where(inside, x, 0).astype(np.intp), np.where(inside, y, 0).astype(np.intp)
    right_share, low_share = x - left, y - top
    pixels, first = silhouette.ravel(), top * width + left
    beside, below = left < width - 1, np.where(top < height - 1, width, 0)
    upper = pixels[first] * (1 - right_share) + pixels[first + beside] * right_share
    first += below
    lower = pixels[first] * (1 - right_share) + pixels[first + beside] * right_share
    values: Array = np.where(inside, upper * (1 - low_share) + lower * low_share, 0.0)
    return values


def outline_rays(landmarks: ArrayLike, silhouette: NDArray[np.float32]) -> Array:
    """Return the silhouette's edge as `OUTLINE_SIZE` distances in trunk lengths.

    First one ray from each of `STATIONS` to the front of a person who faces right, then as many to
    the other side, then `EAR_RAYS` around the middle of the ears, beginning forward and turning
    clockwise in the picture. 0 where the ray starts outside the silhouette, the ray's length where
    it never leaves. All NaN when trunk or ears are not seen.

    `landmarks` (33, 2 or more) are in pixels of `silhouette` (height, width), values 0 to 1.
    Beyond the picture counts as outside.
    """
    xy = np.asarray(landmarks, dtype=float)[:, :2]
    origin, up, length = trunk_frame(xy)
    ear = (xy[EARS[0]] + xy[EARS[1]]) / 2
    if not (np.isfinite(length) and np.isfinite(ear).all() and np.isfinite(origin).all()):
        return np.full(OUTLINE_SIZE, np.nan)
    forward = forward_of(up)
    starts = origin + STATIONS[:, None] * length * up
    turn = np.arange(EAR_RAYS) * (2 * np.pi / EAR_RAYS)
    round_ear = np.cos(turn)[:, None] * forward - np.sin(turn)[:, None] * up
    n_axis, n_ear = (
        round(reach / _STEP_TRUNKS) + 1 for reach in (_AXIS_REACH_TRUNKS, _EAR_REACH_TRUNKS)
    )
    along = np.arange(n_axis) * _STEP_TRUNKS * length
    axis_rays = np.concatenate(
        [starts[:, None] + along[:, None] * forward, starts[:, None] - along[:, None] * forward]
    )
    ear_rays = ear + along[:n_ear, None] * round_ear[:, None]
    places = np.concatenate([axis_rays.reshape(-1, 2), ear_rays.reshape(-1, 2)])
    values = _between_pixels(silhouette, places)
    split = 2 * len(STATIONS) * n_axis
    return _STEP_TRUNKS * np.concatenate(
        [_exit(values[:split].reshape(-1, n_axis)), _exit(values[split:].reshape(-1, n_ear))]
    )
