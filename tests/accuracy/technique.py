"""Virtual subjects of every exercise, filmed plainly, and the truth about them.

    PYTHONPATH=tests python -m accuracy.technique build/accuracy/technique [--only NAME ...]

Films what is missing (needs `pip install -e .[subjects]`) and keeps the pose model's record and the
truth of each subject: how far the hips went back, where the weight was, how much earlier the knees
bent. `measure_technique.py` judges them. The centre of mass is that of the body's volume, of one
density: independent of the segment masses that the program uses.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2] / "samples"))

from bodies import Camera, Look, Mesh, Posture
from studio import Light, Props, Studio

Array = NDArray[np.float64]

RATE_HZ = 12.0
"""Postures and pictures a second."""
VERSION = 3
"""Raise it when the same trial gives another film or another truth."""
ONSETS = (0.2, 0.3, 0.4)
"""A joint's onset is the mean of the times at which it passes these shares of its own range."""
TURN_DEG = (
    *("lean_deg", "knee_deg", "shin_deg", "spinal_deg", "cervical_deg", "swing_deg"),
    "heels_deg",
)


@dataclass(frozen=True)
class Bottom:
    """The bottom of a repetition as a change from standing, degrees, and the timing of its parts.

    `knee_start` and `lean_start` are the shares of the way down at which knees (with shins) and
    trunk begin to move, `knee_stop` that at which the knees have arrived. `dip_deg` is how much
    further the trunk tips while the knees straighten first on the way up. `heels_deg` tips the
    foot onto its toes.
    """

    lean_deg: float = 65.0
    knee_deg: float = 18.0
    shin_deg: float = -1.0
    spinal_deg: float = 0.0
    cervical_deg: float = 0.0
    swing_deg: float = 0.0
    heels_deg: float = 0.0
    knee_start: float = 0.0
    knee_stop: float = 1.0
    lean_start: float = 0.0
    dip_deg: float = 0.0
    down_s: float = 1.5
    pause_s: float = 0.35
    up_s: float = 1.3
    rest_s: float = 0.7


@dataclass(frozen=True)
class Trial:
    """One subject at one exercise. `notes` are those that its repetitions plainly should have."""

    name: str
    exercise: str
    reps: tuple[Bottom, ...]
    notes: frozenset[str] = frozenset()
    faults: frozenset[str] = frozenset()
    arms: str = "hang"
    props: Props = field(default_factory=Props)
    start: Bottom = field(default_factory=lambda: Bottom(0.0, 0.0, 0.0))
    """The posture between repetitions: standing, or kneeling."""
    foot_deg: float = 0.0
    lead_s: float = 1.3
    """Standing before the first repetition; 0 starts at its bottom."""


def ease(share: Array) -> Array:
    """Minimum jerk from 0 to 1."""
    x = np.clip(share, 0.0, 1.0)
    return np.asarray(x**3 * (10 - 15 * x + 6 * x**2))


def angles_of(trial: Trial) -> tuple[Array, dict[str, Array], list[tuple[float, float]]]:
    """Return times (T,), every angle (T,) as a change from neutral, and the reps' bottoms."""
    starts, now = [], trial.lead_s
    for number, rep in enumerate(trial.reps):
        down = 0.0 if number == 0 and trial.lead_s == 0 else rep.down_s
        starts.append(now - (rep.down_s - down))
        now += down + rep.pause_s + rep.up_s + rep.rest_s
    time = np.arange(0.0, now + 0.4, 1 / RATE_HZ)
    angles = {name: np.full(len(time), float(getattr(trial.start, name))) for name in TURN_DEG}
    bottoms = []
    for begin, rep in zip(starts, trial.reps, strict=True):
        low, high = begin + rep.down_s, begin + rep.down_s + rep.pause_s
        bottoms.append((low, high))
        for name in TURN_DEG:
            first, last = 0.0, 1.0
            if name in ("knee_deg", "shin_deg"):
                first, last = rep.knee_start, rep.knee_stop
            elif name == "lean_deg":
                first = rep.lean_start
            way = (time - begin) / rep.down_s
            down = ease((way - first) / (last - first))
            up = (time - high) / rep.up_s
            quick = name in ("knee_deg", "shin_deg") and rep.dip_deg
            slow = name == "lean_deg" and rep.dip_deg
            back = ease(up / 0.55) if quick else ease((up - 0.4) / 0.6) if slow else ease(up)
            change = getattr(rep, name) - getattr(trial.start, name)
            angles[name] += change * (down - back)
        if rep.dip_deg:
            up = (time - high) / rep.up_s
            angles["lean_deg"] += rep.dip_deg * (ease(up / 0.4) - ease((up - 0.4) / 0.6))
    return time, angles, bottoms


