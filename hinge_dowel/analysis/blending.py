"""The weighted mean of two estimates of spine and neck: of the regression and of the network.

The regression (`back_points`) uses the pose model's landmarks and outline, the network
(`pose.network`) the pixels. Their errors differ, so that a mean is nearer than either.
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

SHARE = {"spinal": 0.4, "cervical": 0.75}
"""The network's weight; the rest is the regression's. For the spine, 0.5 is 0.05 degrees nearer on
drawn people, but in `samples/rounded_left.mp4` a rounded back in a white shirt is then told almost
flat; on real people rounded and flat backs are as far apart (tests/network/RESULTS.md)."""


def blended(found: Spine, network: Floats | None, facing: Facing) -> Spine:
    """Return the spine with the network's answers, (T, pose.network.ANSWER_SIZE) or None, mixed in.

    In frames that the network did not look at, or in which it took the person to face the other
    way, its difference from the regression is interpolated in time. Without answers the spine is
    returned as it is.
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
    """Return `own` angles (T,), degrees, moved towards the network's by their `SHARE`."""
    differs = says[:, ANGLES.index(name)] - own
    known = np.flatnonzero(np.isfinite(differs))
    if not len(known):
        return own
    return own + SHARE[name] * np.interp(np.arange(len(own)), known, differs[known])
