"""On the way to the dowel: the robust line through each back's points, nearly, in closed form.

Two unknowns a frame (pitch and place) and all frames at once, so that scipy's fit in `dowel`
starts where it ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PLACE_SD_CM = 0.6
"""Scatter of a back point across the back: 0.4 to 0.7 cm on virtual subjects."""
DIRECTION_SD_DEG = 3.0
"""Scatter of the pitch of the upper thorax on virtual subjects."""
LEAVING_CM = 1.5
"""Beyond this an end counts as leaving and loses its pull (scale of the Cauchy loss)."""
LONE_COST = 1.2
"""What it costs to say that one point of the upper back has left alone: as much as an end that has
left by 2.7 cm."""
LONE_AMONG = 12
"""In a denser row of points one alone can neither bend the dowel nor mean a place."""
_STEPS, _WEIGHINGS = 40, 6
"""Closed-form steps towards the dowel before scipy's fit, and how many of them only reweigh."""
_SMALL = 1e-9
"""Radians and cm: who moves by less has arrived."""
_LONGEST_STEP = 0.5
"""Radians a closed-form step may turn the dowel."""
_DOUBTFUL = 1.0
"""A fit that costs less explains every point; more, and a better one is looked for."""
AIM_WEIGHT = 1.0 / np.radians(DIRECTION_SD_DEG)


def normal_of(pitch: Array) -> Array:
    """Forward, square to a dowel of this pitch in radians; x right, y down, facing right."""
    return np.stack([np.cos(pitch), np.sin(pitch)], axis=-1)


def first_line(points: Array) -> tuple[Array, Array]:
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
    return pitch, (normal_of(pitch) * centre).sum(-1)


@dataclass(frozen=True, slots=True)
class Task:
    """Frames without NaN, and what their dowels are to fit.

    `points` (T, K, 2), `weight` (T, K), `offset_cm` (K,), `may_leave` (K,): counts through the
    robust loss on whichever side of the dowel it lies; `carries` (K,) only where it lies in front.
    `aim` (T,) is the pitch that the thorax asks for, radians, or None.
    """

    points: Array
    weight: Array
    offset_cm: Array
    may_leave: NDArray[np.bool_]
    carries: NDArray[np.bool_]
    aim: Array | None

    def across(self, pitch: Array, place: Array) -> Array:
        """Distance of each point in front of the dowel, less the standing one, cm (T, K)."""
        across = np.cos(pitch)[:, None] * self.points[..., 0]
        across += np.sin(pitch)[:, None] * self.points[..., 1]
        return np.asarray(across - place[:, None] - self.offset_cm)

    def away(self, pitch: Array, place: Array) -> Array:
        """The same, weighted."""
        return self.weight * self.across(pitch, place)

    def robust(self, away: Array) -> NDArray[np.bool_]:
        """Which observations (T, K) count through the robust loss.

        What stands out behind the others carries the stick; only in front can it leave it.
        """
        return np.asarray(self.may_leave | (self.carries & (away > 0)))

    def of(self, frames: NDArray[np.bool_]) -> Task:
        """The same for some of the frames."""
        aim = None if self.aim is None else self.aim[frames]
        return replace(self, points=self.points[frames], weight=self.weight[frames], aim=aim)

    def only(self, kept: NDArray[np.bool_]) -> Task:
        """The same with some of the points, all of them alike and none of them free to leave."""
        nobody = np.zeros_like(kept)
        weight = np.broadcast_to(kept / PLACE_SD_CM, self.weight.shape)
        return replace(self, weight=weight, may_leave=nobody, carries=nobody)

    def cost(self, pitch: Array, place: Array) -> Array:
        """What the fit makes least, frame by frame (T,)."""
        away = self.away(pitch, place)
        z = away**2
        out = np.where(self.robust(away), z / (1 + z / self.scale2), z).sum(axis=1)
        if self.aim is not None:
            out += (AIM_WEIGHT * (pitch - self.aim)) ** 2
        return np.asarray(out)

    @property
    def scale2(self) -> Array:
        """Square of the scale of the loss (T, K), in weighted residuals."""
        return (LEAVING_CM * np.maximum(self.weight, 1e-9)) ** 2


