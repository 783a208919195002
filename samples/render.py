"""Renders the sample clips of virtual subjects, and the truth about them.

    python samples/render.py [--only NAME ...]

writes samples/*.mp4 and samples/truth.json: what each body really did, in the keys of
`hinge-dowel check --json`. Needs `pip install -e .[subjects]` (torch, anny, pyvista). The clips are
kept in the repository, so neither the demo nor the tests need any of that. The same code on the
same machine gives the same clips.
"""

from __future__ import annotations

import argparse
import itertools
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from bodies import Array, Camera, Look, Mesh, Posture
from studio import Light, Props, Studio, Subject, View

HERE = Path(__file__).parent
LARGER = 1.5
"""Pictures are drawn this much larger, then reduced: smooth edges."""
MAX_BYTES, SMALL_BYTES = 400_000, 300_000
"""The largest a clip may be, and one that shows a single exercise."""
LEAVES_DEG = 5.0
"""A repetition lasts while the hips are flexed by more than this."""

SPINAL_FAULT_DEG, CERVICAL_FAULT_DEG = 20.0, 20.0
SQUAT_KNEE_DEG, SQUAT_SHIN_DEG = 60.0, 10.0
CLEAN_DEG, CLEAN_KNEE_DEG = 8.0, 30.0


@dataclass(frozen=True)
class Person:
    """A body, its clothes, and how it stands."""

    gender: float
    """0 male, 1 female, as the shapes of the body have it."""
    age: float
    muscle: float
    weight: float
    height: float
    proportions: float
    look: Look
    neutral: Posture

    @property
    def phenotype(self) -> dict[str, float]:
        """What the shape is made from."""
        names = ("gender", "age", "muscle", "weight", "height", "proportions")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Rep:
    """One repetition: the bottom as a change from standing, and how long its parts take."""

    pelvis_deg: float
    spinal_deg: float
    cervical_deg: float
    knee_deg: float
    shin_deg: float
    down_s: float = 1.4
    pause_s: float = 0.4
    up_s: float = 1.3
    rest_s: float = 0.9


@dataclass(frozen=True)
class Clip:
    """One clip: who does what, filmed from where."""

    name: str
    person: str
    reps: tuple[Rep, ...]
    camera: Camera
    light: Light
    room: int
    arms: str = "hang"
    dowel: bool = False
    lead_s: float = 1.6
    tail_s: float = 1.0
    fps: int = 25
    exercise: str = "hinge"
    props: Props | None = None
    """What stands around or is held, beside the dowel."""
    begins: Posture = field(default_factory=Posture)
    """The posture between repetitions as a change from standing: kneeling, or none."""
    arms_back: float = 0.0
    """How far the arms are drawn back, as a share of the trunk's pitch: a bar kept at the legs."""

    @property
    def starts_low(self) -> bool:
        """Whether the clip begins at the bottom of its first repetition."""
        return self.lead_s == 0


