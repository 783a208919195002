"""Drawn crops as the network sees them: cut out with errors, degraded as by cameras and files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from hinge_dowel.pose.network import ANGLES as ANSWERS
from hinge_dowel.pose.network import MIDDLE_PX, TRUNK_PX
from hinge_dowel.pose.network import SIDE_PX as SIDE
from network.draw import FILMED_FROM, SUBJECTS
from network.draw import SIDE as DRAWN
from network.draw import TRUNK_PX as DRAWN_TRUNK_PX
from network.people import PLACES
from network.spoil import blurred, jpeg, spoilt

Array = NDArray[Any]

CELLS = 24
JUDGING = 16
"""Every file whose number is divisible by this is for validation, not for training."""
OFTEN_DEG, OFTEN = (-30.0, -10.0, 12.0, 25.0, 50.0, 70.0), (1.0, 2.0, 2.0, 1.0, 0.8, 0.4)
"""Relative frequency with which a crop is shown, interpolated over its spinal flexion."""
GROUPS = 8
"""Groups of a batch that are shrunk, compressed or blurred alike."""


@dataclass
class Crops:
    """Drawn crops in memory, still compressed, or as pictures on a device with room for them."""

    pictures: list[Array]
    places: Array
    angles: Array
    trunk: Array
    subject: Array
    decoded: Tensor | None = None

    @classmethod
    def read(cls, folder: Path, *, judging: bool) -> Crops:
        """Read the files of a folder for validation, or the others."""
        parts: dict[str, list[Any]] = {k: [] for k in ("places", "angles", "trunk", "subject")}
        pictures: list[Array] = []
        for path in sorted(folder.glob("*.npz")):
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
        return len(self.places)

    def decode(self, device: torch.device) -> None:
        """Keep all pictures on the device: 77 kB each."""
        self.decoded = torch.empty((len(self), DRAWN, DRAWN, 3), dtype=torch.uint8, device=device)
        with ThreadPoolExecutor() as pool:
            for k in range(0, len(self), 4096):
                codes = self.pictures[k : k + 4096]
                part = np.stack(list(pool.map(_decoded, codes)))
                self.decoded[k : k + len(part)] = torch.from_numpy(part).to(device)
        self.pictures = []

    def shown(self, chosen: Array) -> Tensor:
        """Return pictures (n, 3, DRAWN, DRAWN) as numbers 0 to 255."""
        if self.decoded is None:
            rows = torch.from_numpy(np.stack([_decoded(self.pictures[k]) for k in chosen]))
        else:
            rows = self.decoded[torch.from_numpy(chosen).to(self.decoded.device)]
        return rows.permute(0, 3, 1, 2).float()

    @cached_property
    def usual(self) -> Array:
        """Return how often those up to each are shown, (N,), rising to 1: as in real clips, where
        few backs round far.

        All angles are drawn equally often, to be independent of each other; a network trained on
        that distribution would judge doubtful backs too round.
        """
        spinal = answers_of(self.angles, self.trunk)[:, ANSWERS.index("spinal")]
        often = np.cumsum(np.interp(spinal, OFTEN_DEG, OFTEN))
        return np.asarray(often / often[-1])

    @cached_property
    def whose(self) -> tuple[Array, Array]:
        """First crop of each crop's subject, and the first after it: (N,) each."""
        ends = np.flatnonzero(np.diff(self.subject)) + 1
        at = np.searchsorted(ends, np.arange(len(self)), side="right")
        edges = np.concatenate([[0], ends, [len(self)]])
        return edges[at], edges[at + 1]

    def pairs(self, rng: np.random.Generator, count: int) -> Array:
        """Draw so many crops as in `usual`, each after a partner: (2 * count,)."""
        second = np.searchsorted(self.usual, rng.random(count))
        return np.stack([self.partners(rng, second), second], axis=1).ravel()

    def partners(self, rng: np.random.Generator, chosen: Array) -> Array:
        """Another crop of the same subject for each of `chosen` (N,): any of them, but for most of
        the filmed subjects their first, in which they stand.
        """
        first, end = (e[chosen] for e in self.whose)
        other = rng.integers(first, np.maximum(end - 1, first + 1))
        other = np.where(end - first > 1, other + (other >= chosen), chosen)
        stands = (self.subject[chosen] >= FILMED_FROM) & (rng.random(len(chosen)) < 0.7)
        return np.where(stands, first, other)


def _decoded(code: Array) -> Array:
    picture = cv2.imdecode(code, cv2.IMREAD_COLOR)
    assert picture is not None
    return np.ascontiguousarray(picture[..., ::-1])