def _approach(task: Task, pitch: Array, place: Array) -> tuple[Array, Array]:
    """Down to the nearest dowel by closed-form steps of two unknowns, all frames at once.

    First reweighted least squares, which always goes down, then Newton's steps where they do.
    """
    pitch, place = pitch.copy(), place.copy()
    moving = np.ones(len(pitch), dtype=bool)
    for number in range(_STEPS):
        some = task if moving.all() else task.of(moving)
        turn, shift = _step(some, pitch[moving], place[moving], newton=number >= _WEIGHINGS)
        pitch[moving] += turn
        place[moving] += shift
        moving[moving] = (np.abs(turn) > _SMALL) | (np.abs(shift) > _SMALL)
        if not moving.any():
            break
    return pitch, place


def _step(task: Task, pitch: Array, place: Array, *, newton: bool) -> tuple[Array, Array]:
    """By how much to change pitch and place (T,)."""
    away = task.away(pitch, place)
    robust = task.robust(away)
    x, y = task.points[..., 0], task.points[..., 1]
    sine, cosine = np.sin(pitch)[:, None], np.cos(pitch)[:, None]
    by_pitch = task.weight * (cosine * y - sine * x)
    by_place = -task.weight
    t = 1 / (1 + np.where(robust, away**2 / task.scale2, 0.0))
    pull = t**2 * away
    a, b = -(pull * by_pitch).sum(1), -(pull * by_place).sum(1)
    aim = 0.0 if task.aim is None else AIM_WEIGHT**2
    if task.aim is not None:
        a -= aim * (pitch - task.aim)

    def normal(stiffness: Array, bend: Array | float) -> tuple[Array, Array, Array]:
        aa = (stiffness * by_pitch**2).sum(1) + aim + bend
        return aa, (stiffness * by_pitch * by_place).sum(1), (stiffness * by_place**2).sum(1)

    aa, ab, bb = normal(t**2, 0.0)
    if newton:
        # The weighting's own change, and that of the direction, make the last steps quick.
        bend = -(pull * (task.weight * (cosine * x + sine * y))).sum(1)
        exact = normal(t**2 * (4 * t - 3), bend)
        down = (exact[0] * exact[2] > exact[1] ** 2) & (exact[2] > 0)
        aa, ab, bb = (np.where(down, e, i) for e, i in zip(exact, (aa, ab, bb), strict=True))
    whole = np.maximum(aa * bb - ab**2, 1e-12)
    turn = np.clip((bb * a - ab * b) / whole, -_LONGEST_STEP, _LONGEST_STEP)
    return turn, (b - ab * turn) / np.maximum(bb, 1e-12)


def start(task: Task) -> tuple[Task, Array, Array]:
    """Pitch and place of the best dowel, nearly, and the task with what speaks for it.

    The upper back carries the dowel. Where its points do not lie on it as they stood, and all of
    the others do as soon as a certain one is left out, that one has left alone.
    """
    several = task.carries.sum() >= 2
    first = np.flatnonzero(task.carries) if several else np.array([0, -1])
    pitch, place = _approach(task, *_line(task, first))
    if not several or task.aim is not None:
        return task, pitch, place
    cost, weight = task.cost(pitch, place), task.weight.copy()
    doubtful = cost > _DOUBTFUL
    if not doubtful.any() or task.carries.sum() > LONE_AMONG:
        return task, pitch, place
    some, index = task.of(doubtful), np.flatnonzero(doubtful)
    for left in np.flatnonzero(task.carries):
        kept = task.may_leave | task.carries
        kept[left] = False
        others = some.only(kept)
        turned, moved = _approach(others, *_line(others, np.flatnonzero(kept)))
        own = others.across(turned, moved)[:, left]
        price = others.cost(turned, moved) + LONE_COST
        better = (own > LEAVING_CM) & (price < cost[index])
        at = index[better]
        pitch[at], place[at], cost[at] = turned[better], moved[better], price[better]
        weight[at] = others.weight[better]
    return replace(task, weight=weight), pitch, place


def _line(task: Task, through: NDArray[np.intp]) -> tuple[Array, Array]:
    """The least-squares line through some of the points, turned the way the thorax is."""
    pitch, place = first_line(task.points[:, through])
    if task.aim is not None:
        pitch = task.aim + (pitch - task.aim + np.pi) % (2 * np.pi) - np.pi
    return pitch, place - task.offset_cm[through].mean()
