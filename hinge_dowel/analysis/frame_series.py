"""Makes the series behind a verdict, which views draw and export."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hinge_dowel.analysis.posture import ANGLES, Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.stick import normal_of
from hinge_dowel.body.array_types import Array, Floats
from hinge_dowel.verdict import BETWEEN, LIFTING, LOWERING, STANDING, Facing, Series

OVERHANG_CM = 8.0
"""Length of the drawn dowel beyond the back of the head and the sacrum: a hand's breadth."""


def trace(
    motion: Posture,
    spans: Sequence[RepSpan],
    facing: Facing,
    landmarks: Floats,
    size_px: tuple[int, int] | None = None,
) -> Series:
    """Return every frame of a judged motion, converted back to pixels of the original picture.

    `landmarks` (T, N, 2 or more) are as the camera saw them.
    """
    side = np.array([1.0 if facing == "right" else -1.0, 1.0])
    phase = np.where(motion.standing, STANDING, BETWEEN).astype(np.int8)
    for span in spans:
        phase[span.frames] = LIFTING
        phase[span.first : span.bottom + 1] = LOWERING
    return Series(
        time_s=motion.time_s,
        **{field: getattr(motion, f"{name}_deg") for name, field in ANGLES.items()},
        head_cm=motion.fit.head_cm,
        upper_back_cm=motion.fit.upper_back_cm,
        sacrum_cm=motion.fit.sacrum_cm,
        phase=phase,
        landmarks_px=np.asarray(landmarks[..., :2]),
        back_px=motion.points_cm / motion.cm_per_px * side,
        dowel_px=_dowel(motion) / motion.cm_per_px * side,
        cm_per_px=motion.cm_per_px,
        size_px=size_px,
    )


def _dowel(motion: Posture) -> Array:
    """Return the dowel's upper and lower end (T, 2, 2) in cm, facing right.

    Strays are changes from standing, where curves keep some places off a straight line. So the line
    drawn is the one from which head and sacrum are as far as their strays, and a place that touches
    is seen to touch.
    """
    normal = normal_of(np.radians(motion.fit.pitch_deg))
    strays = np.stack([motion.fit.head_cm, motion.fit.sacrum_cm], axis=-1)
    ends = motion.points_cm[:, [0, -1]] - np.maximum(strays, 0)[..., None] * normal[:, None]
    along = ends[:, 0] - ends[:, 1]
    along = along / np.linalg.norm(along, axis=-1, keepdims=True)
    return np.asarray(ends + OVERHANG_CM * np.stack([along, -along], axis=1))