PEOPLE = {
    "ana": Person(
        0.95, 0.66, 0.45, 0.4, 0.45, 0.8,
        Look(
            skin=(0.8, 0.6, 0.49), hair=(0.16, 0.1, 0.07), shirt=(0.14, 0.42, 0.44),
            trousers=(0.1, 0.1, 0.13), shoes=(0.85, 0.85, 0.86), shirt_loose_m=0.003,
            hair_style="ponytail", seed=1,
        ),
        Posture(1.0, 2.0, 3.0, -1.0, -0.5),
    ),
    "ben": Person(
        0.05, 0.68, 0.7, 0.5, 0.38, 0.7,
        Look(
            skin=(0.86, 0.67, 0.57), hair=(0.32, 0.2, 0.11), shirt=(0.55, 0.15, 0.13),
            trousers=(0.2, 0.21, 0.24), shoes=(0.14, 0.14, 0.15), shirt_loose_m=0.006,
            trousers_loose_m=0.008, seed=2,
        ),
        Posture(-1.5, 3.0, 2.0, 1.0, 0.5),
    ),
    "chidi": Person(
        0.0, 0.7, 0.6, 0.62, 0.4, 0.6,
        Look(
            skin=(0.33, 0.22, 0.16), hair=(0.05, 0.04, 0.04), shirt=(0.82, 0.81, 0.77),
            trousers=(0.16, 0.2, 0.32), shoes=(0.72, 0.72, 0.7), shirt_loose_m=0.024,
            shirt_sag_m=0.05, trousers_loose_m=0.012, seed=3,
        ),
        Posture(2.0, -2.0, 4.0, 0.5, 0.0),
    ),
    "dora": Person(
        1.0, 0.72, 0.3, 0.6, 0.4, 0.6,
        Look(
            skin=(0.74, 0.54, 0.42), hair=(0.1, 0.07, 0.06), shirt=(0.5, 0.33, 0.55),
            trousers=(0.24, 0.23, 0.26), shoes=(0.3, 0.42, 0.5), long_sleeves=True,
            shirt_loose_m=0.004, trousers_loose_m=0.004, hair_style="bun", seed=4,
        ),
        Posture(0.0, 1.0, 5.0, 0.0, -1.0),
    ),
    "emil": Person(
        0.1, 0.95, 0.4, 0.85, 0.38, 0.5,
        Look(
            skin=(0.82, 0.63, 0.54), hair=(0.62, 0.61, 0.6), shirt=(0.36, 0.4, 0.45),
            trousers=(0.12, 0.13, 0.16), shoes=(0.3, 0.3, 0.32), long_sleeves=True,
            shirt_loose_m=0.014, shirt_sag_m=0.02, trousers_loose_m=0.012, hood=True, seed=5,
        ),
        Posture(-1.0, 5.0, 6.0, 1.5, 0.5),
    ),
    "farah": Person(
        0.9, 0.64, 0.65, 0.3, 0.5, 0.95,
        Look(
            skin=(0.62, 0.43, 0.31), hair=(0.07, 0.05, 0.05), shirt=(0.84, 0.6, 0.2),
            trousers=(0.17, 0.27, 0.3), shoes=(0.88, 0.87, 0.85), shirt_loose_m=0.002, seed=6,
        ),
        Posture(2.0, 0.0, 1.0, -2.0, 0.0),
    ),
    "goro": Person(
        0.0, 0.75, 0.45, 0.35, 0.35, 0.65,
        Look(
            skin=(0.84, 0.66, 0.52), hair=(0.06, 0.06, 0.06), shirt=(0.22, 0.3, 0.55),
            trousers=(0.42, 0.41, 0.38), shoes=(0.2, 0.2, 0.22), shirt_loose_m=0.007,
            shirt_sag_m=0.01, trousers_loose_m=0.007, seed=7,
        ),
        Posture(0.5, 4.0, 3.0, 1.0, 1.0),
    ),
    "hana": Person(
        1.0, 0.85, 0.35, 0.5, 0.45, 0.7,
        Look(
            skin=(0.5, 0.34, 0.25), hair=(0.3, 0.29, 0.29), shirt=(0.25, 0.45, 0.3),
            trousers=(0.11, 0.11, 0.13), shoes=(0.75, 0.75, 0.78), shirt_loose_m=0.006,
            trousers_loose_m=0.003, seed=8,
        ),
        Posture(1.5, -1.0, 4.0, 0.0, -0.5),
    ),
}  # fmt: skip


def hinge(seed: int, spinal: float = 0.0, cervical: float = 0.0, **more: float) -> Rep:
    """A hinge with at most 3 degrees of change in what is not named."""
    rng = np.random.default_rng([3, seed])
    u = rng.uniform
    base = Rep(
        pelvis_deg=float(u(66, 78)) - spinal * 0.45,
        spinal_deg=spinal + float(u(-3, 3)),
        cervical_deg=cervical + float(u(-3, 3)),
        knee_deg=float(u(15, 24)),
        shin_deg=float(u(0, 5)),
        down_s=float(u(1.25, 1.5)),
        pause_s=float(u(0.32, 0.5)),
        up_s=float(u(1.15, 1.4)),
        rest_s=float(u(0.85, 1.1)),
    )
    return replace(base, **more)


