"""The virtual clips that the program's accuracy is measured on: subjects, movements, filming.

Clip number N is determined by N alone. All properties are drawn independently, also the joint
angles of every repetition, so that none can be inferred from another; only balance ties legs to the
trunk's lean (nobody hinges with the weight before the toes). Seeds and code are separate from those
of `population.py`, on which the estimate is fitted, so that the measurement stays the same when
that population grows. `followed.py`, the other training set, films numbers that no clip has.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "samples"))

from bodies import Camera, Look, Posture
from studio import Light

CLIPS = 84
"""One subject each."""
CALIBRATING = 3
"""Clips whose number is divisible by this may calibrate tolerances and intervals; the others
measure."""

Move = Literal["rep", "nod", "arms", "lean", "dip"]

SPREADS = {
    "lumbar": (1.5, 9.0, 7.0, 3.0, 0.8),
    "even": (2.2, 6.0, 6.0, 5.0, 2.4),
    "thoracic": (0.5, 1.0, 2.0, 4.0, 5.0),
}
"""Dirichlet weights by which a bend is shared between the joints of the back, lowest first."""

BALANCE = (-0.08, 0.18)
"""Allowed places of the weight before the ankles, as shares of stature: heel to toes, and some."""


@dataclass(frozen=True)
class Action:
    """One movement: angles at its bottom as changes from standing, and the time of its parts.

    `lean_deg` is the pitch of the trunk as a whole; the spine bends about its middle. `late` are
    exponents of depth for spine and neck: above 1 they bend late on the way down.
    """

    move: Move = "rep"
    lean_deg: float = 0.0
    spinal_deg: float = 0.0
    cervical_deg: float = 0.0
    knee_deg: float = 0.0
    shin_deg: float = 0.0
    spread: tuple[float, ...] = (0.1, 0.3, 0.28, 0.22, 0.1)
    where: str = "even"
    half: bool = False
    late: tuple[float, float] = (1.0, 1.0)
    down_s: float = 1.4
    pause_s: float = 0.4
    up_s: float = 1.3
    rest_s: float = 0.8


@dataclass(frozen=True)
class Spec:
    """One clip."""

    number: int
    phenotype: tuple[tuple[str, float], ...]
    look: Look
    neutral: Posture
    arms: str
    stance_deg: float
    twist_deg: float
    bar: bool
    plate: bool
    actions: tuple[Action, ...]
    lead_s: float
    """Standing before the first movement; 0 starts at the bottom of the first."""
    camera: Camera
    light: Light
    contrast: float
    room: Literal["plain", "room", "clutter"]
    bystanders: int
    passer_by: bool
    barrel: float
    handheld: float
    blur_s: float
    """Shutter time, over which movement blurs; 0 for no blur."""
    crf: int
    fps: int
    held: int
    """Frames of the file that show one posture: postures change 10 to 15 times a second."""

    @property
    def name(self) -> str:
        return f"{self.number:03d}"

    @property
    def split(self) -> str:
        return "calibrating" if self.number % CALIBRATING == 0 else "judging"


def _balanced(lean_deg: float, knee_deg: float, shin_deg: float) -> bool:
    """Return whether the weight is over the feet; lengths and masses are shares of the body's."""
    lean, shin, thigh = np.radians([lean_deg, shin_deg, shin_deg - knee_deg])
    knee = 0.246 * np.sin(shin)
    hip = knee + 0.245 * np.sin(thigh)
    weight = 0.66 * (hip + 0.3 * np.sin(lean)) + 0.2 * (knee + hip) / 2 + 0.09 * knee / 2
    return bool(BALANCE[0] < weight < BALANCE[1])


def _spinal(rng: np.random.Generator) -> float:
    pick, u = rng.random(), rng.uniform
    if pick < 0.42:
        return float(np.clip(rng.normal(0, 3.5), -8, 8))
    if pick < 0.55:
        return float(u(8, 20))
    return float(u(20, 60)) if pick < 0.88 else float(u(-28, -8))


def _cervical(rng: np.random.Generator) -> float:
    pick, u = rng.random(), rng.uniform
    if pick < 0.46:
        return float(np.clip(rng.normal(0, 4), -8, 8))
    if pick < 0.58:
        return float(u(8, 20))
    return float(u(20, 50)) if pick < 0.88 else float(u(-40, -8))


def _legs(rng: np.random.Generator) -> tuple[float, float]:
    """Draw knee and shin angles."""
    pick, u = rng.random(), rng.uniform
    if pick < 0.52:
        return float(u(1, 30)), float(u(-9, 9))
    if pick < 0.65:
        return float(u(30, 60)), float(u(-6, 20))
    return float(u(60, 115)), float(u(11, 38) if rng.random() < 0.92 else u(0, 10))


