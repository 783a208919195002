"""Which way is up, and which way is forward: places in any axes as the side of the body shows them.

A picture has y down. Motion capture and OpenSim have y or z up, and the laboratory's axes lie
in any way to the person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import median_filter

from hinge_dowel.body.array_types import Array
from hinge_dowel.body.landmarks import HIPS, KNEES, SHOULDERS
from hinge_dowel.keypoints.skeletons import BACK_ORDER, LANDMARK_NAMES

SIDE_PARTS = (
    *("hip", "hjc", "hipjoint", "upleg", "thigh", "shoulder", "sho", "sjc", "asi", "asis", "psi"),
    *("psis", "fwt", "bwt", "fhd", "bhd", "ear", "knee", "kne", "kjc"),
)
"""Places whose left and right lie across the body."""
ACROSS_SHARE = 0.05
"""Left and right lie further apart than this share of the body's height, else the places are those
of one picture from the side: hips lie 0.1 of it apart, shoulders 0.2. Steady at 0.025 and 0.1."""
FLAT_SHARE = 1e-3
"""A third axis that spans less than this share of the others is none: steady at 1e-5 and 1e-2."""
HIP_DEPTH_SHARE = 0.02
"""Depths that count from the middle of the hips put it at 0, to this share of how far they go: a
choice, steady at 0.005 and 0.05."""
STEADY_DEG = 25.0
"""A person who turns less than this throughout is seen along one direction: a choice, steady at 10
and 45."""
TURN_FRAMES = 15
"""Which way somebody faces is a running median over so many frames: a choice, steady at 5 and
31."""
TURN_PERCENTILES = (2, 98)
"""How far somebody turns is told between these: what is beyond them are slips, by choice."""
STANDING_PERCENT = 80
"""Standing is the frames in which head and feet are further apart than in so many percent ..."""
BEGINNING_FRAMES = 3
BEGINNING_SHARE = 0.02
"""... or where only a back is there, how it begins: so many frames, or this share of all.
Choices."""


def picture(
    names: Sequence[str], places: Array, *, y_up: bool | None = None, space: bool = False
) -> Array:
    """Places (S, N, 2 or 3) by their plain names, y down, seen from the side where they can be.

    `y_up` is what the file says, None where it says nothing: then head and feet tell. What has y
    down is a camera's picture and stays as it is, unless it is `space`: markers of no camera.
    """
    if space and np.isnan(places[..., 2:]).all():
        places = np.concatenate([places[..., :2], np.zeros_like(places[..., :1])], axis=2)
    body = _body(names, places)
    flat = places.shape[2] < 3 or _flat(places)
    if y_up is None and len(body):
        standing = _standing(names, body)
        up = int(np.argmax(np.abs(standing[:2] if flat else standing)))
        if up == 2 and _deep_from_the_hips(names, places):
            flat, up = True, int(np.argmax(np.abs(standing[:2])))
        if flat and not (space and up == 0):
            y_up = up == 1 and standing[1] > 0
        elif up == 1 and standing[1] < 0 and not space:
            y_up = False
        else:
            return sagittal(names, places, up, 1.0 if standing[up] > 0 else -1.0)
    return places * [1.0, -1.0, 1.0][: places.shape[2]] if y_up else places


def _flat(places: Array) -> bool:
    """Whether all lies in the plane of x and y."""
    known = places[np.isfinite(places).all(axis=2)]
    if not len(known):
        return True
    spread = np.ptp(known, axis=0)
    return bool(spread[2] < FLAT_SHARE * spread.max())


def _deep_from_the_hips(names: Sequence[str], places: Array) -> bool:
    """Whether the third axis counts from the hips and the others do not: depths of a picture.

    MediaPipe's are guessed in the scale of x, and of who faces the camera larger than the body.
    """
    hips = [i for i, name in enumerate(names) if LANDMARK_NAMES.get(name) in HIPS]
    whole = np.isfinite(places[:, hips]).all(axis=(1, 2)) & (len(hips) == 2)
    if not whole.any():
        return False
    middle = np.abs(places[whole][:, hips].mean(axis=1))
    level, across, depth = middle.max(axis=0)
    far = HIP_DEPTH_SHARE * np.nanpercentile(np.abs(places[..., 2]), STANDING_PERCENT)
    return bool(depth <= far < max(level, across))


def _body(names: Sequence[str], places: Array) -> Array:
    """From the low end of the body to the high one (F, C) in the frames that show both."""
    high, low = _ends(names)
    axes = slice(0, 2) if np.isnan(places[..., 2:]).all() else slice(None)
    body = middle_of(places[:, high, axes]) - middle_of(places[:, low, axes])
    return body[np.isfinite(body).all(axis=1)]


def _standing(names: Sequence[str], body: Array) -> Array:
    """Return the way (3,) up a standing body, among its ways (S, 3) in all frames."""
    _, low = _ends(names)
    if any(LANDMARK_NAMES.get(names[i], 0) >= KNEES[0] for i in low):
        # Standing is where head and feet are furthest apart.
        reach = np.linalg.norm(body, axis=1)
        return np.asarray(np.median(body[reach >= np.percentile(reach, STANDING_PERCENT)], axis=0))
    # A back is as long bent as upright, or longer: standing is how it begins.
    first = max(BEGINNING_FRAMES, int(BEGINNING_SHARE * len(body)))
    return np.asarray(np.median(body[:first], axis=0))


def sagittal(names: Sequence[str], places: Array, up: int, sign: float) -> Array:
    """Places in space (S, N, 3), `up` an axis and `sign` its direction, from the side: (S, N, 3).

    Across the picture is forward, which left and right of the body tell; where they lie together,
    the direction in which the body bends. The third comes out as depth, away from who looks.
    """
    first, second = (axis for axis in range(3) if axis != up)
    level = places[..., [first, second]]
    left = _leftward(names, level, np.nanmax(np.abs(_body(names, places)), initial=0.0))
    if left is not None:
        # Forward lies a quarter turn clockwise of left, seen from above.
        handed = sign if (first, second) in ((0, 1), (1, 2)) else -sign
        forward = np.stack([left[:, 1], -left[:, 0]], axis=-1) * handed
        level = level - _pivot(level, forward)
        across = np.einsum("tni,ti->tn", level, forward)
        # A person who faces right turns the right side to the camera: left is away.
        depth = np.einsum("tni,ti->tn", level, left)
    else:
        body = _body(names, places)[:, [first, second]]
        _, _, turn = np.linalg.svd(body - np.median(body, axis=0), full_matrices=False)
        along = turn[0] * np.sign(turn[0][np.argmax(np.abs(turn[0]))])
        across, depth = level @ along, level @ np.array([-along[1], along[0]])
    return np.stack([across, -sign * places[..., up], depth], axis=-1)


def _leftward(names: Sequence[str], level: Array, height: float) -> Array | None:
    """The unit vector to the body's left (S, 2) in the plane of the floor; None where not shown."""
    where = {name: index for index, name in reversed(list(enumerate(names)))}
    ways = [
        level[:, where[a]] - level[:, where[b]]
        for part in SIDE_PARTS
        for left, right in (("l", "r"), ("left", "right"))
        for a, b in ((left + part, right + part), (part + left, part + right))
        if a in where and b in where
    ]
    if not ways:
        return None
    total = middle_of(np.stack(ways, axis=1))
    shown = np.isfinite(total).all(axis=1)
    length = np.linalg.norm(total, axis=1)
    if not shown.any() or np.median(length[shown]) < ACROSS_SHARE * height:
        return None
    angle = np.unwrap(np.arctan2(total[shown, 1], total[shown, 0]))
    turned = np.interp(np.arange(len(level)), np.flatnonzero(shown), angle)
    if np.ptp(np.percentile(turned, TURN_PERCENTILES)) < np.radians(STEADY_DEG):
        turned = np.full(len(level), np.median(turned))
    elif len(turned) > TURN_FRAMES:
        turned = median_filter(turned, TURN_FRAMES, mode="nearest")
    return np.stack([np.cos(turned), np.sin(turned)], axis=-1)


