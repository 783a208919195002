"""Draw people for the network to learn from: crops along the trunk, with every place and angle.

    PYTHONPATH=tests python -m network.draw OUT_DIR [--photos DIR] [--first 0] [--last 14000]
        [--step 1] [--offset 0]

Each file of OUT_DIR holds `SUBJECTS` of them and is determined by its number (and by the pictures
of DIR); files that exist are kept, so a run that was cut off goes on where it was.

A crop has the trunk upright in its middle, from mid-hip to mid-shoulder `TRUNK_PX` long as it is
standing, and the person faces right. It is larger than what the network sees, which is cut from
it with the pose model's kind of error in place, size and turn.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from network import looks, people, rooms, things
from network.raster import rasterise

Array = NDArray[Any]

SIDE, TRUNK_PX = 160, 34.0
FINE = 1.8
"""Supersampling: pictures are drawn this much larger and reduced."""
SUBJECTS, WALLS = 20, 40
"""Subjects and backgrounds of a file; those in the background are of the same file."""
POSES, VIEWS = 7, 2
"""Postures per subject, and pictures of each, from different places in different light."""
DOWEL_FROM = 12000
"""Half of the subjects from this number on hold a dowel behind the back."""
FILMED_FROM = 20000
"""Subjects from this number on are filmed: all their pictures are taken from one place, in one
light, and they stand in the first."""
WIDE = 0.25
"""Share of pictures from more than 30 degrees off side-on."""


class Camera:
    """A pinhole somewhere to the person's right."""

    def __init__(self, rng: np.random.Generator, middle: Array, ground_z: float) -> None:
        u = rng.uniform
        if rng.random() < WIDE:
            self.yaw_deg = float(u(-65, 65))
        else:
            self.yaw_deg = float(u(-32, 32) if rng.random() < 0.65 else rng.normal(0, 7))
        yaw, distance = np.radians(self.yaw_deg), float(np.exp(u(np.log(1.6), np.log(8))))
        high = u(0.1, 1.9) if rng.random() < 0.85 else u(1.9, 3.0)
        self.at = np.array([-np.cos(yaw), -np.sin(yaw), 0]) * distance
        self.at = self.at + [middle[0], middle[1], ground_z + high]
        # The body need not be in the middle of the picture.
        aim = middle + rng.normal(0, 0.25, 3) + [0, 0, u(-0.4, 0.3)]
        ahead = aim - self.at
        self.ahead = ahead / np.linalg.norm(ahead)
        right = np.cross(self.ahead, [0, 0, 1.0])
        self.right = right / np.linalg.norm(right)
        self.up = np.cross(self.right, self.ahead)
        self.to = (self.at - middle) / np.linalg.norm(self.at - middle)

    def project(self, places: Array) -> tuple[Array, Array]:
        """Project places (N, 3) in metres to (N, 2) in focal lengths, y down, and depth (N,)."""
        d = places - self.at
        z = np.maximum(d @ self.ahead, 0.15)
        return np.stack([d @ self.right / z, -(d @ self.up) / z], axis=1), z


class Crop:
    """Maps the picture plane to the crop's pixels: the trunk upright, in the middle, to scale."""

    def __init__(self, hip: Array, shoulder: Array, depth: float, trunk_m: float) -> None:
        line = shoulder - hip
        self.angle = float(np.arctan2(line[0], -line[1]))
        """The trunk's lean to the right (radians), which the crop undoes."""
        c, s = np.cos(-self.angle), np.sin(-self.angle)
        self.scale = TRUNK_PX / (trunk_m / depth)
        self.turn = np.array([[c, -s], [s, c]]) * self.scale
        self.middle = (hip + shoulder) / 2

    def __call__(self, points: Array) -> Array:
        return (points - self.middle) @ self.turn.T + SIDE / 2


