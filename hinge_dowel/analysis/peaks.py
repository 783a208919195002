"""Peaks of a curve by their topographic prominence.

The same as `scipy.signal.find_peaks(curve, prominence=least)`, as a test checks; but importing
scipy.signal takes as long as reading four seconds of a clip, on every run.
"""

from __future__ import annotations

import numpy as np

from hinge_dowel.body.array_types import Array, Indices


def prominent_peaks(curve: Array, least: float) -> tuple[Indices, Array]:
    """Return indices (P,) and prominences (P,) of peaks of `curve` (N,) of at least `least`.

    A peak is a point, or the middle of a level stretch (the earlier of two), with lower neighbours
    on both sides; its prominence is the height above the higher of the two valleys that separate it
    from higher points or the curve's ends. The curve must be finite.
    """
    peaks = _local_maxima(curve)
    height = np.array([_prominence(curve, peak) for peak in peaks], dtype=np.float64)
    high = height >= least
    return peaks[high], height[high]


def _local_maxima(curve: Array) -> Indices:
    """Return the middles of all level stretches that are higher than both neighbours."""
    if not len(curve):
        return np.empty(0, dtype=np.intp)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(curve)) + 1])
    ends = np.concatenate([starts[1:], [len(curve)]]) - 1
    rises = np.diff(curve[starts]) > 0
    top = np.flatnonzero(rises[:-1] & ~rises[1:]) + 1
    middle: Indices = (starts[top] + ends[top]) // 2
    return middle


def _prominence(curve: Array, peak: int) -> float:
    """Return the height of `peak` above the higher of the two valleys beside it."""
    sides = curve[: peak + 1][::-1], curve[peak:]
    valleys = []
    for side in sides:
        higher = side > curve[peak]
        valleys.append(side[: int(np.argmax(higher)) if higher.any() else None].min())
    return float(curve[peak] - max(valleys))
