"""The reader of JSON: frames of people, whatever trackers call them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import compress, zip_longest
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from hinge_dowel.analysis.refusal import LEAST_FRAMES
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import clock, kinovea, words
from hinge_dowel.keypoints.formats import series_of
from hinge_dowel.keypoints.headers import Table, columns_of
from hinge_dowel.keypoints.json_bodies import (
    BODY_KEYS,
    alone,
    bodies_in,
    lowered,
    name_of,
)
from hinge_dowel.keypoints.json_frames import (
    NO_FRAMES,
    RESULTS,
    JsonFrame,
    frame_of,
    in_order,
    listed,
    when_in,
    with_lists,
)
from hinge_dowel.keypoints.json_text import parsed, read_texts
from hinge_dowel.keypoints.moments import number_in
from hinge_dowel.keypoints.sightings import LEAST_JOINTS, Keypoints
from hinge_dowel.keypoints.skeletons import is_known
from hinge_dowel.keypoints.stated import About, about_of, rate_of, size_of
from hinge_dowel.keypoints.tables import holds_places, of_table
from hinge_dowel.video.reader import VIDEO_SUFFIXES

_FRAMES = words.spelled(
    "frames instance_info annotations results predictions data sequence samples poses detections "
    "images timestamped_objects"
)
_ROWS = ("data", "dataset", "rows", "records")
"""Under what the rows of a table stand."""
_SERIES = ("data", "values", "positions", "points", "trajectory", "coordinates")
"""Under what the places of one joint stand, from frame to frame."""
_PEOPLE = ("persons", "people", "tracks", "players", "subjects", "individuals", "athletes")
"""Under what people stand who have frames each."""
_ABOUT = re.compile(
    "info|meta|timebase|video|film|clip|header|config|setting|propert|param|camera|capture|record|source"
    "|device|sensor|image|media|stream|session|categor|acquisition|input|skeleton|^fields$"
)
_WRAPPED = ("data", "result", "response", "payload")
"""What the names hold of what says something of the whole file, and perhaps holds such as well; and
what services wrap all of it in."""
_NOT_PLACES = (TypeError, ValueError, OverflowError, AttributeError)
"""What comes of taking something else for a body."""
_FEW = 9
"""So many in a list of such are looked at: categories of which one has names, pictures."""
_MOST_FRAMES = 10_000_000
"""Numbers of files further apart than this are no frames of one film: 46 hours at 60 a second."""


def read_json(path: Path) -> Keypoints:
    """Read keypoints from JSON, or JSON a line.

    Frames in a list, or under their numbers, or under `frames` and the like beside `fps`, `width`
    and `height`; in each one person or several, as lists of places, flat lists, or objects with
    names. A file of one frame with a number in its name stands for the whole series in its folder.
    Raises `ClipError`.
    """
    data, said = parsed(path)
    files = series_of(path)
    if len(files) > 1 and (_one_frame(data) or _says_nobody(data)):
        return _series(path, files)
    try:
        found = _document(path, data)
    except (ClipError, *_NOT_PLACES):
        found = of_objects(path, data)
    return replace(found, warnings=(*said, *found.warnings))


def of_objects(path: Path, data: Any) -> Keypoints:
    """A document, or rows of a table, with texts that are JSON, or what Python prints, in them."""
    try:
        return _document(path, read_texts(data))
    except _NOT_PLACES as error:
        raise ClipError(f"{path.name} has a keypoint that is not x and y.") from error


def holds_film(path: Path) -> bool:
    """Whether a file of JSON holds several frames of its own, and is none of a series."""
    try:
        data, _ = parsed(path)
        return not _one_frame(data) and len(_document(path, data).places) > 1
    except (ClipError, *_NOT_PLACES):
        return False


def _one_frame(data: Any) -> bool:
    """Whether a file holds one frame of a series: OpenPose's people, or a single body."""
    if isinstance(data, dict):
        low = lowered(data)
        if {"people", "bodies"} & set(low):
            return True
        inside = [low[key] for key in (*_FRAMES, "annots") if key in low]
        # MMPose and EasyMocap list the people of a picture like this.
        if inside and not (isinstance(inside[0], list) and 0 < len(inside[0]) < LEAST_FRAMES):
            return False
        data = inside[0] if inside else data
    try:
        found = bodies_in(data)
    except _NOT_PLACES:
        return False
    # So few objects of a body each are no film, but everybody in a frame.
    few = isinstance(data, list) and 1 < len(found) == len(data) < LEAST_FRAMES
    return few or len(found) == 1