def squat(seed: int) -> Rep:
    """A squat with a straight back."""
    rng = np.random.default_rng([5, seed])
    u = rng.uniform
    return replace(
        hinge(seed),
        pelvis_deg=float(u(37, 48)),
        knee_deg=float(u(88, 103)),
        shin_deg=float(u(23, 29)),
    )


def filmed(facing: str, yaw: float, **more: Any) -> Camera:
    """A camera at hip height, three metres off."""
    return replace(Camera(yaw_deg=yaw, facing=facing, fill=0.75), **more)


CLIPS = (
    Clip(
        "clean_right", "ana",
        (hinge(1, shin_deg=-2.0), hinge(2, shin_deg=-3.0), hinge(3, shin_deg=-1.0)),
        filmed("right", 3.0), Light(azimuth_deg=-60, elevation_deg=45, ambient=0.34), 1,
    ),
    Clip(
        "clean_left_folded", "ben", (hinge(4), hinge(5), hinge(6)),
        filmed("left", -4.0, fill=0.78, distance_m=3.4),
        Light(azimuth_deg=50, elevation_deg=40, ambient=0.36), 2, arms="fold", fps=30,
    ),
    Clip(
        "rounded_right", "goro", (hinge(7, 38.0), hinge(8, 42.0), hinge(9, 40.0)),
        filmed("right", 5.0, height_m=0.9), Light(-40, 50, 0.36), 3,
    ),
    Clip(
        "rounded_left", "chidi", (hinge(10, 36.0), hinge(11, 34.0)),
        filmed("left", 2.0, fill=0.72, distance_m=3.2), Light(70, 35, 0.42), 4, arms="fold",
    ),
    Clip(
        "neck_right", "farah", (hinge(12, 0.0, 35.0), hinge(13, 0.0, 32.0), hinge(14, 0.0, 37.0)),
        filmed("right", -2.0, width_px=560), Light(-75, 40, 0.34), 5, fps=24,
    ),
    Clip(
        "squat_left", "dora", (squat(15), squat(16), squat(17)),
        filmed("left", 6.0, fill=0.8), Light(45, 50, 0.36), 6, arms="reach",
    ),
    Clip(
        "squat_right", "hana", (squat(18), squat(19)),
        filmed("right", 8.0, distance_m=2.8, fill=0.76), Light(-50, 45, 0.38), 7, arms="goblet",
    ),
    Clip(
        "mixed_right", "ben", (hinge(20), hinge(21, 40.0), hinge(22), hinge(23, 0.0, 36.0)),
        filmed("right", 4.0, height_m=1.05), Light(-65, 40, 0.36), 8,
        lead_s=1.5,
    ),
    Clip(
        "mixed_left", "farah", (hinge(24), squat(25), hinge(26, 40.0, 33.0), hinge(27)),
        filmed("left", -6.0, width_px=640, height_px=480, fill=0.8), Light(60, 45, 0.34), 9,
        lead_s=1.5,
    ),
    Clip(
        "front", "dora", (hinge(28), hinge(29)),
        filmed("right", 86.0), Light(-20, 45, 0.36), 10,
    ),
    Clip(
        "dowel_right", "goro", (hinge(30), hinge(31), hinge(32)),
        filmed("right", 3.0, fill=0.68, width_px=560), Light(-55, 45, 0.36), 11,
        arms="dowel", dowel=True,
    ),
    Clip(
        "wall_tap_stay", "hana",
        (
            hinge(36, pelvis_deg=50.0, spinal_deg=1.0, knee_deg=4.0, shin_deg=0.5),
            hinge(37, pelvis_deg=45.0, spinal_deg=-1.0, knee_deg=5.0, shin_deg=1.0),
        ),
        filmed("right", 3.0, fill=0.72), Light(-50, 45, 0.36), 13, arms="fold",
        exercise="wall_tap", props=Props(wall_m=0.4), lead_s=1.4, tail_s=0.8,
    ),
    Clip(
        "kneeling", "farah",
        (
            hinge(38, pelvis_deg=36.0, knee_deg=60.0, shin_deg=0.0),
            hinge(39, pelvis_deg=30.0, knee_deg=54.0, shin_deg=0.0),
        ),
        filmed("left", 4.0, fill=0.8, height_m=0.6), Light(60, 45, 0.36), 14, arms="fold",
        exercise="kneeling", begins=Posture(knee_deg=90.0, shin_deg=90.0, foot_deg=160.0),
        lead_s=1.4, tail_s=0.8,
    ),
    Clip(
        "rdl", "ben",
        (
            hinge(40, pelvis_deg=74.0, knee_deg=27.0, shin_deg=-2.0),
            hinge(41, pelvis_deg=78.0, knee_deg=25.0, shin_deg=-3.0),
        ),
        filmed("right", -4.0, fill=0.74), Light(-60, 40, 0.36), 15,
        exercise="rdl", props=Props(bar=True), arms_back=0.2, lead_s=1.4, tail_s=0.8,
    ),
    Clip(
        "deadlift", "ana",
        (
            hinge(42, pelvis_deg=62.0, knee_deg=76.0, shin_deg=16.0),
            hinge(43, pelvis_deg=65.0, knee_deg=72.0, shin_deg=15.0),
        ),
        filmed("left", 3.0, fill=0.74), Light(55, 45, 0.36), 16,
        exercise="deadlift", props=Props(bell=True), lead_s=0.0, tail_s=0.9,
    ),
    Clip(
        "clean_portrait", "emil",
        (
            hinge(33, down_s=1.8, pause_s=1.0, up_s=1.6),
            hinge(34, pelvis_deg=41.0, knee_deg=10.0, shin_deg=1.0),
            hinge(35, down_s=1.8, pause_s=0.9, up_s=1.6),
        ),
        filmed("right", 10.0, fill=0.64, width_px=360, height_px=640, distance_m=3.4,
               shift=(0.09, 0.0)),
        Light(-45, 50, 0.38), 12, fps=24,
    ),
)  # fmt: skip


