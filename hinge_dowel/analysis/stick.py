"""One way to lay a stick on a back: scipy's least squares over all frames at once.

What may have happened to the stick, and which of it did, is `dowel`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares
from scipy.sparse import csr_matrix

from hinge_dowel.analysis.back_regions import Regions
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.trunk import wrapped

DIRECTION_SD_DEG = 3.0
"""Scatter of the pitch of the upper thorax on virtual subjects."""
RELATIVE_TOLERANCE = 1e-8
"""Small, as one frame among thousands adds little to the sum that is minimised (to 1e-4 cm)."""
GRADIENT_TOLERANCE = 1e-4
"""Slope of the sum at which the fit is done."""
LSMR_STEPS = 3
"""Steps of scipy's LSMR towards the two unknowns of a frame: more take longer and do not help."""
MOST_EVALUATIONS = 100
"""Evaluations after which a fit is given up: a choice, for input that is no back."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The back along the dowel in the standing posture.

    `offset_cm` (K,): distance of each point in front of the dowel. `turn_deg`: pitch of the dowel
    relative to the upper thorax, 0 where the thorax's pitch is not known. `chord_deg`: its pitch
    relative to the line from sacrum to head.
    """

    offset_cm: Array
    turn_deg: float
    chord_deg: float
    regions: Regions


class Explanation(NamedTuple):
    """One thing that may have happened to the stick.

    `rests_on` and `stops_at` (K,): weights of the points that it rests on, and of those that it may
    not pass through; `left`: whether head and sacrum have left; `cost`: added to the fit's.
    """

    rests_on: Array
    stops_at: Array
    left: tuple[bool, bool]
    cost: float = 0.0


class Laid(NamedTuple):
    """The stick by one explanation.

    `fit` (4, T): pitch (degrees), and how far head, upper back and sacrum have left (cm);
    `stray_cm` (T, K): how far each point has; `cost` (T,): the sum of squared residuals.
    """

    fit: Array
    stray_cm: Array
    cost: Array


def normal_of(pitch: Array) -> Array:
    """Return the forward normal (..., 2) of a dowel of this pitch (radians); x right, y down."""
    return np.stack([np.cos(pitch), np.sin(pitch)], axis=-1)


def chord(points: Array) -> Array:
    """Return the pitch (radians, T) of the line from sacrum to head of points (T, K, 2)."""
    run = points[:, 0] - points[:, -1]
    return np.asarray(np.arctan2(run[:, 0], -run[:, 1]))


