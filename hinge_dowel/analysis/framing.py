"""Whether the picture shows the person well, for clips and drill: cut off, oblique, too dark."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.analysis.time_series import known_median
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.landmarks import ANKLES, EARS, SHOULDERS, places
from hinge_dowel.body.trunk import pitch_deg, trunk_frame
from hinge_dowel.tolerances import Tolerances

ANKLE_MARGINS, EAR_MARGINS = (-0.15, -0.15), (0.08, 0.2)
"""Least distances of ankles and of ears from the picture's sides, and from its top and bottom, in
trunk lengths of 0.5 m. Ankles 7 cm outside still give the shin; above an ear are 10 cm of head.
Steady at half, but from top and bottom ears at 0.1 and 0.4, ankles at -0.19, change a clip."""
LOWER_ANKLE_TRUNKS = 0.05
"""Feet are out of the picture, too, where the lower ankle is by so many trunk lengths below it: the
pose model guesses ankles that it does not see just beyond the edge. In half of the frames they are
so in three of 246 films, which end at thighs or shins, in 0.38 in the next."""
UPRIGHT_DEG = 60.0
"""Up to this pitch of the trunk the view angle has an error of 7 degrees (sd), beyond it of 12, on
virtual subjects."""


SHOULDERS_TRUNKS = 0.7
"""How far apart the shoulders are from the front, in trunk lengths: 35 cm of 50. Steady from 0.6 to
0.8."""
SHOULDERS_UPRIGHT_DEG, LEAST_UPRIGHT = 25.0, 5
"""Shoulders tell the view in frames in which the trunk is pitched by no more than this, as a bent
person turns the upper back, and by so many such frames at least. Choices."""


def usual_view_deg(view_deg: Array, trunk_deg: Array, where: Mask) -> float:
    """Return the median angle from side-on in the frames `where` (T,), NaN where unknown.

    Taken from upright moments if there are any, where it is known twice as well.
    """
    known = where & np.isfinite(view_deg)
    with np.errstate(invalid="ignore"):
        upright = known & (trunk_deg < UPRIGHT_DEG)
    return known_median(view_deg[upright if upright.any() else known])


def view_by_shoulders_deg(landmarks: ArrayLike, where: Mask) -> float:
    """Return the angle from side-on by how far apart shoulders are across the picture, NaN if
    nobody is upright in the frames `where` (T,).

    `landmarks` (T, 33, 2 or more).
    """
    left, right = places(landmarks, *SHOULDERS)
    _, up, trunk_px = trunk_frame(np.asarray(landmarks))
    with np.errstate(invalid="ignore"):
        upright = where & (np.abs(pitch_deg(up)) < SHOULDERS_UPRIGHT_DEG)
    across = np.abs(left - right)[upright, 0] / trunk_px[upright]
    if np.isfinite(across).sum() < LEAST_UPRIGHT:
        return float("nan")
    return float(np.degrees(np.arcsin(min(known_median(across) / SHOULDERS_TRUNKS, 1.0))))


def view_of_both_deg(usual_deg: float, by_shoulders_deg: float, most_deg: float) -> float:
    """Return the mean of `usual_view_deg` and `view_by_shoulders_deg`, the first if only that is
    known; past `most_deg`, where nothing is judged, only if the first is.

    On virtual subjects they are off by 4.6 and 4.8 degrees (root mean square), their mean by 4.2.
    In 246 real films, labelled by eye, it parts those from the side better than the first does from
    those at 45 degrees (AUC 0.98 for 0.93), and those at 30 from both (0.87 and 0.86 for 0.78 and
    0.79).
    """
    if not np.isfinite(by_shoulders_deg):
        return usual_deg
    mean_deg = (usual_deg + by_shoulders_deg) / 2
    return mean_deg if usual_deg > most_deg else min(mean_deg, most_deg)


def cut_off(
    landmarks: ArrayLike, size_px: tuple[int, int] | None, shown_px: Array | None = None
) -> tuple[Mask, Mask]:
    """Return two masks (...,): whether the head, and whether the feet, are outside the picture.

    `landmarks` (..., 33, 2 or more) in pixels, y down; `size_px` is the picture's width and height,
    None if unknown: then nothing is cut off. `shown_px` is left, top, right and bottom of what it
    shows, None for all of it. NaN is not outside.
    """
    seen = np.asarray(landmarks)
    if size_px is None:
        nothing = np.zeros(seen.shape[:-2], dtype=bool)
        return nothing, nothing
    _, _, trunk_px = trunk_frame(seen)
    first, last = np.reshape([0, 0, *size_px] if shown_px is None else shown_px, (2, 2))

    def outside(places: tuple[int, ...], spare: tuple[float, float]) -> Mask:
        margin = np.array(spare) * np.asarray(trunk_px)[..., None, None]
        xy = seen[..., list(places), :2]
        with np.errstate(invalid="ignore"):
            out = (xy < first + margin) | (xy > last - margin)
        return np.asarray(out.any(axis=-1).all(axis=-1))

    with np.errstate(invalid="ignore"):
        below = seen[..., list(ANKLES), 1].max(axis=-1) - last[1]
        guessed = below > LOWER_ANKLE_TRUNKS * np.asarray(trunk_px)
    return outside(EARS, EAR_MARGINS), outside(ANKLES, ANKLE_MARGINS) | guessed


def too_dark(pictures: int, missed: int, dark: int, tolerances: Tolerances) -> bool:
    """Return whether too few pictures are usable, mostly for lack of light.

    `missed` of all `pictures` are unusable, and `dark` of these are darker than
    `Tolerances.dark_level`.
    """
    return pictures - missed < tolerances.seen_share * pictures and 2 * dark > missed
