"""Which way a person faces in the picture, and the same person turned to face right."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel.body.landmarks import (
    ANKLES,
    EARS,
    HEELS,
    KNEES,
    LANDMARK_COUNT,
    NOSE,
    SHOULDERS,
    TOES,
    places,
)
from hinge_dowel.body.limbs import KNEELING_SHANK_DEG
from hinge_dowel.body.outline import EAR_RAYS, STATIONS
from hinge_dowel.body.trunk import forward_of, trunk_frame

Array = NDArray[np.float64]


def facing_of(landmarks: ArrayLike) -> Literal["left", "right"] | None:
    """Which way the person faces in the picture, from face and feet over all frames.

    `landmarks` (T, 33, 2 or more), y down. None when face and feet never show it.
    """
    leans = rightward_reach(landmarks)
    leans = leans[np.isfinite(leans)]
    if not len(leans) or np.median(leans) == 0:
        return None
    return "right" if np.median(leans) > 0 else "left"


def rightward_reach(landmarks: ArrayLike) -> Array:
    """How far face and feet reach to the right, to the left negative, in trunk lengths (T,).

    `landmarks` (T, 33, 2 or more), y down; the face along its own forward if it faced right. NaN
    where neither is seen. Where a skeleton has no heels ankles stand in for them, shoulders for
    ears; where it has no face and no toes, it is told by the way in which knees and hips bend.
    """
    seen = np.asarray(landmarks)
    _, up, length = trunk_frame(seen)
    forward = forward_of(up)
    nose, *ears = places(seen, NOSE, *(EARS if _shown(seen, EARS) else SHOULDERS))
    face = ((nose - (ears[0] + ears[1]) / 2) * forward).sum(-1)
    toes = places(seen, *TOES)
    heels = places(seen, *(HEELS if _shown(seen, HEELS) else ANKLES))
    feet = (toes[0] + toes[1] - heels[0] - heels[1])[:, 0] / 2
    # The toes of who kneels may point back; the shanks on the floor point forward.
    shank = (np.add(*places(landmarks, *KNEES)) - np.add(*places(landmarks, *ANKLES))) / 2
    flat = np.tan(np.radians(KNEELING_SHANK_DEG))
    with np.errstate(invalid="ignore"):
        lying = np.abs(shank[:, 0]) > flat * np.abs(shank[:, 1])
    feet = np.where(lying, shank[:, 0], feet)
    # Where only face or feet are seen they tell it alone.
    shown = np.isfinite(face) | np.isfinite(feet)
    if not shown.any():
        return np.where(np.isfinite(length), _bends_to_the_right(seen), np.nan)
    reach = np.where(shown, np.nan_to_num(face) + np.nan_to_num(feet), np.nan)
    return np.asarray(reach / length)


def _shown(landmarks: Array, marks: tuple[int, int]) -> bool:
    """Whether any frame shows both."""
    return bool(np.isfinite(landmarks[:, marks, :2]).all(axis=(1, 2)).any())


BENT_TRUNKS = 0.3
"""A head so far beside the hips, or knees so far beside the line from hips to ankles, in lengths of
the trunk, belong to somebody who is bent: who stands stays within 0.2. Steady at 0.15 and 0.6."""


def _bends_to_the_right(landmarks: Array) -> float:
    """1 for a body whose trunk and knees bend to the right, -1 to the left, NaN for none."""
    hip, up, length = trunk_frame(landmarks)
    lean = up[:, 0]
    knee, ankle = (np.mean(places(landmarks, *pair), axis=0)[:, 0] for pair in (KNEES, ANKLES))
    ahead = (knee - (hip[:, 0] + ankle) / 2) / length
    bent = np.concatenate([part[np.abs(part) > BENT_TRUNKS] for part in (lean, ahead)])
    return float(np.sign(np.sum(bent))) if len(bent) and np.sum(bent) else np.nan


def face_right(
    landmarks: ArrayLike, outlines: ArrayLike | None, side: Literal["left", "right"]
) -> tuple[Array, Array | None]:
    """The same person facing right: mirrored, with left and right landmarks exchanged.

    `landmarks` (T, 33, C) as seen, `outlines` (T, OUTLINE_SIZE) or None. What is in order already
    is not copied: an hour of it fills 100 MB.
    """
    seen = np.asarray(landmarks, dtype=float)
    rays = None if outlines is None else np.asarray(outlines, dtype=float)
    if side == "right":
        return seen, rays
    order = np.arange(LANDMARK_COUNT)
    order[1:7] = [4, 5, 6, 1, 2, 3]
    order[EARS[0] :] = [k + 1 if k % 2 else k - 1 for k in range(EARS[0], LANDMARK_COUNT)]
    seen = seen[:, order]
    seen[..., 0] = -seen[..., 0]
    if rays is not None:
        n = len(STATIONS)
        around = rays[:, 2 * n :]
        # Mirroring turns "clockwise from forward" round: ray k becomes ray half - k.
        flip = (EAR_RAYS // 2 - np.arange(EAR_RAYS)) % EAR_RAYS
        rays = np.concatenate([rays[:, n : 2 * n], rays[:, :n], around[:, flip]], axis=1)
    return seen, rays
