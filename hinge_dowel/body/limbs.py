"""Angles of limbs and face from landmarks; whether hands are behind, legs seen, shins down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.landmarks import ANKLES, EARS, EYES, HIPS, KNEES, NOSE, WRISTS, near, places
from hinge_dowel.body.trunk import forward_of, pitch_deg, trunk_frame

HANDS_UP_TRUNKS = 0.3
"""Hands that hold a dowel along the back are behind the trunk on average, and the upper one is at
least this far up from the hips, in trunk lengths. True of 87 % of the pictures of virtual subjects
who hold a dowel, of at most 9 % with other arms except those that hold a bar on the back (36 %).
Steady at half and twice of it."""
HANDS_OVERHEAD_TRUNKS = 1.75
"""Both hands above this hold no dowel along the back, they are overhead: hands that hold one are at
1.46 to 1.61, in a film of somebody with the arms raised at 1.85 and more."""


@dataclass(frozen=True, slots=True)
class LimbAngles:
    """Angles (T,) between landmarks, degrees in the picture, of a person facing right.

    Pitches are from vertical, forward positive (`face`: from straight ahead); `knee` is shank
    against thigh, flexion positive. NaN where not seen.
    """

    trunk: Array
    thigh: Array
    shank: Array
    face: Array

    @property
    def knee(self) -> Array:
        """Knee flexion: pitch of the shank less that of the thigh."""
        return self.shank - self.thigh


def limb_angles(right: Array) -> LimbAngles:
    """Return the angles of a person facing right, landmarks (T, 33, >= 2), pairs as in `near`."""
    _, up, _ = trunk_frame(right)
    hip, knee, ankle, eyes, ears = (near(right, pair) for pair in (HIPS, KNEES, ANKLES, EYES, EARS))
    face = (eyes + right[:, NOSE, :2]) / 2 - ears
    # From ears to eyes and nose is forward, a quarter turn from up.
    return LimbAngles(
        pitch_deg(up), pitch_deg(hip - knee), pitch_deg(knee - ankle), pitch_deg(face) - 90.0
    )


def hands_behind(right: ArrayLike) -> Mask:
    """Return a mask (T,) of frames with the hands behind the back, as when they hold a dowel.

    `right` (T, 33, >= 2) is a person facing right.
    """
    origin, up, length = trunk_frame(right)
    wrists = np.stack(places(right, *WRISTS), axis=1)
    wrists = (wrists - origin[:, None]) / length[:, None, None]
    ahead = (wrists * forward_of(up)[:, None]).sum(-1).mean(axis=1)
    with np.errstate(invalid="ignore"):
        heights = (wrists * up[:, None]).sum(-1)
        high = heights.max(axis=1) > HANDS_UP_TRUNKS
        overhead = heights.min(axis=1) > HANDS_OVERHEAD_TRUNKS
        return np.asarray((ahead < 0) & high & ~overhead)


KNEELING_SHANK_DEG = 60.0
"""A shank pitched further lies on the floor; in a squat it reaches 45. Steady at 50 and 75."""


def kneeling_share(right: Array) -> float:
    """Return the share of frames with the shanks on the floor, 0 where they are never seen.

    `right` (T, 33, >= 2) is a person facing right.
    """
    shank = limb_angles(right).shank
    seen = shank[np.isfinite(shank)]
    return float((seen > KNEELING_SHANK_DEG).mean()) if len(seen) else 0.0


UPRIGHT_SHANK_DEG = (-40.0, 48.0)
"""Least and greatest pitch of a standing person's shank. Behind a weight plate the knee is detected
in a wrong place, and the shank's pitch is impossible. A choice: the first is steady at -60 and
changes a clip at -30, the second changes three clips at 42 and one at 56."""
THIGH_DEG = (-115.0, 45.0)
"""Least and greatest pitch of a thigh, in a full squat and in a step back. Steady at -130 and -100,
at 35 and 60."""


def legs_seen(right: Array) -> Mask:
    """Return a mask (T,) of frames in which shank and thigh have possible pitches.

    `right` (T, 33, >= 2) is a person facing right. False where the legs are not seen.
    """
    angles = limb_angles(right)
    return _within(angles.shank, UPRIGHT_SHANK_DEG) & _within(angles.thigh, THIGH_DEG)


def _within(pitch: Array, limits_deg: tuple[float, float]) -> Mask:
    with np.errstate(invalid="ignore"):
        return np.asarray((pitch > limits_deg[0]) & (pitch < limits_deg[1]))
