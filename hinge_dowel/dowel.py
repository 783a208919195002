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

Array = NDArray[np.float64]

PLACE_SD_CM = 0.6
"""Scatter of a back point across the back: 0.4 to 0.7 cm on virtual subjects."""
DIRECTION_SD_DEG = 3.0
"""Scatter of the pitch of the upper thorax on virtual subjects."""
LEAVING_CM = 1.5
"""Beyond this an end counts as leaving and loses its pull (scale of the Cauchy loss)."""
END_WEIGHT = 0.5
"""Pull of head and sacrum against a point of the upper back: they are the ones that may leave."""
UPPER_BACK_SPAN = (0.1, 0.6)
"""The upper back along the way from occiput to sacrum: C7 lies at 0.2, T8 at 0.5 of it."""

_CONVERGED = 1e-10
"""Relative: one frame among thousands adds little to the sum that is made least (to 1e-4 cm)."""
_CHUNK = 4096
"""Frames solved at a time, which bounds the memory of the sparse Jacobian."""


@dataclass(frozen=True, slots=True)
class Rest:
    """How the back lies along the dowel in the standing posture.

    `offset_cm` (K,): distance of each point in front of the dowel. `turn_deg`: pitch of the dowel
    against the upper thorax's, 0 where the thorax's pitch is not known. `carries` (K,): which
    points are the upper back.
    """

    offset_cm: Array
    turn_deg: float
    carries: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fit:
    """The dowel in every frame.

    `pitch_deg` (T,) from upright, forward positive; `place_cm` (T,) its distance along its own
    forward normal from the origin; strays (T,) in cm against standing, NaN where not seen.
    `upper_back_cm` is 0 while the upper back carries the dowel.
    """

    pitch_deg: Array
    place_cm: Array
    head_cm: Array
    upper_back_cm: Array
    sacrum_cm: Array


def carriers(points: Array) -> NDArray[np.bool_]:
    """Which of (K, 2) standing points, head to sacrum, are the upper back: (K,)."""
    count = len(points)
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)]) / max(steps.sum(), 1e-9)
    inner = np.zeros(count, dtype=bool)
    inner[1:-1] = True
    carries = inner & (along >= UPPER_BACK_SPAN[0]) & (along <= UPPER_BACK_SPAN[1])
    # One point has no direction: let everything between the ends carry.
    return carries if carries.sum() >= 2 else inner


def _normal(pitch: Array) -> Array:
    """Forward, square to a dowel of this pitch in radians; x right, y down, facing right."""
    return np.stack([np.cos(pitch), np.sin(pitch)], axis=-1)


def _first_line(points: Array) -> tuple[Array, Array]:
    """Pitch (radians) and place of the least-squares line through (T, K, 2)."""
    centre = points.mean(axis=1)
    d = points - centre[:, None]
    xx, yy = (d[..., 0] ** 2).sum(1), (d[..., 1] ** 2).sum(1)
    xy = (d[..., 0] * d[..., 1]).sum(1)
    # The main axis from vertical; points run head to sacrum, so take the way up.
    pitch = 0.5 * np.arctan2(-2 * xy, yy - xx)
    up = points[:, 0] - points[:, -1]
    flip = np.sin(pitch) * up[:, 0] - np.cos(pitch) * up[:, 1] < 0
    pitch = np.where(flip, pitch + np.pi, pitch)
    return pitch, (_normal(pitch) * centre).sum(-1)


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
    pitch, _ = _first_line(line)
    offset = np.einsum("tki,ti->tk", points, _normal(pitch))
    offset -= offset[:, carries].mean(axis=1, keepdims=True)
    turn = 0.0 if thorax_deg is None else float(np.median(np.degrees(pitch) - thorax_deg[good]))
    return Rest(np.median(offset, axis=0), turn, carries)


