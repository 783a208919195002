"""How the body's mass is shared, and where its centre lies.

Masses and centres of segments: de Leva, Adjustments to Zatsiorsky-Seluyanov's segment inertia
parameters, Journal of Biomechanics 29 (1996), table 4; the means of its women and men. The trunk
is the one between the midpoints of shoulder and hip joints, the head's centre lies between the
ears, and a hand counts at its wrist. A weight in the hands is not reckoned with.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel.body.landmarks import (
    ANKLES,
    EARS,
    ELBOWS,
    HEELS,
    HIPS,
    KNEES,
    SHOULDERS,
    TOES,
    WRISTS,
    near,
)

Array = NDArray[np.float64]


class Segment(NamedTuple):
    """A part of the body between two joints; both sides together where there are two."""

    start: tuple[int, int]
    end: tuple[int, int]
    mass_share: float
    """Of the body's mass."""
    centre_share: float
    """How far from `start` to `end` its centre lies."""


SEGMENTS = (
    Segment(EARS, EARS, 0.0681, 0.0),
    Segment(SHOULDERS, HIPS, 0.4302, 0.405),
    Segment(SHOULDERS, ELBOWS, 2 * 0.0263, 0.576),
    Segment(ELBOWS, WRISTS, 2 * 0.0150, 0.457),
    Segment(WRISTS, WRISTS, 2 * 0.0059, 0.0),
    Segment(HIPS, KNEES, 2 * 0.1447, 0.385),
    Segment(KNEES, ANKLES, 2 * 0.0457, 0.437),
    Segment(HEELS, TOES, 2 * 0.0133, 0.421),
)


def centre_of_mass(right: ArrayLike) -> Array:
    """The body's centre of mass in the picture (T, 2), of a person facing right.

    `right` (T, 33, 2 or more), y down. NaN where a joint is missing.
    """
    total = sum(part.mass_share for part in SEGMENTS)
    moment: Array | float = 0.0
    for part in SEGMENTS:
        start, end = near(right, part.start), near(right, part.end)
        moment = moment + part.mass_share * (start + part.centre_share * (end - start))
    return np.asarray(moment / total)
