"""Drawn crops as the network sees them: cut out with errors, degraded as by cameras and files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hinge_dowel.pose.network import ANGLES as ANSWERS
from hinge_dowel.pose.network import MIDDLE_PX, TRUNK_PX
from hinge_dowel.pose.network import SIDE_PX as SIDE
from network.draw import FILMED_FROM, SUBJECTS
from network.draw import SIDE as DRAWN
from network.draw import TRUNK_PX as DRAWN_TRUNK_PX
from network.people import ANGLES, PLACES

Array = NDArray[Any]

CELLS = 24
JUDGING = 16
"""Every file whose number is divisible by this is for validation, not for training."""


OFTEN_DEG, OFTEN = (-30.0, -10.0, 12.0, 25.0, 50.0, 70.0), (1.0, 2.0, 2.0, 1.0, 0.8, 0.4)
"""Relative frequency with which a crop is shown, interpolated over its spinal flexion."""
NOISE = np.random.default_rng(1).normal(0, 1, 1 << 20).astype(np.float32)


@dataclass
class Crops:
    """Drawn crops in memory, still compressed."""

    pictures: list[Array]
    places: Array
    angles: Array
    trunk: Array
    subject: Array

    @classmethod
    def read(cls, folder: Path, *, judging: bool, known: frozenset[str] = frozenset()) -> Crops:
        """Read the files of a folder for validation, or the others, without those `known`."""
        parts: dict[str, list[Any]] = {k: [] for k in ("places", "angles", "trunk", "subject")}
        pictures: list[Array] = []
        for path in sorted(folder.glob("*.npz")):
            if path.name in known:
                continue
            if ((int(path.stem) // SUBJECTS) % JUDGING == 0) != judging:
                continue
            with np.load(path) as data:
                ends = np.cumsum(data["sizes"])
                packed = data["pictures"]
                pictures += [packed[e - n : e] for n, e in zip(data["sizes"], ends, strict=True)]
                for k, rows in parts.items():
                    rows.append(data[k])
        return cls(pictures, **{k: np.concatenate(v) for k, v in parts.items()})

    def __len__(self) -> int:
        return len(self.pictures)

    @cached_property
    def usual(self) -> Array:
        """Return how often each is shown, (N,), sum 1: as in real clips, where few backs round far.

        All angles are drawn equally often, to be independent of each other; a network trained on
        that distribution would judge doubtful backs too round.
        """
        spinal = answers_of(self.angles, self.trunk)[:, ANSWERS.index("spinal")]
        often = np.interp(spinal, OFTEN_DEG, OFTEN)
        return np.asarray(often / often.sum())

    @cached_property
    def whose(self) -> tuple[Array, Array]:
        """First crop of each crop's subject, and the first after it: (N,) each."""
        ends = np.flatnonzero(np.diff(self.subject)) + 1
        at = np.searchsorted(ends, np.arange(len(self)), side="right")
        edges = np.concatenate([[0], ends, [len(self)]])
        return edges[at], edges[at + 1]

    def partners(self, rng: np.random.Generator, chosen: Array) -> Array:
        """Another crop of the same subject for each of `chosen` (N,): any of them, but for half of
        the filmed subjects their first, in which they stand.
        """
        first, end = (e[chosen] for e in self.whose)
        other = rng.integers(first, np.maximum(end - 1, first + 1))
        other = np.where(end - first > 1, other + (other >= chosen), chosen)
        stands = (self.subject[chosen] >= FILMED_FROM) & (rng.random(len(chosen)) < 0.5)
        return np.where(stands, first, other)


def answers_of(angles: Array, trunk: Array, turn: Array | float = 0.0) -> Array:
    """Return `ANSWERS` (..., 8) for `people.ANGLES` (..., 6) in crops whose trunk leans by `trunk`
    in the picture, turned further by `turn` degrees clockwise."""
    pelvis, thorax, head, knee, shin, view = np.moveaxis(angles, -1, 0)
    line = trunk - turn
    return np.stack(
        [pelvis - line, thorax - line, head - line, knee, shin - line, view, thorax - pelvis,
         head - thorax], axis=-1,
    )  # fmt: skip


def placed(rng: np.random.Generator) -> tuple[float, float, Array]:
    """Draw a crop's errors: scale, turn (degrees clockwise) and shift (trunks)."""
    if rng.random() < 0.08:
        return float(np.exp(rng.normal(0, 0.18))), rng.normal(0, 18), rng.normal(0, 0.15, 2)
    return float(np.exp(rng.normal(0, 0.065))), rng.normal(0, 5), rng.normal(0, 0.05, 2)


def cutting(scale: float, turn: float, shift: Array) -> Array:
    """Return the matrix (2, 3) from the drawn crop's pixels to the network's."""
    a = np.radians(turn)
    size = scale * TRUNK_PX / DRAWN_TRUNK_PX
    c, s = np.cos(a) * size, np.sin(a) * size
    to = np.array([[c, -s, 0.0], [s, c, 0.0]])
    to[:, 2] = np.array(MIDDLE_PX) + shift * TRUNK_PX - to[:, :2] @ [DRAWN / 2, DRAWN / 2]
    return to


