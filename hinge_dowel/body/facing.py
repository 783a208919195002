"""Finds which way a person faces in the picture, and mirrors them to face right."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.body.array_types import Array
from hinge_dowel.body.landmarks import (
    ANKLES,
    EARS,
    HEELS,
    KNEES,
    MIRRORED,
    NOSE,
    SHOULDERS,
    TOES,
    places,
)
from hinge_dowel.body.limbs import KNEELING_SHANK_DEG
from hinge_dowel.body.outline import EAR_RAYS, STATIONS
from hinge_dowel.body.trunk import forward_of, trunk_frame


def facing_of(landmarks: ArrayLike) -> Literal["left", "right"] | None:
    """Return which way the person faces in the picture: the median over all frames.

    `landmarks` (T, 33, 2 or more), y down. None when no frame shows it.
    """
    leans = rightward_reach(landmarks)
    leans = leans[np.isfinite(leans)]
    if not len(leans) or np.median(leans) == 0:
        return None
    return "right" if np.median(leans) > 0 else "left"


def rightward_reach(landmarks: ArrayLike) -> Array:
    """Return how far face and feet reach to the right (left negative), in trunk lengths (T,).

    `landmarks` (T, 33, 2 or more), y down. The face is measured square to the trunk, the feet along
    the picture. NaN where neither is seen. A skeleton without heels is measured from the ankles,
    one without ears from the shoulders; one without face and toes gets 1 or -1 in all frames, by
    the direction in which knees and hips bend.
    """
    seen = np.asarray(landmarks)
    _, up, length = trunk_frame(seen)
    forward = forward_of(up)
    nose, *ears = places(seen, NOSE, *(EARS if _shown(seen, EARS) else SHOULDERS))
    face = ((nose - (ears[0] + ears[1]) / 2) * forward).sum(-1)
    toes = places(seen, *TOES)
    heels = places(seen, *(HEELS if _shown(seen, HEELS) else ANKLES))
    feet = (toes[0] + toes[1] - heels[0] - heels[1])[:, 0] / 2
    # When kneeling, toes may point back, but the shanks on the floor point forward.
    shank = (np.add(*places(landmarks, *KNEES)) - np.add(*places(landmarks, *ANKLES))) / 2
    flat = np.tan(np.radians(KNEELING_SHANK_DEG))
    with np.errstate(invalid="ignore"):
        lying = np.abs(shank[:, 0]) > flat * np.abs(shank[:, 1])
    feet = np.where(lying, shank[:, 0], feet)
    # Face and feet add up; where only one of them is seen, it decides alone.
    shown = np.isfinite(face) | np.isfinite(feet)
    if not shown.any():
        return np.where(np.isfinite(length), _bends_to_the_right(seen), np.nan)
    reach = np.where(shown, np.nan_to_num(face) + np.nan_to_num(feet), np.nan)
    return np.asarray(reach / length)


def _shown(landmarks: Array, marks: tuple[int, int]) -> bool:
    """Return whether any frame shows both landmarks."""
    return bool(np.isfinite(landmarks[:, marks, :2]).all(axis=(1, 2)).any())


BENT_TRUNKS = 0.3
"""A person is bent whose shoulders are this far to the side of the hips, or whose knees of the line
from hips to ankles, in trunk lengths; standing stays within 0.2. Steady at 0.15 and 0.6."""


def _bends_to_the_right(landmarks: Array) -> float:
    """Return 1 for a body whose trunk and knees bend to the right, -1 to the left, NaN for none."""
    hip, up, length = trunk_frame(landmarks)
    lean = up[:, 0]
    knee, ankle = (np.mean(places(landmarks, *pair), axis=0)[:, 0] for pair in (KNEES, ANKLES))
    ahead = (knee - (hip[:, 0] + ankle) / 2) / length
    bent = np.concatenate([part[np.abs(part) > BENT_TRUNKS] for part in (lean, ahead)])
    return float(np.sign(np.sum(bent))) if len(bent) and np.sum(bent) else np.nan


def face_right(
    landmarks: ArrayLike, outlines: ArrayLike | None, side: Literal["left", "right"]
) -> tuple[Array, Array | None]:
    """Return the person facing right: mirrored, with left and right landmarks exchanged.

    `landmarks` (T, 33, C) and `outlines` (T, OUTLINE_SIZE or None) are as seen, facing `side`.
    Arrays that face right already are not copied: an hour of them fills 100 MB.
    """
    seen = np.asarray(landmarks, dtype=float)
    rays = None if outlines is None else np.asarray(outlines, dtype=float)
    if side == "right":
        return seen, rays
    seen = seen[:, MIRRORED]
    seen[..., 0] = -seen[..., 0]
    if rays is not None:
        n = len(STATIONS)
        around = rays[:, 2 * n :]
        # Mirroring reverses "clockwise from forward": ray k becomes ray half - k.
        flip = (EAR_RAYS // 2 - np.arange(EAR_RAYS)) % EAR_RAYS
        rays = np.concatenate([rays[:, n : 2 * n], rays[:, :n], around[:, flip]], axis=1)
    return seen, rays
