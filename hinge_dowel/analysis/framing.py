"""Whether the picture shows the person well, for clips and drill: cut off, oblique, too dark."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.analysis.time_series import known_median
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.landmarks import ANKLES, EARS
from hinge_dowel.body.trunk import trunk_frame
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


def usual_view_deg(view_deg: Array, trunk_deg: Array, where: Mask) -> float:
    """Return the median angle from side-on in the frames `where` (T,), NaN where unknown.

    Taken from upright moments if there are any, where it is known twice as well.
    """
    known = where & np.isfinite(view_deg)
    with np.errstate(invalid="ignore"):
        upright = known & (trunk_deg < UPRIGHT_DEG)
    return known_median(view_deg[upright if upright.any() else known])


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
