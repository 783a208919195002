"""The weighted mean of two estimates: of the regression and of the network.

The regression (`back_points`) uses the pose model's landmarks and outline, the network
(`pose.network`) the pixels. Their errors differ, so that a mean is nearer than either; and each
says how far off it usually is, so that both together tell that better, too.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.analysis.back_points import DOUBTED, SITES, Spine
from hinge_dowel.body.array_types import Array, Floats
from hinge_dowel.pose.network import ANGLES
from hinge_dowel.verdict import Facing

SHARE = {"spinal": 0.45, "cervical": 0.85, "knee": 0.6, "shin": 0.4}
"""The network's weight; the rest is the regression's. Chosen on the calibrating subjects of `make
accuracy`, on single pictures of others and on real clips. Between 0.4 and 0.6 for the spine, 0.75
and 0.9 for the neck, 0.5 and 0.7 for the knee, drawn people differ by 0.1 degrees
(tests/network/RESULTS.md)."""
DOUBTFUL_SHARE, DOUBTFUL_DEG = 0.8, (4.2, 4.8, 10.0, 14.0)
"""The network's weight for the spine in clips in which it is usually off by an angle between the
second and the third of these; up to the first and from the last it is that of `SHARE`. What makes
the network doubt, dim light, strong compression, loose cloth, spoils landmarks and outline even
more, until it sees nothing at all (tests/network/RESULTS.md)."""
FLATTER_SHARE, FLATTER_DEG = 0.9, (15.0, 25.0)
"""The network's weight for the spine in looks in which it tells less flexion than the regression by
the last of these degrees; from the first on it begins to rise. Of 648 other drawn people the
regression is off by 27 degrees where they differ by more than 25, the network by 12. Where it tells
that much more flexion it is the nearer one, too, but then real flat backs are told round
(tests/network/RESULTS.md)."""
LOOK_DEG, LOOK_POWER = {"spinal": 10.0, "cervical": 12.0}, 6.0
"""In looks in which the network is usually off by more than such an angle, its weight falls with
this power of that doubt. It is so unsure where real people crouch and arms or thighs hide the
trunk, and then tells flat backs 20 to 40 degrees round. Real clips come right with 8 to 10 for the
spine, drawn people would be told as well without; for the neck 10 to 14 are alike in real clips,
drawn necks 0.03 degrees nearer with 12 than with 10 (tests/network/RESULTS.md)."""
BENT_DEG = 15.0
"""Knee flexion from which knee and shin have that share; less below, none of a straight leg. A
choice: with 30 the knee is 0.05 degrees further off."""
MOST_DEG = (-12.0, 25.0)
"""Least and greatest difference of a doubtful network's knee and shin that count: where a weight
hides the legs, the network may tell knees of 30 to 40 where the regression tells 60 to 100 (by eye,
in the one looked at, 70). A choice: with -20 drawn knees are as near, and one real squat more is
missed; with 12 upwards drawn knees are 0.04 and hips 0.08 degrees further off; 45 is like 25."""
SURE_DEG, APART_DEG = (5.0, 7.0), (15.0, 30.0)
"""In looks in which the network is usually off in the knee by less than the first of these it is
sure of the legs, from the second on doubtful. A sure one has all the weight where it differs from
the regression by the last of these, and more of it from the third on: there landmarks have jumped
to the other leg or to somebody else. Where both differ by 25 degrees and more, the sure network is
off by 7 in films and by 16 in pictures of 648 others, the regression by 36 and 27
(tests/network/RESULTS.md)."""
STRETCH = 1.04
"""What knee and shin are then multiplied by: both estimates fall short the more, the further the
leg is bent (regression to the mean). Calibrating subjects would have 1.06, judging ones 1.04."""
NECK_SHARE = 0.5
"""The occiput turns about C7 by this share of the head's change: as the end of a neck that bends
evenly does. All of it costs 0.1 cm of the head's stray."""
_C7, _T12 = SITES.index("C7"), SITES.index("T12")


def clip_doubt_deg(network: ArrayLike) -> float:
    """Return how far off the network usually is in the spine over a clip, degrees.

    `network` (T, pose.network.ANSWER_SIZE), NaN where it did not look; NaN if it never did.
    """
    doubts = np.asarray(network, dtype=float)[:, len(ANGLES) + ANGLES.index("spinal")]
    known = doubts[np.isfinite(doubts)]
    return float(np.median(known)) if len(known) else np.nan


