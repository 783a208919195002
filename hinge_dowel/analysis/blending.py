"""The weighted mean of two estimates: of the regression and of the network.

The regression (`back_points`) uses the pose model's landmarks and outline, the network
(`pose.network`) the pixels. Their errors differ, so that a mean is nearer than either; and each
says how far off it usually is, so that both together tell that better, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from hinge_dowel.analysis.back_points import DOUBTED, SITES, Spine
from hinge_dowel.body.array_types import Array, Floats, Indices
from hinge_dowel.pose.network import ANGLES
from hinge_dowel.verdict import Facing

SHARE = {"spinal": 0.45, "cervical": 0.85, "knee": 0.6, "shin": 0.4}
"""The network's weight; the rest is the regression's. Chosen on the calibrating subjects of `make
accuracy`, on single pictures of others and on real clips. Between 0.4 and 0.6 for the spine, 0.75
and 0.9 for the neck, 0.5 and 0.7 for the knee, drawn people differ by 0.1 degrees
(tests/network/RESULTS.md)."""
DOUBTFUL_SHARE, DOUBTFUL_DEG = 0.8, (4.2, 4.8, 10.0, 14.0)
"""The network's weight for less flexion of the spine than the regression tells, in clips in which
it is usually off by an angle between the second and the third of these; up to the first and from
the last it is that of `SHARE`. What makes it doubt, dim light, strong compression, loose cloth,
spoils landmarks and outline even more, until it sees nothing at all (tests/network/RESULTS.md)."""
FLATTER_SHARE, FLATTER_DEG = 0.9, (15.0, 25.0)
"""The same in looks in which it tells less by the last of these degrees; from the first on its
weight begins to rise. Of 648 other drawn people the regression is off by 27 degrees where they
differ by more than 25, the network by 12 (tests/network/RESULTS.md)."""
ROUNDER_SHARE, ROUNDER_DEG = 0.35, (15.0, 30.0)
"""Its weight where it tells more flexion by the last of these degrees; up to the first it is that
of `SHARE`, however much it doubts. Of drawn people it is the nearer one there, too, but not of real
ones: squats and lifts with a flat back that it tells 28 to 39 degrees round, the regression -13 to
14. Shares of 0.2 to 0.35 from 10 to 15 degrees on are alike in real clips
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
BLIND_DEG = {"knee": 20.0, "spinal": 10.0}
"""In looks in which the network is usually off by more than both of these it sees neither legs nor
back, and the back is not told: in a quick lowering a barbell's plate drew the pose model's hips
down with it, and flat backs came out 34 to 44 degrees round. So it is in 3 % of the pictures of 77
real clips: two false alarms less, nothing missed, and alike from 15 to 25 and from 8 to 10."""
DIFFERENCE_SHARE = {"spinal": 0.3, "cervical": 0.15, "knee": 0.15, "shin": 0.15}
"""So much of the difference of both answers adds to the usual error, in squares: intervals of the
spine hold 96 % of the truths where the network tells 15 degrees and more less, 88 % where it tells
as much more, 90 % where both agree within 8; without it they held 74, 76 and 91 %."""
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


def sees_nobody(network: ArrayLike | None) -> bool:
    """Return whether the network saw nothing like a person in most of its looks at a clip.

    Of films turned by 90 degrees it doubts by 4 to 11 degrees (six), as its crops are turned with
    the landmarks; of a film in which the pose model followed a bar and a tattooed arm by 19.
    """
    return network is not None and clip_doubt_deg(network) >= DOUBTFUL_DEG[-1]


def blended(
    found: Spine, network: Floats | None, facing: Facing, doubt_deg: float | None = None
) -> Spine:
    """Return the spine with the network's answers, (T, pose.network.ANSWER_SIZE) or None, mixed in.

    The points above C7 and below T12 turn with head and pelvis. In frames that the network did not
    look at, or in which it took the person to face the other way, its difference from the
    regression is interpolated in time. Without answers the spine is returned as it is. Where the
    network is blind (`BLIND_DEG`) pelvis and points are NaN.
    `doubt_deg` is the `clip_doubt_deg` of the whole clip where these frames are a part of it.
    """
    if network is None:
        return found
    looks = _looks(np.asarray(network, dtype=float), facing)
    if not len(looks.known):
        return found
    # Legs of an impossible pose are not known to the regression; a network that is sure sees them.
    alone = looks.known[(looks.sure_of_legs >= 0.5) & np.isnan(found.knee_deg[looks.known])]
    own = {
        "spinal": found.thorax_deg - found.pelvis_deg,
        "cervical": found.head_deg - found.thorax_deg,
        "knee": _with(found.knee_deg, alone, looks.says[:, ANGLES.index("knee")]),
        "shin": _with(found.shin_deg, alone, looks.says[:, ANGLES.index("shin")]),
    }
    share = SHARE | {"spinal": _spinal_share(looks, doubt_deg)}
    moved = {name: looks.filled(_moved(looks, name, own[name], share[name])) for name in own}
    pelvis = found.pelvis_deg - moved["spinal"]
    head = found.head_deg + moved["cervical"]
    bent = np.clip(own["knee"] / BENT_DEG, 0.0, 1.0)
    points = _turned(found.points_px, _C7, slice(0, _C7), NECK_SHARE * moved["cervical"])
    points = _turned(points, _T12, slice(_T12 + 1, None), -moved["spinal"])
    blind = looks.filled(looks.blind) >= 0.5
    return replace(
        found,
        points_px=np.where(blind[:, None, None], np.nan, points),
        pelvis_deg=np.where(blind, np.nan, pelvis),
        head_deg=head,
        knee_deg=STRETCH * (own["knee"] + bent * moved["knee"]),
        shin_deg=STRETCH * (own["shin"] + bent * moved["shin"]),
        usual_error_deg=_usual_errors(looks, own, found.usual_error_deg, alone),
    )


