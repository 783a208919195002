"""Which points along a back are neck, upper back and low back, by where along it they lie.

Of the upper back one point is marked in every picture, film and screen, beside head and sacrum:
the one that lies where T8 does, the apex of the thoracic curve, where a straight stick rests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

UPPER_BACK_SHARES = (0.25, 0.6)
"""The upper back along the way from occiput (0) to sacrum (1). In the typical standing posture of
back_points.npz C7 lies at 0.25, T4 at 0.37, T8 at 0.51 and T12 at 0.72. Above the upper back are
points of the neck, below it of the low back. The ends are choices."""
UPPER_BACK_MIDDLE_SHARE = 0.4
"""Where no point lies in that span, the one nearest to this is the upper back: a choice."""
GAP_SHARE = 0.55
"""Share of the way from head to sacrum down to which a gap under the stick is the upper back's, and
below which it is a hollow low back: a choice between T8 and the end of the upper back."""
APEX_SHARE = 0.5
"""Where T8 lies."""
NECK_SHARE = 0.1
"""From here down the neck's points help to direct the standing dowel: a choice well above C7."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Which of K points between head and sacrum are what, each (K,); the ends are neither."""

    neck: Mask
    upper: Mask
    low: Mask
    gap: Mask
    """The part of the upper back whose distance is the upper back's stray."""
    directing: Mask
    """What gives the standing dowel its direction: upper back and base of the neck, or all between
    the ends where those are fewer than two."""


def along(points: Array) -> Array:
    """How far down the way from occiput (0) to sacrum (1) each of (..., K, 2) lies: (..., K)."""
    steps = np.linalg.norm(np.diff(points, axis=-2), axis=-1)
    reach = np.concatenate([np.zeros_like(steps[..., :1]), np.cumsum(steps, axis=-1)], axis=-1)
    return np.asarray(reach / np.maximum(reach[..., -1:], 1e-9))


def contact_rows(points: Array) -> list[int]:
    """Head, upper back and sacrum as rows of (T, K >= 3, 2) points of the back, head to sacrum."""
    seen = points[np.isfinite(points).all(axis=(1, 2))]
    count = points.shape[1]
    place = np.median(along(seen), axis=0) if len(seen) else np.linspace(0.0, 1.0, count)
    from_apex = np.where(_upper(place), np.abs(place - APEX_SHARE), np.inf)
    return [0, int(np.argmin(from_apex)), count - 1]


def _upper(place: Array) -> Mask:
    """Which of points at these places (K,) along the way are of the upper back."""
    inside = (place >= UPPER_BACK_SHARES[0]) & (place <= UPPER_BACK_SHARES[1])
    inside[[0, -1]] = False
    if not inside.any():
        inside[1 + np.argmin(np.abs(place[1:-1] - UPPER_BACK_MIDDLE_SHARE))] = True
    return np.asarray(inside)


def regions(points: Array) -> Regions:
    """What each of (K >= 3, 2) standing points, head to sacrum, belongs to, by its place alone."""
    place = along(points)
    inner = np.zeros(len(points), dtype=bool)
    inner[1:-1] = True
    upper = _upper(place)
    number = np.arange(len(points))
    first, last = np.flatnonzero(upper)[[0, -1]]
    gap = upper & (place <= GAP_SHARE)
    directing = inner & (place >= NECK_SHARE) & (number <= last)
    return Regions(
        neck=inner & (number < first),
        upper=upper,
        low=inner & (number > last),
        gap=gap if gap.any() else upper,
        directing=directing if directing.sum() >= 2 else inner,
    )