def _pivot(level: Array, forward: Array) -> Array:
    """About what the body is turned to be seen from the side: itself, where it turns (S, 1, 2)."""
    middle = middle_of(level)
    at = np.flatnonzero(np.isfinite(middle).all(axis=1))
    if not len(at) or np.ptp(forward, axis=0).max() == 0:
        return np.zeros((len(level), 1, 2))
    every = np.arange(len(level))
    return np.stack([np.interp(every, at, middle[at, i]) for i in (0, 1)], axis=-1)[:, None]


def middle_of(places: Array) -> Array:
    """The mean of those of (S, N, C) that are seen, NaN where none is."""
    known = np.isfinite(places).all(axis=2, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, places, 0.0).sum(axis=1) / known.sum(axis=1))


def _ends(names: Sequence[str]) -> tuple[list[int], list[int]]:
    """Which plain names lie high on a body and which lie low; first and last where unknown."""
    landmarks = [LANDMARK_NAMES.get(name, np.nan) for name in names]
    back = [BACK_ORDER.get(name, np.nan) for name in names]
    high = [i for i, number in enumerate(landmarks) if number <= max(SHOULDERS)]
    high += [i for i, rank in enumerate(back) if rank <= BACK_ORDER["t4"]]
    low = [i for i, number in enumerate(landmarks) if number >= min(HIPS)]
    low += [i for i, rank in enumerate(back) if rank >= BACK_ORDER["l4"]]
    return high or [0], low or [len(names) - 1]
