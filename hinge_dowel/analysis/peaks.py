"""Peaks of a curve by their topographic prominence.

The same as `scipy.signal.find_peaks(curve, prominence=least)`, to which a test holds it; but
loading scipy.signal takes as long as watching four seconds of a clip, on every run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def prominent_peaks(curve: Floats, least: float) -> tuple[NDArray[np.intp], Floats]:
    """Indices (P,) of the peaks of `curve` (N,) that are at least so prominent, and how much.

    A peak is a place, or the middle of a level stretch (the earlier of two), with lower ones
    beside it on both sides; its prominence is how far one must come down from it to get to a
    higher place, or to the nearer end in height. The curve must be finite.
    """
    peaks = _local_maxima(curve)
    height = np.array([_prominence(curve, peak) for peak in peaks], dtype=np.float64)
    high = height >= least
    return peaks[high], height[high]


def _local_maxima(curve: Floats) -> NDArray[np.intp]:
    """The middles of all level stretches that are higher than what is beside them."""
    if not len(curve):
        return np.empty(0, dtype=np.intp)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(curve)) + 1])
    ends = np.concatenate([starts[1:], [len(curve)]]) - 1
    rises = np.diff(curve[starts]) > 0
    top = np.flatnonzero(rises[:-1] & ~rises[1:]) + 1
    middle: NDArray[np.intp] = (starts[top] + ends[top]) // 2
    return middle


def _prominence(curve: Floats, peak: int) -> float:
    """How far `peak` stands above the higher of the two valleys beside it."""
    sides = curve[: peak + 1][::-1], curve[peak:]
    valleys = []
    for side in sides:
        higher = side > curve[peak]
        valleys.append(side[: int(np.argmax(higher)) if higher.any() else None].min())
    return float(curve[peak] - max(valleys))
