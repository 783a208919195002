"""Angles of limbs and face straight off the landmarks; where hands and legs are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel.body.landmarks import ANKLES, EARS, EYES, HIPS, KNEES, NOSE, WRISTS, near, places
from hinge_dowel.body.trunk import forward_of, pitch_deg, trunk_frame

Array = NDArray[np.float64]

HANDS_UP_TRUNKS = 0.3
"""Hands that hold a dowel along the back are behind the trunk on average, and the upper one is so
far up from the hips, in lengths of the trunk. That holds for 87 % of the pictures of virtual
subjects with a dowel in their hands, for at most 9 % with other arms but those that hold a bar on
the back (36 %). Steady at half and twice of it."""


@dataclass(frozen=True, slots=True)
class LimbAngles:
    """Angles read straight off the landmarks, degrees in the picture, person facing right.

    Pitches are from vertical, forward positive; `knee` is shank against thigh, flexion positive.
    """

    trunk: Array
    thigh: Array
    shank: Array
    face: Array

    @property
    def knee(self) -> Array:
        """Knee flexion: how far the shank leans more than the thigh."""
        return self.shank - self.thigh


def limb_angles(right: Array) -> LimbAngles:
    """Angles of a person facing right, landmarks (T, 33, >= 2): the near side weighs double."""
    _, up, _ = trunk_frame(right)
    hip, knee, ankle, eyes, ears = (near(right, pair) for pair in (HIPS, KNEES, ANKLES, EYES, EARS))
    face = (eyes + right[:, NOSE, :2]) / 2 - ears
    # The face looks forward: a quarter turn from up.
    return LimbAngles(
        pitch_deg(up), pitch_deg(hip - knee), pitch_deg(knee - ankle), pitch_deg(face) - 90.0
    )


def hands_behind(
    landmarks: ArrayLike, side: Literal["left", "right"] = "right"
) -> NDArray[np.bool_]:
    """In which frames (T,) the hands are behind the back, as when they hold a dowel there.

    `landmarks` (T, 33, >= 2) of a person who faces to `side`.
    """
    origin, up, length = trunk_frame(landmarks)
    wrists = np.stack(places(landmarks, *WRISTS), axis=1)
    wrists = (wrists - origin[:, None]) / length[:, None, None]
    ahead = (wrists * forward_of(up)[:, None]).sum(-1).mean(axis=1)
    if side == "left":
        ahead = -ahead
    with np.errstate(invalid="ignore"):
        high = (wrists * up[:, None]).sum(-1).max(axis=1) > HANDS_UP_TRUNKS
        return np.asarray((ahead < 0) & high)


KNEELING_SHANK_DEG = 60.0
"""A shank pitched further than this lies on the floor; a squat's comes to 45. Steady at 50 and
75."""


def kneeling_share(right: Array) -> float:
    """In which share of its frames a person facing right (T, 33, >= 2) kneels, shanks on the floor.

    0 where the shanks are never seen.
    """
    shank = limb_angles(right).shank
    seen = shank[np.isfinite(shank)]
    return float((seen > KNEELING_SHANK_DEG).mean()) if len(seen) else 0.0


UPRIGHT_SHANK_DEG = (-40.0, 48.0)
"""Pitches that a standing person's shank can have. Behind a plate the knee is seen where it is not,
and the shank pitched otherwise. A choice: the first is steady at -60 and changes a clip at -30, the
second changes three clips at 42 and one at 56."""
THIGH_DEG = (-115.0, 45.0)
"""Pitches that a thigh can have: from a full squat to a step back. Steady at -130 and -100, at 35
and 60."""


def legs_seen(right: Array) -> NDArray[np.bool_]:
    """In which frames (T,) the legs of a person facing right (T, 33, >= 2) can be legs.

    False where they are not seen.
    """
    angles = limb_angles(right)
    return _within(angles.shank, UPRIGHT_SHANK_DEG) & _within(angles.thigh, THIGH_DEG)


def _within(pitch: Array, limits_deg: tuple[float, float]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray((pitch > limits_deg[0]) & (pitch < limits_deg[1]))
