"""Named places from any source, as the arrays that `arrays` judges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.errors import ClipError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """What a file of keypoints holds, as `check_keypoints` and `check_points` take it.

    `places` is (T, 33, 2 to 4) for "landmarks", (T, K, 2) for "points"; y down, NaN for missing.
    `time_s` (T,) or None, `fps` or None: what the file says of time. `size_px` is the picture's
    (width, height) when x and y are shares of it.
    """

    kind: Literal["landmarks", "points"]
    places: Array
    time_s: Array | None = None
    fps: float | None = None
    size_px: tuple[float, float] | None = None


def _landmark_names() -> dict[str, int]:
    """Spellings of MediaPipe's landmarks, without case and signs, and their numbers."""
    pairs = {
        1: ("eyeinner",),
        2: ("eye",),
        3: ("eyeouter",),
        7: ("ear",),
        9: ("mouth",),
        11: ("shoulder", "sho", "shoulderjoint"),
        13: ("elbow", "elb", "elbowjoint"),
        15: ("wrist", "wri"),
        17: ("pinky",),
        19: ("index",),
        21: ("thumb",),
        23: ("hip", "hipjoint", "hjc"),
        25: ("knee", "kne", "kneejoint", "kjc"),
        27: ("ankle", "ank", "anklejoint", "ajc"),
        29: ("heel", "hee", "calc"),
        31: ("footindex", "bigtoe", "toe"),
    }
    out = {"nose": 0}
    for left, parts in pairs.items():
        # The inner and outer eye of each side lie together, the other places side by side.
        right = left + 3 if left < 7 else left + 1
        for number, sides in ((left, ("left", "l")), (right, ("right", "r"))):
            for part in parts:
                for side in sides:
                    out[side + part] = out[part + side] = number
    return out


LANDMARK_NAMES = _landmark_names()
_KNEE = 25

_CHAIN = (
    ("occiput", "inion", "headback", "backofhead", "backhead"),
    *((f"c{n}",) for n in range(1, 8)),
    *((f"t{n}", f"th{n}") for n in range(1, 13)),
    *((f"l{n}",) for n in range(1, 6)),
    ("sacrum", "sacr", "sac", "s1", "s2", "s3"),
)
"""Places along the back, head to sacrum, and their spellings."""
_ORDER = {name: rank for rank, names in enumerate(_CHAIN) for name in names}
_BETWEEN = {"upperback": _ORDER["t6"], "lowback": _ORDER["l3"], "neck": _ORDER["c7"]}
"""Plain words for a place, where the back has no better name for it."""

SPINEPOSE = (
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder"),
    *("left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip"),
    *("left_knee", "right_knee", "left_ankle", "right_ankle", "head", "neck", "hip"),
    *("left_big_toe", "right_big_toe", "left_small_toe", "right_small_toe", "left_heel"),
    *("right_heel", "spine_01", "spine_02", "spine_03", "spine_04", "spine_05"),
    *("left_latissimus", "right_latissimus", "left_clavicle", "right_clavicle"),
    *("neck_02", "neck_03"),
)
"""SpinePose's 37 keypoints (SpineTrack), in order."""
_SPINEPOSE_CHAIN = (
    *("head", "neck03", "neck02", "neck", "spine05", "spine04", "spine03", "spine02", "spine01"),
    "hip",
)
BODY_25 = (
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder"),
    *("left_elbow", "left_wrist", "mid_hip", "right_hip", "right_knee", "right_ankle", "left_hip"),
    *("left_knee", "left_ankle", "right_eye", "left_eye", "right_ear", "left_ear", "left_big_toe"),
    *("left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel"),
)
"""OpenPose's BODY_25, in order."""
COCO_18 = (
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder"),
    *("left_elbow", "left_wrist", "right_hip", "right_knee", "right_ankle", "left_hip"),
    *("left_knee", "left_ankle", "right_eye", "left_eye", "right_ear", "left_ear"),
)
"""OpenPose's COCO model, in order."""
COCO_17, HALPE_26 = SPINEPOSE[:17], SPINEPOSE[:26]
"""COCO's own 17 and Halpe's 26 keypoints, in order: SpinePose's begin with them."""
MODELS = {len(m): m for m in (COCO_17, COCO_18, BODY_25, HALPE_26, SPINEPOSE)}
"""Keypoint models by how many keypoints they have."""


def plain(name: str) -> str:
    """A name without case, signs and OpenSim's ending."""
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("study")