def _series(path: Path, files: Sequence[tuple[int, Path]]) -> Keypoints:
    """A file a frame, numbered."""
    if files[-1][0] - files[0][0] >= _MOST_FRAMES:
        raise ClipError(f"{path.name} is numbered too far from the others in its folder.")
    frames = []
    for number, file in files:
        data, _ = parsed(file)
        try:
            bodies = tuple(bodies_in(data))
        except _NOT_PLACES as error:
            raise ClipError(
                f"{file.name} has a person without x, y and confidence of each keypoint."
            ) from error
        if not isinstance(data, dict | list) or (not bodies and not _says_nobody(data)):
            raise ClipError(f"{file.name} is no file of keypoints like its neighbours.")
        # What a series counts from is its own affair.
        frames.append(JsonFrame(float(number - files[0][0]), bodies))
    return in_order(path.parent.name or path.name, frames)


def _says_nobody(data: Any) -> bool:
    """Whether a frame holds an empty list where people would be."""
    if not isinstance(data, dict):
        return isinstance(data, list) and not data
    low = lowered(data)
    return any(key in low and low[key] in ([], {}, None) for key in BODY_KEYS)


def _document(path: Path, data: Any) -> Keypoints:
    """A file that holds all frames."""
    if isinstance(data, list) and len(data) > 1 and _about_all(data[0]):
        data = {**data[0], _FRAMES[0]: data[1:]}
    if isinstance(data, dict) and isinstance(data.get("columns"), list):
        data = _by_columns(data)
    if isinstance(data, list) and data:
        if table := _table_of(path.name, data):
            return of_table(table)
        about = About(size_px=size_of(lowered(data[0])))
        return in_order(path.name, listed(data), about)
    if not isinstance(data, dict):
        raise ClipError(NO_FRAMES.format(path.name))
    low = lowered(data)
    if "schema" in low and {"clips", "sessions"} & set(low):
        raise ClipError(RESULTS.format(path.name))
    parts = _said_of_all(low)
    said = {key: own for part in reversed(parts) for key, own in part.items()}
    if tracks := kinovea.table_of_series(path.name, low.get("timeseries")):
        return of_table(tracks, said)
    for own in (data, *(low.get(key) for key in (*_FRAMES, *_ROWS))):
        if table := _table_of(path.name, own):
            return of_table(table, said)
    return in_order(path.name, with_lists(low, _frames_of(path, data, low)), about_of(parts))


def _said_of_all(low: dict[str, Any]) -> list[dict[str, Any]]:
    """An object and those in it that may say something of the whole file, the outermost first."""
    parts = [low]
    for part in parts:
        inside = [own for key, own in part.items() if _ABOUT.search(key)]
        inside += [part[key] for key in _WRAPPED if isinstance(part.get(key), dict)]
        for own in inside:
            parts += map(lowered, own[:_FEW] if isinstance(own, list) else [own])
    return parts


def _by_columns(data: dict[Any, Any]) -> Any:
    """A table with its columns' names in a list as objects by row, as pandas has it, or as lists by
    column (polars); anything else as it is.
    """
    columns = [lowered(own) for own in data["columns"]]
    if columns and all("values" in own for own in columns):
        return {own.get("name"): own["values"] for own in columns}
    named = [own.get("name", given) for own, given in zip(columns, data["columns"], strict=True)]
    rows = next((data[key] for key in _ROWS if key in data), None)
    return data if rows is None else [dict(zip(named, row, strict=True)) for row in rows]