def ease(x: Array) -> Array:
    """Minimum jerk from 0 to 1."""
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (10 - 15 * x + 6 * x**2)


def schedule(clip: Clip) -> tuple[Array, Array, list[tuple[float, float]]]:
    """Times of the frames (T,), depth of each repetition (R, T) 0..1, and each one's pause."""
    now = -clip.reps[0].down_s if clip.starts_low else clip.lead_s
    starts = []
    for rep in clip.reps:
        starts.append(now)
        now += rep.down_s + rep.pause_s + rep.up_s + rep.rest_s
    now += clip.tail_s - clip.reps[-1].rest_s
    time_s = np.arange(round(now * clip.fps)) / clip.fps
    depth, pauses = [], []
    for start, rep in zip(starts, clip.reps, strict=True):
        bottom = start + rep.down_s
        rise = bottom + rep.pause_s
        depth.append(ease((time_s - start) / rep.down_s) - ease((time_s - rise) / rep.up_s))
        pauses.append((bottom, rise))
    return time_s, np.array(depth), pauses


def perform(clip: Clip) -> tuple[Array, list[Posture]]:
    """Times of the frames and the posture in each."""
    neutral = PEOPLE[clip.person].neutral
    time_s, depth, _ = schedule(clip)
    rng = np.random.default_rng([13, clip.room])
    # People sway: a few slow waves, well under a degree.
    sway = {
        name: sum(
            0.15 * np.sin(2 * np.pi * f * time_s + rng.uniform(0, 6.3)) for f in (0.23, 0.41, 0.77)
        )
        for name in ("pelvis_deg", "spinal_deg", "cervical_deg", "knee_deg", "shin_deg")
    }
    moved = {
        name: np.array([getattr(rep, name) for rep in clip.reps]) @ depth + wave
        for name, wave in sway.items()
    }
    bare = replace(clip.begins, arms=clip.arms, stance_deg=4.0)
    postures = []
    for i in range(len(time_s)):
        turned = {name: getattr(bare, name) + float(v[i]) for name, v in moved.items()}
        drawn_back = -clip.arms_back * turned["pelvis_deg"]
        postures.append(neutral.plus(replace(bare, **turned, arm_swing_deg=drawn_back)))
    return time_s, postures


