"""Two simple baselines that the program has to beat, measured in the same run.

Three points: a least-squares line through ear, shoulder and hip; the place with the largest
residual has left. Landmarks only: angles between landmarks, and the spine by ridge regression on
landmarks, fitted on the calibrating subjects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from accuracy.figures import counts
from numpy.typing import NDArray

from hinge_dowel.analysis.pipeline import Record
from hinge_dowel.body.facing import face_right, facing_of
from hinge_dowel.body.landmarks import EARS, HIPS, SHOULDERS
from hinge_dowel.body.trunk import forward_of, trunk_frame

Array = NDArray[np.float64]

PLACES = ("cervical_flexion", "squatting", "spinal_flexion")
"""The fault of each place, head to sacrum."""
LEAST_FRAMES = 5
PENALTIES = (1e-3, 1e-2, 1e-1, 1.0)


def facing_right(record: Record) -> Array:
    """Return landmarks (T, 33, >= 2) turned to face right; all NaN when nobody is seen."""
    seen = np.isfinite(record.landmarks[:, :, :2]).all(axis=(1, 2))
    side = facing_of(record.landmarks[seen]) if seen.sum() >= LEAST_FRAMES else None
    if side is None:
        return np.full_like(record.landmarks, np.nan)
    return face_right(record.landmarks, None, side)[0]


def residuals(points: Array) -> Array:
    """Return signed distances (T, 3) of points (T, 3, 2) from their least-squares line.

    In shares of the way from first to last point, positive to the front of a person facing right.
    """
    centred = points - points.mean(axis=1, keepdims=True)
    out = np.full(points.shape[:2], np.nan)
    good = np.isfinite(points).all(axis=(1, 2))
    _, _, axes = np.linalg.svd(centred[good])
    chord = points[good, 0] - points[good, -1]
    up = axes[:, 0] * np.sign((axes[:, 0] * chord).sum(-1))[:, None]
    forward = np.stack([-up[:, 1], up[:, 0]], axis=-1)
    length = np.linalg.norm(chord, axis=1)
    out[good] = np.einsum("tki,ti->tk", centred[good], forward) / length[:, None]
    return out


def three_points(right: Array) -> Array:
    """Return the residuals (T, 3) of ear, shoulder and hip."""
    pairs = (EARS, SHOULDERS, HIPS)
    return residuals(np.stack([right[:, pair, :2].mean(axis=1) for pair in pairs], axis=1))


def strayed(residual: Array, standing: Array, window: NDArray[np.bool_]) -> Array:
    """Return how far (3,) each place moved off the line, from standing frames to the bottom's."""
    with np.errstate(all="ignore"):
        if not np.isfinite(residual[window]).any() or not np.isfinite(residual[standing]).any():
            return np.full(3, np.nan)
        return np.asarray(
            np.nanmedian(residual[window], axis=0) - np.nanmedian(residual[standing], axis=0)
        )


def largest(stray: Array, least: float) -> tuple[str, ...]:
    """Return the fault of the largest residual if it is at least `least`, else none."""
    if not np.isfinite(stray).all() or np.abs(stray).max() < least:
        return ()
    return (PLACES[int(np.abs(stray).argmax())],)


def features(right: Array, standing: NDArray[np.bool_]) -> Array:
    """Return features (T, F): landmarks in the trunk's frame and its pitch, and their changes."""
    origin, up, length = trunk_frame(right)
    forward = forward_of(up)
    rel = (right[..., :2] - origin[:, None]) / length[:, None, None]
    local = np.stack([(rel * forward[:, None]).sum(-1), (rel * up[:, None]).sum(-1)], -1)
    rows = np.concatenate([local.reshape(len(right), -1), up], axis=1)
    good = standing & np.isfinite(rows).all(axis=1)
    rest = np.median(rows[good], axis=0) if good.any() else np.full(rows.shape[1], np.nan)
    return np.concatenate([rows, rows - rest], axis=1)


@dataclass(frozen=True)
class Ridge:
    """A ridge regression."""

    centre: Array
    scale: Array
    weight: Array
    constant: float

    def __call__(self, rows: Array) -> Array:
        return np.asarray((rows - self.centre) / self.scale @ self.weight + self.constant)


def fit_ridge(rows: Array, answer: Array, subject: NDArray[np.int64]) -> Ridge:
    """Fit with the penalty that is best in cross-validation over five groups of subjects."""
    good = np.isfinite(rows).all(axis=1) & np.isfinite(answer)
    rows, answer, subject = rows[good], answer[good], subject[good]
    fold = np.unique(subject, return_inverse=True)[1] % 5

    def miss(penalty: float) -> float:
        out = [
            np.abs(_ridge(rows[fold != k], answer[fold != k], penalty)(rows[fold == k])
                   - answer[fold == k])
            for k in np.unique(fold)
        ]  # fmt: skip
        return float(np.concatenate(out).mean())

    return _ridge(rows, answer, min(PENALTIES, key=miss))


def _ridge(rows: Array, answer: Array, penalty: float) -> Ridge:
    centre, scale = rows.mean(0), rows.std(0) + 1e-6
    z = (rows - centre) / scale
    square = z.T @ z / len(z) + penalty * np.eye(z.shape[1])
    weight = np.linalg.solve(square, z.T @ (answer - answer.mean()) / len(z))
    return Ridge(centre, scale, weight, float(answer.mean()))


def best_threshold(strays: Sequence[Array], true: Sequence[Sequence[bool | None]]) -> float:
    """Return the least residual to count, by the best mean F1 of the three faults.

    `true` has, for each repetition, the truth about each fault in the order of `PLACES`.
    """

    def mean_f1(least: float) -> float:
        said = [largest(stray, least) for stray in strays]
        each = [
            counts([graded[k] for graded in true], [fault in s for s in said]).f1
            for k, fault in enumerate(PLACES)
        ]
        return float(np.nan_to_num(each).mean())

    return float(max(np.arange(0.0, 0.2, 0.005), key=mean_f1))