def _frames_of(path: Path, data: dict[Any, Any], low: dict[str, Any]) -> list[JsonFrame]:
    """The frames of an object, wherever it keeps them."""
    if found := next(filter(None, _ways(path, data, low)), None):
        return found
    raise ClipError(NO_FRAMES.format(path.name))


def _ways(path: Path, data: dict[Any, Any], low: dict[str, Any]) -> Iterator[list[JsonFrame]]:
    """What may be the frames of an object, the surest first; empty where there are none."""
    if isinstance(low.get("annotations"), list):
        yield _coco(path.name, low)
    yield from map(_by_place, (*data.values(), data))
    yield from (_tracks(low.get(key)) for key in _PEOPLE)
    yield from (_inside(path, low.get(key)) for key in (*_FRAMES, *BODY_KEYS))
    if {"x", "y"} <= set(low):
        yield listed(_rows(data))
    longest = max((len(own) for own in data.values() if isinstance(own, list | dict)), default=0)
    if longest > len(data):
        yield _tracks(data)
    yield _by_number(data)
    yield listed(_rows(data))
    yield _tracks(data)
    for own in map(alone, data.values()):
        # Under a name that says nothing.
        if isinstance(own, dict) or (isinstance(own, list) and len(own) >= LEAST_FRAMES):
            yield _inside(path, own)


def _inside(path: Path, own: Any) -> list[JsonFrame]:
    """The frames of something within an object; empty where nobody is in them."""
    found: list[JsonFrame] = []
    if isinstance(own, list):
        found = listed(own)
    elif isinstance(own, dict) and own:
        with suppress(ClipError):
            found = _frames_of(path, own, lowered(own))
    return found if any(frame.bodies for frame in found) else []


def _by_number(data: dict[Any, Any]) -> list[JsonFrame]:
    """Frames under their numbers, or their times; empty where they are something else."""
    numbers = {key: number_in(str(key)) for key in data}
    if not data or not all(np.isfinite(n) for n in numbers.values()):
        return []
    found = [frame_of(data[key], numbers[key]) for key in sorted(data, key=numbers.__getitem__)]
    since_1970 = min(numbers.values()) > clock.SINCE_1970_S[0]
    if since_1970 or any(number != round(number) for number in numbers.values()):
        found = [replace(f, number=i, beside={"time": f.number}) for i, f in enumerate(found)]
    return found if any(frame.bodies for frame in found) else []


def _tracks(people: Any) -> list[JsonFrame]:
    """The frames of people who have a list of their own each; empty where they are not."""
    if not isinstance(people, dict | list):
        return []
    pairs = people.items() if isinstance(people, dict) else enumerate(people)
    out = []
    for name, own in pairs:
        if PurePath(str(name)).suffix.lower() in VIDEO_SUFFIXES:
            raise ClipError(f"The file holds several clips ({name}, ...): save one for each.")
        low = lowered(own)
        keys = [key for key in (*_FRAMES, "track", "trajectory", *BODY_KEYS) if key in low]
        frames: list[JsonFrame] = []
        for inside in (*(low[key] for key in keys), own):
            if isinstance(inside, dict):
                frames = [frame_of(value, number_in(str(n))) for n, value in inside.items()]
            elif isinstance(inside, list):
                frames = listed(inside)
            if sum(len(frame.bodies) for frame in frames) > 1:
                break
        else:
            return []
        if any(len(frame.bodies) > 1 or np.isnan(frame.number) for frame in frames):
            return []
        for frame in with_lists(low, frames):
            bodies = tuple(replace(b, person=low.get("id", name)) for b in frame.bodies)
            out.append(replace(frame, bodies=bodies))
    return sorted(out, key=lambda frame: frame.number)


