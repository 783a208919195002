"""Measures of technique: hips back, weight over the feet, knees or hips first.

`measure_series` returns values by frame, `measures_of` those of one repetition. Lengths are
centimetres, times seconds, angles degrees of change from standing; not seen is NaN in a series and
None for a repetition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.time_series import (
    bottom_frames,
    frames_between,
    known_median,
    median_at,
    smooth,
)
from hinge_dowel.body.array_types import Array, Floats, Mask
from hinge_dowel.body.landmarks import ARM, EARS, HEELS, HIPS, KNEES, LEG, TOES, near
from hinge_dowel.body.masses import JOINTS, centre_of_mass
from hinge_dowel.body.trunk import pitch_deg

SHANK_SHARE, THIGH_SHARE, TRUNK_SHARE = 0.249, 0.2275, 0.2915
"""Lengths between joints as shares of stature, the trunk's from hip to shoulder: the means of the
women and men of de Leva (1996), as the masses are."""
FOOT_SHARE = 0.152
"""Length of the foot in shoes as a share of stature (Drillis and Contini 1966, in Winter 2009)."""
PAIR_OF = dict(zip(JOINTS, (EARS, *ARM, *LEG, HEELS, TOES), strict=True))
"""The landmarks of each joint of `masses.JOINTS`."""
ONSET_SHARES = (0.2, 0.3, 0.4)
"""A joint's onset is the mean of the times at which its angle passes these shares of its value at
the bottom: below, noise decides; above, a late joint has caught up. Choices: each steady at twice
of it, the second at 0.24 and not at 0.15."""
ONSET_KNEE_DEG = 12.0
"""Least knee flexion that has an onset. A choice: steady at 6 and 24."""
TRAVEL_TRUNK_DEG = 15.0
"""Least trunk pitch for the hips' travel per 10 degrees. A choice: steady at 7.5 and 30."""
RATIO_KNEE_DEG = 5.0
"""Least knee flexion for which hip over knee flexion is given. A choice: steady at 2.5 and 10."""
STANDING_WEIGHT_SHARES = (0.1, 0.7)
"""Possible places of the weight along the foot in standing; 0.3 to 0.5 is usual. Choices: the first
is steady at 0.05 and 0.2, the second at 0.56; 0.875 changes a clip."""
LONGEST_LEAD_S = 1.0
"""Knees that lead do so by less than this. A choice: steady at 0.5 and 2."""
RISING_SHARE = 0.6
"""The chest's lag behind the hips is measured in this first part of the way up. A choice: steady at
0.3 and at the whole way."""


