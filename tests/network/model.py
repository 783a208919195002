"""The network: a crop in, heatmaps of places and some angles out."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from network.data import ANSWERS, CELLS, PLACES, SIDE

UNIT_DEG = 20.0
"""Unit of the angles in training."""


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        inner = F.relu(self.first_norm(self.first(x)))
        return F.relu(x + self.second_norm(self.second(inner)))


def down(before: int, after: int) -> nn.Sequential:
    """Return a block that halves the size."""
    conv = nn.Conv2d(before, after, 3, 2, 1, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(after), nn.ReLU())


def thin(before: int, after: int) -> nn.Sequential:
    """Return a block that mixes channels in place."""
    return nn.Sequential(nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after))


class Net(nn.Module):
    """Pictures (N, 3, SIDE, SIDE) by `data.normalised` -> places (N, 22, 3) and angles (N, 16).

    A place is x, y and the heatmap's spread, in pixels; the angles are `ANSWERS` in degrees and
    then the logarithms of their usual errors in degrees.
    """

    def __init__(self) -> None:
        super().__init__()
        a, b, c = 32, 80, 128  # multiples of 16 are what processors are quick with
        self.begin = nn.Sequential(down(3, 24), down(24, a))
        self.fine = nn.Sequential(*(Residual(a) for _ in range(2)))
        self.middle = nn.Sequential(down(a, b), *(Residual(b) for _ in range(4)))
        self.coarse = nn.Sequential(down(b, c), *(Residual(c) for _ in range(2)))
        self.up_middle, self.up_fine = thin(c, b), thin(b, a)
        self.last = Residual(a)
        self.maps = nn.Conv2d(a, len(PLACES), 1)
        self.gather = nn.Sequential(thin(c, 20), nn.ReLU())
        self.local = nn.Sequential(thin(a, 12), nn.ReLU())
        wide = 20 * (SIDE // 16) ** 2 + (2 + 12) * len(PLACES)
        self.say = nn.Sequential(nn.Linear(wide, 128), nn.ReLU(), nn.Linear(128, 2 * len(ANSWERS)))
        step = SIDE / CELLS
        at = (torch.arange(CELLS) + 0.5) * step
        y, x = torch.meshgrid(at, at, indexing="ij")
        grid = torch.stack([x, y, x * x + y * y], dim=-1).reshape(-1, 3)
        grid[:, 2] /= SIDE**2
        self.register_buffer("grid", grid)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return places, angles and the heatmaps before softmax (N, 22, CELLS * CELLS)."""
        fine = self.fine(self.begin(picture))
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        up = F.relu(middle + F.interpolate(self.up_middle(coarse), scale_factor=2.0))
        up = self.last(F.relu(fine + F.interpolate(self.up_fine(up), scale_factor=2.0)))
        maps = self.maps(up).flatten(2).float()
        gathered = self.gather(coarse).flatten(1).float()
        local = self.local(up).flatten(2).transpose(1, 2).float()
        with torch.autocast(picture.device.type, enabled=False):  # places need more than eight bits
            share = torch.softmax(maps, dim=-1)
            found = share @ self.grid
            near = (share @ local).flatten(1)
            xy = found[..., :2]
            square = found[..., 2:] * SIDE**2 - (xy * xy).sum(-1, keepdim=True)
            spread = torch.sqrt(torch.clamp(square, min=0.01))
            heard = torch.cat([gathered, near, (xy / 24.0 - 2.0).flatten(1)], dim=1)
            told = self.say(heard)
        count = len(ANSWERS)
        angles = torch.cat([told[:, :count] * UNIT_DEG, told[:, count:]], dim=1)
        return torch.cat([xy, spread], dim=-1), angles, maps
