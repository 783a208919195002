"""What a frame shows of the back: the trunk's own frame, the outline in it, which way is front.

MediaPipe has no landmark on the spine, but its silhouette's rear edge is the back. `outline`
measures that edge with rays cast from the trunk axis and around the ear, so that the mask itself
can be dropped at once; everything after works on numbers.

The trunk frame has its origin midway between the hips, its first axis forward (the way the person
faces, square to the trunk) and its second up the trunk to midway between the shoulders, whose
distance is its unit. Every person is treated as facing right: left-facing people are mirrored, so
a mirrored clip gets the mirrored verdict by construction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

NOSE, EYES, EARS, MOUTH = 0, (2, 5), (7, 8), (9, 10)
SHOULDERS, ELBOWS, WRISTS = (11, 12), (13, 14), (15, 16)
HIPS, KNEES, ANKLES, HEELS, TOES = (23, 24), (25, 26), (27, 28), (29, 30), (31, 32)
"""MediaPipe's landmark numbers, the person's left before right."""

STATIONS = np.linspace(-0.4, 1.65, 36)
"""Where along the trunk axis (0 hips, 1 shoulders) a ray is cast to each side."""
EAR_RAYS = 16
_AXIS_REACH, _EAR_REACH = 1.3, 0.6
"""How far a ray looks, in trunk lengths: past a folded arm, past a bun."""
_STEP = 0.02
"""Sampling step along a ray in trunk lengths: about 1 cm, under the silhouette's own resolution."""

OUTLINE_SIZE = 2 * len(STATIONS) + EAR_RAYS

_PAIRS = (EYES, EARS, MOUTH, SHOULDERS, ELBOWS, WRISTS, HIPS, KNEES, ANKLES, HEELS, TOES)
_DEPTH_PAIRS = (EARS, SHOULDERS, HIPS, KNEES, ANKLES)


def _places(landmarks: ArrayLike, *marks: int) -> list[Array]:
    """Where some landmarks (..., 33, 2 or more) are, (..., 2) each; the rest is not copied."""
    seen = np.asarray(landmarks)
    return [np.asarray(seen[..., mark, :2], dtype=float) for mark in marks]


def trunk_frame(landmarks: ArrayLike) -> tuple[Array, Array, Array]:
    """Origin (..., 2), unit vector up the trunk (..., 2), and length (...,) in pixels.

    `landmarks` is (..., 33, 2 or more) in pixels, y down. NaN in, NaN out; a trunk of no length
    gives NaN.
    """
    hips, shoulders = _places(landmarks, *HIPS), _places(landmarks, *SHOULDERS)
    hip, shoulder = (hips[0] + hips[1]) / 2, (shoulders[0] + shoulders[1]) / 2
    length = np.linalg.norm(shoulder - hip, axis=-1)
    length = np.where(length > 1e-6, length, np.nan)
    return hip, (shoulder - hip) / length[..., None], length


def forward_of(up: Array) -> Array:
    """Forward, for a person facing right: `up` turned a quarter clockwise in the picture."""
    return np.stack([-up[..., 1], up[..., 0]], axis=-1)


def _exit(inside: Array) -> Array:
    """Distance, in steps, at which each ray (R, S) first leaves the silhouette (sub-step)."""
    out = inside < 0.5
    first = out.argmax(axis=1)
    never = ~out.any(axis=1)
    row = np.arange(len(inside))
    before, after = inside[row, np.maximum(first - 1, 0)], inside[row, first]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (before - 0.5) / (before - after)
    distance = np.where(first > 0, first - 1 + np.nan_to_num(part), 0.0)
    return np.where(never, inside.shape[1] - 1.0, distance)