BENT_KNEES = ("kneeling", "deadlift")
"""Exercises in which bent knees are right."""


def fault_names(
    spinal: float, cervical: float, knee: float, shin: float, exercise: str
) -> list[str]:
    """The faults of a repetition; nothing between a plain fault and a clean one is rendered."""
    grades = {
        "spinal_flexion": (spinal > SPINAL_FAULT_DEG, abs(spinal) <= CLEAN_DEG),
        "squatting": (knee > SQUAT_KNEE_DEG and shin > SQUAT_SHIN_DEG, knee <= CLEAN_KNEE_DEG),
        "cervical_flexion": (cervical > CERVICAL_FAULT_DEG, abs(cervical) <= CLEAN_DEG),
    }
    if exercise in BENT_KNEES:
        del grades["squatting"]
    for name, (fault, clean) in grades.items():
        if fault == clean:
            raise ValueError(f"{name} is neither plain nor absent")
    return [name for name, (fault, _) in grades.items() if fault]


def truth_of(
    clip: Clip, stature_m: float, postures: list[Posture], trunk_deg: Array, hip_cm: Array
) -> dict[str, Any]:
    """What happened, in the keys of the check's JSON.

    `trunk_deg` (T,) and how far back the hips are, `hip_cm` (T,), from the joints.
    """
    time_s, _, pauses = schedule(clip)
    angles = {
        name: np.array([getattr(p, name) for p in postures])
        for name in ("spinal_deg", "cervical_deg", "knee_deg", "shin_deg")
    }
    angles["hip_deg"] = trunk_deg - (angles["shin_deg"] - angles["knee_deg"])
    standing = time_s > time_s[-1] - 0.5 if clip.starts_low else time_s < clip.lead_s
    change = {name: value - np.median(value[standing]) for name, value in angles.items()}
    hip = change["hip_deg"]

    def travelled(frame: int, rest: Array) -> dict[str, float]:
        """How far the hips went back, for the clips that show an exercise."""
        if clip.exercise == "hinge":
            return {}
        return {"hip_travel_cm": round(float(hip_cm[frame] - np.median(hip_cm[rest])), 1)}

    def crossing(i: int, step: int) -> float:
        while hip[i] > LEAVES_DEG:
            i += step
        share = (LEAVES_DEG - hip[i]) / (hip[i - step] - hip[i])
        return float(time_s[i] + share * (time_s[i - step] - time_s[i]))

    reps = []
    for number, (down, up) in enumerate(pauses, 1):
        held = np.flatnonzero((time_s >= down) & (time_s <= up))
        at = {name: float(np.median(value[held])) for name, value in change.items()}
        middle = int(held[len(held) // 2])
        first = crossing(middle, -1) if down > 0 else (down + up) / 2
        reps.append(
            {
                "number": number,
                "start_s": round(first, 2),
                "bottom_s": round((down + up) / 2, 2),
                "end_s": round(crossing(middle, 1), 2),
                "hip_flexion_deg": round(at["hip_deg"], 1),
                "knee_flexion_deg": round(at["knee_deg"], 1),
                "shin_angle_deg": round(at["shin_deg"], 1),
                "spinal_flexion_deg": round(at["spinal_deg"], 1),
                "cervical_flexion_deg": round(at["cervical_deg"], 1),
                "faults": fault_names(
                    at["spinal_deg"],
                    at["cervical_deg"],
                    at["knee_deg"],
                    at["shin_deg"],
                    clip.exercise,
                ),
                **travelled(middle, standing),
            }
        )
    order = ("spinal_flexion", "squatting", "cervical_flexion")
    faults = [f for f in order if any(f in r["faults"] for r in reps)]
    sideways = clip.camera.yaw_deg < 35
    return {
        "clip": f"{clip.name}.mp4",
        "status": "unusable" if not sideways else "faulty" if faults else "clean",
        "facing": clip.camera.facing if sideways else None,
        "view_angle_deg": abs(clip.camera.yaw_deg),
        "stature_cm": round(stature_m * 100, 1),
        "exercise": clip.exercise,
        "faults": faults if sideways else [],
        "reps": reps if sideways else [],
    }


class Room:
    """A painted room around the subject, in the camera's own perspective.

    Places in it are metres: across the picture from the subject, deep behind it, up from the floor.
    """

    def __init__(self, seed: int, camera: Camera, stature_m: float) -> None:
        import cv2

        self.cv2 = cv2
        self.rng = np.random.default_rng([17, seed])
        self.camera = camera
        self.view = View(camera, stature_m)
        ahead = self.view.forward * [1.0, 1.0, 0.0]
        self.ahead = ahead / np.linalg.norm(ahead)
        self.across = np.cross(self.ahead, [0.0, 0.0, 1.0])
        self.picture = np.zeros((camera.height_px, camera.width_px, 3), np.float32)
        self.paint()

    def place(self, corners: Any) -> Array:
        """(N, 3) across, deep, up -> (N, 2) pixels."""
        c = np.asarray(corners, float)
        world = c[:, :1] * self.across + c[:, 1:2] * self.ahead + c[:, 2:] * [0.0, 0.0, 1.0]
        return self.view.project(world)

    def fill(self, corners: Any, colour: Array) -> None:
        """Paint a flat convex shape."""
        points = np.round(self.place(corners) * 16).astype(np.int32)
        self.cv2.fillConvexPoly(self.picture, points, colour.tolist(), self.cv2.LINE_AA, 4)

    def upright(
        self, across: float, deep: float, up: float, width: float, height: float, colour: Array
    ) -> None:
        """Paint a rectangle that faces the camera; `across` and `up` are its lower left corner."""
        a, b = across + width, up + height
        self.fill([(across, deep, up), (a, deep, up), (a, deep, b), (across, deep, b)], colour)

    def flat(
        self, across: float, deep: float, width: float, depth: float, colour: Array, up: float = 0.0
    ) -> None:
        """Paint a rectangle that lies flat."""
        a, b = across + width, deep + depth
        self.fill([(across, deep, up), (a, deep, up), (a, b, up), (across, b, up)], colour)

    def tint(self, low: float, high: float, vivid: float = 0.15) -> Array:
        """A colour, mostly grey."""
        c = self.rng.uniform(low, high) * (1 + self.rng.normal(0, vivid, 3))
        return np.clip(c, 5, 250)

    def box(self, across: float, deep: float, width: float, height: float, colour: Array) -> None:
        """A block that stands on the floor."""
        thick = 0.3
        self.upright(across, deep + thick, 0, width, height, colour * 0.6)
        for side in (across, across + width):
            edge = [(side, deep, 0), (side, deep + thick, 0)]
            self.fill([*edge, *((s, d, height) for s, d, _ in edge[::-1])], colour * 0.75)
        self.flat(across, deep, width, thick, colour * 1.1, height)
        self.upright(across, deep, 0, width, height, colour)

    def paint(self) -> None:
        """Wall, floor, skirting, then the clutter, then the light."""
        rng = self.rng
        wall_at = float(rng.uniform(1.1, 1.9))
        near = 0.6 - self.camera.distance_m
        wall, floor = self.tint(150, 215, 0.03), self.tint(100, 150, 0.03)
        floor *= [1.12, 1.0, 0.85] if rng.random() < 0.6 else [1.0, 1.0, 1.0]
        self.upright(-6, wall_at, -0.2, 12, 6, wall)
        self.flat(-6, near, 12, wall_at - near, floor)
        for x in np.arange(-4, 4, 0.16 if rng.random() < 0.6 else 0.6):
            self.flat(float(x), near, 0.008, wall_at - near, floor * 0.88)
        self.upright(-6, wall_at - 0.01, 0, 12, 0.09, np.clip(wall * 1.12, 0, 250))
        # On the wall: to either side of the subject, so that it stands out as people do at home.
        left, right = float(rng.uniform(-1.5, -0.8)), float(rng.uniform(0.45, 0.9))
        things = list(rng.permutation(["window", "picture", "shelf", "mirror"]))[:2]
        for x, thing in zip((left, right), things, strict=True):
            self.hang(str(thing), x, wall_at - 0.02, wall)
        for x in (rng.uniform(-1.9, -1.0), rng.uniform(0.8, 1.5)):
            if rng.random() < 0.75:
                self.box(
                    float(x), wall_at - 0.45, float(rng.uniform(0.25, 0.6)),
                    float(rng.uniform(0.25, 0.8)), self.tint(50, 170),
                )  # fmt: skip
        if rng.random() < 0.6:
            self.plant(float(rng.choice([-1.25, 1.2])), wall_at - 0.5)
        if rng.random() < 0.7:
            self.flat(-0.95, -0.35, 1.9, 0.7, self.tint(60, 120, 0.18))
        smooth = self.cv2.GaussianBlur(self.picture, (0, 0), 1.6)
        high, wide = smooth.shape[:2]
        y, x = np.mgrid[:high, :wide]
        glow = np.hypot(x / wide - rng.uniform(0.2, 0.8), y / high - 0.2)
        smooth *= (1.08 - 0.22 * glow)[..., None]
        self.picture = np.clip(self.shade(smooth) + rng.normal(0, 1.5, (high, wide, 1)), 0, 255)

    def hang(self, thing: str, x: float, deep: float, wall: Array) -> None:
        """Something on the wall."""
        wide, tall = float(self.rng.uniform(0.5, 0.8)), float(self.rng.uniform(0.6, 1.0))
        frame = self.tint(60, 230, 0.05)
        if thing == "shelf":
            for up in (1.15, 1.55):
                books = np.cumsum(self.rng.uniform(0.03, 0.07, 12))
                for a, b in itertools.pairwise(books[books < wide]):
                    height = float(self.rng.uniform(0.16, 0.27))
                    self.upright(x + a, deep, up, b - a - 0.004, height, self.tint(50, 200, 0.18))
                self.upright(x, deep, up - 0.03, wide, 0.03, frame)
            return
        self.upright(x, deep, 1.0, wide, tall, frame)
        inner = (x + 0.04, deep, 1.04, wide - 0.08, tall - 0.08)
        if thing == "window":
            self.upright(*inner, np.array([214.0, 226.0, 236.0]))
            self.upright(x + wide / 2 - 0.015, deep, 1.0, 0.03, tall, frame)
        elif thing == "mirror":
            self.upright(*inner, wall * 0.9)
        else:
            self.upright(*inner, self.tint(90, 220))
            self.upright(x + 0.1, deep, 1.1, wide * 0.5, tall * 0.4, self.tint(60, 200, 0.18))

    def plant(self, x: float, deep: float) -> None:
        """A pot with leaves."""
        self.upright(x - 0.11, deep, 0, 0.22, 0.26, self.tint(90, 190))
        for _ in range(16):
            lean, high = self.rng.uniform(-0.32, 0.32), self.rng.uniform(0.55, 1.0)
            green = np.array([60.0, 105.0, 60.0]) * self.rng.uniform(0.6, 1.25)
            tip, half = (x + lean, deep, high), (x + lean * 0.55, deep, high * 0.72)
            self.fill(
                [(x, deep, 0.25), (half[0] - 0.035, deep, half[2]), tip,
                 (half[0] + 0.035, deep, half[2])], green,
            )  # fmt: skip

    def shade(self, picture: Any) -> Array:
        """The shadow a standing body leaves on the floor."""
        out = np.asarray(picture, float)
        for size, dark in ((0.5, 0.3), (0.26, 0.5)):
            mask = np.zeros(out.shape[:2], np.float32)
            turn = np.linspace(0, 2 * np.pi, 40)
            ring = np.column_stack(
                [size * np.cos(turn), size * 0.7 * np.sin(turn), np.zeros_like(turn)]
            )
            points = np.round(self.place(ring)).astype(np.int32)
            self.cv2.fillConvexPoly(mask, points, 1.0)
            mask = self.cv2.GaussianBlur(mask, (0, 0), size * 55)
            out = out * (1 - dark * mask[..., None])
        return out


def film(clip: Clip, mesh: Mesh, path: Path | None) -> dict[str, Any]:
    """Render a clip into `path` and return its truth; None renders nothing."""
    person = PEOPLE[clip.person]
    rest, heads = mesh.shape(**person.phenotype)
    subject = Subject(mesh, rest, heads, person.look)
    _, postures = perform(clip)
    trunk, hips = np.array([trunk_and_hips(mesh, subject, p) for p in postures]).T
    truth = truth_of(clip, subject.stature_m, postures, trunk, hips)
    if path is not None:
        write(path, clip, subject, postures)
    return truth


def trunk_and_hips(mesh: Mesh, subject: Subject, posture: Posture) -> tuple[float, float]:
    """Pitch of the line from hip joints to shoulder joints, and how far back the hips are in cm."""
    _, place, _ = mesh.pose(subject.rest, subject.heads, posture)

    def middle(bone: str) -> Array:
        return (place[mesh.index[f"{bone}.L"]] + place[mesh.index[f"{bone}.R"]]) / 2

    line = middle("upperarm01") - middle("upperleg01")
    pitch_deg = float(np.degrees(np.arctan2(-line[1], line[2])))
    return pitch_deg, 100 * float(middle("upperleg01")[1])


def write(path: Path, clip: Clip, subject: Subject, postures: list[Posture]) -> None:
    """Draw every frame and encode it as H.264; smaller quality until the file is small enough."""
    import av
    import cv2

    wide, high = clip.camera.width_px, clip.camera.height_px
    camera = replace(clip.camera, width_px=int(wide * LARGER), height_px=int(high * LARGER))
    studio = Studio(subject.mesh, camera.width_px, camera.height_px)
    scene = Room(clip.room, camera, subject.stature_m).picture
    most = MAX_BYTES if clip.exercise == "hinge" else SMALL_BYTES
    frames = []
    for posture in postures:
        props = clip.props or Props(dowel=clip.dowel)
        picture, _ = studio.shoot(subject, posture, camera, clip.light, props, scene)
        frames.append(cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA))
    for crf in range(24, 40, 2):
        with av.open(path, "w", options={"movflags": "+faststart"}) as file:
            stream = file.add_stream("libx264", rate=clip.fps)
            stream.width, stream.height, stream.pix_fmt = wide, high, "yuv420p"
            stream.options = {"crf": str(crf), "preset": "slow", "threads": "1"}
            for picture in frames:
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                file.mux(stream.encode(frame))
            file.mux(stream.encode())
        if path.stat().st_size <= most:
            return
    raise ValueError(f"{path} does not fit into {most} bytes")


def main() -> None:
    """Render the clips named, or all of them; the truth is always written for all."""
    names = [clip.name for clip in CLIPS]
    parser = argparse.ArgumentParser(description="Render the sample clips and their truth.")
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", default=names)
    only = parser.parse_args().only
    mesh = Mesh()
    truths = []
    for clip in CLIPS:
        path = HERE / f"{clip.name}.mp4" if clip.name in only else None
        truths.append(film(clip, mesh, path))
        if path is not None:
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB", flush=True)
    text = json.dumps({"schema": 1, "clips": truths}, indent=2)
    (HERE / "truth.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