def named(
    names: Sequence[str],
    places: Array,
    what: str,
    *,
    time_s: Array | None = None,
    fps: float | None = None,
    size_px: tuple[float, float] | None = None,
) -> Keypoints:
    """Sort named places (T, N, 2 to 4), y down, into points along the back or landmarks.

    A back from occiput to sacrum with at least one place between makes points; else the names of
    landmarks make landmarks, those not named missing. Raises `ClipError`, which calls the source
    `what`, when neither is there.
    """
    # A place that no frame shows is not there.
    shown = np.asarray(np.isfinite(places[..., :2]).any(axis=(0, 2)))
    known = {plain(name): index for index, name in enumerate(names) if shown[index]}
    back = _chain(known)
    if back:
        return Keypoints("points", places[:, back, :2], time_s, fps, size_px)
    found = {LANDMARK_NAMES[n]: i for n, i in known.items() if n in LANDMARK_NAMES}
    needed = {11: "shoulder", 12: "shoulder", 23: "hip", 24: "hip"}
    if not set(needed) <= set(found):
        raise ClipError(
            f"{what} has neither a back (occiput, upper back, sacrum) nor a body (both shoulders "
            "and hips) by names that are known: say which columns they are with --columns."
        )
    out = np.full((len(places), 33, places.shape[2]), np.nan)
    out[:, list(found)] = places[:, list(found.values())]
    return Keypoints("landmarks", out, time_s, fps, size_px)


def _chain(known: dict[str, int]) -> list[int]:
    """The indices of the places along the back, head to sacrum; empty when it is no back."""
    if all(name in known for name in _SPINEPOSE_CHAIN):
        return [known[name] for name in _SPINEPOSE_CHAIN]
    ranked = sorted((rank, known[name]) for name, rank in _ORDER.items() if name in known)
    ranks = [rank for rank, _ in ranked]
    if 0 not in ranks or len(_CHAIN) - 1 not in ranks:
        return []
    words = ((rank, known[n]) for n, rank in _BETWEEN.items() if n in known and rank not in ranks)
    whole = dict(sorted([*ranked, *words]))
    return list(whole.values()) if len(whole) >= 3 else []


def sagittal(names: Sequence[str], places: Array) -> Array:
    """Markers in space (T, N, 3), any axes, as the side of the body shows them: (T, N, 3).

    The axis along which the body stands (a back: at the start) is up, and of the other two the
    direction in which it bends is across; the third comes out as depth. A body without depth keeps
    its picture.
    """
    spread = np.nanmax(places, axis=(0, 1)) - np.nanmin(places, axis=(0, 1))
    high, low = _ends(names)
    body = _middle(places[:, high]) - _middle(places[:, low])
    body = body[np.isfinite(body).all(axis=1)]
    if not len(body):
        return places * [1.0, -1.0, 1.0]
    reach = np.linalg.norm(body, axis=1)
    if any(LANDMARK_NAMES.get(plain(names[i]), 0) >= _KNEE for i in low):
        # Standing is where head and feet are furthest apart.
        standing = np.median(body[reach >= np.percentile(reach, 80)], axis=0)
    else:
        # A back is as long bent as upright, or longer: standing is how it begins.
        standing = np.median(body[: max(3, len(body) // 50)], axis=0)
    up = int(np.argmax(np.abs(standing)))
    sign = 1.0 if standing[up] > 0 else -1.0
    first, second = (axis for axis in range(3) if axis != up)
    if spread[2] < 1e-3 * spread.max() and up == 1:
        return np.stack([places[..., 0], -sign * places[..., 1], places[..., 2]], axis=-1)
    ways = body[:, [first, second]] - np.median(body[:, [first, second]], axis=0)
    _, _, turn = np.linalg.svd(ways, full_matrices=False)
    along = turn[0] * (1.0 if turn[0][np.argmax(np.abs(turn[0]))] > 0 else -1.0)
    flat = places[..., [first, second]]
    across, depth = flat @ along, flat @ np.array([-along[1], along[0]])
    return np.stack([across, -sign * places[..., up], depth], axis=-1)


def _middle(places: Array) -> Array:
    """The mean of those of (T, N, 3) that are seen, NaN where none is."""
    known = np.isfinite(places).all(axis=2, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, places, 0.0).sum(axis=1) / known.sum(axis=1))


def _ends(names: Sequence[str]) -> tuple[list[int], list[int]]:
    """Which of the names lie high on a body and which lie low; first and last where unknown."""
    spoken = [plain(name) for name in names]
    high = [i for i, n in enumerate(spoken) if LANDMARK_NAMES.get(n, 99) <= 12]
    high += [i for i, n in enumerate(spoken) if _ORDER.get(n, 99) <= _ORDER["t4"]]
    low = [i for i, n in enumerate(spoken) if 23 <= LANDMARK_NAMES.get(n, 0) <= 32]
    low += [i for i, n in enumerate(spoken) if _ORDER.get(n, 0) >= _ORDER["l4"]]
    return high or [0], low or [len(names) - 1]