def _trials() -> tuple[Trial, ...]:
    bell, bar = Props(bell=True), Props(bar=True)
    plates = Props(bar=True, plate=True)
    good = Bottom()
    deep = Bottom(lean_deg=75, knee_deg=24, shin_deg=-3)
    stay = Bottom(lean_deg=48, knee_deg=3, shin_deg=0)
    toes = Bottom(lean_deg=58, knee_deg=16, shin_deg=9)
    early = Bottom(knee_deg=26, knee_stop=0.5, lean_start=0.3, shin_deg=1)
    up = Bottom(cervical_deg=-40)
    squat = Bottom(lean_deg=38, knee_deg=108, shin_deg=26)
    kneel = Bottom(0, 90, 90)
    heels = Bottom(lean_deg=38, knee_deg=152, shin_deg=90)
    pull = Bottom(lean_deg=62, knee_deg=76, shin_deg=16)
    swing = Bottom(
        lean_deg=68, knee_deg=26, shin_deg=0, swing_deg=25, down_s=0.6, pause_s=0.05, up_s=0.5,
        rest_s=0.25,
    )  # fmt: skip
    more: Callable[..., Bottom] = replace
    return (
        Trial("hinge_1", "hinge", (good, deep)),
        Trial("hinge_2", "hinge", (more(good, lean_deg=58, shin_deg=-4), good), arms="fold"),
        Trial("hinge_3", "hinge", (deep, more(good, knee_deg=12, shin_deg=-4)), arms="thighs"),
        Trial("rounded", "hinge", (more(good, spinal_deg=38), more(deep, spinal_deg=42)),
              faults=frozenset({"spinal_flexion"})),
        Trial("stay_1", "hinge", (stay, more(stay, lean_deg=40)),
              notes=frozenset({"hips_not_back"})),
        Trial("stay_2", "hinge", (more(stay, lean_deg=55, knee_deg=5, shin_deg=1), stay),
              notes=frozenset({"hips_not_back"}), arms="fold"),
        Trial("toes_1", "hinge", (toes, more(toes, lean_deg=66))),
        Trial("toes_2", "hinge", (more(toes, knee_deg=22, shin_deg=12), toes), arms="fold"),
        Trial("heels_1", "hinge", (more(toes, heels_deg=15), more(toes, shin_deg=12, heels_deg=25)),
              notes=frozenset({"on_the_toes"})),
        Trial("heels_2", "hinge", (more(toes, lean_deg=66, heels_deg=20), more(toes, heels_deg=35)),
              notes=frozenset({"on_the_toes"}), arms="fold"),
        Trial("heels_3", "hinge",
              (more(good, lean_deg=62, shin_deg=1, heels_deg=18),
               more(good, lean_deg=56, knee_deg=14, shin_deg=2, heels_deg=22)),
              notes=frozenset({"on_the_toes"})),
        Trial("knees_1", "hinge", (early, more(early, knee_deg=30)),
              notes=frozenset({"knees_first"})),
        Trial("knees_2", "hinge", (more(early, knee_deg=34, shin_deg=4), early),
              notes=frozenset({"knees_first"}), arms="fold"),
        Trial("hips_then_knees", "hinge",
              (more(good, knee_deg=24, shin_deg=-2, knee_start=0.3),
               more(deep, knee_deg=28, knee_start=0.3))),
        Trial("up_1", "hinge", (up, more(deep, cervical_deg=-45)),
              notes=frozenset({"looking_up"})),
        Trial("up_2", "hinge", (more(up, cervical_deg=-35), up),
              notes=frozenset({"looking_up"}), arms="fold"),
        Trial("squat_1", "squat", (squat, more(squat, knee_deg=98, lean_deg=42)),
              faults=frozenset({"squatting"}), arms="goblet"),
        Trial("squat_2", "squat", (squat, more(squat, knee_deg=90, shin_deg=24)),
              faults=frozenset({"squatting"})),
        Trial("squat_3", "squat", (more(squat, knee_deg=116), squat),
              faults=frozenset({"squatting"}), arms="reach"),
        Trial("wall_good", "wall_tap", (more(good, lean_deg=50, knee_deg=20, shin_deg=-6),) * 2,
              arms="fold", props=Props(wall_m=0.36)),
        Trial("wall_stay", "wall_tap", (stay, more(stay, knee_deg=6)),
              notes=frozenset({"hips_not_back"}), arms="fold", props=Props(wall_m=0.36)),
        Trial("kneel_1", "kneeling", (heels, more(heels, lean_deg=30, knee_deg=145)), arms="thighs",
              start=kneel, foot_deg=160),
        Trial("kneel_2", "kneeling", (more(heels, lean_deg=48), heels), arms="fold",
              start=kneel, foot_deg=90),
        Trial("kneel_round", "kneeling",
              (more(heels, spinal_deg=40), more(heels, spinal_deg=36, lean_deg=45)),
              faults=frozenset({"spinal_flexion"}), arms="fold", start=kneel, foot_deg=90),
        Trial("rdl_1", "rdl", (more(deep, knee_deg=30), more(deep, lean_deg=80)), props=bar),
        Trial("rdl_2", "rdl", (more(deep, knee_deg=34, shin_deg=2), deep), props=plates),
        Trial("deadlift_1", "deadlift", (pull, more(pull, lean_deg=66)), props=bell, lead_s=0),
        Trial("deadlift_2", "deadlift", (more(pull, knee_deg=86, shin_deg=20), pull),
              props=plates, lead_s=0),
        Trial("deadlift_3", "deadlift", (pull, more(pull, knee_deg=68, lean_deg=70)), props=bar),
        Trial("deadlift_hips", "deadlift",
              (more(pull, dip_deg=18, up_s=1.6), more(pull, dip_deg=20, up_s=1.6)),
              notes=frozenset({"hips_first"}), props=bell, lead_s=0),
        Trial("deadlift_squat", "deadlift",
              (more(squat, knee_deg=118, shin_deg=24, lean_deg=40),
               more(squat, knee_deg=116, shin_deg=24, lean_deg=44)),
              faults=frozenset({"squatting"}), props=bell, lead_s=0),
        Trial("swing_1", "swing", (swing,) * 4, props=bell),
        Trial("swing_2", "swing", (more(swing, lean_deg=72, knee_deg=32),) * 4, props=bell),
        Trial("morning_1", "good_morning", (more(good, lean_deg=70), deep), arms="rack", props=bar),
        Trial("morning_2", "good_morning", (good, more(good, lean_deg=55)), arms="rack", props=bar),
        Trial("bench_1", "bench", (more(good, shin_deg=0), more(good, shin_deg=-1)),
              props=Props(bench=True)),
        Trial("bench_off", "bench", (more(good, shin_deg=11, knee_deg=26),) * 2,
              notes=frozenset({"shins_forward"}), props=Props(bench=True)),
    )  # fmt: skip


