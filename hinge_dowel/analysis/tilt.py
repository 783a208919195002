"""Finds a camera held askew, which is measured and undone, and a picture on its side.

In a person who stands still, the lines from the ankles to the hips and to the shoulders are upright
within a few degrees, or the person would fall. Where both lean the same way by more, it is the
camera.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis.posture import STANDING_BAND_DEG, STANDING_DEG, STANDING_PERCENTILE
from hinge_dowel.analysis.time_series import known_median
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.facing import face_right
from hinge_dowel.body.landmarks import ANKLES, HIPS, SHOULDERS
from hinge_dowel.body.limbs import limb_angles
from hinge_dowel.body.trunk import pitch_deg
from hinge_dowel.verdict import Facing, Series

LEAST_FRAMES = 5
"""Fewest standing frames from which tilt is measured. A choice: steady at 2 and 6."""
LEGS_FORWARD_DEG, BODY_FORWARD_DEG = 2.0, 1.0
"""Usual forward lean of the lines from ankles to hips and to shoulders in standing: means of 50
level clips, where both scatter by 2.5 (sd)."""
LEAST_DEG = 4.0
"""Tilt is undone where both lines lean by at least this; in one of those 50 level clips they do.
Samples turned by less are judged within 2 degrees as they are."""
MOST_DEG = 18.0
"""Greatest tilt that is undone: up to 15 was tried, and people may lean. Steady at 9 and 36."""
LEGS_DEG = 45.0
"""Nobody stands on legs pitched further in the picture than this: it is a plank, told as a tilt of
71 degrees in one of 246 films. A choice, beyond any tilt that a camera in the hand has."""
SIDE_DEG, UPSIDE_DOWN_DEG = 60.0, 135.0
"""Median pitch of the legs beyond which the picture lies on its side, or is upside down; in a squat
it reaches 40. Choices: 48 is steady, 30 changes a clip; twice of both is steady. The trunk must not
be upright (`STANDING_DEG`, or 90) either, as the pose model invents legs behind plates."""
LEAST_VISIBILITY = 0.3
"""The legs must be as visible to the pose model as this to say so: in six films turned on their
side hips and ankles are by 0.59 and more, in one of somebody bent over below whose knees nothing is
in the picture by 0.07."""
ON_THE_SIDE = (
    "The person lies on their side in the picture: the film seems to have lost its rotation. Turn "
    "it upright with any video program and save it again; who really lies cannot be judged."
)
UPSIDE_DOWN = (
    "The person stands upside down in the picture: the film seems to have lost its rotation. Turn "
    "it upright with any video program and save it again."
)


def lost_rotation(landmarks: NDArray[np.floating]) -> str | None:
    """Return the reason to refuse a picture that is not upright, None if it is or nobody is seen.

    `landmarks` (T, 33, 2 or more) in pixels, y down; the fourth column, where there is one, says
    how visible each is, 0 to 1.
    """
    if landmarks.shape[-1] > 3:
        visible = landmarks[:, [*HIPS, *ANKLES], 3].min(axis=1)
        if known_median(visible) < LEAST_VISIBILITY:
            return None
    legs, trunk = (
        known_median(np.abs(line_pitch_deg(landmarks, *line)))
        for line in ((ANKLES, HIPS), (HIPS, SHOULDERS))
    )
    if legs > UPSIDE_DOWN_DEG:
        return UPSIDE_DOWN if trunk > 90.0 else None
    return ON_THE_SIDE if legs > SIDE_DEG and trunk > STANDING_DEG else None


def tilt_deg(landmarks: NDArray[np.floating], usable: Mask, facing: Facing) -> float:
    """Return the picture's tilt: how far to the right a standing person leans in it, degrees.

    0 where it is level, nobody stands, or the hips are between both feet. `landmarks`
    (T, 33, 2 or more) in pixels, y down; `usable` (T,) marks frames with the person and the feet in
    the picture.
    """
    # Standing as in `posture`, but by joint angles alone, which the picture's tilt does not change.
    angles = limb_angles(face_right(landmarks, None, facing)[0])
    bend = angles.trunk - angles.thigh
    with np.errstate(invalid="ignore"):
        straight = usable & (np.abs(bend) < STANDING_DEG) & (angles.knee < STANDING_DEG)
        straight &= np.abs(line_pitch_deg(landmarks, ANKLES, HIPS)) < LEGS_DEG
    if straight.sum() < LEAST_FRAMES:
        return 0.0
    straight &= bend <= np.percentile(bend[straight], STANDING_PERCENTILE) + STANDING_BAND_DEG
    standing = landmarks[straight]
    side = 1.0 if facing == "right" else -1.0
    leans = [
        float(np.median(line_pitch_deg(standing, ANKLES, upper))) - side * usual
        for upper, usual in ((HIPS, LEGS_FORWARD_DEG), (SHOULDERS, BODY_FORWARD_DEG))
    ]
    if not np.isfinite(leans).all() or leans[0] * leans[1] <= 0:
        return 0.0
    # Whose hips are over a place between both feet does not fall: a split stance is no tilt.
    usual = side * LEGS_FORWARD_DEG
    by_foot = [
        float(np.median(line_pitch_deg(standing, (foot, foot), HIPS))) - usual for foot in ANKLES
    ]
    if min(by_foot) < 0 < max(by_foot):
        return 0.0
    return sum(leans) / 2 if min(map(abs, leans)) >= LEAST_DEG else 0.0


def undone_deg(leaning_deg: float) -> float:
    """Return the part of a tilt that is undone: all of it, or 0 where it is too much."""
    return leaning_deg if abs(leaning_deg) <= MOST_DEG else 0.0


def turned(places: NDArray[np.floating], right_deg: float) -> Array:
    """Turn places (..., 2 or more) clockwise about the picture's upper left corner."""
    out = np.array(places, dtype=float)
    sine, cosine = np.sin(np.radians(right_deg)), np.cos(np.radians(right_deg))
    x, y = out[..., 0].copy(), out[..., 1].copy()
    out[..., 0], out[..., 1] = cosine * x - sine * y, sine * x + cosine * y
    return out


def warnings(leaning_deg: float) -> tuple[str, ...]:
    """Return the warning about a camera held askew: one sentence, or none."""
    if not leaning_deg:
        return ()
    too_much = "too much to be undone: hold the camera level"
    what = "which is undone" if undone_deg(leaning_deg) else too_much
    return (f"The picture is tilted by about {abs(leaning_deg):.0f} degrees, {what}.",)


def as_filmed(series: Series, levelled_deg: float) -> Series:
    """Convert a series measured in the levelled picture back to the one filmed."""
    if not levelled_deg:
        return series
    back_px, dowel_px = (turned(px, levelled_deg) for px in (series.back_px, series.dowel_px))
    return replace(series, back_px=back_px, dowel_px=dowel_px)


def line_pitch_deg(
    landmarks: NDArray[np.floating], low: tuple[int, int], high: tuple[int, int]
) -> Array:
    """Return the pitch (T,) of the line between the middles of two pairs, rightward positive.

    NaN where one of the four landmarks (T, 33, 2 or more) is.
    """
    ends = [landmarks[:, list(pair), :2].astype(float).mean(axis=1) for pair in (low, high)]
    return pitch_deg(ends[1] - ends[0])