def answers_of(angles: Array, trunk: Array, turn: Array | float = 0.0) -> Array:
    """Return `ANSWERS` (..., 8) for `people.ANGLES` (..., 6) in crops whose trunk leans by `trunk`
    in the picture, turned further by `turn` degrees clockwise."""
    pelvis, thorax, head, knee, shin, view = np.moveaxis(angles, -1, 0)
    line = trunk - turn
    return np.stack(
        [pelvis - line, thorax - line, head - line, knee, shin - line, view, thorax - pelvis,
         head - thorax], axis=-1,
    )  # fmt: skip


def cuttings(rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Draw how `count` crops, in pairs of one film, are cut out of the drawn ones.

    Returns the matrices (count, 2, 3) from the drawn crop's pixels to the network's, and the turns
    (count,), degrees clockwise. The size is much the same in both of a pair.
    """
    usual = rng.random(count) > 0.08
    both = np.repeat(rng.normal(0, 0.06, count // 2), 2)
    scale = np.exp(np.where(usual, both + rng.normal(0, 0.025, count), rng.normal(0, 0.18, count)))
    turn = np.where(usual, rng.normal(0, 5, count), rng.normal(0, 18, count))
    shift = rng.normal(0, 1, (count, 2)) * np.where(usual, 0.05, 0.15)[:, None]
    size = scale * TRUNK_PX / DRAWN_TRUNK_PX
    c, s = np.cos(np.radians(turn)) * size, np.sin(np.radians(turn)) * size
    to = np.empty((count, 2, 3))
    to[:, 0, 0], to[:, 0, 1], to[:, 1, 0], to[:, 1, 1] = c, -s, s, c
    middle = np.array([DRAWN / 2, DRAWN / 2])
    to[:, :, 2] = np.array(MIDDLE_PX) + shift * TRUNK_PX - to[:, :, :2] @ middle
    return to, turn


def cut(pictures: Tensor, to: Array) -> Tensor:
    """Cut (n, 3, SIDE, SIDE) out of pictures of any resolution of the drawn crops; black beyond."""
    back = np.linalg.inv(to[:, :, :2])
    shift = -np.einsum("nij,nj->ni", back, to[:, :, 2])
    # From -1 to 1 across both, as `affine_grid` has it.
    half, own = DRAWN / 2, SIDE / 2
    move = (np.einsum("nij,j->ni", back, [own, own]) + shift - half) / half
    theta = np.concatenate([back * own / half, move[:, :, None]], axis=2).astype(np.float32)
    theta_there = torch.from_numpy(theta).to(pictures.device)
    size = [len(pictures), 3, SIDE, SIDE]
    grid = F.affine_grid(theta_there, size, align_corners=False)
    return F.grid_sample(pictures, grid, align_corners=False)


def degraded(rng: np.random.Generator, pictures: Tensor, to: Array) -> Tensor:
    """Cut crops out of pictures as low resolution, compression and motion leave them."""
    if rng.random() < 0.35:
        side = int(DRAWN / rng.uniform(1.1, 2.6))
        pictures = F.interpolate(pictures, size=(side, side), mode="area")
    if rng.random() < 0.3:
        pictures = jpeg(pictures, rng)
    pictures = cut(pictures, to)
    if rng.random() < 0.3:
        pictures = blurred(pictures)
    return pictures


def batch(rng: np.random.Generator, crops: Crops, chosen: Array) -> tuple[Tensor, Tensor, Tensor]:
    """Return pictures (N, 3, SIDE, SIDE), places (N, 22, 2) in their pixels and answers (N, 8)."""
    to, turn = cuttings(rng, len(chosen))
    places = np.einsum("nij,npj->npi", to[:, :, :2], crops.places[chosen]) + to[:, None, :, 2]
    answers = answers_of(crops.angles[chosen], crops.trunk[chosen], turn)
    pictures = crops.shown(chosen)
    edges = 2 * np.linspace(0, len(chosen) // 2, GROUPS + 1).astype(int)
    groups = [slice(a, b) for a, b in pairwise(edges) if b > a]
    pictures = spoilt(torch.cat([degraded(rng, pictures[one], to[one]) for one in groups]))
    device = pictures.device
    x = normalised(pictures).contiguous(memory_format=torch.channels_last)
    return x, _there(places, device), _there(answers, device)


def _there(values: Array, device: torch.device) -> Tensor:
    return torch.from_numpy(values.astype(np.float32)).to(device, non_blocking=True)


def normalised(pictures: Tensor) -> Tensor:
    """Return crops (N, 3, SIDE, SIDE), each with mean 0 and sd 1, whatever the light."""
    middle = pictures.mean(dim=(1, 2, 3), keepdim=True)
    spread = pictures.std(dim=(1, 2, 3), keepdim=True, correction=0)
    return (pictures - middle) / (spread + 4.0)


__all__ = ["ANSWERS", "PLACES", "Crops", "batch", "normalised"]
