"""What cameras, light, files and things in the way do to pictures, for many at once.

Pictures are tensors (N, 3, side, side), red, green, blue, 0 to 255. Pictures at 2k and 2k + 1 show
one person, as one film would: most of what changes light, colour and sharpness is the same in both.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

BLUR = 9
"""Side of the kernels that blur, pixels."""
LUMA = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56), (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
"""Quantisation of brightness in JPEG, ITU-T T.81, table K.1."""
CHROMA = (
    (17, 18, 24, 47), (18, 21, 26, 66), (24, 26, 56, 99), (47, 66, 99, 99),
)  # fmt: skip
"""That of colour (K.2), its corner; 99 elsewhere."""
TO_LIGHT = ((0.299, 0.587, 0.114), (-0.1687, -0.3313, 0.5), (0.5, -0.4187, -0.0813))


class Chance:
    """Random numbers for N pictures, on their device; alike in both of a pair unless `own`."""

    def __init__(self, count: int, device: torch.device, *, own: bool = False) -> None:
        self.count, self.device, self.own = count, device, own

    def _spread(self, drawn: Tensor) -> Tensor:
        return drawn if self.own else drawn.repeat_interleave(2, dim=0)

    def _rows(self) -> int:
        return self.count if self.own else self.count // 2

    def u(self, low: float, high: float, wide: int = 1) -> Tensor:
        """Return uniform numbers (N, wide, 1, 1)."""
        drawn = torch.rand(self._rows(), wide, 1, 1, device=self.device)
        return self._spread(low + (high - low) * drawn)

    def n(self, middle: float, sd: float, wide: int = 1) -> Tensor:
        """Return normal numbers (N, wide, 1, 1)."""
        return self._spread(middle + sd * torch.randn(self._rows(), wide, 1, 1, device=self.device))

    def is_(self, share: float) -> Tensor:
        """Return true for about this share, (N, 1, 1, 1)."""
        return self.u(0, 1) < share


def blurred(pictures: Tensor) -> Tensor:
    """Blur each in a direction of its own as motion does, and evenly."""
    chance = Chance(len(pictures), pictures.device)
    at = torch.arange(BLUR, device=pictures.device) - BLUR // 2
    y, x = torch.meshgrid(at, at, indexing="ij")
    turn = chance.u(0, math.pi)
    along = x * torch.cos(turn) + y * torch.sin(turn)
    across = y * torch.cos(turn) - x * torch.sin(turn)
    wide = chance.u(0.3, 1.2) * torch.where(chance.is_(0.45), chance.u(1.2, 3.0), 1.0)
    thin = torch.where(chance.is_(0.5), wide, 0.35).minimum(wide)
    kernel = torch.exp(-(along**2) / (2 * wide**2) - across**2 / (2 * thin**2))
    kernel = kernel / kernel.sum(dim=(2, 3), keepdim=True)
    count, _, side, _ = pictures.shape
    rows = pictures.reshape(1, count * 3, side, side)
    padded = F.pad(rows, [BLUR // 2] * 4, mode="replicate")
    return F.conv2d(padded, kernel.repeat_interleave(3, 0), groups=count * 3).view_as(pictures)


def jpeg(pictures: Tensor, rng: np.random.Generator) -> Tensor:
    """Return them as after strong JPEG compression (qualities of 8 to 75)."""
    device = pictures.device
    side = pictures.shape[-1]
    left, top = (int(v) for v in rng.integers(0, 16, 2))
    right, low = -(side + left) % 16, -(side + top) % 16
    x = F.pad(pictures, [left, right, top, low], mode="replicate")
    light = torch.tensor(TO_LIGHT, device=device)
    planes = torch.einsum("ij,njhw->nihw", light, x)
    quality = Chance(len(pictures), device).u(8, 75)
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality) / 100
    colour = torch.full((8, 8), 99.0, device=device)
    colour[:4, :4] = torch.tensor(CHROMA, device=device)
    bright = torch.tensor(LUMA, device=device, dtype=torch.float32)
    k = torch.arange(8, device=device, dtype=torch.float32)
    dct = torch.cos((2 * k[None] + 1) * k[:, None] * math.pi / 16) / 2
    dct[0] /= math.sqrt(2)

    def coded(plane: Tensor, table: Tensor) -> Tensor:
        count, channels, high, wide = plane.shape
        blocks = plane.view(count, channels, high // 8, 8, wide // 8, 8)
        steps = (table * scale).round().clamp(1, 255)[:, :, None, :, None, :]
        spectrum = torch.einsum("ij,nchjwk,lk->nchiwl", dct, blocks, dct)
        spectrum = (spectrum / steps).round() * steps
        back = torch.einsum("ji,nchjwk,kl->nchiwl", dct, spectrum, dct)
        return back.reshape(count, channels, high, wide)

    y = coded(planes[:, :1] - 128, bright) + 128
    thin = coded(F.avg_pool2d(planes[:, 1:], 2), colour)
    planes = torch.cat([y, F.interpolate(thin, scale_factor=2.0)], dim=1)
    out = torch.einsum("ij,njhw->nihw", torch.linalg.inv(light), planes)
    return out[..., top : top + side, left : left + side].clamp(0, 255)


def covered(pictures: Tensor) -> Tensor:
    """Put rectangles and ellipses in the way of some."""
    side = pictures.shape[-1]
    chance = Chance(len(pictures), pictures.device, own=True)
    at = torch.arange(side, device=pictures.device)
    y, x = at[:, None], at[None, :]
    some = chance.is_(0.2)
    for share in (1.0, 0.67, 0.33):
        wide, high = torch.exp(chance.u(math.log(2), math.log(17), 2)).split(1, dim=1)
        dx, dy = x - chance.u(-5, side), y - chance.u(-5, side)
        turn = chance.u(0, math.pi)
        u = (dx * torch.cos(turn) + dy * torch.sin(turn)) / wide
        v = (dy * torch.cos(turn) - dx * torch.sin(turn)) / high
        box = (dx.abs() < wide) & (dy.abs() < high)
        inside = torch.where(chance.is_(0.5), box, u * u + v * v < 1)
        grey = chance.u(0, 255).expand(-1, 3, -1, -1)
        paint = torch.where(chance.is_(0.4), chance.u(0, 255, 3), grey)
        pictures = torch.where(inside & some & chance.is_(share), paint, pictures)
    return pictures


def spoilt(pictures: Tensor) -> Tensor:
    """Change light and colour, add noise and things in the way."""
    count, _, side, _ = pictures.shape
    device = pictures.device
    c = Chance(count, device)
    x = covered(pictures)
    pick = c.u(0, 1)
    saturation = torch.where(pick < 0.12, 0.0, torch.where(pick < 0.7, c.u(0.2, 1.6), 1.0))
    grey = x.mean(dim=1, keepdim=True)
    x = grey + (x - grey) * saturation
    order = torch.argsort(c.u(0, 1, 3), dim=1)
    plain = torch.arange(3, device=device).view(1, 3, 1, 1)
    x = torch.gather(x, 1, torch.where(c.is_(0.1), order, plain).expand_as(x))

    def level(values: Tensor) -> Tensor:
        return values.mean(dim=(1, 2, 3), keepdim=True)

    # Light cloth before a bright wall: both are white in the picture.
    white = (x * (c.u(1.3, 3.0) * 128 / level(x).clamp(min=30))).clamp(max=255)
    x = torch.where(c.is_(0.15), white, x)
    x = x * torch.exp(c.n(0, 0.3)) * (1 + c.n(0, 0.07, 3))
    bent = 255 * (x.clamp(0, 255) / 255) ** torch.exp(c.n(0, 0.35))
    x = torch.where(c.is_(0.5), bent, x)
    middle = level(x)
    x = torch.where(c.is_(0.6), middle + (x - middle) * c.u(0.45, 1.35) + c.n(0, 12), x)
    at = torch.linspace(0, 1, side, device=device)
    way = torch.where(c.is_(0.5), at[:, None], at[None, :])
    begin = c.u(0.5, 1.3)
    x = torch.where(c.is_(0.25), x * (begin + (c.u(0.5, 1.3) - begin) * way), x)
    noise = torch.randn(count, 3, side, side, device=device)
    coarse = F.interpolate(noise[..., : side // 2, : side // 2], size=side, mode="bilinear")
    noise = torch.where(c.is_(0.4), coarse, noise)
    noise = torch.where(c.is_(0.5), noise[:, :1], noise)
    x = x + torch.where(c.is_(0.3), c.u(1, 14), 0.0) * noise
    # Beyond the picture's edge there is nothing.
    edge = torch.where(c.is_(0.06), c.u(2, 22), 0.0)
    pixel = torch.arange(side, device=device)
    pixel = torch.where(c.is_(0.5), pixel[:, None], pixel[None, :])
    x = torch.where(torch.where(c.is_(0.5), pixel, side - 1 - pixel) < edge, 0.0, x)
    # Cameras set their exposure.
    inner = level(x[..., side // 6 : -(side // 6), side // 6 : -(side // 6)])
    x = torch.where(c.is_(0.75), x * (c.u(45, 190) / inner.clamp(min=12)), x)
    return x.clamp(0, 255).round()