AGAIN = "_again"
"""Suffix of trials by another body, on which no limit was chosen."""


def again(trial: Trial) -> Trial:
    """Return the same trial by another body, each angle up to a tenth more or less."""
    rng = np.random.default_rng([223, *trial.name.encode()])
    turns = ("lean_deg", "knee_deg", "shin_deg", "spinal_deg", "cervical_deg")

    def varied(rep: Bottom) -> Bottom:
        # Of a kneeling leg only what the thighs turn may vary.
        begin = trial.start
        changes = {
            name: getattr(begin, name)
            + (getattr(rep, name) - getattr(begin, name)) * float(rng.uniform(0.9, 1.1))
            for name in turns
        }
        return replace(rep, **changes)

    return replace(trial, name=trial.name + AGAIN, reps=tuple(varied(rep) for rep in trial.reps))


TRIALS = {trial.name: trial for first in _trials() for trial in (first, again(first))}


def person_of(name: str) -> tuple[dict[str, float], Look, Posture, Camera, Light]:
    """Draw body, plain snug clothes, standing neutral, and a camera near side-on, by the name."""
    rng = np.random.default_rng([211, *name.encode()])
    u = rng.uniform
    phenotype = {
        "gender": u(0, 1),
        "age": u(0.5, 0.85),
        "muscle": u(0.35, 0.8),
        "weight": u(0.25, 0.65),
        "height": u(0.25, 0.6),
        "proportions": u(0.4, 1.0),
    }
    skin = u(0.3, 0.9) * np.array([1.0, 0.78, 0.66])
    look = Look(
        skin=tuple(skin),
        hair=tuple(u(0.05, 0.5) * np.array([1, 0.75, 0.5])),
        shirt=tuple(u(0.1, 0.9, 3)),
        trousers=tuple(u(0.05, 0.5, 3)),
        shoes=tuple(u(0.1, 0.9, 3)),
        shirt_loose_m=float(u(0, 0.006)),
        seed=90_000 + len(name),
    )
    neutral = Posture(
        pelvis_deg=float(rng.normal(0, 2)),
        spinal_deg=float(rng.normal(0, 4)),
        cervical_deg=float(rng.normal(2, 4)),
        knee_deg=float(abs(rng.normal(0, 3))) - 2.0,
        shin_deg=float(rng.normal(0, 1)),
    )
    camera = Camera(
        yaw_deg=float(np.clip(rng.normal(0, 5), -12, 12)),
        facing=str(rng.choice(["left", "right"])),
        height_m=float(u(0.7, 1.2)),
        distance_m=float(u(2.6, 4.0)),
        fill=float(u(0.62, 0.78)),
    )
    light = Light(azimuth_deg=float(u(0, 360)), elevation_deg=45, ambient=0.4, background=0)
    return {k: float(v) for k, v in phenotype.items()}, look, neutral, camera, light