def _by_place(given: Any) -> list[JsonFrame]:
    """The frames of joints or markers that have a series each, in an object by their names or in a
    list; empty where they are something else.
    """
    listing = [(name_of(lowered(own)), own) for own in given] if isinstance(given, list) else []
    pairs = given.items() if isinstance(given, dict) else listing
    series = {str(name): _series_in(own) for name, own in pairs}
    known = [own for name, own in series.items() if is_known(name)]
    if len(known) < LEAST_JOINTS or not all(known):
        return []
    count = max(map(len, known))
    series = {name: own for name, own in series.items() if 2 * len(own) > count}
    rows = [dict(zip(series, own, strict=True)) for own in zip_longest(*series.values())][:count]
    there = [any(isinstance(place, list | dict) for place in row.values()) for row in rows]
    return list(compress(listed(rows), there))


def _series_in(given: Any) -> list[Any]:
    """What one joint is from frame to frame: a list, lists of x and of y, or parts of Qualisys."""
    low = lowered(given)
    axes = [low[axis] for axis in "xyz" if isinstance(low.get(axis), list)]
    if len(axes) > 1:
        return [list(place) for place in zip(*axes, strict=True)]
    if isinstance(low.get("parts"), list):
        parts = [
            (lowered(own["range"])["start"], own["values"]) for own in map(lowered, low["parts"])
        ]
        places = {i: place for start, values in parts for i, place in enumerate(values, start)}
        return [places.get(i) for i in range(max(places, default=-1) + 1)]
    own = next((low[key] for key in _SERIES if isinstance(low.get(key), list)), given)
    return own if isinstance(own, list) and len(own) > 1 else []


def _about_all(first: Any) -> bool:
    """Whether what comes first is no frame, but says the rate or the size of all."""
    low = lowered(first)
    told = size_of(low) or rate_of(low)
    return told is not None and not set(low) & set(_FRAMES) and not bodies_in(first)


def _rows(data: dict[Any, Any]) -> list[dict[str, Any]]:
    """The rows of a table by columns; empty where no body is in them."""
    rows = _transposed(data)
    return rows if any(bodies_in(row) for row in rows) else []


def _transposed(data: dict[Any, Any]) -> list[dict[str, Any]]:
    """The rows of a table by columns, which are lists, or objects by row."""
    columns: dict[str, list[Any]] = {}
    for key, value in data.items():
        if isinstance(value, list):
            columns[str(key)] = value
        elif isinstance(value, dict) and all(str(row).isdecimal() for row in value):
            columns[str(key)] = [value[row] for row in sorted(value, key=int)]
    long = max(map(len, columns.values()), default=0)
    # Beside them the names of joints may be listed.
    columns = {key: own for key, own in columns.items() if len(own) == long}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _table_of(what: str, data: Any) -> Table | None:
    """Rows of plain values by name, or columns of them, as a table; None for anything else."""
    rows = _transposed(data) if isinstance(data, dict) else data
    if not isinstance(rows, list) or len(rows) < 2 or not all(isinstance(r, dict) for r in rows):
        return None
    if any(isinstance(value, list | dict) for row in rows for value in row.values()):
        return None
    columns: dict[str, list[Any]] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        own = [row.get(name) for row in rows]
        texts = any(isinstance(value, str) for value in own)
        columns[str(name)] = [("" if v is None else str(v)) if texts else v for v in own]
    cells = columns_of(list(columns))
    table = Table(what, tuple(cells), list(zip(*columns.values(), strict=True)))
    return table if holds_places(table) else None


def _coco(what: str, low: dict[str, Any]) -> list[JsonFrame]:
    """COCO's annotations: of images, which may say their number or their file's name."""
    images = low.get("images") or []
    ids = [lowered(image).get("id") for image in images]
    number_of = dict(zip(ids, when_in(what, listed(images))[0].tolist(), strict=True))
    out = []
    for own, frame in zip(low["annotations"], listed(low["annotations"]), strict=True):
        beside = {name: value for name, value in frame.beside.items() if name not in words.FRAMES}
        image = lowered(own).get("image_id")
        number = number_of.get(image, number_in(image))
        out.append(JsonFrame(number, frame.bodies, beside))
    # Images of nobody are frames as well.
    there = {frame.number for frame in out}
    out += [JsonFrame(n, ()) for n in number_of.values() if n not in there]
    return sorted(out, key=lambda frame: frame.number)