@dataclass(frozen=True, slots=True)
class _Looks:
    """The network's answers `says` (T, pose.network.ANSWER_SIZE), and those K frames in which it
    saw the person, `known` (K,).
    """

    says: Array
    known: Indices

    def angle(self, name: str) -> Array:
        """What it says of an angle (K,), degrees."""
        return np.asarray(self.says[self.known, ANGLES.index(name)])

    def doubt(self, name: str) -> Array:
        """How far off it usually is there (K,), degrees."""
        return np.asarray(self.says[self.known, len(ANGLES) + ANGLES.index(name)])

    @property
    def sure_of_legs(self) -> Array:
        """How sure it is of the legs (K,), 0 to 1."""
        return np.interp(self.doubt("knee"), SURE_DEG, (1.0, 0.0))

    @property
    def blind(self) -> Array:
        """Where it sees neither legs nor back (K,): 1 there, else 0."""
        unseen = [self.doubt(name) > most for name, most in BLIND_DEG.items()]
        return np.asarray(np.all(unseen, axis=0), dtype=np.float64)

    def filled(self, values: Array) -> Array:
        """Return values (K,) in all frames (T,), in between in proportion; 0 if none is known."""
        there = np.isfinite(values)
        if not there.any():
            return np.zeros(len(self.says))
        return np.interp(np.arange(len(self.says)), self.known[there], values[there])


def _looks(says: Array, facing: Facing) -> _Looks:
    with np.errstate(invalid="ignore"):
        agrees = says[:, -1] * (1.0 if facing == "right" else -1.0) > 0.99
    return _Looks(says, np.flatnonzero(agrees))


def _with(own: Array, frames: Indices, others: Array) -> Array:
    """Return a copy of `own` (T,) with the values of `others` in those frames."""
    filled = own.copy()
    filled[frames] = others[frames]
    return filled


def _spinal_share(looks: _Looks, doubt_deg: float | None) -> float:
    doubt = clip_doubt_deg(looks.says[looks.known]) if doubt_deg is None else doubt_deg
    usual = SHARE["spinal"]
    return float(np.interp(doubt, DOUBTFUL_DEG, (usual, DOUBTFUL_SHARE, DOUBTFUL_SHARE, usual)))


def _moved(looks: _Looks, name: str, own: Array, share: float) -> Array:
    """Return by how much an angle `own` (T,) moves towards the network's, (K,) degrees."""
    differs = looks.angle(name) - own[looks.known]
    if name in ("knee", "shin"):
        apart = np.interp(np.abs(differs), APART_DEG, (share, 1.0))
        sure = looks.sure_of_legs
        return np.asarray(
            sure * apart * differs + (1.0 - sure) * share * np.clip(differs, *MOST_DEG)
        )
    if name == "spinal":
        flatter = np.interp(-differs, FLATTER_DEG, (share, FLATTER_SHARE))
        rounder = np.interp(differs, ROUNDER_DEG, (SHARE[name], ROUNDER_SHARE))
        weight = np.where(differs < 0, flatter, rounder)
    else:
        weight = np.full_like(differs, share)
    weight = weight * np.minimum(1.0, (LOOK_DEG[name] / looks.doubt(name)) ** LOOK_POWER)
    return np.asarray(weight * differs)


def _usual_errors(
    looks: _Looks, own: Mapping[str, Array], regression: Array, alone: Indices
) -> Array:
    """Return the usual errors (T, 5) of `DOUBTED`: the geometric mean of the regression's and the
    network's, and more the further apart both are; the network's where it is `alone`.
    """
    off_deg = regression.copy()
    for name, values in own.items():
        column = off_deg[:, DOUBTED.index(name)]
        column *= np.exp(looks.filled(np.log(looks.doubt(name) / column[looks.known])) / 2)
        if name in ("knee", "shin"):
            column[alone] = looks.says[alone, len(ANGLES) + ANGLES.index(name)]
        apart = looks.filled(np.abs(looks.angle(name) - values[looks.known]))
        column[:] = np.hypot(column, DIFFERENCE_SHARE[name] * apart)
    return off_deg


def _turned(points: Array, pivot: int, moved: slice, by_deg: Array) -> Array:
    """Return points (T, K, 2), y down, of which the `moved` are pitched forward about the pivot."""
    turn = np.radians(by_deg)[:, None]
    x, y = np.moveaxis(points[:, moved] - points[:, pivot, None], -1, 0)
    out = points.copy()
    out[:, moved] = points[:, pivot, None] + np.stack(
        [np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y], axis=-1
    )
    return out
