"""Arrays in, a verdict out: pose landmarks or points along the back, from any source."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel import back, posture, reps, spine
from hinge_dowel.check import LEAST_FRAMES, Record, judge
from hinge_dowel.judging import sum_up
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import Facing, Verdict

Array = NDArray[np.float64]

UPRIGHT_LEAN = 0.3
"""Head before or behind the sacrum, as a share of their distance: standing stays within 0.2."""
SMALLEST_BACK = 1e-9
"""Shorter than this share of its distance from the origin, a back is lost to rounding."""
MOST = 1e9
"""Larger coordinates are no picture's."""
RATES_FPS = (0.01, 1e5)
"""A rate beyond these is a slip."""


def check_keypoints(
    landmarks: ArrayLike,
    fps: float,
    *,
    outlines: ArrayLike | None = None,
    tolerances: Tolerances = DEFAULT,
) -> Verdict:
    """Judge pose landmarks without a video.

    `landmarks` (frames, 33, 2 to 4): MediaPipe's order and axes, x and y in pixels or any unit
    that is the same both ways, y down, then depth in that unit, then visibility; NaN for missing.
    `fps` frames per second. `outlines` (frames, `back.OUTLINE_SIZE`), optional, from
    `back.outline`; it needs depth in the landmarks.

    Without outlines hips, knees, shins and head are judged, but not the back: landmarks alone do
    not show it (30 degrees of lumbar flexion move the hip-shoulder distance by 16 mm), so
    `spinal_flexion_deg` and the strays are None and every rep says `unsure_spine`.

    Raises ValueError for arrays of another shape or kind, infinities, or a rate that is none.
    """
    seen = _array(landmarks, "landmarks")
    if seen.ndim != 3 or seen.shape[1] != 33 or not 2 <= seen.shape[2] <= 4:
        raise ValueError(f"landmarks must be (frames, 33, 2 to 4), not {seen.shape}.")
    rays = None
    if outlines is not None:
        rays = _array(outlines, "outlines")
        if rays.shape != (len(seen), back.OUTLINE_SIZE):
            raise ValueError(
                f"outlines must be ({len(seen)}, {back.OUTLINE_SIZE}), not {rays.shape}."
            )
        if seen.shape[2] < 3:
            raise ValueError("outlines need landmarks with depth: (frames, 33, 3 or 4).")
    record = Record(_times(len(seen), fps), seen, rays, None)
    return judge(record, clip="keypoints", tolerances=tolerances)


def check_points(points: ArrayLike, fps: float, *, tolerances: Tolerances = DEFAULT) -> Verdict:
    """Judge points along the back: which place leaves the dowel.

    `points` (frames, K >= 3, 2), ordered head to sacrum (occiput, neck and thoracic points, upper
    back, lumbar points, sacrum), y down as in images, any unit, facing either way; NaN for
    missing. `fps` frames per second. Centimetres assume `tolerances.stature_cm`.

    With four points or more the upper back gives the dowel its direction, and the place that left
    it is the one named. Three points cannot always name it. The least-squares line through three
    leaves one degree of freedom; its residuals are orthogonal to (1, 1, 1) and to the positions
    (0, a, a + b), hence always in the ratio b : -(a + b) : a. So only the middle one's sign
    carries information: in front of the chord the upper back has left it; behind it head or
    sacrum has. If either would then have left by more than its tolerance, both are named and the
    rep is marked `ambiguous`.

    Without legs, hip flexion is the trunk's pitch, and knee and shin are None. Backs of which no
    standing is seen are `unusable`: there is nothing to hold them against. Raises ValueError for
    arrays of another shape or kind, infinities, or a rate that is none.
    """
    given = _array(points, "points")
    if given.ndim != 3 or given.shape[1] < 3 or given.shape[2] != 2:
        raise ValueError(f"points must be (frames, 3 or more, 2), not {given.shape}.")
    time = _times(len(given), fps)
    seen = np.isfinite(given).all(axis=(1, 2))
    if seen.sum() < LEAST_FRAMES:
        return Verdict("points", "unusable", reason="Too few frames show every point.")
    run = given[:, 0] - given[:, -1]
    chord = np.linalg.norm(run, axis=1)
    longest = float(np.nanpercentile(chord, 90))
    if not longest > SMALLEST_BACK * float(np.nanmax(np.abs(given))):
        return Verdict("points", "unusable", reason="All points lie in one place.")
    # In a hinge the head goes forward of the sacrum, whichever way that is.
    lean = run[seen, 0] / longest
    facing: Facing = "right" if lean[np.abs(lean) > UPRIGHT_LEAN].sum() >= 0 else "left"
    right = given * [1.0 if facing == "right" else -1.0, 1.0]
    usual = spine.typical()
    reach_cm = np.linalg.norm(usual.points[0, 0] - usual.points[0, -1])
    reach_cm *= usual.trunk_share * tolerances.stature_cm
    motion = posture.from_points(time, right, float(reach_cm / longest))
    spans = reps.find_reps(time, motion.hip_deg)
    if not spans:
        return Verdict("points", "unusable", reason="No hip hinge is seen.", facing=facing)
    if motion.neutral == "assumed":
        # A back held round throughout would be its own neutral.
        return Verdict(
            "points",
            "unusable",
            reason="No standing is seen, against which to judge: begin standing upright.",
            facing=facing,
        )
    return sum_up(
        "points",
        motion,
        spans,
        facing,
        given[:, :0],
        tolerances=tolerances,
        three=given.shape[1] == 3,
    )


def _array(values: ArrayLike, name: str) -> Array:
    try:
        given = np.asarray(values)
        # Complex numbers and dates would turn into floats, and into nonsense.
        if given.dtype.kind not in "biufO":
            raise TypeError(given.dtype)
        out = given.astype(float)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} must be an array of numbers.") from error
    if isinstance(values, np.ma.MaskedArray):
        out[np.ma.getmaskarray(values)] = np.nan
    if np.isinf(out).any():
        raise ValueError(f"{name} must be finite, or NaN where missing.")
    if np.any(np.abs(out) > MOST):
        raise ValueError(f"{name} must lie within {MOST:g}.")
    return out


def _times(frames: int, fps: float) -> Array:
    try:
        rate = float(fps)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"fps must be a positive number, not {fps!r}.") from error
    if not RATES_FPS[0] <= rate <= RATES_FPS[1]:
        raise ValueError(f"fps must lie between {RATES_FPS[0]:g} and {RATES_FPS[1]:g}, not {fps}.")
    return np.arange(frames) / rate