def sample(
    rng: np.random.Generator, crops: Crops, k: int, *, spoilt: bool = True
) -> tuple[Array, Array, Array]:
    """Return picture (3, SIDE, SIDE) uint8, places (22, 2) in its pixels, answers (8,)."""
    picture = cv2.imdecode(crops.pictures[k], cv2.IMREAD_COLOR_RGB)
    scale, turn, shift = placed(rng)
    to = cutting(scale, turn, shift)
    places = crops.places[k] @ to[:, :2].T + to[:, 2]
    answers = answers_of(crops.angles[k], crops.trunk[k], turn)
    if spoilt:
        picture = blurred(rng, picture)
    if (shrunk := picture.shape[0] / DRAWN) != 1:
        to = to.copy()
        to[:, :2] /= shrunk
    out = cv2.warpAffine(picture, to, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    if spoilt:
        out = spoil(rng, out)
    return np.ascontiguousarray(out.transpose(2, 0, 1)), places.astype(np.float32), answers


def blurred(rng: np.random.Generator, picture: Array) -> Array:
    """Degrade a picture as low resolution, motion and strong compression do."""
    pick = rng.random(5)
    if pick[0] < 0.12:
        size = int(rng.integers(2, 11))
        kernel = np.zeros((size, size), np.float32)
        a = rng.uniform(0, np.pi)
        for t in np.linspace(-0.5, 0.5, 3 * size):
            x = round((size - 1) / 2 + t * (size - 1) * np.cos(a))
            y = round((size - 1) / 2 + t * (size - 1) * np.sin(a))
            kernel[y, x] = 1
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    if pick[1] < 0.15:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.8))
    if pick[2] < 0.35:
        side = int(DRAWN / rng.uniform(1.0, 3.0))
        picture = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    if pick[3] < 0.3:
        quality = int(rng.uniform(8, 75))
        _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        picture = cv2.imdecode(code, cv2.IMREAD_COLOR)
    return picture


def spoil(rng: np.random.Generator, picture: Array) -> Array:
    """Change light and colour, add noise and things in the way."""
    out = picture.astype(np.float32)
    pick = rng.random(10)
    u, n = rng.uniform, rng.normal
    if pick[0] < 0.2:  # things in the way
        for _ in range(int(rng.integers(1, 4))):
            w, h = (int(v) for v in np.exp(u(np.log(4), np.log(34), 2)))
            x, y = (int(v) for v in u(-10, SIDE, 2))
            colour = u(0, 255, 3) if pick[1] < 0.4 else np.full(3, u(0, 255))
            if rng.random() < 0.5:
                cv2.rectangle(out, (x, y), (x + w, y + h), colour.tolist(), -1)
            else:
                cv2.ellipse(out, (x, y), (w // 2, h // 2), u(0, 180), 0, 360, colour.tolist(), -1)
    if pick[2] < 0.12:
        out[:] = out.mean(axis=2, keepdims=True)
    elif pick[2] < 0.7:
        grey = out.mean(axis=2, keepdims=True)
        out = grey + (out - grey) * u(0.2, 1.6)
    if pick[3] < 0.1:
        out = out[..., rng.permutation(3)]
    if rng.random() < 0.15:  # light cloth before a bright wall: both are white in the picture
        out = np.minimum(out * np.float32(u(1.3, 3.0) * 128 / max(float(out.mean()), 30.0)), 255)
    out = out * (np.exp(n(0, 0.3)) * (1 + n(0, 0.07, 3)))
    if pick[4] < 0.5:
        out = 255 * np.clip(out / 255, 0, 1) ** np.exp(n(0, 0.35))
    if pick[5] < 0.6:
        middle = out.mean()
        out = middle + (out - middle) * u(0.45, 1.35) + n(0, 12)
    if pick[6] < 0.25:
        ramp = np.linspace(u(0.5, 1.3), u(0.5, 1.3), SIDE, dtype=np.float32)
        out = out * (ramp[:, None, None] if pick[7] < 0.5 else ramp[None, :, None])
    if pick[8] < 0.3:
        grey, size = rng.random() < 0.5, SIDE if rng.random() < 0.6 else SIDE // 2
        at = int(rng.integers(len(NOISE) - 3 * SIDE * SIDE))
        noise = NOISE[at : at + size * size * (1 if grey else 3)].reshape(size, size, -1)
        if size != SIDE:
            noise = cv2.resize(noise, (SIDE, SIDE)).reshape(SIDE, SIDE, -1)
        out = out + np.float32(u(1, 14)) * noise
    if pick[9] < 0.06:  # beyond the picture's edge there is nothing
        edge = int(u(2, 22))
        side = int(rng.integers(4))
        out = np.rot90(out, side).copy()
        out[:edge] = 0
        out = np.rot90(out, -side)
    if rng.random() < 0.75:  # cameras set their exposure
        out = out * np.float32(
            u(45, 190)
            / max(float(out[SIDE // 6 : -SIDE // 6, SIDE // 6 : -SIDE // 6].mean()), 12.0)
        )
    return np.clip(out, 0, 255).astype(np.uint8)


def normalised(pictures: Array) -> Array:
    """Return crops (N, 3, SIDE, SIDE), each with mean 0 and sd 1, float32, whatever the light."""
    x = np.asarray(pictures, np.float32)
    middle = x.mean(axis=(1, 2, 3), keepdims=True)
    return (x - middle) / (x.std(axis=(1, 2, 3), keepdims=True) + 4.0)


__all__ = ["ANGLES", "ANSWERS", "PLACES", "Crops", "normalised", "sample"]
