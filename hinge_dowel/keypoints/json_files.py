"""Readers of JSON: MediaPipe landmarks as programs dump them, OpenPose and SpinePose folders."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.markers import MODELS, Keypoints, named
from hinge_dowel.keypoints.tables import text_of

Array = NDArray[np.float64]

_BODIES = ("pose_landmarks", "poseLandmarks", "landmarks", "keypoints", "pose")
_TIMES = {"time_s": 1.0, "time": 1.0, "t": 1.0, "timestamp_s": 1.0, "timestamp": 1.0}
_TIMES |= {"timestamp_ms": 1e-3, "time_ms": 1e-3, "timestampMs": 1e-3}
_NUMBERED = re.compile(r"^(?P<stem>.*?)(?P<number>\d+)(?P<tail>_keypoints)?\.json$")
_MOST_FRAMES = 10_000_000


def read_json(path: Path) -> Keypoints:
    """Read keypoints from JSON.

    A list of frames, or an object with `frames` beside `fps`, `width` and `height`. Each frame is
    33 landmarks (objects with x, y, z, visibility, or lists), an object that holds them as
    `landmarks` or `pose_landmarks` beside a `timestamp_ms` or `time_s`, or null where nobody is
    seen. Or an OpenPose or SpinePose file (`people`), which stands for the whole numbered series
    in its folder. Raises `ClipError`.
    """
    data = _parsed(path)
    if isinstance(data, dict) and "people" in data:
        return _openpose(path)
    rate, size = None, None
    frames = data
    if isinstance(data, dict):
        if {"clips", "schema"} <= set(data) or {"sessions", "schema"} <= set(data):
            raise ClipError(f"{path.name} holds results of a check, not keypoints.")
        rate = _positive(data.get("fps") or data.get("frame_rate"))
        size = _size(data)
        frames = next((data[k] for k in ("frames", *_BODIES, "points") if k in data), None)
    if not isinstance(frames, list) or not frames:
        raise ClipError(f"{path.name} holds no frames of keypoints.")
    bodies = [_body(frame) for frame in frames]
    counts = {len(body) for body in bodies if body is not None}
    if len(counts) != 1:
        raise ClipError(f"{path.name} holds no frames with one number of keypoints throughout.")
    places = _places(bodies, counts.pop(), path)
    if not np.isfinite(places[..., :2]).all(axis=2).any():
        raise ClipError(f"{path.name} holds no keypoint with x and y.")
    time = _times(frames)
    if places.shape[1] == 33:
        return Keypoints("landmarks", places, time, rate, size)
    if places.shape[1] in MODELS:
        return named(
            MODELS[places.shape[1]], places[..., :2], path.name, time_s=time, fps=rate, size_px=size
        )
    return Keypoints("points", places[..., :2], time, rate, size)


def _parsed(path: Path) -> Any:
    try:
        return json.loads(text_of(path), parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ClipError(f"{path.name} is not JSON: it is damaged, or something else.") from error


def _positive(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and value > 0 else None  # type: ignore[operator,arg-type]


def _size(data: dict[str, Any]) -> tuple[float, float] | None:
    pairs = (("width", "height"), ("image_width", "image_height"))
    for names in pairs:
        width, height = (_positive(data.get(name)) for name in names)
        if width and height:
            return width, height
    given = data.get("size_px")
    if isinstance(given, list) and len(given) == 2:
        width, height = (_positive(value) for value in given)
        if width and height:
            return width, height
    return None


def _body(frame: Any) -> list[Any] | None:
    """The keypoints of one frame; None where nobody is seen."""
    if isinstance(frame, dict):
        frame = next((frame[key] for key in _BODIES if key in frame), None)
    if isinstance(frame, dict):
        frame = frame.get("landmark") or frame.get("landmarks")
    # MediaPipe's tasks give a list of people.
    if isinstance(frame, list) and frame and isinstance(frame[0], list):
        first = frame[0]
        if first and isinstance(first[0], list | dict):
            frame = first
    return frame if isinstance(frame, list) and frame else None


def _places(bodies: Sequence[list[Any] | None], count: int, path: Path) -> Array:
    """(T, count, 2 to 4), NaN where nobody is seen."""
    out = np.full((len(bodies), count, 4), np.nan)
    try:
        for frame, body in enumerate(bodies):
            for place, values in enumerate(body or ()):
                if isinstance(values, dict):
                    values = [values.get(k) for k in ("x", "y", "z", "visibility")]
                cells = [np.nan if v is None else float(v) for v in values][:4]
                if len(cells) < 2:
                    raise ValueError(cells)
                out[frame, place, : len(cells)] = cells
    except (TypeError, ValueError, AttributeError) as error:
        raise ClipError(
            f"{path.name} has a keypoint that is not x and y: frame {frame}, place {place}."
        ) from error
    return out if np.isfinite(out[..., 2]).any() else out[..., :2]


def _times(frames: Sequence[Any]) -> Array | None:
    """Seconds of the frames, where each says its own."""
    first = frames[0] if isinstance(frames[0], dict) else {}
    for name, unit in _TIMES.items():
        if name in first:
            values = [frame.get(name) if isinstance(frame, dict) else None for frame in frames]
            if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
                return np.array(values, dtype=float) * unit
    return None


def series_of(path: Path) -> list[tuple[int, Path]]:
    """The numbered files of which `path` is one, a file a frame: number and path, in order."""
    match = _NUMBERED.match(path.name)
    if not match:
        return [(0, path)]
    same = re.compile(rf"^{re.escape(match['stem'])}(\d+){re.escape(match['tail'] or '')}\.json$")
    found = ((same.match(other.name), other) for other in path.parent.iterdir())
    return sorted((int(m[1]), other) for m, other in found if m)


def _openpose(path: Path) -> Keypoints:
    """The series of files that OpenPose and SpinePose write, one person followed through it."""
    files = series_of(path)
    first, last = files[0][0], files[-1][0]
    if last - first >= _MOST_FRAMES:
        raise ClipError(f"{path.name} is numbered too far from the others in its folder.")
    seen: dict[int, list[Array]] = {}
    for number, file in files:
        data = _parsed(file)
        people = data.get("people") if isinstance(data, dict) else None
        if not isinstance(people, list):
            raise ClipError(f"{file.name} is not an OpenPose file like its neighbours.")
        seen[number - first] = [_person(person, file) for person in people]
    counts = {len(person) for people in seen.values() for person in people}
    if len(counts) != 1 or (count := counts.pop()) not in MODELS:
        raise ClipError(
            f"{path.name} holds nobody, or another model than BODY_25, COCO, Halpe or SpinePose."
        )
    places = np.full((last - first + 1, count, 3), np.nan)
    before: Array | None = None
    for number in sorted(seen):
        if seen[number]:
            before = _followed(seen[number], before)
            places[number] = before
    return named(MODELS[count], places[..., :2], path.parent.name or path.name)


def _person(person: Any, file: Path) -> Array:
    flat = person.get("pose_keypoints_2d") if isinstance(person, dict) else None
    try:
        values = np.array(flat, dtype=float).reshape(-1, 3)
    except (TypeError, ValueError) as error:
        raise ClipError(f"{file.name} has a person without x, y and confidence.") from error
    # OpenPose writes what it does not see as zeros.
    values[values[:, 2] <= 0] = np.nan
    return values


def _followed(people: list[Array], before: Array | None) -> Array:
    """Of the people in a frame the one who was followed, else the largest."""

    def middle(person: Array) -> Array:
        known = person[np.isfinite(person[:, 0]), :2]
        return known.mean(axis=0) if len(known) else np.full(2, np.inf)

    def height(person: Array) -> float:
        known = person[np.isfinite(person[:, 1]), 1]
        return float(np.ptp(known)) if len(known) else 0.0

    if before is None or not np.isfinite(middle(before)).all():
        return max(people, key=height)
    return min(people, key=lambda person: float(np.linalg.norm(middle(person) - middle(before))))
