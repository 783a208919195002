"""Films the clips of `clips.py`: an encoded video each, and beside it the true movements.

    PYTHONPATH=tests python -m accuracy.film build/accuracy [--workers 2] [--only N ...]

Needs `pip install -e .[subjects]`. Existing files that have not changed are kept, so a run that was
cut off goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from accuracy.clips import CLIPS, Action, Spec, draw, stranger
from accuracy.crew import crew
from numpy.typing import NDArray

Array = NDArray[np.float64]

VERSION = 1
"""Raise it when the same `Spec` gives another film or another truth."""
LEAVES_DEG = 5.0
"""A true repetition lasts while the hips are flexed by more than this."""
WINDOW_S = 0.3
"""The true extreme of a repetition is the median over this time at its bottom."""
FINE_HZ = 100.0
TAIL_S = 0.6
DRAWN_PX = 500
"""Most pixels of a drawn person's height: the pose model sees 256."""
LOG = "film.log"

JOINTS = ("spinal", "cervical", "knee", "shin")


def ease(x: Array) -> Array:
    """Return a minimum-jerk curve from 0 to 1."""
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (10 - 15 * x + 6 * x**2)


@dataclass(frozen=True)
class Plan:
    """The times in seconds at which each action begins, reaches and leaves its bottom, and ends."""

    actions: tuple[Action, ...]
    marks_s: Array
    """(A, 4)"""
    duration_s: float

    @classmethod
    def of(cls, spec: Spec, tail_s: float = TAIL_S) -> Plan:
        first = spec.actions[0]
        now = spec.lead_s or -(first.down_s + first.pause_s / 2)
        marks = []
        for a in spec.actions:
            steps = np.cumsum([now, a.down_s, a.pause_s, a.up_s])
            marks.append(steps)
            now = float(steps[-1]) + a.rest_s
        return cls(spec.actions, np.array(marks), now - spec.actions[-1].rest_s + tail_s)

    def depth(self, time_s: Array) -> Array:
        """Return the depth (A, T) of each action: 0 standing, 1 at the bottom."""
        begin, low, rise, _ = self.marks_s.T[..., None]
        down = np.array([[a.down_s] for a in self.actions])
        up = np.array([[a.up_s] for a in self.actions])
        return ease((time_s - begin) / down) - ease((time_s - np.maximum(rise, low)) / up)


def changes(spec: Spec, plan: Plan, time_s: Array) -> dict[str, Array]:
    """Return the changes from standing (T,) of `JOINTS`, the trunk's lean, and the arms."""
    depth = plan.depth(time_s)
    rng = np.random.default_rng([107, spec.number])

    def total(name: str, late: Array | float = 1.0) -> Array:
        size = np.array([getattr(a, name) for a in plan.actions])
        # People sway: a few slow waves, well under a degree.
        sway = sum(
            0.15 * np.sin(2 * np.pi * f * time_s + rng.uniform(0, 6.3)) for f in (0.23, 0.41, 0.77)
        )
        return np.asarray(size @ np.clip(depth, 0, 1) ** late + sway)

    late = np.array([a.late for a in plan.actions])
    swing = np.array([60.0 if a.move == "arms" else 0.0 for a in plan.actions])
    return {
        "lean": total("lean_deg"),
        "spinal": total("spinal_deg", late[:, :1]),
        "cervical": total("cervical_deg", late[:, 1:]),
        "knee": total("knee_deg"),
        "shin": total("shin_deg"),
        "arms": swing @ depth,
    }


def postures(spec: Spec, plan: Plan, time_s: Array) -> list[Any]:
    """Return the posture at each time."""
    from bodies import Posture

    moved, depth = changes(spec, plan, time_s), plan.depth(time_s)
    own = np.array(spec.neutral.spread)
    out = []
    for t in range(len(time_s)):
        # The neutral's own curve and the movement's share the spine by their sizes.
        action = plan.actions[int(depth[:, t].argmax())]
        a, b = abs(spec.neutral.spinal_deg), abs(moved["spinal"][t])
        spread = (own * a + np.array(action.spread) * b) / (a + b + 1e-9)
        move = Posture(
            pelvis_deg=float(moved["lean"][t] - 0.5 * moved["spinal"][t]),
            spinal_deg=float(moved["spinal"][t]),
            cervical_deg=float(moved["cervical"][t]),
            knee_deg=float(moved["knee"][t]),
            shin_deg=float(moved["shin"][t]),
            spread=tuple(spread),
            arms=spec.arms,
            arm_swing_deg=float(moved["arms"][t]),
            stance_deg=spec.stance_deg,
            twist_deg=spec.twist_deg,
        )
        out.append(spec.neutral.plus(move))
    return out


