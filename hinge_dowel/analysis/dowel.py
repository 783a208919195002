"""The dowel: a straight line fitted along the back by least squares, and what strays from it.

Three bare points cannot name the place that left. The dowel is therefore carried by the upper
back, which gives it a direction as well as a place: several points between the shoulder blades
and, where it is known, the pitch of the upper thorax. Head and sacrum pull at it robustly, so
that one that has left does not bend it towards itself. Standing is not straight: every place is
held against its own distance from the dowel in the person's standing posture.

Places are anterior to the dowel when they have left it, so a stray is positive forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.sparse import csr_matrix

from hinge_dowel.analysis.approach import (
    AIM_WEIGHT,
    PLACE_SD_CM,
    Task,
    first_line,
    normal_of,
    start,
)

Array = NDArray[np.float64]

END_WEIGHT = 0.5
"""Pull of head and sacrum against a point of the upper back: they are the ones that may leave."""
UPPER_BACK_SPAN = (0.1, 0.6)
"""The upper back along the way from occiput to sacrum: C7 lies at 0.2, T8 at 0.5 of it."""
NECK_ENDS = 0.25
"""Above this share of the way a point is of the neck: it helps to direct the dowel, but where it
stands is no matter of the upper back."""
PUSHED_SHARE = 0.35
"""Head and sacrum push the dowel off the upper back when both stand out behind by this share of
what it would then have left; an arched back pushes with the sacrum alone."""

_CONVERGED = 1e-10
"""Relative: one frame among thousands adds little to the sum that is made least (to 1e-4 cm)."""
_LEVEL = 1e-5
"""Slope of the sum at which the fit is done."""
_CHUNK = 4096
"""Frames solved at a time, which bounds the memory of the sparse Jacobian."""


@dataclass(frozen=True, slots=True)
class Rest:
    """How the back lies along the dowel in the standing posture.

    `offset_cm` (K,): distance of each point in front of the dowel. `turn_deg`: pitch of the dowel
    against the upper thorax's, 0 where the thorax's pitch is not known. `carries` (K,): which
    points give the dowel its direction, `upper` (K,) which of them are the upper back, without the
    neck, and `upper_share` how far up from sacrum (0) to head (1) that lies.
    """

    offset_cm: Array
    turn_deg: float
    carries: NDArray[np.bool_]
    upper: NDArray[np.bool_]
    upper_share: float


@dataclass(frozen=True, slots=True)
class Fit:
    """The dowel in every frame.

    `pitch_deg` (T,) from upright, forward positive; `place_cm` (T,) its distance along its own
    forward normal from the origin; strays (T,) in cm against standing, NaN where not seen.
    `upper_back_cm` is 0 while the upper back
    carries the dowel.
    """

    pitch_deg: Array
    place_cm: Array
    head_cm: Array
    upper_back_cm: Array
    sacrum_cm: Array


def carriers(points: Array) -> NDArray[np.bool_]:
    """Which of (K, 2) standing points, head to sacrum, are the upper back: (K,)."""
    along = _along(points)
    inner = np.zeros(len(points), dtype=bool)
    inner[1:-1] = True
    carries = inner & (along >= UPPER_BACK_SPAN[0]) & (along <= UPPER_BACK_SPAN[1])
    # One point has no direction: let everything between the ends carry.
    return carries if carries.sum() >= 2 else inner


def _along(points: Array) -> Array:
    """How far down the way from occiput (0) to sacrum (1) each of (K, 2) lies: (K,)."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return np.asarray(np.concatenate([[0.0], np.cumsum(steps)]) / max(steps.sum(), 1e-9))