def postures_of(trial: Trial, neutral: Posture) -> tuple[Array, list[Posture], list[Any]]:
    """Return times, the posture at each, and the bottoms' times."""
    time, angles, bottoms = angles_of(trial)
    kneels = trial.start.shin_deg > 45
    out = []
    for row in zip(*(angles[name] for name in TURN_DEG), strict=True):
        lean, knee, shin, spinal, cervical, swing, heels = (float(value) for value in row)
        out.append(
            Posture(
                pelvis_deg=neutral.pelvis_deg + lean - spinal / 2,
                spinal_deg=neutral.spinal_deg + spinal,
                cervical_deg=neutral.cervical_deg + cervical,
                knee_deg=knee + (0.0 if kneels else neutral.knee_deg),
                shin_deg=shin + (0.0 if kneels else neutral.shin_deg),
                arms=trial.arms,
                arm_swing_deg=_swing(trial, lean, swing),
                foot_deg=trial.foot_deg + heels,
                stance_deg=4.0,
            )
        )
    return time, out, bottoms


def _swing(trial: Trial, lean_deg: float, swing_deg: float) -> float:
    """Return the arms' degrees forward of hanging: raised on top of a swing, at the legs with a
    bar."""
    if trial.exercise == "rdl":
        return -0.2 * lean_deg
    if trial.exercise != "swing":
        return 0.0
    share = lean_deg / max(trial.reps[0].lean_deg, 1.0)
    return 80.0 * (1 - share) - swing_deg


def centre_of_mass(vertices: Array, faces: NDArray[np.int64]) -> Array:
    """Return the centre (3,) of the volume that quads (F, 4) enclose."""
    total, moment = 0.0, np.zeros(3)
    for corners in ((0, 1, 2), (0, 2, 3)):
        a, b, c = (vertices[faces[:, k]] for k in corners)
        volume = np.einsum("ij,ij->i", a, np.cross(b, c)) / 6
        total += float(volume.sum())
        moment = moment + (volume[:, None] * (a + b + c) / 4).sum(0)
    return np.asarray(moment / total)


def onset_s(time: Array, values: Array) -> float:
    """Return a joint's onset: the mean time at which it passes `ONSETS` of its last value."""
    way = (values - values[0]) / (values[-1] - values[0])
    return float(np.mean([time[np.argmax(way >= share)] for share in ONSETS]))


