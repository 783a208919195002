"""How the picture shows the person, for clips and for the drill: cut off, oblique, in the dark."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel.analysis.posture import known_median
from hinge_dowel.body.landmarks import ANKLES, EARS
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.tolerances import Tolerances

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

ANKLE_MARGINS, EAR_MARGINS = (-0.15, -0.15), (0.08, 0.2)
"""How far from the picture's sides, and from its top and bottom, ankles and ears must be, in trunk
lengths of 0.5 m. Ankles found 7 cm outside still give the shin; over an ear there are 10 cm of
head. Steady at half, but from top and bottom ears at 0.1 and 0.4, and ankles at -0.19, change a
clip."""


UPRIGHT_DEG = 60.0
"""With the trunk pitched less than this the view angle is known to 7 degrees (sd), more pitched to
12, on virtual subjects."""


def usual_view_deg(view_deg: Array, trunk_deg: Array, where: Mask) -> float:
    """How far from side-on a person is seen in the frames `where` (T,), NaN where never.

    Asked of upright moments, if there are any, as the view is known twice as well there.
    """
    known = where & np.isfinite(view_deg)
    with np.errstate(invalid="ignore"):
        upright = known & (trunk_deg < UPRIGHT_DEG)
    return known_median(view_deg[upright if upright.any() else known])


def cut_off(landmarks: ArrayLike, size_px: tuple[int, int] | None) -> tuple[Mask, Mask]:
    """Whether head and feet lie outside the picture: two masks (...,).

    `landmarks` (..., 33, 2 or more) in pixels, y down; `size_px` width and height of the picture,
    None where it is not known: then nothing is cut off. NaN is not outside.
    """
    seen = np.asarray(landmarks)
    if size_px is None:
        nothing = np.zeros(seen.shape[:-2], dtype=bool)
        return nothing, nothing
    _, _, trunk_px = trunk_frame(seen)
    size = np.array(size_px)

    def outside(places: tuple[int, ...], spare: tuple[float, float]) -> Mask:
        margin = np.array(spare) * np.asarray(trunk_px)[..., None, None]
        xy = seen[..., list(places), :2]
        with np.errstate(invalid="ignore"):
            out = (xy < margin) | (xy > size - margin)
        return np.asarray(out.any(axis=-1).all(axis=-1))

    return outside(EARS, EAR_MARGINS), outside(ANKLES, ANKLE_MARGINS)


def too_dark(pictures: int, missed: int, dark: int, tolerances: Tolerances) -> bool:
    """Whether too few pictures are of use, and mostly for want of light.

    Of so many `pictures`, `missed` are of no use, and `dark` of those are darker than
    `Tolerances.dark_level`.
    """
    return pictures - missed < tolerances.seen_share * pictures and 2 * dark > missed