def _rep(rng: np.random.Generator, tempo_s: float, pauses: bool) -> Action:
    """Draw one repetition; spine and neck are independent of legs and lean, and of each other."""
    u = rng.uniform
    where = str(rng.choice(list(SPREADS), p=[0.35, 0.35, 0.3]))
    spinal, cervical = _spinal(rng), _cervical(rng)
    half = bool(rng.random() < 0.12)
    while True:
        knee, shin = _legs(rng)
        lean = float(u(14, 45) if half else u(15, 75) if knee >= 60 else u(48, 92))
        hip = lean + knee - shin
        if (30 < hip < 52 if half else hip > 52) and _balanced(lean, knee, shin):
            break
    length = tempo_s * u(0.85, 1.15)
    share = u(0.42, 0.6)
    return Action(
        "rep",
        lean_deg=lean,
        spinal_deg=spinal,
        cervical_deg=cervical,
        knee_deg=knee,
        shin_deg=shin,
        spread=tuple(rng.dirichlet(SPREADS[where])),
        where=where,
        half=half,
        late=(float(u(0.7, 1.6)), float(u(0.5, 1.6))),
        down_s=float(length * share),
        pause_s=float(u(0.3, 1.5)) if pauses and rng.random() < 0.7 else float(u(0.0, 0.15)),
        up_s=float(length * (1 - share)),
        rest_s=float(u(0.3, 1.0)),
    )


def _bait(rng: np.random.Generator) -> Action:
    """Draw a movement that is no repetition."""
    move: Move = ("nod", "arms", "lean", "dip")[int(rng.integers(4))]
    base = Action(move, down_s=0.6, pause_s=0.2, up_s=0.6, rest_s=0.6)
    if move == "nod":
        return replace(base, cervical_deg=float(rng.uniform(25, 45)))
    if move == "lean":
        return replace(base, lean_deg=float(rng.uniform(-10, -5)))
    if move == "dip":
        return replace(base, lean_deg=2.0, knee_deg=14.0, shin_deg=7.0)
    return base


def _look(rng: np.random.Generator, number: int) -> Look:
    u = rng.uniform
    skin = tuple(
        np.clip(u(0.15, 0.92) * np.array([1.0, 0.78, 0.66]) + rng.normal(0, 0.02, 3), 0.03, 1)
    )

    def cloth() -> tuple[float, ...]:
        return tuple(np.clip(rng.choice([0.06, 0.25, 0.5, 0.9]) + rng.normal(0, 0.15, 3), 0.02, 1))

    fit = rng.choice(["snug", "easy", "loose"], p=[0.4, 0.3, 0.3])
    low, high, sag = {
        "snug": (0, 0.005, 0),
        "easy": (0.005, 0.018, 0.03),
        "loose": (0.018, 0.045, 0.1),
    }[str(fit)]
    hood = rng.choice(["none", "down", "up"], p=[0.74, 0.13, 0.13])
    return Look(
        skin=skin,
        hair=tuple(np.clip(u(0.03, 0.7) * np.array([1, 0.75, 0.5]), 0, 1)),
        shirt=skin if rng.random() < 0.06 else cloth(),
        trousers=cloth(),
        shoes=cloth(),
        long_sleeves=bool(rng.random() < 0.4),
        shirt_loose_m=float(u(low, high)),
        shirt_sag_m=float(u(sag / 3, sag)),
        trousers_loose_m=float(u(0.006, 0.03)) if rng.random() < 0.45 else float(u(0, 0.006)),
        hair_style=str(
            rng.choice(
                ["short", "bald", "bun", "ponytail", "long", "afro"],
                p=[0.4, 0.1, 0.14, 0.16, 0.13, 0.07],
            )
        ),
        hood=hood == "down",
        hood_up=hood == "up",
        seed=50_000 + number,
    )


def _camera(rng: np.random.Generator) -> Camera:
    u = rng.uniform
    pick = rng.random()
    yaw = rng.normal(0, 5) if pick < 0.45 else u(-25, 25)
    lines = int(rng.choice([240, 360, 480, 720, 1080], p=[0.12, 0.22, 0.34, 0.22, 0.1]))
    other = lines * (4 / 3 if rng.random() < 0.25 else 16 / 9)
    long = int(other) // 4 * 4
    portrait = rng.random() < 0.35
    return Camera(
        yaw_deg=float(np.clip(yaw, -25, 25)),
        facing=str(rng.choice(["left", "right"])),
        height_m=float(u(0.4, 1.7)),
        distance_m=float(u(1.8, 6.0)),
        fill=float(u(0.45, 0.85)),
        shift=(float(u(-0.12, 0.12)), float(u(-0.03, 0.03))),
        roll_deg=float(rng.normal(0, 2)),
        width_px=lines if portrait else long,
        height_px=long if portrait else lines,
    )


