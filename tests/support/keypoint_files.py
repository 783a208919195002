"""Writes known motions as files of trackers, tables and motion capture."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from hinge_dowel import check_clip
from hinge_dowel.keypoints.skeletons import SKELETONS, Skeleton, landmarks_of, plain
from hinge_dowel.testing.pytest_plugin import assert_verdict
from hinge_dowel.testing.synthetic import HINGE, NECK_FLEXION, ROUNDING, SQUAT, mix


def titled(title: str) -> Skeleton:
    """Return the first skeleton with this title."""
    return next(skeleton for skeleton in SKELETONS if skeleton.title == title)


FPS = 10.0
BODY = mix([HINGE, SQUAT, NECK_FLEXION], fps=FPS)
FAULTS = ["clean", "squatting", "cervical_flexion"]
BACK = mix([HINGE, ROUNDING, NECK_FLEXION], fps=FPS)
BACK_FAULTS = ["clean", "spinal_flexion", "cervical_flexion"]
NO_HEAD = ["clean", "squatting", "clean"]
MEDIAPIPE = titled("MediaPipe").joints
COCO = titled("COCO-17").joints
_MIDDLES = {
    **dict.fromkeys(("mid_hip", "hip", "pelvis", "spine_base"), (23, 24)),
    **dict.fromkeys(("neck", "thorax", "spine_shoulder", "upper_neck"), (11, 12)),
}


def places_of(names, body=BODY):
    """Return the places (T, N, 2) of a skeleton in pixels; NaN for those the figure lacks."""
    out = np.full((len(body.landmarks), len(names), 2), np.nan)
    bare = [plain(name) for name in names]
    where = {name: number for number, name in landmarks_of(bare).items()}
    for index, name in enumerate(bare):
        if name in where:
            out[:, index] = body.landmarks[:, where[name], :2]
        elif names[index] in _MIDDLES:
            out[:, index] = body.landmarks[:, _MIDDLES[names[index]], :2].mean(axis=1)
    return out


def standing(places):
    """Return a smaller person who stands behind: the first frame, with a little sway."""
    sway = 1.5 * np.sin(np.arange(len(places)) / 9.0)
    out = np.repeat(places[:1] * 0.8 + [-380.0, 130.0], len(places), axis=0)
    out[..., 0] += sway[:, None]
    return out


def write_csv(path: Path, header, rows, cut=","):
    """Write a table; `header` is one row of names or several."""
    heads = header if isinstance(header[0], list) else [header]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=cut)
        writer.writerows([*heads, *rows])
    return path


def write_json(path: Path, data):
    """Write JSON, NaN as null."""
    text = json.dumps(data).replace("NaN", "null")
    path.write_text(text, encoding="utf-8")
    return path


def flat(frame, sure=0.9):
    """Return x, y, certainty in turn; 0, 0, 0 for missing places."""
    out = []
    for x, y in frame:
        out += [0.0, 0.0, 0.0] if np.isnan(x) else [float(x), float(y), sure]
    return out


def named_columns(names, axes="xy"):
    """Return column names: nose_x, nose_y, ..."""
    return [f"{name}_{axis}" for name in names for axis in axes]


def judged(path, fps=None):
    """Return the verdict on a file, after comparing it with the known motion and its times."""
    verdict = check_clip(path, fps=fps)
    assert_verdict(verdict, FAULTS)
    assert [rep.bottom_s for rep in verdict.reps] == pytest.approx([3.0, 7.5, 12.0], abs=0.15)
    return verdict


def table(path, head, leads, cut=","):
    """Write the motion as a table of COCO's joints, after the columns `head` and `leads`."""
    rows = [[*lead, *frame.ravel()] for lead, frame in zip(leads, places_of(COCO), strict=True)]
    return write_csv(path, [*head, *named_columns(COCO)], rows, cut)


SPORTS2D = ("RHip", "RKnee", "RAnkle", "RBigToe", "RHeel", "LHip", "LKnee", "LAnkle", "LBigToe")
SPORTS2D += ("LHeel", "Nose", "REye", "LEye", "REar", "LEar", "RShoulder", "LShoulder")


def in_space(names=SPORTS2D):
    """Return places (T, N, 3) in metres: x forward, y up, z to the right."""
    flat = places_of(names)
    side = np.array(
        [0.2 if n.lower().startswith("r") else -0.2 if n != "Nose" else 0 for n in names]
    )
    return np.stack(
        [flat[..., 0] / 300, (640 - flat[..., 1]) / 300, np.broadcast_to(side, flat.shape[:2])], -1
    )
