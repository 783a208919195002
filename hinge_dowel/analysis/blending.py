"""Two estimates of one back made one: from landmarks and outline, and from the pixels themselves.

`back_points` rests on what the pose model saw, `pose.network` on the picture. They err in different
ways, so that something between the two is nearer than either.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis.back_points import Spine
from hinge_dowel.pose.network import ANGLES
from hinge_dowel.verdict import Facing

Array = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]

SHARE = {"spinal": 0.3, "cervical": 0.6}
"""The network's part of the answer, the rest is that of landmarks and outline. For the spine more
of it, to 0.5, is a little nearer on drawn people; on real ones flat backs are told rounder from
there on, and a rounded back in a white shirt is told flatter (tests/network/RESULTS.md)."""


def blended(found: Spine, network: Floats | None, facing: Facing) -> Spine:
    """The spine with what the network says of it, (T, pose.network.ANSWER_SIZE) or None.

    Frames it did not look at, or in which it took the person to face the other way, get what it
    said of those around them; where it said nothing at all the spine stays as it is.
    """
    if network is None or not len(network):
        return found
    says = np.asarray(network, dtype=float)
    with np.errstate(invalid="ignore"):
        agrees = says[:, -1] * (1.0 if facing == "right" else -1.0) > 0.99
    says = np.where(agrees[:, None], says, np.nan)
    spinal = _towards(found.thorax_deg - found.pelvis_deg, says, "spinal")
    cervical = _towards(found.head_deg - found.thorax_deg, says, "cervical")
    return replace(
        found, pelvis_deg=found.thorax_deg - spinal, head_deg=found.thorax_deg + cervical
    )


def _towards(own: Array, says: Array, name: str) -> Array:
    """`own` angles (T,) moved towards the network's."""
    differs = says[:, ANGLES.index(name)] - own
    known = np.flatnonzero(np.isfinite(differs))
    if not len(known):
        return own
    return own + SHARE[name] * np.interp(np.arange(len(own)), known, differs[known])
