"""The body's centre of mass.

Masses and centres of segments: de Leva, Adjustments to Zatsiorsky-Seluyanov's segment inertia
parameters, Journal of Biomechanics 29 (1996), table 4; the means of its women and men. The trunk
is the one between the midpoints of shoulder and hip joints, the head's centre lies between the
ears, a hand counts at its wrist and a foot half way between heel and toes. A weight in the hands
is not included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from hinge_dowel.body.array_types import Array


class Segment(NamedTuple):
    """A part of the body between two joints; both sides together where there are two."""

    start: str
    end: str
    mass_share: float
    """Its share of the body's mass, both sides together."""
    centre_share: float
    """Place of its centre on the way from `start` (0) to `end` (1)."""


SEGMENTS = (
    Segment("ear", "ear", 0.0681, 0.0),
    Segment("shoulder", "hip", 0.4302, 0.405),
    Segment("shoulder", "elbow", 2 * 0.0263, 0.576),
    Segment("elbow", "wrist", 2 * 0.0150, 0.457),
    Segment("wrist", "wrist", 2 * 0.0059, 0.0),
    Segment("hip", "knee", 2 * 0.1447, 0.385),
    Segment("knee", "ankle", 2 * 0.0457, 0.437),
    Segment("heel", "toe", 2 * 0.0133, 0.5),
)
JOINTS = ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")


def centre_of_mass(joints: Mapping[str, Array]) -> Array:
    """Return the body's centre of mass along one axis (T,), or in space (T, D).

    `joints` has an array of that shape for each of `JOINTS`, the mean of both sides, in any unit.
    NaN where any of them is NaN.
    """
    total = sum(part.mass_share for part in SEGMENTS)
    centre = np.zeros_like(np.asarray(joints["hip"], dtype=float))
    for part in SEGMENTS:
        start, end = joints[part.start], joints[part.end]
        centre = centre + part.mass_share / total * (start + part.centre_share * (end - start))
    return centre
