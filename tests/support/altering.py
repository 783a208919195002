"""Alters arrays of places as if their pictures were turned, scaled, or shifted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def altered(places: Array, alter: Callable[[Array], Array]) -> Array:
    """Return the array with x and y altered, not depth and visibility."""
    out = places.copy()
    out[..., :2] = alter(out[..., :2])
    return out


def turned(degrees: float) -> Array:
    """Return the matrix (2, 2) that turns a picture."""
    turn = np.radians(degrees)
    return np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
