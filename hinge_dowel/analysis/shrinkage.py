"""Estimates fall short of what is far from usual: rounded and arched backs, and what undoes it.

Whatever is estimated from pictures that do not show all lies nearer to the average than the truth
does (regression to the mean). For the spine it was measured on drawn people whom nothing was fitted
on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.body.array_types import Array

ESTIMATED_DEG = (-90.0, -16.0, -8.0, 16.0, 32.0, 43.0, 90.0)
"""Changes of spinal flexion as estimated, degrees ..."""
MEAN_TRUE_DEG = (-95.0, -21.0, -8.0, 16.0, 35.5, 46.5, 93.5)
"""... and the mean truth where they are so: 648 other people (told -16, they are -21; 32, 37; 43,
46: tests/network/RESULTS.md) and the calibrating subjects of `make accuracy` (-12, -17; 36, 36; 46,
51). Between an arch of 8 and the limit for a rounded back, 16, nothing changes, so that hardly a
flat back is told otherwise: in the films of `make accuracy` the slope of told on true goes from
0.82 to 0.90 and the error from 5.72 to 5.67 degrees (calibrating subjects 0.78 to 0.86 and 5.29 to
4.95), that of flat backs from 4.20 to 4.25."""


def undone(estimated_deg: ArrayLike) -> Array:
    """Return the flexion of the spine that such estimates stand for, degrees; NaN stays NaN."""
    estimated = np.asarray(estimated_deg, dtype=float)
    return np.asarray(np.interp(estimated, ESTIMATED_DEG, MEAN_TRUE_DEG))


def redone(true_deg: ArrayLike) -> Array:
    """Return the estimates that stand for such flexion, degrees: the inverse of `undone`."""
    true = np.asarray(true_deg, dtype=float)
    return np.asarray(np.interp(true, MEAN_TRUE_DEG, ESTIMATED_DEG))