class _Problem:
    """What is to be minimised: pitch and place of the stick in every frame, as changes from 1.

    `thorax` (T,) is the pitch (radians) of the upper thorax where known.
    """

    def __init__(
        self, points: Array, standing: Rest, thorax: Array | None, explanation: Explanation
    ) -> None:
        used = (explanation.rests_on > 0) | (explanation.stops_at > 0)
        self.rests_on, stops_at = explanation.rests_on[used], explanation.stops_at[used]
        self.weight = self.rests_on + stops_at
        # Local origin where the stick rests: about a far one pitch and place are nearly one
        # unknown, and the answer would depend on the place in the picture.
        share = self.rests_on**2 / (self.rests_on**2).sum()
        self.centre = np.einsum("tki,k->ti", points[:, used], share)
        local = points[:, used] - self.centre[:, None]
        self.x, self.y = local[..., 0], local[..., 1]
        self.offset = standing.offset_cm[used]
        self.frames = len(points)
        self.observed = len(self.weight) + (thorax is not None)
        place = np.full(self.frames, -(share @ self.offset))
        self.start = np.stack([chord(points) + np.radians(standing.chord_deg), place])
        self.firm = 0.0 if thorax is None else 1.0 / np.radians(DIRECTION_SD_DEG)
        self.aim: Array | None = None
        if thorax is not None:
            self.aim = thorax + np.radians(standing.turn_deg)
            self.start[0] = self.aim + wrapped(self.start[0] - self.aim, 2 * np.pi)
        self.rows = np.arange(0, 2 * self.frames * self.observed + 1, 2)
        every = np.arange(2 * self.frames).reshape(self.frames, 1, 2)
        self.columns = np.repeat(every, self.observed, axis=1).ravel()

    def stick(self, change: Array) -> Array:
        """Return pitch and place (2, T) of the stick."""
        return np.asarray(self.start + change.reshape(self.frames, 2).T - 1.0)

    def away(self, pitch: Array, place: Array) -> Array:
        """Return each point's distance in front of the dowel less that in standing, cm."""
        turned = np.cos(pitch)[:, None] * self.x + np.sin(pitch)[:, None] * self.y
        return np.asarray(turned - place[:, None] - self.offset)

    def residuals(self, change: Array) -> Array:
        """Return the weighted distances of the points, and that from the thorax's pitch."""
        pitch, place = self.stick(change)
        distance = self.away(pitch, place)
        loose = (self.rests_on == 0) & (distance > 0)
        out = np.empty((self.frames, self.observed))
        out[:, : len(self.weight)] = self.weight * np.where(loose, 0.0, distance)
        if self.aim is not None:
            out[:, -1] = self.firm * (pitch - self.aim)
        return out.ravel()

    def jacobian(self, change: Array) -> Array | csr_matrix:
        """Return the residuals' slopes, sparse for several frames."""
        pitch, place = self.stick(change)
        presses = self.weight * ((self.rests_on > 0) | (self.away(pitch, place) < 0))
        out = np.zeros((self.frames, self.observed, 2))
        out[:, : len(self.weight), 0] = presses * (
            np.cos(pitch)[:, None] * self.y - np.sin(pitch)[:, None] * self.x
        )
        out[:, : len(self.weight), 1] = -presses
        if self.aim is not None:
            out[:, -1, 0] = self.firm
        if self.frames == 1:
            return np.asarray(out[0])
        shape = (self.frames * self.observed, 2 * self.frames)
        return csr_matrix((out.ravel(), self.columns, self.rows), shape=shape)

    def scale(self) -> Array:
        """Return the change of pitch and of place that changes the weighted distances by one."""
        arms = (self.weight * (self.x**2 + self.y**2) ** 0.5) ** 2
        out = np.empty((self.frames, 2))
        out[:, 0] = 1.0 / np.sqrt(arms.sum(axis=1) + self.firm**2)
        out[:, 1] = 1.0 / np.sqrt((self.rests_on**2).sum())
        return out.ravel()


def laid(points: Array, standing: Rest, thorax: Array | None, explanation: Explanation) -> Laid:
    """Lay the stick on points (T, K, 2) by one explanation; `thorax` (T,) radians, where known."""
    problem = _Problem(points, standing, thorax, explanation)
    frames = len(points)
    everywhere = np.full(2 * frames, np.inf)
    answer = least_squares(
        problem.residuals,
        # Unknowns start at 1, not 0: scipy derives its first step from the size of the start.
        np.ones(2 * frames),
        jac=problem.jacobian,
        # Arrays, as scipy is slow to expand scalar bounds.
        bounds=(-everywhere, everywhere),
        x_scale=problem.scale(),
        # A single frame, as in a live session, is too small for sparse matrices to pay off.
        tr_solver="exact" if frames == 1 else "lsmr",
        tr_options={} if frames == 1 else {"maxiter": LSMR_STEPS, "regularize": False},
        ftol=RELATIVE_TOLERANCE,
        xtol=RELATIVE_TOLERANCE,
        gtol=GRADIENT_TOLERANCE,
        max_nfev=MOST_EVALUATIONS,
    )
    pitch, place = problem.stick(answer.x)
    place = place + (normal_of(pitch) * problem.centre).sum(-1)
    stray = np.einsum("tki,ti->tk", points, normal_of(pitch)) - place[:, None] - standing.offset_cm
    upper = stray[:, standing.regions.gap].max(axis=1)
    if any(explanation.left):
        upper = np.zeros(frames)
    fit = np.array([np.degrees(pitch), stray[:, 0], np.maximum(upper, 0.0), stray[:, -1]])
    fit[1:] = np.round(fit[1:], 9)
    return Laid(fit, stray, (answer.fun.reshape(frames, -1) ** 2).sum(axis=1))