@dataclass(frozen=True, slots=True)
class MeasureSeries:
    """Measures beside the angles, (T,) each, NaN where not seen.

    `hip_back_cm`: distance of the hip joints behind their standing place, relative to the ankles.
    `weight_share`: place of the body's centre of mass along the foot, 0 heel, 1 toe tip.
    """

    hip_back_cm: Array
    weight_share: Array
    heels_up_deg: Array
    """How far the foot is tipped onto its toes, against standing."""
    thigh_above_level_deg: Array
    """Slope of the thigh from knee up to hip; 0 where the hips are as low as the knees. The higher
    of what landmarks and angles give, as plates may hide either."""

    def from_far(self) -> MeasureSeries:
        """Return it as seen from far off side-on, where the feet do not show what is over them."""
        unknown = np.full_like(self.weight_share, np.nan)
        return replace(self, weight_share=unknown, heels_up_deg=unknown)

    def of_split_stance(self) -> MeasureSeries:
        """Return it without what is measured over both feet, which are not side by side."""
        return replace(self.from_far(), hip_back_cm=np.full_like(self.hip_back_cm, np.nan))


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one repetition: those of `verdict.Rep`, and some that only notes use.

    `chest_lag_deg`: how much further the trunk tips as the way up begins, 0 or more. `lowering_s`:
    the time of the way down. `heels_up_deg`, `thigh_above_level_deg`: as in `MeasureSeries`, at the
    bottom. `head_back_deg`: extension of the head against the upper thorax at the bottom.
    """

    hip_travel_cm: float | None = None
    hip_travel_cm_per_10_deg: float | None = None
    weight_share: float | None = None
    knee_lead_s: float | None = None
    hip_knee_ratio: float | None = None
    chest_lag_deg: float | None = None
    lowering_s: float | None = None
    heels_up_deg: float | None = None
    thigh_above_level_deg: float | None = None
    head_back_deg: float | None = None


def measure_series(motion: Posture, right: Floats, stature_cm: float) -> MeasureSeries:
    """Return the measures of a motion. `right` (T, 33, 2 or more): landmarks facing right, y down.

    Hips and weight are computed from the angles of shank, thigh and trunk and their usual lengths,
    as the pose model lets joints slide. Only arms and head, and the place of the weight in
    standing, are taken from the landmarks; without standing the weight is NaN.
    """
    joints = {name: near(right, pair)[:, 0] * motion.cm_per_px for name, pair in PAIR_OF.items()}
    shin, thigh, trunk = (
        np.radians(angle)
        for angle in (motion.shin_deg, motion.shin_deg - motion.knee_deg, motion.trunk_deg)
    )
    zero = np.zeros(len(motion.time_s))
    knee = SHANK_SHARE * stature_cm * np.sin(shin)
    hip = -hip_back_cm(motion, stature_cm)
    shoulder = hip + TRUNK_SHARE * stature_cm * np.sin(trunk)
    moved = {"ankle": zero, "heel": zero, "toe": zero, "knee": knee, "hip": hip}
    moved["shoulder"] = shoulder
    for name in ("ear", "elbow", "wrist"):
        moved[name] = shoulder + joints[name] - joints["shoulder"]
    ahead = smooth(motion.time_s, centre_of_mass(moved))
    standing = motion.standing
    foot = FOOT_SHARE * stature_cm
    weight = (ahead - known_median(ahead[standing])) / foot + _standing_weight(joints, standing)
    seen = pitch_deg(near(right, HIPS) - near(right, KNEES))
    slope = 90.0 + np.fmax(smooth(motion.time_s, seen), np.degrees(thigh))
    foot_deg = smooth(motion.time_s, pitch_deg(near(right, TOES) - near(right, HEELS)))
    return MeasureSeries(-hip, weight, foot_deg - known_median(foot_deg[standing]), slope)


def hip_back_cm(motion: Posture, stature_cm: float) -> Array:
    """Return how far (T,) in cm the hip joints are behind their standing place over the ankles."""
    shin, thigh = np.radians(motion.shin_deg), np.radians(motion.shin_deg - motion.knee_deg)
    knee = SHANK_SHARE * stature_cm * np.sin(shin)
    return np.asarray(-knee - THIGH_SHARE * stature_cm * np.sin(thigh))


def _standing_weight(joints: dict[str, Array], standing: Mask) -> float:
    """Return the place of the weight along the foot in `standing` frames, from the landmarks."""
    heel, toe = joints["heel"], joints["toe"]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (centre_of_mass(joints) - heel) / (toe - heel)
    own = known_median(share[standing])
    # Standing weight is over the feet; otherwise the feet were detected in a wrong place.
    return own if STANDING_WEIGHT_SHARES[0] <= own <= STANDING_WEIGHT_SHARES[1] else np.nan


def measures_of(motion: Posture, series: MeasureSeries, span: RepSpan) -> Measures:
    """Return the measures of one repetition of a motion with legs."""
    bottom = bottom_frames(motion.time_s, span)
    travel, weight = median_at(series.hip_back_cm, bottom), median_at(series.weight_share, bottom)
    lean, hip, knee = (
        median_at(values, bottom) for values in (motion.trunk_deg, motion.hip_deg, motion.knee_deg)
    )
    ratio = None
    if hip is not None and knee is not None and knee >= RATIO_KNEE_DEG:
        ratio = hip / knee
    per_10 = None
    if travel is not None and lean is not None and lean >= TRAVEL_TRUNK_DEG:
        per_10 = 10 * travel / lean
    return Measures(
        hip_travel_cm=travel,
        hip_travel_cm_per_10_deg=per_10,
        weight_share=weight,
        knee_lead_s=_knee_lead_s(motion, span, hip, knee),
        hip_knee_ratio=ratio,
        chest_lag_deg=_chest_lag_deg(motion, span, lean),
        heels_up_deg=median_at(series.heels_up_deg, bottom),
        thigh_above_level_deg=median_at(series.thigh_above_level_deg, bottom),
        head_back_deg=median_at(-motion.cervical_deg, bottom),
        lowering_s=None if span.start_s is None else span.bottom_s - span.start_s,
    )


def _knee_lead_s(
    motion: Posture, span: RepSpan, hip: float | None, knee: float | None
) -> float | None:
    """Return how much earlier the knees start than the hips; None without the start of the rep."""
    if span.start_s is None or hip is None or knee is None or knee < ONSET_KNEE_DEG:
        return None
    # A span begins with the hips' movement; knees that lead start before it.
    begun = int(np.searchsorted(motion.time_s, span.start_s - LONGEST_LEAD_S))
    way = slice(begun, span.bottom + 1)
    hip_s = _onset_s(motion.time_s[way], motion.hip_deg[way], hip)
    knee_s = _onset_s(motion.time_s[way], motion.knee_deg[way], knee)
    return None if hip_s is None or knee_s is None else hip_s - knee_s


def _onset_s(time_s: Array, angle_deg: Array, deepest_deg: float) -> float | None:
    """Return a joint's onset (see `ONSET_SHARES`), from the last time it passes each share."""
    known = np.isfinite(angle_deg)
    time, share = time_s[known], angle_deg[known] / deepest_deg
    if len(time) < 3 or share[0] > ONSET_SHARES[0]:
        return None
    crossings = []
    for level in ONSET_SHARES:
        below = np.flatnonzero(share < level)
        last = int(below[-1]) if len(below) else 0
        if last + 1 >= len(time):
            return None
        rise = share[last + 1] - share[last]
        crossings.append(time[last] + (level - share[last]) / rise * (time[last + 1] - time[last]))
    return float(np.mean(crossings))


def _chest_lag_deg(motion: Posture, span: RepSpan, lean: float | None) -> float | None:
    """Return how much further than at the bottom the trunk tips in the first part of the way up."""
    if lean is None or span.end_s is None:
        return None
    until_s = span.bottom_s + RISING_SHARE * (span.end_s - span.bottom_s)
    pitches = motion.trunk_deg[frames_between(motion.time_s, span.bottom_s, until_s)]
    pitches = pitches[np.isfinite(pitches)]
    return max(0.0, float(pitches.max()) - lean) if len(pitches) else None