def rest(standing_cm: Array, thorax_deg: Array | None = None) -> Rest:
    """The person's own standing shape from standing frames.

    `standing_cm` (T, K >= 3, 2), head to sacrum, facing right, y down; `thorax_deg` (T,) the
    pitch of the upper thorax where known. Frames with NaN are left out; raises ValueError when
    none is left.
    """
    good = np.isfinite(standing_cm).all(axis=(1, 2))
    if thorax_deg is not None:
        good &= np.isfinite(thorax_deg)
    if not good.any():
        raise ValueError("no standing frame shows every point")
    points = standing_cm[good]
    carries = carriers(np.median(points, axis=0))
    # With one carrier only (three points) the chord of the ends stands in for its direction.
    line = points[:, carries] if carries.sum() >= 2 else points[:, [0, -1]]
    pitch, _ = first_line(line)
    offset = np.einsum("tki,ti->tk", points, normal_of(pitch))
    offset -= offset[:, carries].mean(axis=1, keepdims=True)
    turn = 0.0 if thorax_deg is None else float(np.median(np.degrees(pitch) - thorax_deg[good]))
    spot = np.median(points, axis=0)
    own = carries & (_along(spot) > NECK_ENDS)
    upper = own if own.any() else carries
    chord = spot[0] - spot[-1]
    share = (spot[upper].mean(axis=0) - spot[-1]) @ chord / max(chord @ chord, 1e-9)
    return Rest(np.median(offset, axis=0), turn, carries, upper, float(np.clip(share, 0, 1)))


def fit(points_cm: Array, standing: Rest, thorax_deg: Array | None = None) -> Fit:
    """Lay the dowel on the back in every frame (scipy's robust least squares).

    `points_cm` (T, K >= 3, 2) as in `rest`. The unknowns of a frame are the dowel's pitch and
    place; its observations are each point's distance from it, less the standing one, and the
    pitch of the upper thorax. Head and sacrum count through Geman and McClure's loss, which lets
    go of what is far away, and so does what the upper back has in front of the dowel; what stands
    out behind bears it. A point of the upper back without which all others lie as they stood has
    left alone. All frames of a chunk are one sparse problem. Frames with NaN come out NaN.

    Three points and no thorax pitch leave one degree of freedom: whatever happened, the residuals
    stand in the ratio b : -(a+b) : a of the spacings a, b, so only the side of the head-sacrum
    chord on which the upper back lies can be told. In front of it, the upper back has left. Behind
    it, head or sacrum has, and the strays give what each would be if it were the one.
    """
    good = np.isfinite(points_cm).all(axis=(1, 2))
    if thorax_deg is not None:
        good &= np.isfinite(thorax_deg)
    count = len(points_cm)
    pitch, place = np.full(count, np.nan), np.full(count, np.nan)
    lone = np.zeros(points_cm.shape[:2], dtype=bool)
    index = np.flatnonzero(good)
    for chunk in np.split(index, np.arange(_CHUNK, len(index), _CHUNK)):
        if len(chunk):
            thorax = None if thorax_deg is None else np.radians(thorax_deg[chunk])
            pitch[chunk], place[chunk], lone[chunk] = _solve(points_cm[chunk], standing, thorax)
    stray = np.einsum("tki,ti->tk", points_cm, normal_of(pitch)) - place[:, None]
    stray -= standing.offset_cm
    if thorax_deg is None and standing.carries.sum() < 2:
        return _three(points_cm, pitch, place, stray)
    head, sacrum = stray[:, 0], stray[:, -1]
    upper = stray[:, standing.upper].mean(axis=1)
    # A stick cannot pass through a body: where head and sacrum both stand out behind it, it rests
    # on them and the upper back is what has left, by its distance from the line between them.
    share = standing.upper_share
    gap = upper - share * head - (1 - share) * sacrum
    with np.errstate(invalid="ignore"):
        pushed = np.maximum(head, sacrum) < -PUSHED_SHARE * np.maximum(gap, 0)
    nought = np.where(good, 0.0, np.nan)
    # Or one of its points has left alone.
    own = np.where(lone, stray, 0.0)[:, standing.upper].max(axis=1) + nought
    return Fit(
        pitch_deg=np.degrees(pitch),
        place_cm=place,
        head_cm=np.where(pushed, nought, head),
        upper_back_cm=np.where(pushed, gap, own),
        sacrum_cm=np.where(pushed, nought, sacrum),
    )


