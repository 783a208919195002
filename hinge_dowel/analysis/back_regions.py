"""Assigns points along a back to neck, upper back and low back, by their place along it.

Views mark head, sacrum and one point of the upper back: the one nearest to T8, the apex of the
thoracic curve, where a straight stick rests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hinge_dowel.body.array_types import Array, Mask

UPPER_BACK_SHARES = (0.25, 0.6)
"""Range of the upper back on the way from occiput (0) to sacrum (1); points above it are the
neck's, below it the low back's. In the typical standing posture of back_points.npz C7 lies at 0.25,
T4 at 0.37, T8 at 0.51 and T12 at 0.72. The ends are choices."""
UPPER_BACK_MIDDLE_SHARE = 0.4
"""Where no point lies in that range, the one nearest to this is the upper back: a choice."""
GAP_SHARE = 0.55
"""A gap under the stick above this share of the way counts as the upper back's, below it as a
hollow low back: a choice between T8 and the end of the upper back."""
APEX_SHARE = 0.5
"""Place of T8 on the same way."""
NECK_SHARE = 0.1
"""Points from here down help to direct the standing dowel: a choice well above C7."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Masks (K,) of the points along a back; neck, upper and low leave out head and sacrum."""

    neck: Mask
    upper: Mask
    low: Mask
    gap: Mask
    """The part of the upper back whose distance is the upper back's stray."""
    directing: Mask
    """The points that give the standing dowel its direction: upper back and base of the neck, or
    all between the ends where those are fewer than two."""


def along(points: Array) -> Array:
    """Return the place (..., K) of points (..., K, 2) on the way from occiput (0) to sacrum (1)."""
    steps = np.linalg.norm(np.diff(points, axis=-2), axis=-1)
    reach = np.concatenate([np.zeros_like(steps[..., :1]), np.cumsum(steps, axis=-1)], axis=-1)
    return np.asarray(reach / np.maximum(reach[..., -1:], 1e-9))


def contact_rows(points: Array) -> list[int]:
    """Return the rows of head, upper back and sacrum among points (T, K >= 3, 2), head first."""
    seen = points[np.isfinite(points).all(axis=(1, 2))]
    count = points.shape[1]
    place = np.median(along(seen), axis=0) if len(seen) else np.linspace(0.0, 1.0, count)
    from_apex = np.where(_upper(place), np.abs(place - APEX_SHARE), np.inf)
    return [0, int(np.argmin(from_apex)), count - 1]


def _upper(place: Array) -> Mask:
    """Return a mask (K,) of the upper back for points at these places along the way."""
    inside = (place >= UPPER_BACK_SHARES[0]) & (place <= UPPER_BACK_SHARES[1])
    inside[[0, -1]] = False
    if not inside.any():
        inside[1 + np.argmin(np.abs(place[1:-1] - UPPER_BACK_MIDDLE_SHARE))] = True
    return np.asarray(inside)


def regions(points: Array) -> Regions:
    """Assign standing points (K >= 3, 2), head to sacrum, to regions by their place alone."""
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
