"""A sagittal figure of a person, bent by known joint angles.

It stands with natural curves and is bent by rigid turns about joints, so that every angle is exact.
Angles are degrees of change from the figure's own standing posture in the sagittal plane, flexion
and leaning forward positive. Standing is not a straight line: the shoulder lies 2 cm behind the
line from ear to hip (Woodhull et al. 1985), and the back has its lumbar and thoracic curves.
Lengths are shares of stature after Drillis and Contini (1966), as printed in Winter, Biomechanics
and Motor Control of Human Movement (2009), figure 4.1, unless another source is named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.body.array_types import Array

POINTS = ("occiput", "C7", "T4", "T8", "T12", "L3", "sacrum")
"""The places along the back, head to sacrum."""

_SHANK_SHARE = 0.246
_THIGH_SHARE = 0.245
_TRUNK_SHARE = 0.288
"""Lengths as shares of stature (Drillis and Contini 1966): shank, thigh, and mid-hip to
mid-shoulder. All lengths that follow are shares of stature too."""
_HANGING = {
    "elbow": ("shoulder", 0.186, 5.0),
    "wrist": ("elbow", 0.146, -10.0),
    "pinky": ("wrist", 0.1, 0.0),
    "index": ("wrist", 0.1, -12.0),
    "thumb": ("wrist", 0.05, -25.0),
}
"""The places of a hanging arm: (place above it, distance, degrees back of straight down). Distances
of arm and forearm as above, of the others within the hand's 0.108; the angles, of a loose arm, are
a choice."""
_HEEL_SHARE = (-0.04, -0.03)
_TOE_SHARE = (0.11, -0.03)
"""Heel and toe tip from the ankle, vectors (forward, up): a foot is 0.152 long (as above)."""
_HALF_SHOULDERS_SHARE = 0.104
"""From the midline to a shoulder joint: joints 0.36 m apart on a body of 1.73 m, not the 0.259
between the outermost points of the shoulder blades."""
_HALF_HIPS_SHARE = 0.0955
"""From the midline to a hip joint (as above)."""
_STANDING_KNEE_DEG = 3.0
"""Knee flexion in standing, by choice. The standing shin is vertical: its change is its angle."""

_SACRUM_SHARE = (-0.023, 0.035)
"""The vertebral body of the sacrum from mid-hip, a vector (forward, up)."""
_SKIN_SHARE = 0.035
"""Distance from the vertebral bodies back to the skin: about 6 cm. A choice, as are the sacrum's
place and the standing pitches below: angles and distances are changes from standing."""
_HEIGHTS = {"sacrum": 0.0, "L3": 0.06, "T12": 0.115, "T8": 0.18, "T4": 0.24, "C7": 0.295}
"""Heights of vertebrae above the sacrum, from surface landmarks in standing (C7 at 0.295)."""
_STANDING_PITCH_DEG = (15.0, -5.0, -12.0, 0.0, 15.0, 28.0)
"""Standing pitch of the spine at each of them, forward positive: a lumbar curve of 27 and a
thoracic one of 40 degrees between surface tangents."""
_FIXED_BELOW_SHARE = 0.02
"""Up to this height above the sacrum (S1) the spine turns with the pelvis, above T4 with thorax."""
_GRID = np.linspace(0.0, _HEIGHTS["C7"], 60)
"""Heights above the sacrum at which the spine is computed, 8 mm apart."""

_NECK_SHARE = 0.07
_NECK_PITCH_DEG = 12.0
"""Length and standing pitch of the neck, by choice: one rigid piece between C7 and the skull, with
half of its flexion at either end."""
_HEAD = {
    "occiput": (-0.047, 0.012, 0.0),
    "ear": (0.008, 0.012, 0.041),
    "nose": (0.078, 0.004, 0.0),
    "eye_inner": (0.060, 0.022, 0.010),
    "eye": (0.058, 0.022, 0.018),
    "eye_outer": (0.054, 0.022, 0.026),
    "mouth": (0.065, -0.023, 0.014),
}
"""Places of the head from the top of the neck: forward, up, and to the side (head 0.125 from
occiput to nose, 0.082 from ear to ear)."""

LEFT, RIGHT = 1, -1
"""Sides of the figure, as the sign of the third coordinate of a landmark; 0 is the middle."""
_ARM = ("shoulder", *_HANGING)
_LEG = ("hip", "knee", "ankle", "heel", "toe")
_EYE = ("eye_inner", "eye", "eye_outer")
LANDMARKS = (
    ("nose", 0),
    *((place, side) for side in (LEFT, RIGHT) for place in _EYE),
    *((place, side) for place in ("ear", "mouth", *_ARM, *_LEG) for side in (LEFT, RIGHT)),
)
"""MediaPipe's 33 landmarks in order: place, and side of the figure."""
_HALF_WIDTH = (
    {place: aside for place, (_, _, aside) in _HEAD.items()}
    | dict.fromkeys(_ARM, _HALF_SHOULDERS_SHARE)
    | dict.fromkeys(_LEG, _HALF_HIPS_SHARE)
)


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """The places of a bent figure in cm: ankle at 0, nose toward +x, y up."""

    points: Array
    """(..., 7, 2) the places of `POINTS` on the skin: forward, up."""
    landmarks: Array
    """(..., 33, 3) in MediaPipe's order: forward, up, to the figure's own left."""