def _three(points_cm: Array, pitch: Array, place: Array, stray: Array) -> Fit:
    """What three points allow to say: the middle has left, or one of the ends by so much."""
    reach = np.linalg.norm(np.diff(points_cm, axis=1), axis=-1)
    whole = reach.sum(axis=1)
    middle = stray[:, 1]
    return Fit(
        pitch_deg=np.degrees(pitch),
        place_cm=place,
        head_cm=np.maximum(-middle, 0) * whole / reach[:, 1],
        upper_back_cm=np.maximum(middle, 0),
        sacrum_cm=np.maximum(-middle, 0) * whole / reach[:, 0],
    )


def nowhere(frames: int) -> Fit:
    """The dowel that cannot be laid: NaN in every frame."""
    return Fit(*(np.full(frames, np.nan) for _ in range(5)))


def _solve(
    points: Array, standing: Rest, thorax: Array | None
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Pitch (radians) and place of the dowel in frames without NaN, and which points left alone."""
    frames, count, _ = points.shape
    # Turned about the middle of its points, wherever the picture has them: about a far origin
    # pitch and place could hardly be told apart, and the answer would depend on where it is.
    centre = points.mean(axis=1)
    bare = thorax is None and standing.carries.sum() < 2
    ends = np.zeros(count, dtype=bool)
    ends[[0, -1]] = True
    weight = np.where(ends, 1.0 if bare else END_WEIGHT, 0.0 if bare else standing.carries)
    task = Task(
        points=points - centre[:, None],
        weight=np.broadcast_to(weight / PLACE_SD_CM, (frames, count)),
        offset_cm=standing.offset_cm,
        may_leave=ends & (not bare),
        carries=standing.carries,
        aim=None if thorax is None else thorax + np.radians(standing.turn_deg),
    )
    observed = count + (thorax is not None)
    task, pitch, place = start(task)
    leaves = np.zeros((frames, observed), dtype=bool)
    leaves[:, :count] = task.robust(task.away(pitch, place))
    robust = leaves.ravel()
    scales = np.ones((frames, observed))
    scales[:, :count] = task.scale2
    scale2 = scales.ravel()

    def residuals(x: Array) -> Array:
        out = np.empty((frames, observed))
        out[:, :count] = task.away(x[0::2], x[1::2])
        if task.aim is not None:
            out[:, count] = AIM_WEIGHT * (x[0::2] - task.aim)
        return out.ravel()

    rows = np.arange(0, 2 * frames * observed + 1, 2)
    columns = np.repeat(np.arange(2 * frames).reshape(frames, 1, 2), observed, axis=1).ravel()

    def jacobian(x: Array) -> csr_matrix:
        pitch = x[0::2]
        turn = np.stack([-np.sin(pitch), np.cos(pitch)], axis=-1)
        out = np.zeros((frames, observed, 2))
        out[:, :count, 0] = task.weight * np.einsum("tki,ti->tk", task.points, turn)
        out[:, :count, 1] = -task.weight
        out[:, count:, 0] = AIM_WEIGHT
        return csr_matrix((out.ravel(), columns, rows), shape=(frames * observed, 2 * frames))

    def loss(z: Array) -> Array:
        """Squares, or for what may leave Geman and McClure's: value and two derivatives."""
        t = 1 / (1 + z / scale2)
        rho = np.empty((3, len(z)))
        rho[0] = np.where(robust, z * t, z)
        rho[1] = np.where(robust, t**2, 1.0)
        rho[2] = np.where(robust, -2 * t**3 / scale2, 0.0)
        return rho

    answer = least_squares(
        residuals,
        np.stack([pitch, place], axis=-1).ravel(),
        jac=jacobian,
        loss=cast(Any, loss),  # scipy-stubs knows only losses by name
        x_scale="jac",
        tr_solver="lsmr",
        ftol=_CONVERGED,
        xtol=_CONVERGED,
        gtol=_LEVEL,
        max_nfev=100,
    )
    pitch, place = answer.x[0::2], answer.x[1::2]
    lone = standing.carries & (task.weight == 0) & (not bare)
    return pitch, place + (normal_of(pitch) * centre).sum(-1), lone
