"""One frame of a known motion in the format of every tracker."""

from __future__ import annotations

from support.keypoint_files import BODY, COCO, FPS, places_of, standing

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


FORMS = {
    "MediaPipe": lambda i: SHARES[i],
    "MediaPipe tasks": lambda i: {"timestamp_ms": 1000 * i / FPS, "pose_landmarks": [SHARES[i]]},
    "MediaPipe JS": lambda i: {
        "timestamp": 1000 * i / FPS,
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
    "ml5": lambda i: [
        {
            "pose": FORMS["PoseNet"](i),
            "skeleton": [[{"part": part, "position": {"x": 1, "y": 2}} for part in POSENET[5:7]]],
        }
    ],
    "ML Kit": lambda i: {
        "poseLandmarks": [
            {"type": name, "point": {"x": float(x), "y": float(y)}, "inFrameLikelihood": 0.9}
            for name, (x, y) in zip(POSENET, PLACES[i], strict=True)
        ]
    },
    "MoveNet in Java": lambda i: [
        {
            "id": -1,
            "keyPoints": [
                {"bodyPart": n.upper(), "coordinate": {"x": float(x), "y": float(y)}, "score": 0.8}
                for n, (x, y) in zip(COCO, PLACES[i], strict=True)
            ],
        }
    ],
    "MMPose of old": lambda i: {"preds": [PLACES[i].tolist()], "bbox_ids": [0]},
    "ZED": lambda i: {
        "body_list": [{"id": 0, "position": [1, 2, 3], "keypoint": PLACES[i].tolist()}],
    },
    "turns beside places": lambda i: {
        "bodies": [
            {
                "body_id": 1,
                "joint_orientations": [[1, 0, 0, 0]] * 17,
                "joint_positions": PLACES[i].tolist(),
            }
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
            {"id": 3 if i < 50 else 8, "keypoints": PLACES[i].tolist()},
            {"id": 4 if i < 50 else 3, "keypoints": OTHER[i].tolist()},
        ],
    },
    "mmskeleton": lambda i: {
        "frame_index": i,
        "skeleton": [{"pose": PLACES[i].ravel().tolist(), "score": [0.9] * 17}],
    },
}