def key_of(spec: Spec) -> str:
    """Return a key by which a film on disk is recognised as this one."""
    text = json.dumps([VERSION, asdict(spec)], sort_keys=True, default=float)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def swift(mesh: Any) -> Any:
    """Return the mesh with skin and normals as sparse products: the same, but much faster."""
    from scipy.sparse import csr_matrix

    count, most = mesh.weights.shape
    rows = np.repeat(np.arange(count), most)
    blend = csr_matrix(
        (mesh.weights.ravel(), (rows, mesh.weight_bones.ravel())), shape=(count, len(mesh.bones))
    )

    def skin(vertices: Array, spin: Array, offset: Array) -> Array:
        moves = blend @ np.concatenate([spin.reshape(len(spin), 9), offset], axis=1)
        x, y, z = vertices.T
        return np.stack(
            [
                moves[:, 3 * k] * x + moves[:, 3 * k + 1] * y + moves[:, 3 * k + 2] * z
                + moves[:, 9 + k]
                for k in range(3)
            ],
            axis=1,
        )  # fmt: skip

    corners = mesh.faces.ravel()
    gather = csr_matrix(
        (np.ones(len(corners)), (corners, np.arange(len(corners)) // mesh.faces.shape[1])),
        shape=(count, len(mesh.faces)),
    )

    def normals(vertices: Array) -> Array:
        a, b, c, d = (vertices[mesh.faces[:, k]] for k in range(4))
        u, v = (c - a).T, (d - b).T
        turn = (1, 2, 0), (2, 0, 1)
        across = np.stack([u[i] * v[j] - u[j] * v[i] for i, j in zip(*turn, strict=True)], axis=1)
        out = gather @ across
        return out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12)

    mesh.skin, mesh.normals = skin, normals
    return mesh


class Set:
    """A subject before a camera that has it in the picture, from first to last frame."""

    def __init__(self, spec: Spec, mesh: Any, plan: Plan) -> None:
        from studio import Props, Subject

        self.spec, self.mesh = spec, mesh
        self.subject = Subject(mesh, *mesh.shape(**dict(spec.phenotype)), spec.look)
        self.props = Props(dowel=spec.arms == "dowel", bar=spec.bar, plate=spec.plate)
        low = plan.marks_s[:, 1:3].mean(axis=1)
        half = plan.marks_s[:, 0] + 0.5 * (plan.marks_s[:, 1] - plan.marks_s[:, 0])
        places = [self._extent(p) for p in postures(spec, plan, np.concatenate([[0.0], low, half]))]
        self._fit(np.concatenate(places))

    def _extent(self, posture: Any) -> Array:
        """Return points (N, 3) on the skin, and the ends of things held."""
        from bodies import sites_of

        s = self.subject
        posed, place, spin = self.mesh.pose(s.rest, s.heads, posture)
        points = [s.wardrobe.dress(posed)[::11]]
        if self.props.dowel:
            sites = sites_of(self.mesh, s.rest, s.heads, posed, place, spin)
            along = (sites[0] - sites[6]) / np.linalg.norm(sites[0] - sites[6])
            middle = (sites[0] + sites[6]) / 2
            points.append(np.array([middle - 0.64 * along, middle + 0.64 * along]))
        if self.props.bar:
            wrists = sum(place[self.mesh.index[f"wrist.{side}"]] for side in "LR") / 2
            ends = np.array(list(itertools.product((-0.8, 0.8), (-0.2, 0.2), (-0.2, 0.2))))
            points.append(wrists + ends)
        return np.concatenate(points)

    def _fit(self, places: Array) -> None:
        """Turn the camera, then step back, until the body is in the picture throughout."""
        from studio import View

        camera = self.spec.camera
        body = places if not self.props.bar else places[np.abs(places[:, 0]) < 0.7]
        size = np.array([camera.width_px, camera.height_px])
        for _ in range(60):
            seen = View(camera, self.subject.stature_m).project(body)
            low, high = seen.min(0) - 0.02 * size, seen.max(0) + 0.02 * size
            if (low >= 0).all() and (high <= size).all():
                break
            move = np.where(low < 0, low, np.where(high > size, high - size, 0.0))
            if ((high - low) > size).any():
                camera = replace(camera, fill=camera.fill * 0.95)
                move = (low + high - size) / 2
            shift = np.array(camera.shift) + move * [1.0, -1.0] / camera.height_px
            camera = replace(camera, shift=(float(shift[0]), float(shift[1])))
        else:
            raise ValueError(f"clip {self.spec.number} does not fit into its picture")
        self.camera = camera
        seen = View(camera, self.subject.stature_m).project(places)
        spare = 0.06 * np.ptp(seen, axis=0).max()
        low = np.floor(np.clip(seen.min(0) - spare, 0, size)).astype(int)
        high = np.ceil(np.clip(seen.max(0) + spare, 0, size)).astype(int)
        self.crop = (int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))

    def scene(self) -> tuple[Any, Any]:
        """Return the room (H, W, 3) float32 with bystanders, and a passer-by (H, W, 4) or None."""
        from render import Room
        from studio import backdrop

        spec, camera = self.spec, self.camera
        if spec.room == "room":
            room = Room(spec.number + 500, camera, self.subject.stature_m).picture
        else:
            seed = 0 if spec.room == "plain" else spec.number + 1
            room = backdrop(seed, camera.width_px, camera.height_px)
        room = np.clip(room, 0, 255).astype(np.float32)
        walker = None
        if spec.bystanders or spec.passer_by:
            for which in range(spec.bystanders):
                cut = self._stranger(which)
                room = room * (1 - cut[..., 3:]) + cut[..., :3]
            if spec.passer_by:
                walker = self._stranger(9, across_m=0.0)
        return room, walker

    def _stranger(self, which: int, across_m: float | None = None) -> Any:
        from studio import Studio, Subject, View

        phenotype, look, posture, across, deep = stranger(self.spec.number, which)
        across = across if across_m is None else across_m
        body = Subject(self.mesh, *self.mesh.shape(**phenotype), look)
        view = View(self.camera, self.subject.stature_m)
        ahead = view.forward * [1.0, 1.0, 0.0]
        ahead /= np.linalg.norm(ahead)
        at = across * np.cross(ahead, [0.0, 0.0, 1.0]) + deep * ahead
        wide, high = self.camera.width_px, self.camera.height_px
        scale = min(1.5, 800 / high)
        studio = Studio(self.mesh, round(wide * scale), round(high * scale), 0)
        rgba, _ = studio.cutout(
            body,
            posture,
            self.camera,
            self.spec.light,
            aimed_at_m=self.subject.stature_m,
            at_m=tuple(at),
            crop=(0, 0, wide, high),
        )
        studio.close()
        return _reduced(rgba, (wide, high))


