"""Angles of limbs and face straight off the landmarks; where hands and legs are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel.body.landmarks import ANKLES, EARS, EYES, HIPS, KNEES, NOSE, WRISTS, places
from hinge_dowel.body.trunk import forward_of, pitch_deg, trunk_frame

Array = NDArray[np.float64]

HANDS_FORWARD, HANDS_UP = 0.0, 0.3
"""In the trunk's frame: both wrists behind it on average, the upper one this far up. Holds for 87 %
of the pictures of virtual subjects with a dowel in their hands, for at most 9 % with other arms but
those that hold a bar on the back (36 %)."""

UPRIGHT_SHANK_DEG = (-40.0, 48.0)
"""Pitch a standing person's shank can have: behind a plate the knee is seen where it is not."""
THIGH_DEG = (-115.0, 45.0)
"""Pitch a thigh can have: from a full squat to a step back."""


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
    """Angles of a person facing right, landmarks (T, 33, >= 2): the near side weighs double.

    The near side is the person's own right; the far one is half hidden.
    """
    xy = right[..., :2]

    def mean(pair: tuple[int, int]) -> Array:
        return (xy[:, pair[0]] + 2 * xy[:, pair[1]]) / 3

    _, up, _ = trunk_frame(right)
    hip, knee, ankle = mean(HIPS), mean(KNEES), mean(ANKLES)
    eyes, ears = mean(EYES), mean(EARS)
    face = (eyes + xy[:, NOSE]) / 2 - ears
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
        high = (wrists * up[:, None]).sum(-1).max(axis=1) > HANDS_UP
        return np.asarray((ahead < HANDS_FORWARD) & high)


KNEELING_SHANK_DEG = 60.0
"""A shank pitched further than this lies on the floor; a squat's comes to 45."""


def kneeling_share(right: Array) -> float:
    """In which share of its frames a person facing right (T, 33, >= 2) kneels, shanks on the floor.

    0 where the shanks are never seen.
    """
    shank = limb_angles(right).shank
    seen = shank[np.isfinite(shank)]
    return float((seen > KNEELING_SHANK_DEG).mean()) if len(seen) else 0.0


def legs_seen(right: Array) -> NDArray[np.bool_]:
    """In which frames (T,) the legs stand as legs can stand."""
    plain = limb_angles(right)
    shank, thigh = plain.shank, plain.thigh
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (shank > UPRIGHT_SHANK_DEG[0])
            & (shank < UPRIGHT_SHANK_DEG[1])
            & (thigh > THIGH_DEG[0])
            & (thigh < THIGH_DEG[1])
        )