def figure(
    hip_deg: ArrayLike = 0.0,
    knee_deg: ArrayLike = 0.0,
    shin_deg: ArrayLike = 0.0,
    spinal_deg: ArrayLike = 0.0,
    cervical_deg: ArrayLike = 0.0,
    *,
    lumbar_share: ArrayLike = 0.7,
    stature_cm: float = 170.0,
) -> Figure:
    """Return a figure bent by these angles: numbers, or arrays of shapes that broadcast.

    `hip_deg` is thigh against trunk (the line from mid-hip to mid-shoulder), `knee_deg` shank
    against thigh, `shin_deg` shank from vertical, forward positive, `spinal_deg` upper thorax
    against pelvis, `cervical_deg` head against upper thorax. `lumbar_share` is the share of the
    spinal flexion that lies below T12.

    Feet stay flat. The spine bends evenly below T12 and evenly between T12 and T4, where the upper
    thorax begins, which carries shoulders and neck as one piece. Arms hang.
    """
    hip, knee, shin, spinal, cervical, share = np.broadcast_arrays(
        *(np.asarray(a, np.float64) for a in (hip_deg, knee_deg, shin_deg, spinal_deg)),
        np.asarray(cervical_deg, np.float64),
        np.asarray(lumbar_share, np.float64),
    )
    thigh = shin - knee
    at_ankle = np.zeros((*hip.shape, 2))
    at_knee = at_ankle + _SHANK_SHARE * _toward(shin)
    at_hip = at_knee + _THIGH_SHARE * _toward(thigh - _STANDING_KNEE_DEG)
    # The upper body, computed with mid-hip at 0 and a standing pelvis, is turned as a whole below.
    bodies, skins = _spine(spinal, share)
    rest_bodies, _ = _spine(np.zeros(()), np.zeros(()))
    neck = bodies[..., -1, :]
    shoulder = neck + _turned((0.0, _TRUNK_SHARE) - rest_bodies[-1], spinal)
    skull = neck + _NECK_SHARE * _toward(_NECK_PITCH_DEG + spinal + cervical / 2)
    head = {
        place: skull + _turned(np.array([forward, up]), spinal + cervical)
        for place, (forward, up, _) in _HEAD.items()
    }
    chord = np.degrees(np.arctan2(shoulder[..., 0], shoulder[..., 1]))
    pelvis = thigh + hip - chord

    def placed(place: Array) -> Array:
        return at_hip + _turned(place, pelvis)

    back = [head["occiput"]]
    back += [skins[..., np.searchsorted(_GRID, _HEIGHTS[name] - 1e-9), :] for name in POINTS[1:]]
    sagittal = {place: placed(where) for place, where in head.items()} | {
        "shoulder": placed(shoulder),
        "hip": at_hip,
        "knee": at_knee,
        "ankle": at_ankle,
        "heel": at_ankle + _HEEL_SHARE,
        "toe": at_ankle + _TOE_SHARE,
    }
    for place, (above, length, back_deg) in _HANGING.items():
        sagittal[place] = sagittal[above] - length * _toward(back_deg)
    landmarks = [
        np.concatenate(
            [sagittal[place], np.full((*hip.shape, 1), side * _HALF_WIDTH[place])], axis=-1
        )
        for place, side in LANDMARKS
    ]
    return Figure(
        stature_cm * np.stack([placed(place) for place in back], axis=-2),
        stature_cm * np.stack(landmarks, axis=-2),
    )


def _toward(pitch_deg: ArrayLike) -> Array:
    """Return unit vectors (..., 2) pitched forward from vertical by `pitch_deg` (...)."""
    pitch = np.radians(pitch_deg)
    return np.stack([np.sin(pitch), np.cos(pitch)], axis=-1)


def _turned(vector: Array, forward_deg: Array) -> Array:
    """Return vectors (..., 2) turned forward by angles (...)."""
    sine, cosine = np.moveaxis(_toward(forward_deg), -1, 0)
    forward, up = vector[..., 0], vector[..., 1]
    return np.stack([forward * cosine + up * sine, up * cosine - forward * sine], axis=-1)


def _spine(spinal_deg: Array, lumbar_share: Array) -> tuple[Array, Array]:
    """Return vertebral bodies and the skin behind them (..., 60, 2) by `_GRID`, pelvis upright."""
    lumbar = np.interp(_GRID, (_FIXED_BELOW_SHARE, _HEIGHTS["T12"]), (0.0, 1.0))
    thoracic = np.interp(_GRID, (_HEIGHTS["T12"], _HEIGHTS["T4"]), (0.0, 1.0))
    share = lumbar_share[..., None]
    bend = spinal_deg[..., None] * (share * lumbar + (1 - share) * thoracic)
    pitch = np.interp(_GRID, list(_HEIGHTS.values()), _STANDING_PITCH_DEG) + bend
    step = _toward((pitch[..., 1:] + pitch[..., :-1]) / 2) * np.diff(_GRID)[:, None]
    start = np.zeros((*pitch.shape[:-1], 1, 2)) + _SACRUM_SHARE
    bodies = np.concatenate([start, start + np.cumsum(step, axis=-2)], axis=-2)
    return bodies, bodies + _SKIN_SHARE * _toward(pitch - 90.0)
