"""Measure the errors of the pose stage's angles in single pictures of drawn subjects, by the
camera's angle from side-on.

    PYTHONPATH=tests:samples python -m accuracy.single_pictures build/oblique [--subjects 80]

Changes from standing are compared, as in verdicts. Nothing was fitted on these subjects; their
cameras stand up to `WIDEST_DEG` off side-on. Needs `pip install -e .[subjects]`.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from accuracy.population import (
    SIDE_PX,
    Mesh,
    Person,
    Studio,
    angles_of,
    as_stored,
    draw_person,
    postures,
)
from numpy.typing import NDArray

Array = NDArray[Any]

FIRST, WIDEST_DEG = 16000, 60.0
JOINTS = ("spinal", "cervical", "knee", "shin")
BINS_DEG = (0, 10, 20, 30, 35, 40, 45, 50, 60)


def shoot(
    folder: Path, seeds: Iterable[int], person_of: Callable[[int], Person] = draw_person
) -> None:
    """Write a file for each subject: facing, arms, and for each picture its code, landmarks,
    outline and true angles. Existing files are kept."""
    import mediapipe as mp
    from accuracy.film import swift
    from mediapipe.tasks.python import BaseOptions, vision

    from hinge_dowel.body.outline import outline_rays
    from hinge_dowel.pose import model_file

    folder.mkdir(parents=True, exist_ok=True)
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model_file.locate())),
        output_segmentation_masks=True,
    )
    studio = Studio(swift(Mesh()), SIDE_PX, SIDE_PX)
    with vision.PoseLandmarker.create_from_options(options) as eye:
        for seed in seeds:
            target = folder / f"{seed}.pkl"
            if target.exists():
                continue
            person = person_of(seed)
            subject = studio.subject(person.phenotype, person.look)
            rows: list[dict[str, Any]] = []
            for number, posture in enumerate(postures(person, seed)):
                picture, truth = studio.shoot(
                    subject, posture, person.camera, person.light, person.props
                )
                side, code, small = as_stored(picture, person)
                seen = eye.detect(mp.Image(mp.ImageFormat.SRGB, small))
                if not seen.pose_landmarks:
                    if number == 0:
                        break
                    continue
                landmarks = np.array(
                    [
                        (p.x * side, p.y * side, p.z * side, p.visibility)
                        for p in seen.pose_landmarks[0]
                    ]
                )
                mask = np.squeeze(seen.segmentation_masks[0].numpy_view()).copy()
                rows.append(
                    {
                        "code": code,
                        "lm": landmarks,
                        "rays": outline_rays(landmarks, mask),
                        "angles": angles_of(posture, truth, person.camera),
                    }
                )
            part = target.with_suffix(".part")
            part.write_bytes(pickle.dumps((person.camera.facing, person.arms, rows)))
            part.replace(target)


def as_told(facing: Any, rows: list[dict[str, Any]]) -> tuple[Array, Any]:
    """Return the `JOINTS` (N, 4) of each picture by the pose stage, and its whole estimate."""
    from hinge_dowel.analysis import back_points

    landmarks = np.array([row["lm"] for row in rows])
    rays = np.array([row["rays"] for row in rows])
    found = back_points.estimate(landmarks, rays, np.arange(len(rows)) == 0, side=facing)
    joints = (
        found.thorax_deg - found.pelvis_deg,
        found.head_deg - found.thorax_deg,
        found.knee_deg,
        found.shin_deg,
    )
    return np.stack(joints, axis=1), found


def from_anywhere(seed: int) -> Person:
    """Return the subject, seen from up to `WIDEST_DEG` off side-on."""
    person = draw_person(seed)
    yaw_deg = float(np.random.default_rng([17, seed]).uniform(-WIDEST_DEG, WIDEST_DEG))
    return replace(person, camera=replace(person.camera, yaw_deg=yaw_deg))


def table(folder: Path) -> str:
    """Return the errors of changes from standing, by the view that the program measures."""
    off: list[Array] = []
    view: list[tuple[float, float]] = []
    for path in sorted(folder.glob("*.pkl")):
        facing, _, rows = pickle.loads(path.read_bytes())  # noqa: S301  (written by `shoot`)
        if len(rows) < 2:
            continue
        joints, found = as_told(facing, rows)
        true = np.array([row["angles"] for row in rows])
        off.append(((joints - joints[0]) - (true - true[0])[:, 1:5])[1:])
        # As a clip has it, which has mostly upright moments to tell it by.
        standing = float(abs(found.view_angle_deg[0]))
        view += [(standing, float(abs(true[0, 6])))] * (len(rows) - 1)
    errors, views = np.concatenate(off), np.array(view)
    lines = []
    for column, name in enumerate(("told", "true")):
        lines += [
            f"| view {name}, degrees | pictures | {' | '.join(JOINTS)} | spinal, 90 % within |",
            "|---|" + "---:|" * (len(JOINTS) + 2),
        ]
        for low, high in pairwise(BINS_DEG):
            here = (views[:, column] >= low) & (views[:, column] < high)
            here &= np.isfinite(errors).all(axis=1)
            if here.sum() < 10:
                continue
            size = np.abs(errors[here])
            within = float(np.percentile(size[:, 0], 90))
            means = " | ".join(f"{m:.1f}" for m in size.mean(axis=0))
            lines.append(f"| {low} to {high} | {here.sum()} | {means} | {within:.0f} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--subjects", type=int, default=80)
    args = parser.parse_args()
    shoot(args.folder, range(FIRST, FIRST + args.subjects), from_anywhere)
    print(table(args.folder))


if __name__ == "__main__":
    main()