def outline(landmarks: ArrayLike, silhouette: NDArray[np.float32]) -> Array:
    """The silhouette's edge as `OUTLINE_SIZE` distances in trunk lengths.

    First one ray each from `STATIONS` to the person's front if they face right, then as many to
    the other side, then `EAR_RAYS` around the middle of the ears, from forward and turning
    clockwise in the picture. 0 where the ray starts outside, its whole reach where it never
    leaves. All NaN when the trunk is not seen.

    `landmarks` (33, 2 or more) in pixels of `silhouette` (height, width), values 0 to 1. Beyond
    the picture counts as outside.
    """
    from scipy.ndimage import map_coordinates  # slow to load, and not every user casts rays

    xy = np.asarray(landmarks, dtype=float)[:, :2]
    origin, up, length = trunk_frame(xy)
    ear = (xy[EARS[0]] + xy[EARS[1]]) / 2
    if not (np.isfinite(length) and np.isfinite(ear).all() and np.isfinite(origin).all()):
        return np.full(OUTLINE_SIZE, np.nan)
    forward = forward_of(up)
    starts = origin + STATIONS[:, None] * length * up
    turn = np.arange(EAR_RAYS) * (2 * np.pi / EAR_RAYS)
    round_ear = np.cos(turn)[:, None] * forward - np.sin(turn)[:, None] * up
    n_axis, n_ear = round(_AXIS_REACH / _STEP) + 1, round(_EAR_REACH / _STEP) + 1
    along = np.arange(n_axis) * _STEP * length
    axis_rays = np.concatenate(
        [starts[:, None] + along[:, None] * forward, starts[:, None] - along[:, None] * forward]
    )
    ear_rays = ear + along[:n_ear, None] * round_ear[:, None]
    places = np.concatenate([axis_rays.reshape(-1, 2), ear_rays.reshape(-1, 2)])
    values = map_coordinates(
        silhouette, places[:, ::-1].T, output=np.float64, order=1, mode="constant", cval=0.0
    )
    split = 2 * len(STATIONS) * n_axis
    return _STEP * np.concatenate(
        [_exit(values[:split].reshape(-1, n_axis)), _exit(values[split:].reshape(-1, n_ear))]
    )


def facing(landmarks: ArrayLike) -> Literal["left", "right"] | None:
    """Which way the person faces in the picture, from face and feet over all frames.

    `landmarks` (T, 33, 2 or more), y down. None when face and feet never show it.
    """
    leans = lean(landmarks)
    leans = leans[np.isfinite(leans)]
    if not len(leans) or np.median(leans) == 0:
        return None
    return "right" if np.median(leans) > 0 else "left"


def lean(landmarks: ArrayLike) -> Array:
    """How far face and feet reach to the right, to the left negative, in trunk lengths (T,).

    `landmarks` (T, 33, 2 or more), y down; the face along its own forward if it faced right. NaN
    where neither is seen.
    """
    _, up, length = trunk_frame(landmarks)
    forward = forward_of(up)
    nose, *ears = _places(landmarks, NOSE, *EARS)
    face = ((nose - (ears[0] + ears[1]) / 2) * forward).sum(-1)
    toes, heels = _places(landmarks, *TOES), _places(landmarks, *HEELS)
    feet = (toes[0] + toes[1] - heels[0] - heels[1])[:, 0] / 2
    # Where only face or feet are seen they tell it alone.
    shown = np.isfinite(face) | np.isfinite(feet)
    reach = np.where(shown, np.nan_to_num(face) + np.nan_to_num(feet), np.nan)
    return np.asarray(reach / length)


