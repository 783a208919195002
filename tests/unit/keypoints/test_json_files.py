"""JSON as trackers write it: the same motion in every form is told the same."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support.keypoint_files import (
    BODY,
    COCO,
    FAULTS,
    FPS,
    NO_HEAD,
    flat,
    places_of,
    standing,
    write_json,
)

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.skeletons import SKELETONS, TITLES, titled
from hinge_dowel.testing.pytest_plugin import assert_verdict

T = len(BODY.landmarks)
PLACES = places_of(COCO)
OTHER = standing(PLACES)
SIZE = (1280, 720)
POSENET = ("nose", "leftEye", "rightEye", "leftEar", "rightEar", "leftShoulder", "rightShoulder")
POSENET += ("leftElbow", "rightElbow", "leftWrist", "rightWrist", "leftHip", "rightHip", "leftKnee")
POSENET += ("rightKnee", "leftAnkle", "rightAnkle")


def joints(frame):
    return [dict(zip(("x", "y", "z", "visibility"), map(float, row), strict=True)) for row in frame]


SHARES = [joints(frame / [*SIZE, SIZE[0], 1]) for frame in BODY.landmarks]
WORLD = [joints(frame * [0.003, 0.003, 0.003, 1] - [1.9, 1.2, 0, 0]) for frame in BODY.landmarks]
ABOUT = {"fps": FPS, "width": SIZE[0], "height": SIZE[1]}
MIXED = [3, 16, 0, 9, 12, 5, 14, 11, 2, 7, 1, 13, 4, 15, 6, 10, 8]


def pairs(i):
    both = [flat(PLACES[i]), flat(OTHER[i])]
    both = both[::-1] if i % 3 else both
    return both[:1] if i % 23 == 11 else both


FORMS = {
    "MediaPipe": lambda i: SHARES[i],
    "MediaPipe tasks": lambda i: {"timestamp_ms": 50.0 * i, "pose_landmarks": [SHARES[i]]},
    "MediaPipe JS": lambda i: {
        "timestamp": 50.0 * i,
        "result": {"landmarks": [SHARES[i]], "worldLandmarks": [WORLD[i]]},
    },
    "MediaPipe lost": lambda i: {"frame": i, "poseLandmarks": SHARES[i] if i % 17 != 3 else []},
    "MediaPipe world": lambda i: {"pose_world_landmarks": WORLD[i]},
    "PoseNet": lambda i: {
        "keypoints": [
            {"part": name, "position": {"x": float(x), "y": float(y)}, "score": 0.8}
            for name, (x, y) in zip(POSENET, PLACES[i], strict=True)
        ]
    },
    "names in any order": lambda i: [
        {"name": COCO[k], "x": float(PLACES[i, k, 0]), "y": float(PLACES[i, k, 1])} for k in MIXED
    ],
    "objects by name": lambda i: {
        n.upper(): list(map(float, p)) for n, p in zip(COCO, PLACES[i], strict=True)
    },
    "ultralytics": lambda i: [
        {
            "name": "person",
            "track_id": track,
            "keypoints": {
                "x": b[i, :, 0].tolist(),
                "y": b[i, :, 1].tolist(),
                "visible": [0.9] * 17,
            },
        }
        for track, b in ((7, OTHER), (9, PLACES))
    ],
    "MMPose": lambda i: [{"keypoints": PLACES[i].tolist(), "keypoint_scores": [0.9] * 17}],
    "numbers that change hands": lambda i: {
        "frame_id": i,
        "persons": [
            {"id": 3 if i < 100 else 8, "keypoints": PLACES[i].tolist()},
            {"id": 4 if i < 100 else 3, "keypoints": OTHER[i].tolist()},
        ],
    },
    "mmskeleton": lambda i: {
        "frame_index": i,
        "skeleton": [{"pose": PLACES[i].ravel().tolist(), "score": [0.9] * 17}],
    },
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", ["list", "frames", "numbers", "lines"])
def test_frames_of_trackers(tmp_path, form, where):
    made = [FORMS[form](i) for i in range(T)]
    path = tmp_path / "a.json"
    if where == "list":
        write_json(path, made)
    elif where == "frames":
        write_json(path, {**ABOUT, "frames": made})
    elif where == "numbers":
        write_json(path, {f"frame_{i:04d}.png": frame for i, frame in enumerate(made)})
    else:
        path = tmp_path / "a.jsonl"
        path.write_text("\n".join(json.dumps(frame) for frame in made))
    world = form == "MediaPipe world"
    shares = form.startswith("MediaPipe") and not world
    verdict = check_clip(path, fps=FPS, size_px=SIZE if shares else None)
    assert_verdict(verdict, FAULTS)
    assert verdict.reps[0].bottom_s == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("names", [True, False])
def test_coco_annotations_in_any_order(tmp_path, names):
    order = MIXED if names else list(range(17))
    data = {
        "images": [
            {"id": 100 + i, "file_name": f"c_{i:06d}.jpg", "width": 1280, "height": 720}
            for i in range(T)
        ],
        "annotations": [
            {"image_id": 100 + i, "category_id": 1, "keypoints": flat(PLACES[i][order])}
            for i in reversed(range(T))
        ],
        "categories": [{"keypoints": [COCO[k] for k in order]}] if names else [],
    }
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data), fps=FPS), FAULTS)


def test_alphapose_of_two_in_changing_order(tmp_path):
    data = [
        {"image_id": f"{i}.jpg", "keypoints": body, "score": 2.0, "idx": k}
        for i in range(T)
        for k, body in enumerate(pairs(i))
    ]
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data), fps=FPS), FAULTS)


@pytest.mark.parametrize("late", [0, 25])
def test_a_folder_of_people(tmp_path, late):
    for i in range(T):
        people = [{"pose_keypoints_2d": body} for body in pairs(i)]
        if i < late:
            people = [{"pose_keypoints_2d": flat(OTHER[i])}]
        write_json(tmp_path / f"f_{i:05d}.json", {"people": people})
    verdict = check_clip(tmp_path / "f_00007.json", fps=FPS)
    assert_verdict(verdict, FAULTS)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("named", [True, False])
def test_every_skeleton_by_name_and_by_number(tmp_path, title, named):
    skeleton = titled(title)
    seen = places_of(skeleton.joints)
    if not named:
        more = skeleton.size - len(skeleton.joints)
        seen = np.concatenate([np.nan_to_num(seen), np.full((T, more, 2), 7.0)], axis=1)
    data = {"fps": FPS, "frames": seen.tolist()}
    if named:
        data["keypoint_names"] = list(skeleton.joints)
    verdict = check_clip(write_json(tmp_path / "a.json", data))
    eyes = any("eye" in joint for joint in skeleton.joints)
    ears = any("ear" in joint for joint in skeleton.joints)
    assert_verdict(verdict, FAULTS if eyes and ears else NO_HEAD)
    assert verdict.neutral == "measured"


def test_titles_are_of_known_sizes():
    assert {skeleton.title for skeleton in SKELETONS} == set(TITLES)


@pytest.mark.parametrize(
    ("count", "said"),
    [(21, "no skeleton that is known has so many"), (25, "BODY_25 and Kinect v2")],
)
def test_keypoints_of_no_known_order(tmp_path, count, said):
    rng = np.random.default_rng(3)
    data = {"fps": FPS, "frames": rng.normal(300, 80, (60, count, 2)).tolist()}
    with pytest.raises(ClipError, match=rf"a\.json .*{said}"):
        check_clip(write_json(tmp_path / "a.json", data))


def test_a_size_beside_pixels_is_no_share(tmp_path):
    data = {"info": ABOUT, "frames": [{"keypoints": frame.tolist()} for frame in PLACES]}
    assert_verdict(check_clip(write_json(tmp_path / "a.json", data)), FAULTS)