def film(trial: Trial, mesh: Mesh, model: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the pose model's record of a trial (arrays) and its truth."""
    from hinge_dowel.body.outline import OUTLINE_SIZE, outline_rays
    from hinge_dowel.pose.network_looks import NetworkLooks
    from hinge_dowel.pose.tracker import PoseTracker
    from hinge_dowel.video.reader import Frame

    phenotype, look, neutral, camera, light = person_of(trial.name)
    studio = Studio(mesh, camera.width_px, camera.height_px)
    subject = studio.subject(phenotype, look)
    time, postures, bottoms = postures_of(trial, neutral)
    feet = np.array([p.startswith(("foot", "toe")) for p in mesh.part])
    landmarks, outlines, hips, weights, pitches = [], [], [], [], []
    with PoseTracker(model) as eye, NetworkLooks() as network:
        for time_s, posture in zip(time, postures, strict=True):
            image, truth = studio.shoot(subject, posture, camera, light, trial.props)
            image = np.ascontiguousarray(image)
            observation = eye.see(Frame(float(time_s), image))
            network.look(float(time_s), image, observation.landmarks)
            landmarks.append(observation.landmarks)
            outlines.append(
                np.full(OUTLINE_SIZE, np.nan)
                if observation.silhouette is None
                else outline_rays(observation.landmarks, observation.silhouette)
            )
            posed, place, _ = mesh.pose(subject.rest, subject.heads, posture)
            joint = {b: place[mesh.index[b], 1] for b in ("upperleg01.L", "upperleg01.R")}
            heel, toe = posed[feet, 1].max(), posed[feet, 1].min()
            hips.append(100 * np.mean(list(joint.values())))
            weights.append((heel - centre_of_mass(posed, mesh.faces)[1]) / (heel - toe))
            pitches.append(truth.trunk_pitch_deg)
        network.finish()
    network.answers.hold(float(time[-1]))
    studio.close()
    arrays = {
        "time_s": time,
        "landmarks": np.array(landmarks),
        "outlines": np.array(outlines),
        "network": network.answers.drain(time),
        "size_px": np.array([camera.width_px, camera.height_px]),
    }
    return arrays, _truth(trial, subject.stature_m, time, bottoms, hips, weights, pitches)


def _truth(
    trial: Trial,
    stature_m: float,
    time: Array,
    bottoms: list[tuple[float, float]],
    hips: list[float],
    weights: list[float],
    pitches: list[float],
) -> dict[str, Any]:
    hips_cm, weight, pitch = np.array(hips), np.array(weights), np.array(pitches)
    _, angles, _ = angles_of(trial)
    flexion = {"knee": angles["knee_deg"], "hip": pitch - angles["shin_deg"] + angles["knee_deg"]}
    standing = slice(-3, None) if trial.lead_s == 0 else time < trial.lead_s * 0.9
    reps = []
    for rep, (low, high) in zip(trial.reps, bottoms, strict=True):
        at = (time >= low - 0.1) & (time <= high + 0.1)
        travel = float(np.median(hips_cm[at]) - np.median(hips_cm[standing]))
        lean = float(np.median(pitch[at]) - np.median(pitch[standing]))
        way = (time >= low - rep.down_s) & (time <= low + 1e-6)
        lead = None
        if way.sum() > 4 and rep.knee_deg - trial.start.knee_deg >= 12:
            lead = onset_s(time[way], flexion["hip"][way]) - onset_s(
                time[way], flexion["knee"][way]
            )
        reps.append(
            {
                "bottom_s": (low + high) / 2,
                "hip_travel_cm": travel,
                "hip_travel_cm_per_10_deg": 10 * travel / lean,
                "weight_share": float(np.median(weight[at])),
                "knee_lead_s": lead,
                "knee_flexion_deg": rep.knee_deg,
                "lean_deg": lean,
            }
        )
    return {
        "version": VERSION,
        "exercise": trial.exercise,
        "stature_cm": 100 * stature_m,
        "standing_weight_share": float(np.median(weight[standing])),
        "notes": sorted(trial.notes),
        "faults": sorted(trial.faults),
        "reps": reps,
    }


def film_all(folder: Path, model: Path, names: list[str]) -> None:
    """Film the trials that are not there yet."""
    from accuracy.film import swift

    folder.mkdir(parents=True, exist_ok=True)
    mesh = None
    for name in names:
        place = folder / f"{name}.json"
        if place.exists() and json.loads(place.read_text("utf-8"))["version"] == VERSION:
            continue
        mesh = swift(Mesh()) if mesh is None else mesh
        arrays, truth = film(TRIALS[name], mesh, model)
        np.savez(folder / f"{name}.npz", **arrays)
        place.write_text(json.dumps(truth, indent=1), "utf-8")
        print(f"filmed {name}: {len(arrays['time_s'])} pictures", flush=True)


def main() -> None:
    """Film from the command line."""
    from hinge_dowel.pose.model_file import locate

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", default=list(TRIALS), choices=TRIALS)
    given = parser.parse_args()
    film_all(given.folder, locate(), given.only)


if __name__ == "__main__":
    main()
