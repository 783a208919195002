"""Virtual subjects in motion, seen as the program sees people: followed through an encoded film.

    PYTHONPATH=tests python -m accuracy.followed OUT_DIR --first 20000 --last 21600

The second training set of `calibrate.py`, beside the single pictures of `population.py`. There
every picture is searched by itself, while the program follows a person from picture to picture,
with smoothed landmarks and silhouettes that flicker with coding and noise. Subjects, clothes, rooms
and cameras are drawn as in `clips.py`, with numbers that no clip has; postures as in
`population.py`, every angle independently. Films are read and deleted; kept are the record of the
pose model, and the truth.

Needs `pip install -e .[subjects]`. Several processes may work on one folder, each with another
--first and a --step; existing files are kept.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from accuracy import clips, population
from accuracy.film import Plan, Set, encode, pictures, swift

RATE_HZ = 12
"""Pictures a second: as many as the program reads of a film."""
MOVEMENTS = 6
TAIL_S, DRAWN_PX = 0.2, 400
LEAD_S = 0.5
LINES = {240: 0.15, 360: 0.3, 480: 0.4, 720: 0.15}
"""Lines of a film and their probability: few, as drawing takes most of the time."""


def draw(number: int) -> clips.Spec:
    """Return the film with this number: quick movements to postures of any kind."""
    spec = clips.draw(number)
    rng = np.random.default_rng([211, number])
    u = rng.uniform
    actions = []
    for _ in range(MOVEMENTS):
        to = population.draw_posture(rng, spec.arms, lumbar=True, far=rng.random() < 0.3)
        pace_s = float(np.exp(u(np.log(0.5), np.log(1.0))))
        actions.append(
            clips.Action(
                lean_deg=to.pelvis_deg + 0.5 * to.spinal_deg,
                spinal_deg=to.spinal_deg,
                cervical_deg=to.cervical_deg,
                knee_deg=to.knee_deg,
                shin_deg=to.shin_deg,
                spread=to.spread,
                late=(float(u(0.7, 1.6)), float(u(0.5, 1.6))),
                down_s=pace_s * u(0.4, 0.6),
                pause_s=float(u(0.08, 0.3)),
                up_s=pace_s * u(0.4, 0.6),
                rest_s=float(u(0.0, 0.1)),
            )
        )
    camera = spec.camera
    lines = int(rng.choice(list(LINES), p=list(LINES.values())))
    across = int(lines * (4 / 3 if rng.random() < 0.35 else 16 / 9)) // 4 * 4
    upright = camera.height_px > camera.width_px
    return replace(
        spec,
        actions=tuple(actions),
        lead_s=LEAD_S,
        camera=replace(
            camera,
            width_px=lines if upright else across,
            height_px=across if upright else lines,
            fill=float(u(0.55, 0.9)),
        ),
        barrel=0.0,
        handheld=0.0,
        fps=RATE_HZ,
        held=1,
        passer_by=False,
        bystanders=spec.bystanders if rng.random() < 0.3 else 0,
    )


def follow(number: int, mesh: object, target: Path) -> None:
    """Film one subject, read the film as the program does, keep the record and the truth."""
    from bodies import ARMS

    from hinge_dowel.pose import extraction

    spec = draw(number)
    plan = Plan.of(spec, TAIL_S)
    stage = Set(spec, mesh, plan)
    time_s = np.arange(round(plan.duration_s * RATE_HZ)) / RATE_HZ
    true: list[tuple[Any, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        encode(film, spec, pictures(stage, plan, time_s, true, DRAWN_PX))
        seen = extraction.extract_pose(film)
    if len(seen.time_s) != len(true):
        raise ValueError(f"{len(true)} pictures were filmed, {len(seen.time_s)} seen")
    assert seen.outlines is not None
    assert seen.size_px is not None
    larger = seen.size_px[0] / spec.camera.width_px
    part = target.with_suffix(".part")
    with part.open("wb") as file:
        np.savez_compressed(
            file,
            landmarks=seen.landmarks.astype(np.float32),
            rays=seen.outlines.astype(np.float32),
            angles=[population.angles_of(posture, truth, spec.camera) for posture, truth in true],
            points_px=np.array([truth.points_px for _, truth in true]) * larger,
            points_cm=[truth.points_cm for _, truth in true],
            time_s=time_s,
            depth=plan.depth(time_s).max(axis=0),
            lead=spec.lead_s,
            stature_m=stage.subject.stature_m,
            facing=spec.camera.facing,
            arms=ARMS.index(spec.arms),
        )
    part.replace(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--first", type=int, default=20000)
    parser.add_argument("--last", type=int, default=21600)
    parser.add_argument("--step", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    # One thread a process: the drawing library would take all cores for each.
    for name in ("LP_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from bodies import Mesh

    mesh = swift(Mesh())
    for number in range(args.first, args.last, args.step):
        target = args.out / f"{number:05d}.npz"
        if target.exists():
            continue
        try:
            follow(number, mesh, target)
        except ValueError as error:  # a body that fits into no such picture
            print(f"{number}: left out, {error}", flush=True)
        else:
            print(f"{number}: followed", flush=True)


if __name__ == "__main__":
    main()
