"""Whether x and y have one scale: a trunk keeps its length as it bends, whoever looks at it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.landmarks import SHOULDERS, WRISTS
from hinge_dowel.body.trunk import pitch_deg, trunk_frame

BENT_DEG = 40.0
"""A trunk pitched by more than this is bent ..."""
UPRIGHT_DEG = 20.0
"""... and by less than this upright, in whatever scale: choices, the first steady at 30 and 50, the
second at 10 and 30."""
EVEN_LENGTH_SHARES = (0.84, 1.19)
"""A bent trunk against an upright one where x and y have one scale: a camera at 30 degrees from
side-on gives 0.87, shares of a 4:3 picture about 0.8, of 16:9 about 0.6."""
POSSIBLE_LENGTH_SHARES = (0.6, EVEN_LENGTH_SHARES[1])
"""Beyond these no camera makes it look so: 41 films from anywhere have 0.62 (one from far off the
side) to 1.00, shares of a 16:9 picture 0.5 to 0.57, of an upright one more than 1.3."""
SIDE_ON_LENGTH_SHARE = 0.76
"""Nor does a trunk bent in the picture's plane look so much shorter: of 41 films those that show no
other sign of a camera off the side have 0.81 and more, shares of a 16:9 picture 0.71 at most."""
FILMED_LENGTH_SHARES = (SIDE_ON_LENGTH_SHARE, 1.07)
"""The same of a film, whose landmarks are less exact. 44 real films as they should be have 0.80 to
1.00, but for two that were taken from 38 degrees off the side and more; 83 of virtual subjects 0.77
to 0.99, but for three (0.12, 0.66, 1.07). 12 and 16 of the real ones shown 0.75 and 1.33 times as
wide have 0.65 to 0.79 (ten of them 0.76 or less) and 0.89 to 1.17, those 2.2 times as wide 1.08 to
1.46, where the pose model still follows them."""

SIDE_ON_DEG = 22.0
"""Told further off side-on than this, a trunk that looks short says nothing: of 129 real films in
their true shape 11 have less than 0.77 and are told 23 to 34 degrees off (by eye 30 to 45), those
squeezed to 0.75 are told 10 to 20."""

LEAST_FRAMES = 10
"""A film tells by so many frames upright and so many bent at least. Of 246 real films in their true
shape 8 were told squeezed or stretched with fewer, or with the arms overhead, which lifts the
shoulders: two are now. Shown 0.75 and 1.33 times as wide 49 and 52 of 174 are found, for 62 and 73.
"""

ZOOMED_RATIO = 1.3
"""The length of an upright trunk changes by so many times, from the tenth to the ninetieth
percentile, where the camera zooms or is moved nearer: films zoomed 1.35 and 1.5 times 1.36 and
1.56, others 1.25 at most, but for one squeezed to 0.75 (1.29)."""


def bent_share(pitch_deg: Array, length: Array) -> float:
    """How long a trunk (T,) looks bent against upright: 1 where x and y have one scale.

    NaN where it is not seen both ways.
    """
    with np.errstate(invalid="ignore"):
        bent, upright = np.abs(pitch_deg) > BENT_DEG, np.abs(pitch_deg) < UPRIGHT_DEG
    known = np.isfinite(length)
    if not (bent & known).any() or not (upright & known).any():
        return float("nan")
    return float(np.median(length[bent & known]) / np.median(length[upright & known]))


def beyond(share: float, limits: tuple[float, float]) -> bool:
    """Whether a share that is known lies outside of the limits."""
    return share <= limits[0] or share >= limits[1]


def stretched(landmarks: NDArray[np.floating], view_deg: float) -> str | None:
    """What to say of a film (T, 33, 2 or more) that is wider or narrower than life; None if it is
    not, or not known.
    """
    _, up, length = trunk_frame(landmarks)
    pitch = pitch_deg(up)
    with np.errstate(invalid="ignore"):
        upright, bent = np.abs(pitch) < UPRIGHT_DEG, np.abs(pitch) > BENT_DEG
        length = np.where(upright & _arms_up(landmarks), np.nan, length)
    if min((np.isfinite(length) & like).sum() for like in (upright, bent)) < LEAST_FRAMES:
        return None
    share = bent_share(pitch, _unzoomed(pitch, length))
    if not beyond(share, FILMED_LENGTH_SHARES) or (share < 1 and view_deg > SIDE_ON_DEG):
        return None
    return (
        f"The film seems to be {'squeezed' if share < 1 else 'stretched'} sideways, since the "
        "trunk's length changes as it bends: nothing in it is sure; save it in its true shape."
    )


def _arms_up(landmarks: NDArray[np.floating]) -> Mask:
    """Where (T,) the hands are above the shoulders, and lift them."""
    wrists, shoulders = (landmarks[:, list(pair), 1].mean(axis=1) for pair in (WRISTS, SHOULDERS))
    return np.asarray(wrists < shoulders)


def _unzoomed(pitch_deg: Array, length: Array) -> Array:
    """Return a trunk's length (T,), where a film zooms as a share of that upright nearby."""
    with np.errstate(invalid="ignore"):
        upright = np.flatnonzero((np.abs(pitch_deg) < UPRIGHT_DEG) & np.isfinite(length))
    if not len(upright):
        return length
    low, high = np.percentile(length[upright], (10, 90))
    if high < ZOOMED_RATIO * low:
        return length
    return np.asarray(length / np.interp(np.arange(len(length)), upright, length[upright]))
