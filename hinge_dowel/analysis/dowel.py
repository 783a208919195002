"""The dowel: a straight stick laid on the back by least squares, and which places have left it.

Hands press the stick on and it cannot pass through the body. It touches head, upper back and
sacrum; whichever of them it no longer touches has left. Neck and low back may be hollow under it,
but not bulge through it. Nobody stands as straight as a stick, so distances are changes from the
person's own standing: positive in front of the place then, negative behind it.

Why one line fit is not enough
------------------------------
A least-squares line spreads the displacement of one place over all points, and a robust one drops
whatever lies far from the middle, right or wrong. But few things can happen to a stick:

========== ====================== =====================================
what left  the stick rests on     the line is fitted to
========== ====================== =====================================
head       upper back and sacrum  those two
sacrum     head and upper back    those two and the neck between them
upper back head and sacrum        those two
both ends  the upper back         its points, if they give a direction
========== ====================== =====================================

Each is fitted (scipy's `least_squares`, all frames in one sparse problem), with the rule that
neither neck nor upper or low back may lie behind the stick, and the pitch of the upper thorax as a
further observation where that is known. The one whose residuals are smallest is what happened:

1. An upper back of two or more points has a direction of its own. A sacrum that leaves lies off the
   line through head and upper back, a head off the line through upper back and sacrum: the wrong
   explanation has residuals in the middle of the back.
2. With one point in the upper back, neck and low back decide. They may leave the stick, but an
   explanation that needs it costs more (`HOLLOW_COST`), and they cannot bulge through it.
3. A bump of all inner points turns the upper back's direction, so that the line along it would
   have head and sacrum behind it, within the body: the stick rests on the two, and the upper back
   has left.
4. Three points only show on which side of the line between the ends the middle one lies. In front,
   it has left. Behind, either the head or the sacrum has left, which fit equally: each stray is
   computed as if that place were the one, and the frame is marked ambiguous. So is any other frame
   that two explanations fit equally (`EQUAL_COST`).

A head or a sacrum alone may lie behind, with all else as in standing: neck or low back extend, the
end presses on the stick and nothing has left (`PUSH_COST`). Where that does not fit the rest, the
stick rests on both ends as over a bump, and the upper back has left. Of two places only the ends
can leave together: with upper back and one end in front, the stick turns about the other end until
it rests on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hinge_dowel.analysis.back_regions import Regions, regions
from hinge_dowel.analysis.stick import Explanation, Rest, chord, laid, normal_of
from hinge_dowel.body.array_types import Array, Mask
from hinge_dowel.body.trunk import wrapped

PLACE_SD_CM = 0.6
"""Scatter of a back point across the back: 0.4 to 0.7 cm on virtual subjects. Costs below are in
squares of it, as the residuals are."""
UPPER_BACK_POINTS = 3.0
"""An upper back with more points weighs as much as this many, neck and low back as one each:
neighbours on a skin err together. A choice, as are the costs: together they pass what
tests/integration/test_stick.py asks of backs of 4 to 50 points drawn at random."""

HOLLOW_COST = 1.5
HOLLOW_CM = 1.5
"""Most that is added to an explanation's cost for a neck or low back that has left the stick, and
the distance at which half of it is reached."""
PUSH_COST = 0.75
PUSH_CM = 1.0
"""Likewise for an end behind the stick: most cost, and distance at which half of it is reached."""
FAR_COST = 16.0
FAR_CM, FURTHER_CM = 20.0, 5.0
"""Likewise for an end further from the stick than FAR_CM, as far as rounding by 60 degrees takes
it; half is reached FURTHER_CM beyond."""
BOTH_COST = 10.0
"""Cost of the explanation that both ends have left, as two events are less likely than one."""
EXPLAINED_COST = 0.7
"""Below this cost of "nothing" nothing has left, and no other explanation is tried."""
EQUAL_COST = 0.4
"""Explanations whose costs differ by less fit equally."""

CHUNK_FRAMES = 16384
"""Frames solved at a time, which bounds the memory of the sparse Jacobian; fewer are slower."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The dowel in every frame; NaN where not seen.

    `pitch_deg` (T,) from upright, forward positive; strays (T,) in cm of change from standing,
    positive in front, the upper back's 0 while it carries the dowel. `ambiguous` (T,): head and
    sacrum explain the frame equally, and each stray is computed as if that place had left.
    """

    pitch_deg: Array
    head_cm: Array
    upper_back_cm: Array
    sacrum_cm: Array
    ambiguous: Mask


def _line(points: Array) -> tuple[Array, Array]:
    """Return pitch (radians) and place of the least-squares line through points (T, K, 2)."""
    centre = points.mean(axis=1)
    d = points - centre[:, None]
    xx, yy = (d[..., 0] ** 2).sum(1), (d[..., 1] ** 2).sum(1)
    xy = (d[..., 0] * d[..., 1]).sum(1)
    # Angle of the main axis from vertical; of its two directions take the one from sacrum to head.
    pitch = 0.5 * np.arctan2(-2 * xy, yy - xx)
    up = points[:, 0] - points[:, -1]
    flip = np.sin(pitch) * up[:, 0] - np.cos(pitch) * up[:, 1] < 0
    pitch = np.where(flip, pitch + np.pi, pitch)
    return pitch, (normal_of(pitch) * centre).sum(-1)


def rest(standing_cm: Array, thorax_deg: Array | None = None) -> Rest:
    """Return the person's own standing shape, the median over standing frames.

    `standing_cm` (T, K >= 3, 2), head to sacrum, facing right, y down; `thorax_deg` (T,) is the
    pitch of the upper thorax where known. Frames with NaN are left out; raises `ValueError` when
    none is left.
    """
    good = np.isfinite(standing_cm).all(axis=(1, 2))
    if thorax_deg is not None:
        good &= np.isfinite(thorax_deg)
    if not good.any():
        raise ValueError("no standing frame shows every point")
    points = standing_cm[good]
    found = regions(np.median(points, axis=0))
    # With one inner point (three in all) the line between the ends gives the direction.
    several = found.directing.sum() >= 2
    pitch, _ = _line(points[:, found.directing] if several else points[:, [0, -1]])
    offset = np.einsum("tki,ti->tk", points, normal_of(pitch))
    offset -= offset[:, found.directing].mean(axis=1, keepdims=True)
    turned = 0.0 if thorax_deg is None else float(np.median(np.degrees(pitch) - thorax_deg[good]))
    tilt = float(np.median(np.degrees(wrapped(pitch - chord(points), 2 * np.pi))))
    return Rest(np.median(offset, axis=0), turned, tilt, found)


def _explanations(found: Regions, *, aimed: bool) -> dict[str, Explanation]:
    """Return by name what can happen to a stick on these points; `aimed`: thorax pitch is known."""
    count = len(found.upper)
    head, sacrum = np.arange(count) == 0, np.arange(count) == count - 1

    def share(part: Mask, points: float) -> Array:
        """Return weights (K,) with which a part counts as `points` points at most."""
        fair = np.sqrt(min(1.0, points / max(part.sum(), 1))) / PLACE_SD_CM
        return np.where(part, fair, 0.0)

    upper = share(found.upper, UPPER_BACK_POINTS)
    neck, low = share(found.neck, 1.0), share(found.low, 1.0)
    head, sacrum = head / PLACE_SD_CM, sacrum / PLACE_SD_CM
    out = {
        "head": Explanation(upper + sacrum, neck + low, (True, False)),
        "sacrum": Explanation(head + neck + upper, low, (False, True)),
        "upper_back": Explanation(head + sacrum, neck + upper + low, (False, False)),
    }
    if found.directing.sum() >= 2:
        out["nothing"] = Explanation(head + upper + sacrum, neck + low, (False, False))
    carries = found.upper if found.upper.sum() >= 2 else found.directing
    if aimed or carries.sum() >= 2:
        bears = share(carries, UPPER_BACK_POINTS)
        stops = np.where(carries, 0.0, neck + low)
        out["both ends"] = Explanation(bears, stops, (True, True), BOTH_COST)
    return out


def fit(points_cm: Array, standing: Rest, thorax_deg: Array | None = None) -> Fit:
    """Lay the dowel on the back in every frame, as described at the top of this module.

    `points_cm` (T, K >= 3, 2) as in `rest`; `thorax_deg` (T,) if `rest` had it. Frames with NaN
    give NaN.
    """
    good = np.isfinite(points_cm).all(axis=(1, 2))
    if thorax_deg is not None:
        good &= np.isfinite(thorax_deg)
    out = np.full((4, len(points_cm)), np.nan)
    ambiguous = np.zeros(len(points_cm), dtype=bool)
    index = np.flatnonzero(good)
    for chunk in np.split(index, np.arange(CHUNK_FRAMES, len(index), CHUNK_FRAMES)):
        if len(chunk):
            thorax = None if thorax_deg is None else np.radians(thorax_deg[chunk])
            out[:, chunk], ambiguous[chunk] = _decided(points_cm[chunk], standing, thorax)
    pitch, head, upper_back, sacrum = out
    return Fit(pitch, head, upper_back, sacrum, ambiguous)


def _decided(points: Array, standing: Rest, thorax: Array | None) -> tuple[Array, Mask]:
    """Return pitch and strays (4, T) by the best explanation, and a mask (T,) of ties.

    An explanation is only fitted in frames in which it can be the best.
    """
    explanations = _explanations(standing.regions, aimed=thorax is not None)
    fits: dict[str, Array] = {}
    costs: dict[str, Array] = {}

    def lay(name: str, where: Mask) -> None:
        fits[name] = np.zeros((4, len(points)))
        costs[name] = np.full(len(points), np.inf)
        if name in explanations and where.any():
            aim = None if thorax is None else thorax[where]
            one = laid(points[where], standing, aim, explanations[name])
            doubt = _doubt(one.stray_cm, standing.regions, explanations[name])
            fits[name][:, where], costs[name][where] = one.fit, one.cost + doubt

    lay("nothing", np.ones(len(points), dtype=bool))
    open_frames = costs["nothing"] > EXPLAINED_COST
    for name in ("head", "sacrum", "upper_back"):
        lay(name, open_frames)
    costs["nothing"][open_frames] = np.inf
    so_far = np.min(list(costs.values()), axis=0)
    lay("both ends", open_frames & (so_far > BOTH_COST))
    names = list(fits)
    every, cost = np.array(list(fits.values())), np.array(list(costs.values()))
    best = np.argmin(cost, axis=0)
    out = every[best, :, np.arange(len(points))].T
    head, sacrum = names.index("head"), names.index("sacrum")
    with np.errstate(invalid="ignore"):
        equal = np.abs(cost[head] - cost[sacrum]) < EQUAL_COST
    equal &= (best == head) | (best == sacrum)
    out[1:] = np.where(equal, np.maximum(every[head, 1:], every[sacrum, 1:]), out[1:])
    return out, equal


def _doubt(stray: Array, found: Regions, explanation: Explanation) -> Array:
    """Return the costs (T,) of an explanation besides the residuals of its fit."""
    doubt = np.full(len(stray), explanation.cost)
    for part in (found.neck, found.low):
        free = part & (explanation.stops_at > 0)
        if free.any():
            doubt += HOLLOW_COST * _grown(stray[:, free].mean(axis=1), HOLLOW_CM)
    ends = stray[:, [0, -1]]
    for end, left in zip(ends.T, explanation.left, strict=True):
        if left:
            doubt += PUSH_COST * _grown(-end, PUSH_CM)
            doubt += FAR_COST * _grown(end - FAR_CM, FURTHER_CM)
    if all(explanation.left):
        # With both ends behind the line, the stick would rest on them: they have not left.
        doubt[(ends < 0).all(axis=1)] = np.inf
    return doubt


def _grown(distance: Array, half: float) -> Array:
    """Return 0 for distances up to 0, rising to 1 for large ones, 0.5 at `half`."""
    square = np.maximum(distance, 0.0) ** 2
    return np.asarray(square / (square + half**2))