def fit(points_cm: Array, standing: Rest, thorax_deg: Array | None = None) -> Fit:
    """Lay the dowel on the back in every frame (scipy's robust least squares).

    `points_cm` (T, K >= 3, 2) as in `rest`. The unknowns of a frame are the dowel's pitch and
    place; its observations are each point's distance from it, less the standing one, and the
    pitch of the upper thorax. Head and sacrum count through a Cauchy loss. All frames of a chunk
    are one sparse problem. Frames with NaN come out NaN.

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
    index = np.flatnonzero(good)
    for chunk in np.split(index, np.arange(_CHUNK, len(index), _CHUNK)):
        if len(chunk):
            thorax = None if thorax_deg is None else np.radians(thorax_deg[chunk])
            pitch[chunk], place[chunk] = _solve(points_cm[chunk], standing, thorax)
    stray = np.einsum("tki,ti->tk", points_cm, _normal(pitch)) - place[:, None]
    stray -= standing.offset_cm
    if thorax_deg is None and standing.carries.sum() < 2:
        return _three(points_cm, pitch, place, stray)
    head, sacrum = stray[:, 0], stray[:, -1]
    upper = stray[:, standing.carries].mean(axis=1)
    # A stick cannot pass through a body: where head and sacrum both stand out behind it, it rests
    # on them and the upper back is what has left.
    pushed = (head < 0) & (sacrum < 0)
    gap = upper - np.maximum(head, sacrum)
    nought = np.where(good, 0.0, np.nan)
    return Fit(
        pitch_deg=np.degrees(pitch),
        place_cm=place,
        head_cm=np.where(pushed, nought, head),
        upper_back_cm=np.where(pushed, gap, nought),
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


def _solve(points: Array, standing: Rest, thorax: Array | None) -> tuple[Array, Array]:
    """Pitch (radians) and place of the dowel in frames without NaN."""
    frames, count, _ = points.shape
    # Turned about the middle of its points, wherever the picture has them: about a far origin
    # pitch and place could hardly be told apart, and the answer would depend on where it is.
    centre = points.mean(axis=1)
    points = points - centre[:, None]
    bare = thorax is None and standing.carries.sum() < 2
    weight = np.where(standing.carries, 1.0, 0.0) / PLACE_SD_CM
    weight[[0, -1]] = (1.0 if bare else END_WEIGHT) / PLACE_SD_CM
    if bare:
        weight[standing.carries] = 0.0
    observed = count + (thorax is not None)
    leaves = np.zeros((frames, observed), dtype=bool)
    leaves[:, [0, count - 1]] = not bare
    robust = leaves.ravel()
    scale2 = (LEAVING_CM * END_WEIGHT / PLACE_SD_CM) ** 2
    aim = None if thorax is None else thorax + np.radians(standing.turn_deg)
    aim_weight = 1.0 / np.radians(DIRECTION_SD_DEG)

    def residuals(x: Array) -> Array:
        pitch, place = x[0::2], x[1::2]
        out = np.empty((frames, observed))
        across = np.einsum("tki,ti->tk", points, _normal(pitch))
        out[:, :count] = weight * (across - place[:, None] - standing.offset_cm)
        if aim is not None:
            out[:, count] = aim_weight * (pitch - aim)
        return out.ravel()

    rows = np.repeat(np.arange(frames * observed), 2)
    columns = np.repeat(np.arange(2 * frames).reshape(frames, 1, 2), observed, axis=1).ravel()

    def jacobian(x: Array) -> csr_matrix:
        pitch = x[0::2]
        turn = np.stack([-np.sin(pitch), np.cos(pitch)], axis=-1)
        out = np.zeros((frames, observed, 2))
        out[:, :count, 0] = weight * np.einsum("tki,ti->tk", points, turn)
        out[:, :count, 1] = -weight
        out[:, count:, 0] = aim_weight
        return csr_matrix((out.ravel(), (rows, columns)), shape=(frames * observed, 2 * frames))

    def loss(z: Array) -> Array:
        """Squares for the upper back, Cauchy for the ends: value and two derivatives."""
        t = 1 + z / scale2
        rho = np.empty((3, len(z)))
        rho[0] = np.where(robust, scale2 * np.log(t), z)
        rho[1] = np.where(robust, 1 / t, 1.0)
        rho[2] = np.where(robust, -1 / (scale2 * t**2), 0.0)
        return rho

    first = standing.carries if standing.carries.sum() >= 2 else [0, -1]
    pitch, place = _first_line(points[:, first])
    place = place - standing.offset_cm[first].mean()
    if aim is not None:
        # Choose the turn nearest to the thorax's own.
        pitch = aim + (pitch - aim + np.pi) % (2 * np.pi) - np.pi
    start = np.stack([pitch, place], axis=-1).ravel()
    answer = least_squares(
        residuals,
        start,
        jac=jacobian,
        loss=cast(Any, loss),  # scipy-stubs knows only losses by name
        x_scale="jac",
        tr_solver="lsmr",
        ftol=_CONVERGED,
        xtol=_CONVERGED,
        gtol=_CONVERGED,
        max_nfev=100,
    )
    pitch, place = answer.x[0::2], answer.x[1::2]
    return pitch, place + (_normal(pitch) * centre).sum(-1)