def _reduced(rgba: Any, size: tuple[int, int]) -> Any:
    """Resize a cut-out to float32: colours 0 to 255 times the cover, cover 0 to 1."""
    import cv2

    # One sample a pixel covers it or does not; where it does not there is no colour to mix in.
    bare = np.where(rgba[..., 3:] > 127, rgba, np.uint8(0))
    method = cv2.INTER_AREA if size[0] < rgba.shape[1] else cv2.INTER_LINEAR
    out = cv2.resize(bare, size, interpolation=method).astype(np.float32)
    out[..., 3] /= 255
    return out


class Lens:
    """Applies the effects of lens, sensor and hand to pictures, frame by frame."""

    def __init__(self, spec: Spec, wide: int, high: int) -> None:
        import cv2

        self.cv2, self.spec, self.size = cv2, spec, (wide, high)
        self.rng = np.random.default_rng([109, spec.number])
        tone = (np.arange(256) - 128.0) * spec.contrast + 128.0
        self.tone = np.clip(tone * spec.light.gain, 0, 255).astype(np.uint8)
        self.maps: tuple[Any, ...] = ()
        if spec.barrel:
            y, x = np.mgrid[:high, :wide].astype(np.float32)
            radius = np.hypot(wide, high) / 2
            u, v = (x - wide / 2) / radius, (y - high / 2) / radius
            grow = 1 + spec.barrel * (u * u + v * v)
            self.maps = tuple(
                (a * grow * radius + b / 2).astype(np.float32) for a, b in ((u, wide), (v, high))
            )
        self.noise = []
        if spec.light.noise:
            self.noise = [
                self.rng.normal(0, spec.light.noise, (high, wide, 3)).astype(np.int16)
                for _ in range(3)
            ]
        self.drift = np.zeros(3)

    def __call__(self, picture: Any) -> Any:
        """Return the picture as it is written to the file."""
        cv2, spec, (wide, high) = self.cv2, self.spec, self.size
        out = cv2.LUT(picture, self.tone)
        if spec.light.blur_px:
            out = cv2.GaussianBlur(out, (0, 0), spec.light.blur_px * max(high, 240) / 480)
        if self.maps:
            out = cv2.remap(out, *self.maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        if spec.handheld:
            self.drift = 0.93 * self.drift + self.rng.normal(0, spec.handheld * 0.4, 3)
            turn = cv2.getRotationMatrix2D((wide / 2, high / 2), 40 * self.drift[2], 1.0)
            turn[:, 2] += self.drift[:2] * high
            out = cv2.warpAffine(out, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE)
        if self.noise:
            field = self.noise[int(self.rng.integers(3))]
            field = np.roll(field, int(self.rng.integers(high)), axis=0)
            out = np.clip(out.astype(np.int16) + field, 0, 255).astype(np.uint8)
        return out


def pictures(
    stage: Set, plan: Plan, time_s: Array, seen: list[Any], drawn_px: int = DRAWN_PX
) -> Iterator[Any]:
    """Yield the frames (H, W, 3); append the truth of each to `seen`."""
    from studio import Studio

    spec = stage.spec
    room, walker = stage.scene()
    left, top, wide, high = stage.crop
    scale = min(1.6, drawn_px / high)
    studio = Studio(stage.mesh, round(wide * scale), round(high * scale), 0)
    behind = room[top : top + high, left : left + wide]
    still = room.astype(np.uint8)
    lens = Lens(spec, stage.camera.width_px, stage.camera.height_px)
    rng = np.random.default_rng([113, spec.number])
    enters, pace = rng.uniform(0, plan.duration_s * 0.7), rng.choice([-1, 1]) / rng.uniform(3, 7)
    shutter = np.array([-1, 0, 1]) / 3 * spec.blur_s if spec.blur_s else np.zeros(1)
    speed = np.abs(np.gradient(changes(spec, plan, time_s)["lean"], time_s))
    for t, now in enumerate(time_s):
        # Nothing blurs while nothing moves.
        moments = shutter if speed[t] > 8 else np.zeros(1)
        light = np.zeros((high, wide, 4), np.float32)
        for moment, posture in zip(moments, postures(spec, plan, now + moments), strict=True):
            rgba, truth = studio.cutout(
                stage.subject, posture, stage.camera, spec.light, stage.props,
                crop=stage.crop,
            )  # fmt: skip
            light += _reduced(rgba, (wide, high))
            if moment == 0:
                seen.append((posture, truth))
        light /= len(moments)
        frame, back = still.copy(), behind
        if walker is not None:
            across = int((abs(pace) * (now - enters) * 2 - 1) * np.sign(pace) * room.shape[1])
            moved = np.zeros_like(walker)
            if abs(across) < room.shape[1]:
                a, b = max(across, 0), min(room.shape[1], room.shape[1] + across)
                moved[:, a:b] = walker[:, a - across : b - across]
                whole = room * (1 - moved[..., 3:]) + moved[..., :3]
                frame = whole.astype(np.uint8)
                back = whole[top : top + high, left : left + wide]
        body = back * (1 - light[..., 3:]) + light[..., :3]
        frame[top : top + high, left : left + wide] = np.clip(body, 0, 255)
        yield lens(frame)
    studio.close()


def encode(path: Path, spec: Spec, frames: Iterator[Any]) -> None:
    """Encode as H.264, each picture as often as the file shows it."""
    import av

    with av.open(str(path), "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=spec.fps)
        stream.width, stream.height = spec.camera.width_px, spec.camera.height_px
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(spec.crf), "preset": "veryfast", "threads": "1"}
        for picture in frames:
            for _ in range(spec.held):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                file.mux(stream.encode(frame))
        file.mux(stream.encode())


def plain_strays(points_cm: Array, standing_cm: Array) -> Array:
    """Return the distances (T, 2) in cm of occiput and S2 from the line through C7, T4 and T8, as
    changes from standing, forward positive.

    Points (T, 7, 2) and (7, 2), forward and up, person facing forward.
    """

    def ahead(points: Array) -> Array:
        carry = points[:, 1:4]
        centre = carry.mean(axis=1, keepdims=True)
        _, _, axes = np.linalg.svd(carry - centre)
        up = axes[:, 0] * np.sign((axes[:, 0] * (points[:, 1] - points[:, 3])).sum(-1))[:, None]
        forward = np.stack([up[:, 1], -up[:, 0]], axis=-1)
        return np.einsum("tki,ti->tk", points[:, [0, -1]] - centre, forward)

    return ahead(points_cm) - ahead(standing_cm[None])


def truth_of(stage: Set, plan: Plan, time_s: Array, seen: list[Any]) -> dict[str, Any]:
    """Return the truth: every frame, and every repetition with the keys of the check's JSON."""
    from bodies import sites_of

    spec, mesh, s = stage.spec, stage.mesh, stage.subject
    neutral = replace(spec.neutral, arms=spec.arms, stance_deg=spec.stance_deg)
    posed, place, spin = mesh.pose(s.rest, s.heads, neutral)
    standing = sites_of(mesh, s.rest, s.heads, posed, place, spin)[:, 1:] * [-100.0, 100.0]

    def middle(bone: str) -> Array:
        return (place[mesh.index[f"{bone}.L"]] + place[mesh.index[f"{bone}.R"]]) / 2

    line = middle("upperarm01") - middle("upperleg01")
    upright = float(np.degrees(np.arctan2(-line[1], line[2])))
    points = np.array([truth.points_cm for _, truth in seen])
    moved = changes(spec, plan, time_s)
    trunk = np.array([truth.trunk_pitch_deg for _, truth in seen]) - upright
    hip = trunk - (moved["shin"] - moved["knee"])
    fine_s = np.arange(round(plan.duration_s * FINE_HZ)) / FINE_HZ
    fine = changes(spec, plan, fine_s) | {"hip": np.interp(fine_s, time_s, hip)}
    strays = plain_strays(points, standing)
    reps = [
        _rep_truth(action, marks, fine_s, fine)
        for action, marks in zip(plan.actions, plan.marks_s, strict=True)
        if action.move == "rep"
    ]
    return {
        "stature_cm": s.stature_m * 100,
        "fill": stage.camera.fill,
        "neutral": {
            "points_cm": standing.round(3).tolist(),
            "thorax_deg": spec.neutral.pelvis_deg + spec.neutral.spinal_deg,
        },
        "frames": {
            "time_s": time_s.round(4).tolist(),
            "hip_flexion_deg": hip.round(2).tolist(),
            **{
                f"{name}_{'angle' if name == 'shin' else 'flexion'}_deg": moved[name]
                .round(2)
                .tolist()
                for name in JOINTS
            },
            "thorax_deg": [round(p.pelvis_deg + p.spinal_deg, 2) for p, _ in seen],
            "points_cm": points.round(2).tolist(),
            "head_cm": strays[:, 0].round(2).tolist(),
            "sacrum_cm": strays[:, 1].round(2).tolist(),
        },
        "reps": reps,
    }


def _rep_truth(
    action: Action, marks: Array, fine_s: Array, fine: dict[str, Array]
) -> dict[str, Any]:
    begin, low, rise, end = marks
    bottom = max((low + rise) / 2, 0.0)
    window = np.abs(fine_s - bottom) <= WINDOW_S / 2
    inside = (fine_s >= begin - 0.2) & (fine_s <= end + 0.2)
    out = np.flatnonzero(inside & (fine["hip"] > LEAVES_DEG))
    at = {k: float(np.median(v[window])) for k, v in fine.items()}
    return {
        "start_s": None if begin < 0 else float(fine_s[out[0]]),
        "bottom_s": float(bottom),
        "end_s": float(fine_s[out[-1]]),
        "hip_flexion_deg": at["hip"],
        "knee_flexion_deg": at["knee"],
        "shin_angle_deg": at["shin"],
        "spinal_flexion_deg": at["spinal"],
        "cervical_flexion_deg": at["cervical"],
        "where": action.where,
        "half": action.half,
        "pause_s": action.pause_s,
    }


def film(spec: Spec, folder: Path, mesh: Any) -> dict[str, Any]:
    """Film one clip and write its truth beside it, last, so that the truth marks it as done."""
    plan = Plan.of(spec)
    stage = Set(spec, mesh, plan)
    rate_hz = spec.fps / spec.held
    time_s = np.arange(round(plan.duration_s * rate_hz)) / rate_hz
    seen: list[Any] = []
    part, target = folder / f"{spec.name}.part", folder / f"{spec.name}.mp4"
    encode(part, spec, pictures(stage, plan, time_s, seen))
    digest = hashlib.sha256(part.read_bytes()).hexdigest()
    part.replace(target)
    truth = {
        "number": spec.number,
        "key": key_of(spec),
        "sha256": digest,
        "spec": asdict(spec),
        **truth_of(stage, plan, time_s, seen),
    }
    note = folder / f"{spec.name}.json.part"
    note.write_text(json.dumps(truth, default=float) + "\n", "utf-8")
    note.replace(folder / f"{spec.name}.json")
    return {"frames": len(time_s), "bytes": target.stat().st_size}


def filmed(spec: Spec, folder: Path) -> bool:
    """Return whether this clip is there already, unchanged."""
    try:
        truth = json.loads((folder / f"{spec.name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return truth["key"] == key_of(spec) and (folder / f"{spec.name}.mp4").exists()


_MESH: Any = None


def _prepare(log: str) -> None:
    """Prepare a worker: load the mesh, and send the libraries' messages to a file."""
    global _MESH
    sys.stdout.flush()
    with Path(log).open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    from bodies import Mesh

    _MESH = swift(Mesh())


def _work(number: int, folder: str) -> dict[str, Any]:
    return film(draw(number), Path(folder), _MESH)


def film_all(folder: Path, numbers: list[int], workers: int) -> None:
    """Film the missing clips on some processes, printing progress."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [n for n in numbers if not filmed(draw(n), folder)]
    print(f"{len(numbers) - len(missing)} of {len(numbers)} clips are filmed.", flush=True)
    if not missing:
        return
    # One thread a process: the drawing library would take all cores for each.
    for name in ("LP_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    start = time.monotonic()
    with crew(workers, _prepare, str(folder / LOG)) as pool:
        jobs = {pool.submit(_work, n, str(folder)): n for n in missing}
        failed = []
        for count, job in enumerate(as_completed(jobs), 1):
            if error := job.exception():
                failed.append(f"{jobs[job]:03d}: {error}")
                continue
            found = job.result()
            left = (time.monotonic() - start) / count * (len(missing) - count)
            print(
                f"filmed {jobs[job]:03d}: {found['frames']} postures, {found['bytes'] // 1000} kB; "
                f"{count} of {len(missing)}, about {left / 60:.0f} min left",
                flush=True,
            )
    if failed:
        sys.exit("Some clips could not be filmed: " + "; ".join(failed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int, nargs="+", default=list(range(CLIPS)))
    args = parser.parse_args()
    film_all(args.folder, args.only, args.workers)


if __name__ == "__main__":
    main()