def draw(number: int) -> Spec:
    """Return the clip with this number."""
    rng = np.random.default_rng([101, number])
    u = rng.uniform
    phenotype = {
        "gender": u(0, 1),
        "age": u(0.42, 1.0),
        "muscle": u(0.2, 0.95),
        "weight": u(0.1, 0.95),
        "height": u(0.15, 0.75),
        "proportions": u(0.1, 1.0),
    }
    look, camera = _look(rng, number), _camera(rng)
    arms = str(
        rng.choice(
            ["hang", "fold", "hips", "dowel", "thighs", "reach", "goblet"],
            p=[0.36, 0.18, 0.14, 0.16, 0.06, 0.05, 0.05],
        )
    )
    neutral = Posture(
        pelvis_deg=float(rng.normal(0, 3)),
        spinal_deg=float(rng.normal(0, 5)),
        cervical_deg=float(rng.normal(2, 6)),
        knee_deg=float(abs(rng.normal(0, 4))) - 3.0,
        shin_deg=float(rng.normal(0, 2)),
        spread=tuple(rng.dirichlet(SPREADS["even"])),
    )
    tempo_s = float(np.exp(u(np.log(1.0), np.log(6.0))))
    pauses = bool(rng.random() < 0.5)
    actions = [_rep(rng, tempo_s, pauses) for _ in range(rng.integers(5, 8))]
    if rng.random() < 0.3:
        actions.insert(int(rng.integers(0, len(actions) + 1)), _bait(rng))
    # Files of more than 15 frames a second show each posture several times, those of slow
    # repetitions more often; one in eight really has them all.
    fps = int(rng.choice([10, 15, 24, 25, 30, 50, 60], p=[0.07, 0.08, 0.15, 0.2, 0.34, 0.06, 0.1]))
    held = 1 if fps <= 15 or (fps <= 30 and rng.random() < 0.12) else 4 if fps >= 50 else 2
    if tempo_s > 2.5 and held > 1:
        held = held * 3 // 2
    lifts = arms == "hang" and rng.random() < 0.3
    moves_first = actions[0].move == "rep" and rng.random() < 0.07
    return Spec(
        number=number,
        phenotype=tuple((k, float(v)) for k, v in phenotype.items()),
        look=look,
        neutral=neutral,
        arms=arms,
        stance_deg=float(u(0, 6)),
        twist_deg=float(rng.normal(0, 2)),
        bar=lifts,
        plate=bool(lifts and rng.random() < 0.5),
        actions=tuple(actions),
        lead_s=0.0 if moves_first else float(u(1.2, 1.9)),
        camera=camera,
        light=Light(
            azimuth_deg=float(u(0, 360)),
            elevation_deg=float(u(10, 80)),
            ambient=float(u(0.15, 0.6)),
            gain=float(u(0.3, 0.6) if rng.random() < 0.2 else u(0.6, 1.3)),
            noise=float(u(4, 18)) if rng.random() < 0.35 else 0.0,
            blur_px=float(u(0.5, 1.6)) if rng.random() < 0.25 else 0.0,
            background=number + 1,
        ),
        contrast=float(u(0.6, 1.0)),
        room=("plain", "room", "clutter")[int(rng.choice(3, p=[0.15, 0.5, 0.35]))],
        bystanders=int(rng.integers(1, 4)) if rng.random() < 0.3 else 0,
        passer_by=bool(rng.random() < 0.1),
        barrel=float(u(-0.18, 0.1)) if rng.random() < 0.25 else 0.0,
        handheld=float(u(0.002, 0.008)) if rng.random() < 0.2 else 0.0,
        blur_s=float(u(0.02, 0.06)) if rng.random() < 0.2 else 0.0,
        crf=int(u(34, 42)) if rng.random() < 0.25 else int(u(18, 32)),
        fps=fps,
        held=held,
    )


def stranger(number: int, which: int) -> tuple[dict[str, float], Look, Posture, float, float]:
    """Draw a bystander: body, clothes, posture, place across and behind in metres."""
    rng = np.random.default_rng([103, number, which])
    u = rng.uniform
    names = ("gender", "age", "muscle", "weight", "height", "proportions")
    body = {name: float(u(0.2, 0.9)) for name in names}
    pose = Posture(
        pelvis_deg=float(u(-5, 5) if rng.random() < 0.7 else u(20, 70)),
        knee_deg=float(u(0, 15)),
        cervical_deg=float(u(-10, 25)),
        arms=str(rng.choice(["hang", "fold", "hips", "goblet", "reach"])),
        stance_deg=4.0,
    )
    across = float(u(0.7, 2.2) * rng.choice([-1, 1]))
    return body, _look(rng, 1000 * number + which), pose, across, float(u(1.2, 3.5))