def face_right(
    landmarks: ArrayLike, outlines: ArrayLike | None, side: Literal["left", "right"]
) -> tuple[Array, Array | None]:
    """The same person facing right: mirrored, with left and right landmarks exchanged.

    `landmarks` (T, 33, C) as seen, `outlines` (T, OUTLINE_SIZE) or None. What is in order already
    is not copied: an hour of it fills 100 MB.
    """
    seen = np.asarray(landmarks, dtype=float)
    rays = None if outlines is None else np.asarray(outlines, dtype=float)
    if side == "right":
        return seen, rays
    order = np.arange(33)
    order[1:7] = [4, 5, 6, 1, 2, 3]
    order[7:] = [k + 1 if k % 2 else k - 1 for k in range(7, 33)]
    seen = seen[:, order]
    seen[..., 0] = -seen[..., 0]
    if rays is not None:
        n = len(STATIONS)
        around = rays[:, 2 * n :]
        # Mirroring turns "clockwise from forward" round: ray k becomes ray half - k.
        flip = (EAR_RAYS // 2 - np.arange(EAR_RAYS)) % EAR_RAYS
        rays = np.concatenate([rays[:, n : 2 * n], rays[:, :n], around[:, flip]], axis=1)
    return seen, rays


@dataclass(frozen=True, slots=True)
class Plain:
    """Angles read straight off the landmarks, degrees in the picture, person facing right.

    Pitches are from vertical, forward positive; `knee` is shank against thigh, flexion positive.
    """

    trunk: Array
    thigh: Array
    shank: Array
    face: Array

    @property
    def knee(self) -> Array:
        """Knee flexion: how far the shank leans more than the thigh."""
        return self.shank - self.thigh


def _pitch(vector: Array) -> Array:
    """Degrees from straight up, toward the right of the picture positive."""
    return np.degrees(np.arctan2(vector[..., 0], -vector[..., 1]))


def plain_angles(right: Array) -> Plain:
    """Angles of a person facing right, landmarks (T, 33, >= 2): the near side weighs double.

    The near side is the person's own right; the far one is half hidden.
    """
    xy = right[..., :2]

    def mean(pair: tuple[int, int]) -> Array:
        return (xy[:, pair[0]] + 2 * xy[:, pair[1]]) / 3

    _, up, _ = trunk_frame(right)
    hip, knee, ankle = mean(HIPS), mean(KNEES), mean(ANKLES)
    eyes, ears = mean(EYES), mean(EARS)
    face = (eyes + xy[:, NOSE]) / 2 - ears
    # The face looks forward: a quarter turn from up.
    return Plain(_pitch(up), _pitch(hip - knee), _pitch(knee - ankle), _pitch(face) - 90.0)


HANDS_FORWARD, HANDS_UP = 0.0, 0.3
"""In the trunk's frame: both wrists behind it on average, the upper one this far up. Holds for 87 %
of the pictures of virtual subjects with a dowel in their hands, for at most 9 % with other arms but
those that hold a bar on the back (36 %)."""


def hands_behind(
    landmarks: ArrayLike, side: Literal["left", "right"] = "right"
) -> NDArray[np.bool_]:
    """In which frames (T,) the hands are behind the back, as when they hold a dowel there.

    `landmarks` (T, 33, >= 2) of a person who faces to `side`.
    """
    origin, up, length = trunk_frame(landmarks)
    wrists = np.stack(_places(landmarks, *WRISTS), axis=1)
    wrists = (wrists - origin[:, None]) / length[:, None, None]
    ahead = (wrists * forward_of(up)[:, None]).sum(-1).mean(axis=1)
    if side == "left":
        ahead = -ahead
    with np.errstate(invalid="ignore"):
        high = (wrists * up[:, None]).sum(-1).max(axis=1) > HANDS_UP
        return np.asarray((ahead < HANDS_FORWARD) & high)


LEGS, ARMS = "legs", "arms"

UPRIGHT_SHANK_DEG = (-40.0, 48.0)
"""Pitch a standing person's shank can have: behind a plate the knee is seen where it is not."""
THIGH_DEG = (-115.0, 45.0)
"""Pitch a thigh can have: from a full squat to a step back."""


def legs_seen(right: Array) -> NDArray[np.bool_]:
    """In which frames (T,) the legs stand as legs can stand."""
    plain = plain_angles(right)
    shank, thigh = plain.shank, plain.thigh
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (shank > UPRIGHT_SHANK_DEG[0])
            & (shank < UPRIGHT_SHANK_DEG[1])
            & (thigh > THIGH_DEG[0])
            & (thigh < THIGH_DEG[1])
        )


def columns(part: str) -> NDArray[np.intp]:
    """Which columns of `evidence` come from the "legs" (knees and below) or the "arms"."""
    places = [NOSE, *(k for pair in _PAIRS for k in pair)]
    low = {LEGS: KNEES + ANKLES + HEELS + TOES, ARMS: ELBOWS + WRISTS}[part]
    out = [2 * i + axis for i, place in enumerate(places) if place in low for axis in (0, 1)]
    base = 2 * len(places)
    if part == LEGS:
        out += [base + i for i, pair in enumerate(_DEPTH_PAIRS) if pair in (KNEES, ANKLES)]
        # After the trunk's sine and cosine: thigh and knee.
        out += [base + len(_DEPTH_PAIRS) + 2, base + len(_DEPTH_PAIRS) + 3]
    return np.array(out)


def evidence(right: Array, rays: Array) -> Array:
    """One row of numbers a frame: all that the estimate of the back points rests on.

    `right` (T, 33, >= 3) landmarks facing right, with depth; `rays` (T, OUTLINE_SIZE). Free of
    place and scale in the picture. Rows with anything missing are NaN.
    """
    origin, up, length = trunk_frame(right)
    forward = forward_of(up)
    pairs = [k for pair in _PAIRS for k in pair]
    rel = (right[:, [NOSE, *pairs], :2] - origin[:, None]) / length[:, None, None]
    local = np.stack(
        [(rel * forward[:, None]).sum(-1), (rel * up[:, None]).sum(-1)], axis=-1
    ).reshape(len(right), -1)
    depth = np.stack([(right[:, a, 2] - right[:, b, 2]) / length for a, b in _DEPTH_PAIRS], axis=-1)
    plain = plain_angles(right)
    turns = np.radians(
        np.stack([plain.trunk, plain.thigh - plain.trunk, plain.knee, plain.face - plain.trunk], -1)
    )
    # The face may come out a whole turn away when the head hangs.
    turns = (turns + np.pi) % (2 * np.pi) - np.pi
    parts = [local, depth, np.sin(turns[:, :1]), np.cos(turns[:, :1]), turns[:, 1:], rays]
    out = np.concatenate(parts, axis=1)
    out[~np.isfinite(out).all(axis=1)] = np.nan
    return out