class Painter:
    """Draws subjects; keeps backgrounds and people to stand in them."""

    def __init__(self, photos: Path | None) -> None:
        import warnings

        from accuracy.film import swift
        from bodies import Mesh

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.mesh = swift(Mesh())
        self.photos = rooms.photographs(photos)
        f = self.mesh.faces
        self.triangles = np.concatenate([f[:, [0, 1, 2]], f[:, [0, 2, 3]]]).astype(np.int32)
        self.walls: list[Any] = []
        self.others: list[tuple[Any, float]] = []

    def file(self, first: int) -> list[tuple[int, dict[str, list[Any]]]]:
        """Draw the subjects of the file that begins with this one."""
        rng = np.random.default_rng([223, first])
        self.walls = [rooms.background(rng, self.photos) for _ in range(WALLS)]
        self.others = []
        return [(n, self.subject(n)) for n in range(first, first + SUBJECTS)]

    def subject(self, number: int) -> dict[str, list[Any]]:
        """Draw all crops of a subject."""
        rng = np.random.default_rng([211, number])
        u = rng.uniform
        phenotype = {
            "gender": u(0, 1), "age": u(0.42, 1.0), "muscle": u(0.15, 0.98),
            "weight": u(0.08, 0.97), "height": u(0.1, 0.85), "proportions": u(0.05, 1.0),
        }  # fmt: skip
        rest, heads = self.mesh.shape(**phenotype)
        style = looks.Style(rng)
        body = looks.Body(self.mesh, rest, heads, style)
        own = {
            "pelvis": rng.normal(0, 3), "spinal": rng.normal(0, 5), "cervical": rng.normal(2, 6),
            "knee": abs(rng.normal(0, 5)) - 4, "shin": rng.normal(0, 2.5),
        }  # fmt: skip
        arms = str(rng.choice(people.COMMON, p=[0.34, 0.1, 0.07, 0.07, 0.12, 0.08, 0.08, 0.04,
                                                0.05, 0.05]))  # fmt: skip
        dowel = number >= DOWEL_FROM and rng.random() < 0.5
        arms = "dowel" if dowel else arms
        holds = u() < (0.55 if arms in ("hang", "goblet", "clasp") else 0.12)
        # Real joints lie between the mean of two bones' movements and skin that keeps its distance.
        body.round = float(np.clip(np.random.default_rng([229, number]).uniform(-0.35, 1.1), 0, 1))
        out: dict[str, list[Any]] = {k: [] for k in ("picture", "places", "angles", "trunk")}
        filmed = number >= FILMED_FROM
        for k in range(POSES * VIEWS if filmed else POSES):
            pose = people.draw_pose(rng, own, arms, stands=filmed and k == 0)
            scene = np.random.default_rng([227, number]) if filmed else rng
            views = self.pose(rng, scene, 1 if filmed else VIEWS, body, heads, pose, holds)
            for picture, places, angles, turned in views:
                ok, code = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 93])
                assert ok
                out["picture"].append(code.ravel())
                out["places"].append(places)
                out["angles"].append(angles)
                out["trunk"].append(turned)
        return out

    def pose(
        self, rng: np.random.Generator, scene: np.random.Generator, views: int, body: looks.Body,
        heads: Array, pose: people.Pose, holds: bool,
    ) -> list[tuple[Any, Array, Array, float]]:  # fmt: skip
        """So many `views` of a posture; `scene` draws camera, light and surroundings."""
        mesh = self.mesh
        skin, place, spin = people.posed(mesh, body.rest, heads, pose, body.round)
        surface, normals = body.surface(skin, rng)
        spots = people.places_of(mesh, body.rest, heads, skin, place, spin)
        carried = [body.carried(surface, normals)]
        points, faces, count = [surface], [self.triangles], len(surface)
        colours: list[Array] = []
        size = body.trunk_m / 0.47
        extra = things.hair(body.style, spin, spots[15], place[mesh.index["head"]], size)
        if holds:
            extra += things.held(rng, place, mesh.index, pose.arms[0])
        if rng.random() < (0.9 if "dowel" in pose.arms else 0.05):  # a stick along the back
            line = spots[15] - spots[21]
            back = np.array([0, 1.0, 0.0])
            at = (spots[15] + spots[21]) / 2 + back * rng.uniform(0.02, 0.05)
            extra.append((things.rod(at, line, 0.012, 1.25), rng.uniform(0.1, 0.9, 3)))
        for (v, n, f), colour in extra:
            own = np.zeros((len(v), looks.CARRIED), np.float32)
            own[:, looks.NORMAL], own[:, looks.REST], own[:, looks.SPACE] = n, v, v
            colours.append(colour)
            own[:, looks.THING] = len(colours)
            points.append(v)
            carried.append(own)
            faces.append((f + count).astype(np.int32))
            count += len(v)
        whole, numbers = np.concatenate(points), np.concatenate(carried)
        triangles = np.concatenate(faces)
        trunk_m = float(
            np.linalg.norm(heads[mesh.index["upperarm01.L"]] - heads[mesh.index["upperleg01.L"]])
        )
        middle = (spots[3] + spots[4] + spots[5] + spots[6]) / 4
        out = []
        for _ in range(views):
            camera = Camera(scene, middle, float(skin[:, 2].min()))
            flat, depth = camera.project(whole)
            marks, _ = camera.project(spots)
            _, far = camera.project(middle[None])
            hip, shoulder = (marks[5] + marks[6]) / 2, (marks[3] + marks[4]) / 2
            crop = Crop(hip, shoulder, float(far[0]), trunk_m)
            side = int(SIDE * FINE)
            near, seen = rasterise(
                (crop(flat) * FINE).astype(np.float32), (1 / depth).astype(np.float32),
                triangles, numbers, side,
            )  # fmt: skip
            mask = near > 0
            pixels = seen[mask]
            if len(pixels) < 2000:
                continue
            picture = self.compose(
                scene, body, camera, crop, mask, pixels, colours, whole, triangles
            )
            where = crop(marks).astype(np.float32)
            out.append(
                (picture, where, people.angles_of(pose, camera.yaw_deg).astype(np.float32),
                 np.float32(np.degrees(crop.angle)))
            )  # fmt: skip
        return out

    def compose(
        self, rng: np.random.Generator, body: looks.Body, camera: Camera, crop: Crop, mask: Array,
        pixels: Array, colours: list[Array], whole: Array, triangles: Array,
    ) -> Any:  # fmt: skip
        """Return the picture (SIDE, SIDE, 3) of a rasterised body."""
        side = mask.shape[0]
        u = rng.uniform
        azimuth, high = u(0, 2 * np.pi), np.radians(u(5, 85))
        sun = np.array([np.cos(high) * np.cos(azimuth), np.cos(high) * np.sin(azimuth),
                        np.sin(high)])  # fmt: skip
        shade = self.shadow(whole, triangles, pixels, sun) if rng.random() < 0.55 else None
        colour, folds = looks.albedo(body, pixels, colours, self.photos or self.walls)
        shown = looks.lit(rng, pixels, colour, folds, shade, sun, camera.to) * 255
        back = self.behind(rng, crop.angle, side)
        if rng.random() < 0.12:  # as dark, or as bright, as the clothes
            level = float(np.median(shown)) / (float(back.mean()) + 1)
            back = np.clip(back * np.clip(level, 0.1, 3), 0, 255)
        cover = mask.astype(np.float32)
        out = back.copy()
        out[mask] = np.clip(shown, 0, 255)
        if rng.random() < 0.3:  # a shadow or a glow round the body
            halo = cv2.GaussianBlur(cover, (0, 0), side / 25)[..., None]
            out = np.where(mask[..., None], out, out * (1 + u(-0.5, 0.25) * halo))
        if len(self.others) < 60 or rng.random() < 0.2:
            cut = np.dstack([np.clip(out, 0, 255).astype(np.uint8), (cover * 255).astype(np.uint8)])
            entry = (cut, crop.angle)
            if len(self.others) < 60:
                self.others.append(entry)
            else:
                self.others[int(rng.integers(60))] = entry
        self.before(rng, out, crop.angle)
        small = cv2.resize(out, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        return np.clip(small, 0, 255).astype(np.uint8)

    def shadow(self, whole: Array, triangles: Array, pixels: Array, sun: Array) -> Array:
        """Return the share of sunlight at each pixel, 0 or 1, softened."""
        size = 200
        x = np.cross(sun, [0.2, 0.9, 0.31])
        x /= np.linalg.norm(x)
        y = np.cross(sun, x)
        flat = np.stack([whole @ x, whole @ y], 1)
        low, span = flat.min(0), np.ptp(flat, axis=0).max() + 1e-6
        toward = whole @ sun
        base = toward.min() - 1.0
        empty = np.zeros((len(whole), 1), np.float32)
        near, _ = rasterise(
            ((flat - low) / span * (size - 1)).astype(np.float32),
            (toward - base).astype(np.float32), triangles, empty, size,
        )  # fmt: skip
        space = pixels[:, looks.SPACE]
        at = np.stack([space @ x, space @ y], 1)
        spot = np.clip(((at - low) / span * (size - 1)), 0, size - 1).astype(int)
        own = space @ sun - base
        covered = np.zeros(len(pixels), np.float32)
        for dx, dy in ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)):
            q = np.clip(spot + [dx, dy], 0, size - 1)
            covered += near[q[:, 1], q[:, 0]] > own + 0.03
        return 1 - covered / 5

    def behind(self, rng: np.random.Generator, angle: float, side: int) -> Any:
        """Return a background turned as the crop is, sometimes with people in it."""
        wall = self.walls[int(rng.integers(len(self.walls)))]
        out = self._turned(rng, wall, angle, side, rng.uniform(0.55, 1.6)).astype(np.float32)
        out = out * rng.uniform(0.5, 1.35) * (1 + rng.normal(0, 0.05, 3))
        if rng.random() < 0.35:
            out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.8, 6))
        for _ in range(int(rng.integers(1, 3)) if rng.random() < 0.25 and self.others else 0):
            self._stranger(rng, out, angle, rng.uniform(0.35, 1.0), 0.25)
        return np.clip(out, 0, 255)

    def _turned(
        self, rng: np.random.Generator, wall: Any, angle: float, side: int, scale: float
    ) -> Any:
        if rng.random() < 0.5:
            wall = wall[:, ::-1]
        tilt = angle + rng.normal(0, 0.05)
        c, s = np.cos(tilt) / scale, np.sin(tilt) / scale
        # From the crop's pixels to the wall's: the crop has turned by minus the trunk's lean.
        to = np.array([[c, -s, 0.0], [s, c, 0.0]])
        middle = np.array([side / 2, side / 2])
        to[:, 2] = rng.uniform(0.3, 0.7, 2) * rooms.SIDE - to[:, :2] @ middle
        return cv2.warpAffine(
            np.ascontiguousarray(wall), to, (side, side),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101,
        )  # fmt: skip

    def _stranger(
        self, rng: np.random.Generator, out: Any, angle: float, scale: float, least: float
    ) -> None:
        """Paint another person, upright, at least `least` from the middle."""
        cut, own = self.others[int(rng.integers(len(self.others)))]
        side = out.shape[0]
        if rng.random() < 0.5:
            cut, own = cut[:, ::-1], -own
        turn = own - angle
        c, s = np.cos(turn) * scale, np.sin(turn) * scale
        away, far = rng.uniform(0, 2 * np.pi), rng.uniform(least, 0.7) * side
        to = np.array([[c, -s, 0.0], [s, c, 0.0]])
        middle = np.array([side / 2, side / 2])
        to[:, 2] = middle + far * np.array([np.cos(away), np.sin(away)]) - to[:, :2] @ middle
        moved = cv2.warpAffine(np.ascontiguousarray(cut), to, (side, side))
        cover = moved[..., 3:].astype(np.float32) / 255
        out *= 1 - cover
        out += moved[..., :3] * cover * rng.uniform(0.5, 1.2)

    def before(self, rng: np.random.Generator, out: Any, angle: float) -> None:
        """Paint things that stand between camera and person."""
        side = out.shape[0]
        upright = np.array([np.sin(-angle), -np.cos(-angle)])
        if rng.random() < 0.12:  # uprights of a rack, a pole, a cable
            for _ in range(int(rng.integers(1, 3))):
                at = rng.uniform(0, side, 2)
                ends = [tuple(int(v) for v in at + k * 2 * side * upright) for k in (-1, 1)]
                cv2.line(
                    out, *ends, rooms.tint(rng).tolist(), int(rng.integers(2, 20)), cv2.LINE_AA
                )
        if rng.random() < 0.12:  # a plate
            for _ in range(int(rng.integers(1, 3))):
                at = tuple(int(v) for v in rng.uniform(0.1, 0.95, 2) * side)
                r = int(rng.uniform(0.06, 0.24) * side)
                shade = rooms.tint(rng, 5, 120) if rng.random() < 0.7 else rooms.tint(rng)
                cv2.circle(out, at, r, shade.tolist(), -1, cv2.LINE_AA)
                cv2.circle(out, at, int(0.8 * r), (shade * rng.uniform(0.6, 1.5)).tolist(), 2)
                cv2.circle(out, at, max(2, r // 6), rooms.tint(rng).tolist(), -1, cv2.LINE_AA)
        if rng.random() < 0.06 and self.others:
            self._stranger(rng, out, angle, rng.uniform(0.7, 1.5), 0.5)
        if rng.random() < 0.08:
            text = "".join(rng.choice(list("ABCDEFGHIKLMNOPRSTUVWXYZ abcdefghiklmnoprstu"), 9))
            at = (int(rng.uniform(-0.2, 0.8) * side), int(rng.uniform(0, 1) * side))
            rooms.words(rng, out, text, at, rng.uniform(0.5, 2), rooms.tint(rng))
        if rng.random() < 0.05:  # some block
            x, y = (int(v) for v in rng.uniform(0, side, 2))
            w, h = (int(v) for v in rng.uniform(0.05, 0.3, 2) * side)
            cv2.rectangle(out, (x, y), (x + w, y + h), rooms.tint(rng).tolist(), -1)


def save(path: Path, subjects: list[tuple[int, dict[str, list[Any]]]]) -> None:
    """Write one file, whole or not at all."""
    codes = [c for _, s in subjects for c in s["picture"]]
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(
            file,
            pictures=np.concatenate(codes),
            sizes=np.array([len(c) for c in codes]),
            subject=np.array([n for n, s in subjects for _ in s["picture"]]),
            **{
                k: np.array([v for _, s in subjects for v in s[k]], np.float32)
                for k in ("places", "angles", "trunk")
            },
        )
    part.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--last", type=int, default=14000)
    parser.add_argument("--step", type=int, default=1, help="every so many files")
    parser.add_argument("--offset", type=int, default=0, help="beginning with this one")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    painter = Painter(args.photos)
    files = list(range(args.first, args.last, SUBJECTS))[args.offset :: args.step]
    for first in files:
        path = args.out / f"{first:06d}.npz"
        if path.exists():
            continue
        start = time.monotonic()
        drawn = painter.file(first)
        save(path, drawn)
        count = sum(len(s["picture"]) for _, s in drawn)
        print(f"{path.name}: {count} crops in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    main()
