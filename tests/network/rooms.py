"""Backgrounds for drawn people: rooms, gyms, shapes, and photographs where some are given.

Each is an upright picture (SIDE, SIDE, 3) of numbers 0..255.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 448
Picture = NDArray[np.uint8]


def tint(rng: np.random.Generator, low: float = 10, high: float = 250) -> Any:
    """Return a colour, mostly grey."""
    level = rng.uniform(low, high)
    vivid = rng.choice([0.05, 0.15, 0.5], p=[0.5, 0.35, 0.15])
    return np.clip(level * (1 + rng.normal(0, vivid, 3)), 3, 252)


def cloud(rng: np.random.Generator, side: int, slope: float) -> Any:
    """Return noise (side, side) with a spectrum like that of pictures, mean 0, sd 1."""
    small = 64
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(small), np.fft.rfftfreq(small), indexing="ij"))
    f[0, 0] = 1
    wave = np.exp(2j * np.pi * rng.random(f.shape)) / f**slope
    wave[0, 0] = 0
    out = np.fft.irfft2(wave, (small, small))
    out = (out / (out.std() + 1e-9)).astype(np.float32)
    return cv2.resize(out, (side, side), interpolation=cv2.INTER_CUBIC)


def texture(rng: np.random.Generator, h: int, w: int, colour: Any) -> Any:
    """Return a surface: plain, grained, planked, bricked, tiled, curtained or patterned."""
    out = np.empty((h, w, 3), np.float32)
    out[:] = colour
    kind = rng.choice(["plain", "grain", "planks", "bricks", "stripes", "cloud", "speckle"],
                      p=[0.3, 0.12, 0.12, 0.1, 0.14, 0.14, 0.08])  # fmt: skip
    if kind == "grain":
        noise = rng.normal(0, rng.uniform(3, 18), (h // 3 + 1, w // 3 + 1)).astype(np.float32)
        out += cv2.resize(noise, (w, h))[..., None]
    elif kind in ("planks", "bricks"):
        step = int(rng.integers(8, 70))
        dark = colour * rng.uniform(0.5, 0.93)
        line = max(1, step // 14)
        for n, y in enumerate(range(0, h, step)):
            out[y : y + step] *= rng.uniform(0.93, 1.07)
            out[y : y + line] = dark
            if kind == "bricks":
                for x in range((n % 2) * step, w, 2 * step):
                    out[y : y + step, x : x + line] = dark
    elif kind == "stripes":
        step = rng.uniform(6, 80)
        wave = np.sin(np.arange(w) * 2 * np.pi / step + rng.uniform(0, 6))
        if rng.random() < 0.5:
            wave = np.sign(wave)
        out *= (1 + rng.uniform(0.05, 0.4) * wave)[None, :, None]
    elif kind == "cloud":
        amount = rng.uniform(0.05, 0.45)
        noise = cloud(rng, max(h, w), rng.uniform(1.0, 2.2))[:h, :w]
        out *= np.clip(1 + amount * noise, 0.1, 3)[..., None]
    elif kind == "speckle":
        out += (rng.random((h, w, 1)) < 0.04) * rng.normal(0, 60, 3)
    if rng.random() < 0.3:
        out = np.ascontiguousarray(out.transpose(1, 0, 2)) if h == w else out
    return out


def words(
    rng: np.random.Generator, out: Any, text: str, at: tuple[int, int], size: float, colour: Any
) -> None:
    """Write letters over a picture of any number type."""
    cover = np.zeros(out.shape[:2], np.uint8)
    thick = int(rng.integers(1, 4))
    cv2.putText(cover, text, at, int(rng.integers(0, 5)), size, 255, thick, cv2.LINE_AA)
    share = cover[..., None].astype(np.float32) / 255
    out *= 1 - share
    out += share * np.asarray(colour, np.float32)


def shapes(rng: np.random.Generator, out: Any, count: int) -> None:
    """Paint random things over a picture: boxes, discs, poles, beams, leaves, letters."""
    side = out.shape[0]
    for _ in range(count):
        colour = tuple(float(c) for c in tint(rng))
        x, y = (int(v) for v in rng.integers(-20, side + 20, 2))
        size = float(np.exp(rng.uniform(np.log(6), np.log(side / 2))))
        kind = rng.choice(["box", "disc", "pole", "beam", "leaf", "ring", "patch", "words"])
        a = int(size)
        if kind == "box":
            cv2.rectangle(out, (x, y), (x + a, y + int(size * rng.uniform(0.2, 2))), colour, -1)
        elif kind == "disc":
            r = max(2, a // 3)
            cv2.circle(out, (x, y), r, colour, -1, cv2.LINE_AA)
            cv2.circle(out, (x, y), max(1, r // 4), tuple(float(c) for c in tint(rng)), -1)
        elif kind == "ring":
            cv2.circle(out, (x, y), max(3, a // 3), colour, max(1, a // 18), cv2.LINE_AA)
        elif kind == "pole":
            wide = int(rng.integers(2, 22))
            cv2.rectangle(out, (x, -5), (x + wide, side + 5), colour, -1)
        elif kind == "beam":
            q = (rng.integers(0, side, 2) * 1.0).astype(int)
            cv2.line(out, (x, y), (int(q[0]), int(q[1])), colour, int(rng.integers(1, 12)))
        elif kind == "leaf":
            angle = rng.uniform(0, 6.3)
            t = np.linspace(0, 2 * np.pi, 14)
            r = size / 2 * (0.6 + 0.4 * rng.random(14))
            p = np.stack([x + r * np.cos(t + angle), y + 0.6 * r * np.sin(t)], 1)
            cv2.fillPoly(out, [p.astype(np.int32)], colour, cv2.LINE_AA)
        elif kind == "patch":
            h, w = max(4, min(a, side)), max(4, min(int(size * rng.uniform(0.3, 2)), side))
            x, y = max(0, min(x, side - w)), max(0, min(y, side - h))
            out[y : y + h, x : x + w] = texture(rng, h, w, tint(rng))
        else:
            text = "".join(rng.choice(list("ABEFHIKLMNORSTUVXZ0123456789"), rng.integers(2, 9)))
            words(rng, out, text, (x, y), size / 50 + 0.3, colour)


def room(rng: np.random.Generator) -> Picture:
    """Return a room: wall and floor, things before the wall, and uneven light."""
    out = np.empty((SIDE, SIDE, 3), np.float32)
    line = int(SIDE * rng.uniform(0.5, 0.95))
    low, high = ((8, 60), (150, 250), (20, 245))[int(rng.integers(3))]
    out[:line] = texture(rng, line, SIDE, tint(rng, low, high))
    floor = texture(rng, SIDE - line, SIDE, tint(rng))
    out[line:] = floor
    if rng.random() < 0.5:
        out[line - int(rng.integers(2, 10)) : line] = tint(rng)
    for _ in range(rng.integers(0, 3)):  # windows and mirrors, often bright
        w, h = (int(v) for v in rng.uniform(40, 240, 2))
        x, y = int(rng.integers(-30, SIDE)), int(rng.integers(-40, SIDE // 2))
        cv2.rectangle(out, (x - 4, y - 4), (x + w + 4, y + h + 4), tint(rng).tolist(), -1)
        bright = tint(rng, 190, 252) if rng.random() < 0.6 else tint(rng)
        cv2.rectangle(out, (x, y), (x + w, y + h), bright.tolist(), -1)
        for bar in range(x, x + w, max(12, w // int(rng.integers(1, 5)))):
            cv2.rectangle(out, (bar, y), (bar + 3, y + h), tint(rng).tolist(), -1)
    if rng.random() < 0.4:  # a rack of plates or dumbbells
        y, r = int(rng.uniform(0.3, 0.9) * SIDE), int(rng.integers(5, 30))
        shade = tint(rng, 8, 90)
        for x in range(int(rng.integers(-20, SIDE // 2)), SIDE, int(2.3 * r)):
            cv2.circle(out, (x, y), r, (shade * rng.uniform(0.6, 1.4)).tolist(), -1, cv2.LINE_AA)
            cv2.circle(out, (x, y), max(1, r // 4), tint(rng).tolist(), -1)
        cv2.line(out, (0, y + r), (SIDE, y + r), tint(rng).tolist(), 4)
    if rng.random() < 0.35:  # uprights of a rack
        for x in rng.integers(0, SIDE, rng.integers(1, 5)):
            wide = int(rng.integers(4, 20))
            cv2.rectangle(out, (int(x), 0), (int(x) + wide, SIDE), tint(rng).tolist(), -1)
    shapes(rng, out, int(rng.integers(0, 16)))
    ramp = np.linspace(*rng.uniform(0.6, 1.3, 2), SIDE)
    out *= ramp[None, :, None] if rng.random() < 0.5 else ramp[:, None, None]
    return np.clip(out, 0, 255).astype(np.uint8)


def leaves(rng: np.random.Generator) -> Picture:
    """Return shapes painted over one another."""
    out = np.empty((SIDE, SIDE, 3), np.float32)
    out[:] = texture(rng, SIDE, SIDE, tint(rng))
    shapes(rng, out, int(rng.integers(20, 140)))
    return np.clip(out, 0, 255).astype(np.uint8)


def clouds(rng: np.random.Generator) -> Picture:
    """Return smooth coloured noise, like something out of focus."""
    base = tint(rng)
    grey = cloud(rng, SIDE, rng.uniform(0.8, 2.2))[..., None]
    own = np.stack([cloud(rng, SIDE, rng.uniform(1.0, 2.2)) for _ in range(3)], -1)
    out = base + rng.uniform(5, 60) * grey + rng.uniform(0, 25) * own
    return np.clip(out, 0, 255).astype(np.uint8)


def photographs(folder: Path | None) -> list[Picture]:
    """Read the pictures of a folder, at most 900 px a side."""
    out = []
    for path in sorted(folder.rglob("*")) if folder else []:
        if path.suffix.lower() not in (".jpg", ".jpeg", ".png", ".webp"):
            continue
        seen = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if seen is None or min(seen.shape[:2]) < 200:
            continue
        scale = 900 / max(seen.shape[:2])
        if scale < 1:
            seen = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        out.append(np.ascontiguousarray(seen[..., ::-1]))
    return out


def cut(rng: np.random.Generator, photo: Picture) -> Picture:
    """Return a random part of a photograph, mirrored or not."""
    h, w = photo.shape[:2]
    side = int(rng.uniform(0.35, 1.0) * min(h, w))
    x, y = int(rng.integers(0, w - side + 1)), int(rng.integers(0, h - side + 1))
    part = cv2.resize(photo[y : y + side, x : x + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    part = part[:, ::-1] if rng.random() < 0.5 else part
    return np.ascontiguousarray(part)


def background(rng: np.random.Generator, photos: list[Picture]) -> Picture:
    """Return a random background."""
    if photos and rng.random() < 0.35:
        return cut(rng, photos[int(rng.integers(len(photos)))])
    pick = rng.random()
    if pick < 0.66:
        return room(rng)
    return leaves(rng) if pick < 0.88 else clouds(rng)
