"""Backs as any number of points along a smooth curve, with a known place that leaves the dowel.

Independent of the package's figure, so that neither can hide the other's faults. Centimetres on a
back of 56 from occiput to sacrum, y down, before scale, direction and place are applied.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis.back_points import typical
from hinge_dowel.tolerances import DEFAULT

Array = NDArray[np.float64]

LENGTH_CM = 56.0
FAULT_OF = {"head": "cervical_flexion", "upper_back": "squatting", "sacrum": "spinal_flexion"}


def _hill(place: Array, middle: float, width: float) -> Array:
    return np.exp(-(((place - middle) / width) ** 2))


def _natural(place: Array, curves: Array) -> Array:
    """Return the curve of a standing back, cm forward: hollow neck and low back, thorax behind."""
    neck, thorax, low = curves
    return (
        neck * _hill(place, 0.12, 0.08)
        - thorax * _hill(place, 0.4, 0.18)
        + low * _hill(place, 0.82, 0.1)
    )


LEAVING = {
    "head": lambda s: np.clip(1 - s / 0.12, 0, 1),
    "sacrum": lambda s: np.clip((s - 0.75) / 0.25, 0, 1),
    "upper_back": lambda s: _hill(s, 0.4, 0.18) * np.clip(s / 0.1, 0, 1),
    "bump": lambda s: np.sin(np.pi * s),
    "block": lambda s: ((s > 0) & (s < 1)).astype(float),
    "hollow": lambda s: _hill(s, 0.8, 0.08) * np.clip((1 - s) / 0.08, 0, 1),
}
"""By kind, each point's forward motion as a share of the largest, by place down the back."""


@dataclass(frozen=True)
class Back:
    """Two hinges of a back. `forward_cm` at the bottom, by the keys of `LEAVING`.

    `bend_deg` bends the back there, by (middle, width) of the bend along it: all above it turns.
    """

    places: Array
    forward_cm: dict[str, float] = field(default_factory=dict)
    bend_deg: dict[tuple[float, float], float] = field(default_factory=dict)
    curves_cm: tuple[float, float, float] = (1.0, 1.5, 1.5)
    hinge_deg: float = 65.0
    fps: float = 20.0
    facing: str = "right"
    scale: float = 1.0
    lean_deg: float = 0.0
    at: tuple[float, float] = (0.0, 0.0)
    noise_cm: float = 0.0
    seed: int = 0

    def points(self) -> Array:
        """Return points (T, K, 2), as `check_points` takes them."""
        time = np.arange(round(11 * self.fps)) / self.fps
        down = (1 - np.cos(2 * np.pi * np.clip((time - 1.5) % 4.5, 0, 4) / 4)) / 2
        down[time < 1.5] = 0
        forward = _natural(self.places, np.array(self.curves_cm)) + down[:, None] * sum(
            (cm * LEAVING[what](self.places) for what, cm in self.forward_cm.items()),
            np.zeros(len(self.places)),
        )
        bent = self._bent(down) + np.stack([forward, np.zeros_like(forward)], axis=-1)
        rng = np.random.default_rng(self.seed)
        bent = bent + self.noise_cm * rng.standard_normal(bent.shape)
        turned = _turned(bent, self.hinge_deg * down) + down[:, None, None] * [-12.0, 5.0]
        leaned = _turned(turned, np.full(len(time), self.lean_deg))
        side = [1.0 if self.facing == "right" else -1.0, 1.0]
        return np.asarray(leaned * side * self.scale + self.at)

    def _bent(self, down: Array) -> Array:
        """Return a straight back, bent: (T, K, 2), sacrum at 0."""
        grid = np.linspace(0, 1, 201)
        pitch = np.zeros_like(grid)
        for (middle, width), degrees in self.bend_deg.items():
            pitch += np.radians(degrees) * np.clip((middle + width / 2 - grid) / width, 0, 1)
        pitch = down[:, None] * pitch
        step = np.stack([np.sin(pitch), -np.cos(pitch)], axis=-1)[:, 1:] * LENGTH_CM / 200
        way = np.cumsum(step[:, ::-1], axis=1)[:, ::-1]
        way = np.concatenate([way, np.zeros((len(down), 1, 2))], axis=1)
        low = np.minimum((self.places * 200).astype(int), 199)
        part = (self.places * 200 - low)[:, None]
        return np.asarray(way[:, low] * (1 - part) + way[:, low + 1] * part)


def _turned(points: Array, forward_deg: Array) -> Array:
    turn = np.radians(forward_deg)[:, None]
    x, y = points[..., 0], points[..., 1]
    return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], -1)


BACK_CM = np.array(
    [[1.0, -54.0], [-1.0, -46.0], [-3.0, -38.0], [-3.0, -28.0], [-1.5, -18.0], [0, -10.0], [0, 0]]
)
"""Points of a standing back, occiput to sacrum."""
PLACES = {
    "head": ([0], "cervical_flexion", DEFAULT.end_stray_cm),
    "sacrum": ([6], "spinal_flexion", DEFAULT.end_stray_cm),
    "upper_back": ([1, 2, 3], "squatting", DEFAULT.upper_back_stray_cm),
}


def displaced(place, forward_cm, *, kept=range(7), facing="right", fps=20.0):
    """Return two hinges of 65 degrees of a rigid back, of which one place moves forward."""
    time = np.arange(round(11 * fps)) / fps
    share = (1 - np.cos(2 * np.pi * np.clip((time - 1) % 5, 0, 4) / 4)) / 2
    share[time < 1] = 0
    usual = typical()
    reach_cm = np.linalg.norm(usual.points[0, 0] - usual.points[0, -1])
    reach_cm *= usual.trunk_share * DEFAULT.stature_cm
    size = np.linalg.norm(BACK_CM[0] - BACK_CM[-1]) / reach_cm
    back_cm = np.repeat(BACK_CM[None], len(time), axis=0)
    back_cm[:, PLACES[place][0], 0] += size * forward_cm * share[:, None]
    turn = np.radians(65.0 * share)[:, None]
    x, y = back_cm[..., 0], back_cm[..., 1]
    frames = [x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)]
    points = np.stack(frames, axis=-1)[:, list(kept)]
    return points * [1.0 if facing == "right" else -1.0, 1.0]
