"""Clothes, hair, skin, things and light for drawn people, pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from network import rooms
from network.people import EARS, NOSE, groups

Array = NDArray[Any]

NORMAL, REST, SPACE, PART = slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 16)
ARM, LEG, THING = 16, 17, 18
CARRIED = 19
"""Numbers of a vertex interpolated to its pixels: outward normal, place at rest, place now, weights
of `PARTS`, place down arm and leg, and number of the thing it belongs to (0: the body)."""
PARTS = ("torso", "neck", "arm", "hand", "leg", "foot", "head")
TORSO, NECK, LIMB, HAND, LEGS, FOOT, HEAD = range(7)


def waves(rng: np.random.Generator, at: Array, frequency: float, count: int = 5) -> Array:
    """Return smooth noise (N,) at places (N, 3), mean about 0, sd about 1."""
    out = np.zeros(len(at), np.float32)
    for _ in range(count):
        k = rng.normal(0, frequency, 3).astype(np.float32)
        out += np.sin(at @ k + np.float32(rng.uniform(0, 6.3)))
    return out * np.float32(np.sqrt(2 / count))


@dataclass
class Style:
    """Clothes, hair and colours of a person, drawn at random."""

    rng: np.random.Generator

    def __post_init__(self) -> None:
        r = self.rng
        u, chance = r.uniform, r.random
        melanin = u(0, 1) ** 0.9
        fair, dark = np.array([0.96, 0.78, 0.66]), np.array([0.16, 0.10, 0.08])
        self.skin = np.clip(fair * (1 - melanin) + dark * melanin + r.normal(0, 0.025, 3), 0.03, 1)
        self.hair = np.clip(
            (u(0.02, 0.25) if chance() < 0.75 else u(0.25, 0.85)) * np.array([1, 0.8, 0.6])
            + r.normal(0, 0.03, 3), 0.01, 1,
        )  # fmt: skip
        self.shirt, self.trousers, self.shoes, self.extra = (self.cloth() for _ in range(4))
        if chance() < 0.15:
            self.trousers = np.clip(self.shirt + r.normal(0, 0.04, 3), 0.01, 1)
        kind = r.choice(["bare", "crop", "tank", "tee", "long", "jacket"],
                        p=[0.09, 0.08, 0.16, 0.37, 0.2, 0.1])  # fmt: skip
        self.kind = str(kind)
        self.sleeve = {"bare": -1, "crop": -1, "tank": -1, "tee": u(0.18, 0.5)}.get(
            self.kind, u(0.8, 1.1)
        )
        self.hem = {"bare": 9.0, "crop": u(0.5, 0.72)}.get(self.kind, u(-0.22, 0.25))
        self.collar = u(0.95, 1.15) if self.kind == "tank" else 9.0
        self.waist = u(0.08, 0.34)
        self.legs = u(0.22, 0.55) if chance() < 0.42 else u(0.8, 1.1)
        self.socks = u(0.72, 0.95) if chance() < 0.5 else 2.0
        self.barefoot = chance() < 0.18
        self.belt = u(0.1, 0.3) if chance() < 0.08 else None
        self.sleeves_knee = chance() < 0.06
        self.gloves = chance() < 0.08
        fit = r.choice(["snug", "easy", "loose"], p=[0.4, 0.3, 0.3])
        low, high, sag = {"snug": (0, 0.004, 0.0), "easy": (0.004, 0.018, 0.03),
                          "loose": (0.016, 0.045, 0.1)}[str(fit)]  # fmt: skip
        if self.kind in ("bare", "crop"):
            low, high, sag = 0, 0.003, 0.0
        if self.kind == "jacket":
            low, high = 0.01, 0.05
        self.shirt_m, self.sag_m = u(low, high), u(sag / 3, sag)
        self.trousers_m = u(0.006, 0.03) if chance() < 0.45 else u(0, 0.005)
        self.folds = (0.02 if fit == "snug" else 0.3) * u(0.2, 1.6)
        self.style = str(r.choice(["short", "bald", "bun", "ponytail", "long", "afro"],
                                  p=[0.42, 0.1, 0.13, 0.14, 0.13, 0.08]))  # fmt: skip
        self.beard = chance() < 0.22
        self.cap = chance() < 0.12
        self.hood_up = self.kind in ("long", "jacket") and chance() < 0.2
        self.hood_down = not self.hood_up and self.kind in ("long", "jacket") and chance() < 0.4
        self.patterns = {k: self.pattern() for k in ("shirt", "trousers")}
        self.patch = chance() < 0.3
        self.seed = int(r.integers(1 << 30))
        self.bumps_m = u(0, 0.012) if chance() < 0.5 else 0.0

    def cloth(self) -> Array:
        r = self.rng
        if r.random() < 0.25:  # strong colours
            c = r.uniform(0.02, 0.95, 3)
        else:
            c = np.clip(r.choice([0.04, 0.1, 0.3, 0.55, 0.92]) + r.normal(0, 0.06, 3), 0.01, 1)
        return np.clip(c, 0.01, 1)

    def pattern(self) -> str:
        return str(
            self.rng.choice(
                ["plain", "heather", "stripes", "checks", "camouflage", "photo", "panels"],
                p=[0.56, 0.14, 0.07, 0.04, 0.05, 0.06, 0.08],
            )
        )


class Body:
    """A body in clothes: the numbers of its vertices, and its outer surface in any posture."""

    def __init__(self, mesh: Any, rest: Array, heads: Array, style: Style) -> None:
        self.mesh, self.style = mesh, style
        self.rest = rest
        self.round = 0.0
        """See `people.posed`."""
        weight = groups(mesh)
        self.part = np.stack([weight[p] for p in PARTS], axis=1)
        ix = mesh.index
        self.hip_z, self.shoulder_z = heads[ix["upperleg01.L"], 2], heads[ix["upperarm01.L"], 2]
        ankle_z = heads[ix["foot.L"], 2]
        self.trunk_m = float(self.shoulder_z - self.hip_z)
        shoulder, wrist = heads[ix["upperarm01.L"]], heads[ix["wrist.L"]]
        side = np.abs(rest) * [1, 0, 0] + rest * [0, 1, 1]
        self.arm = np.linalg.norm(side - shoulder, axis=1) / np.linalg.norm(wrist - shoulder)
        self.leg = (self.hip_z - rest[:, 2]) / (self.hip_z - ankle_z)
        self.height = (rest[:, 2] - self.hip_z) / self.trunk_m
        head = self.part[:, HEAD] > 0.5
        self.face_y, self.top_z = rest[head, 1].min(), rest[head, 2].max()
        self.deep = rest[head, 1].max() - self.face_y
        self.nose, self.ear = rest[NOSE], rest[EARS[0]]
        self.chin_z = rest[head, 2].min()
        self.owner = self.part.argmax(1)
        self.regions = self.region(rest, self.owner, self.arm, self.leg)
        own = np.random.default_rng(style.seed)
        lump = np.clip(1 + 0.3 * waves(own, rest, 9.0, 6), 0, None)
        r, thick = self.regions, np.zeros(len(rest))
        thick[r == SHIRT] = style.shirt_m
        thick[r == TROUSERS] = style.trousers_m
        self.thick = thick * lump
        hair = {"bald": 0.0, "short": 0.006, "afro": 0.05}.get(style.style, 0.014)
        self.thick[r == HAIR] += hair * (0.6 + 0.4 * lump[r == HAIR])
        if style.hood_up:
            up = r == HOOD
            self.thick[up] = np.clip(0.03 * lump[up], 0.01, None)
        self.sag = np.where((r == SHIRT) & (self.owner == TORSO), style.sag_m, 0.0)
        self.cloth = np.isin(r, (SHIRT, TROUSERS, HOOD))

    def region(self, rest: Array, part: Array, arm: Array, leg: Array) -> Array:
        """Return the region of each of some places at rest."""
        s = self.style
        h = (rest[:, 2] - self.hip_z) / self.trunk_m
        x = np.abs(rest[:, 0])
        out = np.full(len(rest), SKIN)
        body = (part == TORSO) | (part == LEGS)
        legs = body & (h < s.waist) & (leg < s.legs)
        out[legs] = TROUSERS
        shirt = body & (h > s.hem) & (h < s.collar + 2 * (x > 0.35 * self.trunk_m * 0.5))
        shirt |= (part == LIMB) & (arm < s.sleeve)
        if s.kind == "tank":
            shirt &= ~((h > 0.86) & (x > 0.14)) | (h < 0.8)
        out[shirt] = SHIRT
        out[(part == LEGS) & (leg > s.socks)] = SOCKS
        if s.sleeves_knee:
            out[(part == LEGS) & (leg > 0.44) & (leg < 0.58)] = SOCKS
        out[part == FOOT] = SKIN if s.barefoot else SHOES
        if s.belt is not None:
            out[(part == TORSO) & (h > s.belt) & (h < s.belt + 0.16)] = BELT
        if s.gloves:
            out[part == HAND] = SOCKS
        head = part == HEAD
        y, z = rest[:, 1], rest[:, 2]
        scalp = head & (z > self.chin_z + 0.05)
        scalp &= (y > self.face_y + 0.45 * self.deep) | (z > self.top_z - 0.055)
        if s.style != "bald":
            out[scalp] = HAIR
        if s.beard:
            jaw = head & (z < self.nose[2] - 0.012) & (y < self.face_y + 0.6 * self.deep)
            out[jaw & (z < self.nose[2] - 0.045) | jaw & (x > 0.03)] = BEARD
        if s.cap:
            out[head & (z > self.top_z - 0.085)] = CAP
        if s.hood_up:
            out[scalp | (part == NECK)] = HOOD
        return out

    def surface(self, skin: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """Return the outer surface over posed skin, and its normals: (V, 3) each."""
        s = self.style
        normals = self.mesh.normals(skin)
        thick = self.thick.copy()
        if s.bumps_m:
            thick += self.cloth * s.bumps_m * np.clip(waves(rng, self.rest, 14.0, 4), -0.6, 2)
        out = skin + normals * thick[:, None]
        out[:, 2] -= np.clip(-normals[:, 2], 0, 1) * self.sag
        return out, self.mesh.normals(out)

    def carried(self, surface: Array, normals: Array) -> Array:
        out = np.zeros((len(surface), CARRIED), np.float32)
        out[:, NORMAL], out[:, REST], out[:, SPACE] = normals, self.rest, surface
        out[:, PART], out[:, ARM], out[:, LEG] = self.part, self.arm, self.leg
        return out


SKIN, SHIRT, TROUSERS, SOCKS, SHOES, BELT, HAIR, BEARD, CAP, HOOD = range(10)


def albedo(body: Body, seen: Array, things: list[Array], pictures: list[Any]) -> tuple[Any, Any]:
    """Return colours (N, 3), 0 to 1, of pixels `seen` (N, CARRIED), and how much cloth folds."""
    s, rest = body.style, seen[:, REST]
    rng = np.random.default_rng(s.seed + 1)
    part = seen[:, PART].argmax(1)
    where = body.region(rest, part, seen[:, ARM], seen[:, LEG])
    out = np.empty((len(seen), 3), np.float32)
    mottle = 1 + 0.05 * waves(rng, rest, 25.0, 4)
    out[:] = s.skin
    out *= mottle[:, None]
    # Eyes, brows and mouth.
    head = part == HEAD
    if head.any():
        x = np.abs(rest[:, 0])
        up, ahead = rest[:, 2] - body.nose[2], rest[:, 1] < body.face_y + 0.35 * body.deep
        eye = head & ahead & (np.hypot(x - 0.031, up - 0.033) < 0.011)
        brow = head & ahead & (np.abs(x - 0.033) < 0.02) & (np.abs(up - 0.052) < 0.005)
        mouth = head & ahead & (x < 0.024) & (np.abs(up + 0.036) < 0.006)
        out[eye] = 0.1
        out[brow] = s.hair
        out[mouth] *= [0.8, 0.55, 0.55]
    own = {
        SHIRT: s.shirt,
        HOOD: s.shirt,
        TROUSERS: s.trousers,
        SOCKS: s.extra,
        SHOES: s.shoes,
        BELT: s.extra * 0.3,
        HAIR: s.hair,
        BEARD: 0.6 * s.hair + 0.4 * s.skin,
        CAP: s.extra,
    }
    for region, colour in own.items():
        chosen = where == region
        if not chosen.any():
            continue
        kind = s.patterns["trousers" if region == TROUSERS else "shirt"]
        if region not in (SHIRT, TROUSERS, HOOD):
            kind = "grain" if region in (HAIR, BEARD) else "plain"
        out[chosen] = _print(rng, kind, rest[chosen], np.asarray(colour, float), s, pictures)
    if s.patch and pictures:
        _patch(rng, body, out, rest, where, seen, pictures)
    folds = np.isin(where, (SHIRT, TROUSERS, HOOD)).astype(np.float32) * s.folds
    thing = np.rint(seen[:, THING]).astype(int)
    for k, colour in enumerate(things, 1):
        out[thing == k] = colour
    folds[thing > 0] = 0
    return np.clip(out, 0.004, 1.0), folds


def _print(
    rng: np.random.Generator, kind: str, at: Array, colour: Array, s: Style, pictures: list[Any]
) -> Array:
    out = np.empty((len(at), 3), np.float32)
    out[:] = colour
    other = s.cloth() if rng.random() < 0.5 else np.clip(colour * rng.uniform(0.3, 2.0), 0.01, 1)
    if kind == "heather":
        out *= (1 + rng.uniform(0.05, 0.25) * waves(rng, at, 260.0, 4))[:, None]
    elif kind == "grain":
        out *= np.clip(1 + 0.25 * waves(rng, at * [1, 1, 0.3], 220.0, 4), 0.3, 2)[:, None]
    elif kind == "stripes":
        axis = int(rng.choice([0, 2]))
        out[np.sin(at[:, axis] * rng.uniform(40, 250)) > rng.uniform(-0.5, 0.8)] = other
    elif kind == "checks":
        f = rng.uniform(40, 160)
        a, b = np.sin(at[:, 0] * f) > 0.2, np.sin(at[:, 2] * f) > 0.2
        out[a ^ b] = other
    elif kind == "camouflage":
        f = rng.uniform(10, 45)
        for _ in range(3):
            spots = waves(rng, at, f, 5) > rng.uniform(0.0, 0.8)
            out[spots] = s.cloth() if rng.random() < 0.3 else colour * rng.uniform(0.3, 1.8)
    elif kind == "photo" and pictures:
        seen = pictures[int(rng.integers(len(pictures)))]
        h, w = seen.shape[:2]
        scale = rng.uniform(300, 1200)
        across = at[:, 0] + at[:, 1]
        x = (across * scale + rng.uniform(0, w)).astype(int) % w
        y = (at[:, 2] * scale + rng.uniform(0, h)).astype(int) % h
        out = seen[y, x].astype(np.float32) / 255
    elif kind == "panels":
        f = rng.uniform(3, 14)
        out[np.abs(at[:, 1] + 0.02) < rng.uniform(0.01, 0.05)] = other
        if rng.random() < 0.5:
            out[np.sin(at[:, 2] * f + rng.uniform(0, 6)) > 0.4] = other
    return np.clip(out, 0.005, 1)


def _patch(
    rng: np.random.Generator, body: Body, out: Array, rest: Array, where: Array, seen: Array,
    pictures: list[Any],
) -> None:  # fmt: skip
    """Paint a print on the back, the chest or the side: a picture, letters or a plain field."""
    h = (rest[:, 2] - body.hip_z) / body.trunk_m
    side = rng.choice(["back", "side", "chest", "thigh"])
    low = rng.uniform(0.2, 0.7) if side != "thigh" else rng.uniform(-0.7, -0.2)
    tall, wide = rng.uniform(0.08, 0.35), rng.uniform(0.03, 0.14)
    across = rest[:, 1] + 0.02 if side in ("side", "thigh") else rest[:, 0]
    back = rest[:, 1] > 0
    chosen = (where == SHIRT) | (where == TROUSERS)
    chosen &= (h > low) & (h < low + tall) & (np.abs(across) < wide)
    if side == "back":
        chosen &= back
    elif side == "chest":
        chosen &= ~back
    if not chosen.any():
        return
    field = np.zeros((64, 64, 3), np.float32)
    field[:] = rng.uniform(0, 255, 3)
    if rng.random() < 0.5:
        picture = pictures[int(rng.integers(len(pictures)))]
        field[:] = cv2.resize(picture, (64, 64))
    for row in range(int(rng.integers(0, 4))):
        text = "".join(rng.choice(list("ABEFHIKLMNORSTUVXZ"), 4))
        rooms.words(rng, field, text, (2, 16 + 16 * row), 0.6, rng.uniform(0, 255, 3))
    y = ((1 - (h[chosen] - low) / tall) * 63).astype(int)
    x = ((across[chosen] / wide + 1) * 31.5).astype(int)
    out[chosen] = field[np.clip(y, 0, 63), np.clip(x, 0, 63)] / 255


def lit(
    rng: np.random.Generator, seen: Array, colour: Array, folds: Array, shade: Array | None,
    sun: Array, camera: Array,
) -> Array:  # fmt: skip
    """Return colours (N, 3), 0 upward, of pixels of `colour` under some light.

    `sun` and `camera` are unit vectors towards them; `shade` (N,) is the share of sunlight.
    """
    n = seen[:, NORMAL].copy()
    if folds.any():
        at = seen[:, REST]
        stretch = rng.uniform(0.4, 1.6, 3)
        f = rng.uniform(20, 70)
        for axis in range(3):
            n[:, axis] += folds * waves(rng, at * stretch, f, 4)
    n /= np.linalg.norm(n, axis=1, keepdims=True) + 1e-6
    u = rng.uniform
    facing = np.clip(n @ sun, 0, 1)
    if rng.random() < 0.4:
        facing = np.clip((n @ sun + 0.4) / 1.4, 0, 1)  # a large, soft light
    if shade is not None:
        facing = facing * shade
    warm = 1 + rng.normal(0, 0.06, 3)
    sky, floor = 1 + rng.normal(0, 0.06, 3), rng.uniform(0.3, 1.0) * (1 + rng.normal(0, 0.1, 3))
    up = (n[:, 2:] + 1) / 2
    ambient = u(0.12, 0.7) * (up * sky + (1 - up) * floor)
    front = u(0, 0.35) * np.clip(n @ camera, 0, 1)[:, None]
    light = u(0.3, 1.1) * facing[:, None] * warm + ambient + front
    if rng.random() < 0.25:
        other = rng.normal(0, 1, 3)
        other /= np.linalg.norm(other)
        light = light + u(0.1, 0.7) * np.clip(n @ other, 0, 1)[:, None] * (
            1 + rng.normal(0, 0.1, 3)
        )
    out = colour * light
    if rng.random() < 0.5:
        half = sun + camera
        half /= np.linalg.norm(half)
        gloss = np.clip(n @ half, 0, 1) ** rng.choice([8, 20, 50])
        out = out + (u(0, 0.25) * gloss)[:, None]
    return np.asarray(out, np.float32)


__all__ = ["Body", "Style", "albedo", "lit", "rooms"]
