"""Posture over time: angles and strays as changes from the person's own standing neutral."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from scipy.ndimage import binary_opening

from hinge_dowel.analysis import dowel, shrinkage
from hinge_dowel.analysis.back_points import DOUBTED, Spine, typical
from hinge_dowel.analysis.back_regions import regions
from hinge_dowel.analysis.time_series import bridged, frames_within, median_at, smooth
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.limbs import LimbAngles
from hinge_dowel.body.trunk import pitch_deg, wrapped

STANDING_DEG = 25.0
"""Most pitch of trunk and thigh, and knee flexion, in standing: slouching or leaning stays within
15, soft standing knees bend 5 to 15. A choice: 20 and (in `tilt`) 50 change a clip, 31 none."""
ERECT_DEG, ERECT_KNEE_DEG = 12.0, 20.0
"""Most pitch of trunk and thigh, and flexion of the knee, that count as standing even in motion.
Choices: 9.6 and 24 change a clip, 15 none; of the knee 10 does, 16 and 40 do not."""
STILL_DEG_S = 40.0
"""Greatest sum of the speeds of trunk and thigh in standing still: a 4 s repetition reaches 60
mid-way. A choice that matters: 32 and 50 each change a clip."""
STANDING_BAND_DEG, STANDING_PERCENTILE = 6.0, 20.0
"""Standing frames are bent by at most this much more than the most upright fifth of them. A choice
that matters: with 4.8 and with 7.5 degrees a clip is judged otherwise."""
UNBROKEN_S = 0.2
"""Least duration of standing still: in walking, trunk and thigh are still for a frame or two. A
choice: 0.1 changes no clip, 0.25 one."""
STANDING_LEAST_S = 0.15
"""Least standing in all that makes a neutral. A choice: 0.12 changes no clip, 0.19 one."""
BENT_PERCENTILE = 90.0
"""Percentile of the trunk's length that is taken for its standing length where no standing is seen,
as a bent trunk looks shorter. A choice, below the maximum because of single bad frames."""

ANGLES: Mapping[str, str] = {
    "hip": "hip_flexion_deg",
    "knee": "knee_flexion_deg",
    "shin": "shin_angle_deg",
    "spinal": "spinal_flexion_deg",
    "cervical": "cervical_flexion_deg",
}
"""Angle in `Posture` -> the field of `Series` for it, and of `Rep` for its extreme."""


@dataclass(frozen=True, slots=True)
class Posture:
    """Angles in degrees and strays in cm of change from standing, arrays of T frames.

    Flexion and leaving the dowel are positive; NaN where not seen, or where the input cannot show
    it at all. `fit` is the dowel, `points_cm` (T, K, 2) the back that it was laid on, facing right,
    y down; `cm_per_px` is the factor from the input's unit. `standing` marks the frames that
    neutral was taken from; `neutral` is "assumed" where the person's own is not known.
    `by_strays`: whether no angle of the back is good enough to judge by, so that strays decide.
    `usual_error_deg` has by joint ("spinal", "cervical", "knee", "shin", "hip") the usual error of
    its change, (T,); {} where not known.
    """

    time_s: Array
    hip_deg: Array
    knee_deg: Array
    shin_deg: Array
    spinal_deg: Array
    cervical_deg: Array
    trunk_deg: Array
    fit: dowel.Fit
    points_cm: Array
    cm_per_px: float
    neutral: Literal["measured", "assumed"]
    standing: Mask
    by_strays: bool
    usual_error_deg: dict[str, Array] = field(default_factory=dict)

    def doubted(self, times: float) -> Posture:
        """Return the posture with its usual errors multiplied by `times`."""
        return replace(
            self, usual_error_deg={k: times * v for k, v in self.usual_error_deg.items()}
        )


def standing_frames(time_s: Array, trunk_deg: Array, knee_deg: Array, thigh_deg: Array) -> Mask:
    """Return a mask (T,) of frames of standing, still and upright; all False where none is seen.

    Pitches from vertical and knee flexion in degrees (T,); frames with NaN are never standing.
    """
    nothing = np.zeros(len(time_s), dtype=bool)
    if len(time_s) < 3:
        return nothing
    trunk, thigh, knee = (smooth(time_s, a) for a in (trunk_deg, thigh_deg, knee_deg))
    with np.errstate(invalid="ignore"):
        speed = np.abs(np.gradient(trunk, time_s)) + np.abs(np.gradient(thigh, time_s))
        upright = (np.abs(trunk) < STANDING_DEG) & (knee < STANDING_DEG)
        upright &= (np.abs(thigh) < STANDING_DEG) & (speed < STILL_DEG_S)
        erect = (np.abs(trunk) < ERECT_DEG) & (knee < ERECT_KNEE_DEG) & (np.abs(thigh) < ERECT_DEG)
    bend = trunk - thigh
    upright = binary_opening(upright, np.ones(frames_within(time_s, UNBROKEN_S), dtype=bool))
    step_s = float(np.median(np.diff(time_s)))
    # Standing still; else, in a clip trimmed to the movement, its most upright moments.
    for frames in (upright, erect):
        if frames.any():
            near = frames & (
                bend <= np.percentile(bend[frames], STANDING_PERCENTILE) + STANDING_BAND_DEG
            )
            if near.sum() * step_s >= STANDING_LEAST_S:
                return near
    return nothing


def standing_of(time_s: Array, spine: Spine) -> Mask:
    """Return the `standing_frames` of an estimated spine."""
    thigh = spine.shin_deg - spine.knee_deg
    return standing_frames(time_s, spine.trunk_deg, spine.knee_deg, thigh)


def _level(values: Array, standing: Mask, usual: float) -> float:
    own = median_at(values, standing)
    return usual if own is None else own


def from_spine(time_s: Array, spine: Spine, stature_cm: float) -> Posture:
    """Return the posture of a spine as it is at times (T,) in seconds.

    `stature_cm` scales the picture to centimetres: an error of 10 % is one of 10 % in all strays.
    """
    thigh = spine.shin_deg - spine.knee_deg
    standing = standing_of(time_s, spine)
    usual = typical()
    series = {
        # Gaps are bridged so that the trunk shows the repetition while a plate hides the legs.
        "hip": spine.trunk_deg - bridged(time_s, thigh),
        "knee": spine.knee_deg,
        "shin": spine.shin_deg,
        "spinal": spine.thorax_deg - spine.pelvis_deg,
        "cervical": spine.head_deg - spine.thorax_deg,
        "trunk": spine.trunk_deg,
    }
    change = {
        f"{name}_deg": smooth(time_s, angle - _level(angle, standing, usual.angles[name]))
        for name, angle in series.items()
    }
    lengths = spine.trunk_px[standing] if standing.any() else spine.trunk_px
    known = lengths[np.isfinite(lengths)]
    percentile = 50.0 if standing.any() else BENT_PERCENTILE
    trunk_px = float(np.percentile(known, percentile)) if len(known) else np.nan
    scale = usual.trunk_share * stature_cm / trunk_px
    points = spine.points_px * scale
    own = standing & np.isfinite(points).all(axis=(1, 2))
    rest = (
        dowel.rest(points[own], spine.thorax_deg[own])
        if own.any()
        else dowel.rest(usual.points * usual.trunk_share * stature_cm, usual.thorax)
    )
    return Posture(
        time_s=time_s,
        **change,
        fit=dowel.fit(points, rest, spine.thorax_deg),
        points_cm=points,
        cm_per_px=scale,
        neutral=_neutral_of(spine, standing),
        standing=standing,
        by_strays=False,
        usual_error_deg=dict(zip(DOUBTED, spine.usual_error_deg.T, strict=True)),
    )


def from_estimate(time_s: Array, spine: Spine, stature_cm: float) -> Posture:
    """Return the posture of a spine estimated from pictures: as `from_spine`, `shrinkage` undone.

    Not that of somebody who is not seen standing, of whose spine the change is hardly known.
    """
    motion = from_spine(time_s, spine, stature_cm)
    if motion.neutral == "assumed":
        return motion
    return replace(motion, spinal_deg=shrinkage.undone(motion.spinal_deg))


def _neutral_of(spine: Spine, standing: Mask) -> Literal["measured", "assumed"]:
    """Return whether the person's own neutral is known.

    Standing with the head out of the picture shows no neutral of back and neck. A body without a
    face in any frame has no neck to be judged, so for it any standing counts.
    """
    faced = np.isfinite(spine.head_deg)
    shown = faced[standing].any() if faced.any() else standing.any()
    return "measured" if shown else "assumed"


def from_points(
    time_s: Array, points: Array, cm_per_unit: float = 1.0, limbs: LimbAngles | None = None
) -> Posture:
    """Return the posture of points along the back, (T, K >= 3, 2), facing right, y down.

    Without `limbs` the hip angle is the trunk's pitch, as if the thigh did not move; knee and shin
    are NaN. Spinal flexion is NaN without two points in the upper back and two below it, cervical
    flexion without two in the upper back. `cm_per_unit` scales the points to cm.
    """
    points_cm = points * cm_per_unit
    count = points_cm.shape[1]
    spot = np.nanmedian(points_cm, axis=0)
    carries = regions(spot).directing
    upper = points_cm[:, carries].mean(axis=1)
    trunk = pitch_deg(upper - points_cm[:, -1])
    unknown, zero = np.full(len(time_s), np.nan), np.zeros(len(time_s))
    knee, shin = (unknown, unknown) if limbs is None else (limbs.knee, limbs.shank)
    thigh = zero if limbs is None else bridged(time_s, limbs.thigh)
    standing = standing_frames(time_s, trunk, zero if limbs is None else knee, thigh)
    held = standing if standing.any() else np.isfinite(trunk)
    first, last = np.flatnonzero(carries)[[0, -1]]
    thorax = pitch_deg(points_cm[:, first] - points_cm[:, last]) if last > first else unknown
    low = pitch_deg(points_cm[:, last + 1] - points_cm[:, -1]) if last + 1 < count - 1 else unknown
    head = pitch_deg(points_cm[:, 0] - points_cm[:, first])
    series = {
        "hip": trunk - thigh,
        "knee": knee,
        "shin": shin,
        "spinal": wrapped(thorax - low, 360.0),
        "cervical": wrapped(head - thorax, 360.0),
        "trunk": trunk,
    }
    change = {
        f"{name}_deg": smooth(time_s, angle - _level(angle, held, 0.0))
        for name, angle in series.items()
    }
    return Posture(
        time_s=time_s,
        **change,
        fit=dowel.fit(points_cm, dowel.rest(points_cm[held])),
        points_cm=points_cm,
        cm_per_px=cm_per_unit,
        neutral="measured" if standing.any() else "assumed",
        standing=standing,
        by_strays=True,
        usual_error_deg={},
    )