def blended(
    found: Spine, network: Floats | None, facing: Facing, doubt_deg: float | None = None
) -> Spine:
    """Return the spine with the network's answers, (T, pose.network.ANSWER_SIZE) or None, mixed in.

    The points above C7 and below T12 turn with head and pelvis. In frames that the network did not
    look at, or in which it took the person to face the other way, its difference from the
    regression is interpolated in time. Without answers the spine is returned as it is.
    `doubt_deg` is the `clip_doubt_deg` of the whole clip where these frames are a part of it.
    """
    if network is None:
        return found
    says = np.asarray(network, dtype=float)
    with np.errstate(invalid="ignore"):
        agrees = says[:, -1] * (1.0 if facing == "right" else -1.0) > 0.99
    known = np.flatnonzero(agrees)
    if not len(known):
        return found

    doubt = clip_doubt_deg(says[known]) if doubt_deg is None else doubt_deg
    usual = SHARE["spinal"]
    spinal = np.interp(doubt, DOUBTFUL_DEG, (usual, DOUBTFUL_SHARE, DOUBTFUL_SHARE, usual))
    share = SHARE | {"spinal": float(spinal)}

    def filled(values: Array) -> Array:
        """Return values (K,) of the `known` frames in all (T,), in between in proportion."""
        there = np.isfinite(values)
        if not there.any():
            return np.zeros(len(says))
        return np.interp(np.arange(len(says)), known[there], values[there])

    # How sure the network is of the legs, 0 to 1.
    sure = np.interp(says[known, len(ANGLES) + ANGLES.index("knee")], SURE_DEG, (1.0, 0.0))

    def towards(own: Array, name: str, *, leg: bool = False) -> Array:
        """Return `own` angles (T,), degrees, moved towards the network's by their share."""
        column = ANGLES.index(name)
        differs = says[known, column] - own[known]
        if leg:
            apart = np.interp(np.abs(differs), APART_DEG, (1.0, 1.0 / share[name]))
            differs = sure * differs * apart + (1.0 - sure) * np.clip(differs, *MOST_DEG)
        if name == "spinal":
            most = max(1.0, FLATTER_SHARE / share[name])
            differs = differs * np.interp(-differs, FLATTER_DEG, (1.0, most))
        if name in LOOK_DEG:
            off = says[known, len(ANGLES) + column]
            differs = differs * np.minimum(1.0, (LOOK_DEG[name] / off) ** LOOK_POWER)
        return np.asarray(own + share[name] * filled(differs))

    # The usual error is the geometric mean of both.
    off_deg = found.usual_error_deg.copy()
    for name in SHARE:
        column = off_deg[:, DOUBTED.index(name)]
        ratio = says[known, len(ANGLES) + ANGLES.index(name)] / column[known]
        column *= np.exp(filled(np.log(ratio)) / 2)
    # Legs of an impossible pose are not known to the regression; a network that is sure sees them.
    alone = known[(sure >= 0.5) & np.isnan(found.knee_deg[known])]
    legs = {"knee": found.knee_deg.copy(), "shin": found.shin_deg.copy()}
    for name, own in legs.items():
        own[alone] = says[alone, ANGLES.index(name)]
        off_deg[alone, DOUBTED.index(name)] = says[alone, len(ANGLES) + ANGLES.index(name)]

    pelvis = found.thorax_deg - towards(found.thorax_deg - found.pelvis_deg, "spinal")
    head = found.thorax_deg + towards(found.head_deg - found.thorax_deg, "cervical")
    bent = np.clip(legs["knee"] / BENT_DEG, 0.0, 1.0)
    knee, shin = (
        STRETCH * (own + bent * (towards(own, name, leg=True) - own)) for name, own in legs.items()
    )
    points = _turned(found.points_px, _C7, slice(0, _C7), NECK_SHARE * (head - found.head_deg))
    points = _turned(points, _T12, slice(_T12 + 1, None), pelvis - found.pelvis_deg)
    return replace(
        found,
        points_px=points,
        pelvis_deg=pelvis,
        head_deg=head,
        knee_deg=knee,
        shin_deg=shin,
        usual_error_deg=off_deg,
    )


def _turned(points: Array, pivot: int, moved: slice, by_deg: Array) -> Array:
    """Return points (T, K, 2), y down, of which the `moved` are pitched forward about the pivot."""
    turn = np.radians(by_deg)[:, None]
    x, y = np.moveaxis(points[:, moved] - points[:, pivot, None], -1, 0)
    out = points.copy()
    out[:, moved] = points[:, pivot, None] + np.stack(
        [np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y], axis=-1
    )
    return out
