"""The row of numbers per frame from which the back points are estimated."""

from __future__ import annotations

import numpy as np

from hinge_dowel.body.array_types import Array, Indices
from hinge_dowel.body.landmarks import ARM, EARS, HEELS, LEG, NOSE, PAIRS, SHOULDERS, TOES
from hinge_dowel.body.limbs import limb_angles
from hinge_dowel.body.trunk import forward_of, trunk_frame, wrapped

LEGS, ARMS = "legs", "arms"

_DEPTH_PAIRS = (EARS, SHOULDERS, *LEG)


def evidence_columns(part: str) -> Indices:
    """Return the columns of `evidence_of` from the "legs" (knees and below) or the "arms"."""
    places = [NOSE, *(k for pair in PAIRS for k in pair)]
    pairs = {LEGS: (*LEG[1:], HEELS, TOES), ARMS: ARM[1:]}[part]
    own = {k for pair in pairs for k in pair}
    out = [2 * i + axis for i, place in enumerate(places) if place in own for axis in (0, 1)]
    base = 2 * len(places)
    if part == LEGS:
        out += [base + i for i, pair in enumerate(_DEPTH_PAIRS) if pair in LEG[1:]]
        # After the trunk's sine and cosine: thigh and knee.
        out += [base + len(_DEPTH_PAIRS) + 2, base + len(_DEPTH_PAIRS) + 3]
    return np.array(out)


def evidence_of(right: Array, rays: Array) -> Array:
    """Return the evidence (T, D) from which the back points are estimated.

    `right` (T, 33, >= 3) are landmarks facing right, with depth; `rays` (T, OUTLINE_SIZE).
    Independent of place and scale in the picture. Rows with anything missing are all NaN.
    """
    origin, up, length = trunk_frame(right)
    forward = forward_of(up)
    pairs = [k for pair in PAIRS for k in pair]
    rel = (right[:, [NOSE, *pairs], :2] - origin[:, None]) / length[:, None, None]
    local = np.stack(
        [(rel * forward[:, None]).sum(-1), (rel * up[:, None]).sum(-1)], axis=-1
    ).reshape(len(right), -1)
    depth = np.stack([(right[:, a, 2] - right[:, b, 2]) / length for a, b in _DEPTH_PAIRS], axis=-1)
    plain = limb_angles(right)
    turns = np.radians(
        np.stack([plain.trunk, plain.thigh - plain.trunk, plain.knee, plain.face - plain.trunk], -1)
    )
    # The face's pitch may be off by a whole turn when the head hangs.
    turns = wrapped(turns, 2 * np.pi)
    parts = [local, depth, np.sin(turns[:, :1]), np.cos(turns[:, :1]), turns[:, 1:], rays]
    out = np.concatenate(parts, axis=1)
    out[~np.isfinite(out).all(axis=1)] = np.nan
    return out
