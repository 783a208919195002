"""Readers of tables: TRC as OpenSim and Sports2D write it, and CSV in the usual spellings."""

from __future__ import annotations

import csv
import io
import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.errors import ClipError, ConfigError
from hinge_dowel.keypoints.formats import Columns
from hinge_dowel.keypoints.markers import LANDMARK_NAMES, Keypoints, named, plain, sagittal

Array = NDArray[np.float64]

MOST_BYTES = 2_000_000_000
"""A larger table is no table of one clip: a day of landmarks takes a tenth of it."""
TIMES = ("time_s", "time", "timestamp_s", "t", "seconds", "timestamp", "timestamp_ms", "time_ms")
"""Names of a column of times, the first that is there counts; `_ms` ones are milliseconds."""


def text_of(path: Path) -> str:
    """The whole file as text; `ClipError` in a sentence when it cannot be."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ClipError(f"{path.name} is too large for keypoints of one clip.")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise ClipError(f"Cannot read {path.name}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ClipError(f"{path.name} is not a text file of keypoints.") from error


def read_trc(path: Path) -> Keypoints:
    """Read markers from a TRC file: any axes, any unit, times from its Time column.

    Markers are known by their names: MediaPipe's, OpenPose's, Halpe's (Sports2D), or vertebrae
    (C7, T4, ..., sacrum) with an occiput for points along the back. A third axis is turned into
    depth, seen from the side of the body. Raises `ClipError`.
    """
    lines = text_of(path).splitlines()
    try:
        head = next(i for i, line in enumerate(lines) if line.lower().startswith("frame#"))
        names = [name.strip() for name in lines[head].split("\t")[2:] if name.strip()]
        rows = [line.split("\t") for line in lines[head + 2 :] if line.strip()]
        width = 2 + 3 * len(names)
        cells = [(row + [""] * width)[:width] for row in rows]
        # A frame without markers has its times only.
        values = np.array([[_number(cell) for cell in row] for row in cells], dtype=float)
        values = values.reshape(-1, width)
    except (StopIteration, ValueError) as error:
        raise ClipError(
            f"{path.name} is not a TRC file: its line of marker names, or a number in it, is "
            "missing or broken."
        ) from error
    if not names or not len(values):
        raise ClipError(f"{path.name} holds no markers.")
    places = values[:, 2:].reshape(len(values), len(names), 3)
    # Programs write a marker that is not seen as nothing or as zeros.
    places[(places == 0).all(axis=2)] = np.nan
    time = values[:, 1]
    if not np.isfinite(places).any():
        raise ClipError(f"{path.name} holds no markers.")
    usable = np.isfinite(time).all() and bool(np.all(np.diff(time) > 0))
    return named(
        names,
        sagittal(names, places),
        path.name,
        time_s=time if usable else None,
        fps=None if usable else _rate(lines[:head]),
    )


def _rate(header: list[str]) -> float | None:
    """The data rate in a TRC header; None when it is not there."""
    for keys, values in itertools.pairwise(header):
        if keys.lower().startswith("datarate"):
            rate = _number(values.split("\t")[0])
            return float(rate) if np.isfinite(rate) and rate > 0 else None
    return None


def _number(cell: str) -> float:
    """A cell as a number; NaN for an empty one. ValueError for anything else."""
    cell = cell.strip()
    return float(cell) if cell and cell.lower() not in {"nan", "na", "none", "null"} else np.nan


def load_columns(path: Path) -> Columns:
    """Read `Columns` from a TOML file.

        fps = 30                  # or: time_s = "the column's name"
        size_px = [1920, 1080]    # only if x and y run from 0 to 1
        y_up = false

        [places]
        occiput = ["head_x", "head_y"]
        T6 = ["mid_x", "mid_y"]
        sacrum = ["low_x", "low_y"]

    Raises `ConfigError`.
    """
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"Cannot read the column file {path}: {error.strerror or error}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error
    unknown = set(given) - {"fps", "time_s", "size_px", "y_up", "places"}
    if unknown:
        raise ConfigError(
            f"{path}: unknown key {min(unknown)!r}; known are fps, time_s, size_px, y_up, places."
        )
    return Columns(
        places=_pairs(given.get("places"), path),
        time_s=_checked(given, "time_s", str, path),
        fps=_checked(given, "fps", float, path),
        size_px=_size(given, path),
        y_up=bool(_checked(given, "y_up", bool, path)),
    )


def _pairs(places: object, path: Path) -> dict[str, tuple[str, str]]:
    if not isinstance(places, dict) or not places:
        raise ConfigError(f'{path} needs a table [places] of lines like: sacrum = ["x", "y"].')
    for name, pair in places.items():
        good = isinstance(pair, list) and len(pair) == 2 and all(isinstance(c, str) for c in pair)
        if not good:
            raise ConfigError(f'{path}: {name} must be two column names, like ["x", "y"].')
    return {name: (pair[0], pair[1]) for name, pair in places.items()}


def _checked(given: dict[str, Any], key: str, kind: type, path: Path) -> Any:
    value = given.get(key)
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is float and number and value > 0:
        return float(value)
    if kind is float or not isinstance(value, kind):
        word = {float: "a positive number", str: "a column's name", bool: "true or false"}[kind]
        raise ConfigError(f"{path}: {key} must be {word}, not {value!r}.")
    return value


def _size(given: dict[str, Any], path: Path) -> tuple[float, float] | None:
    size = given.get("size_px")
    if size is None:
        return None
    good = isinstance(size, list) and len(size) == 2
    if not good or not all(isinstance(n, int | float) and n > 0 for n in size):
        raise ConfigError(f"{path}: size_px must be [width, height] in pixels, not {size!r}.")
    return float(size[0]), float(size[1])


def read_csv(path: Path, columns: Columns | None = None) -> Keypoints:
    """Read keypoints from a CSV file, a row a frame or a row a landmark.

    Without `columns`, names tell what is what: `nose_x, nose_y` or `x_nose`, `x0, y0, z0,
    visibility0` by MediaPipe's numbers (or `x1` to `x33`), vertebrae (`C7_x`) and `occiput_x`,
    `sacrum_x` for the back; or rows of `frame, landmark, x, y`. A column `time_s` (or `time`,
    `timestamp_ms`, ...) gives the times. Raises `ClipError`.
    """
    text = text_of(path)
    first = text.partition("\n")[0]
    cut = max((";", "\t", ","), key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=cut))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise ClipError(f"{path.name} holds no keypoints: it needs a header and a row a frame.")
    header = [cell.strip() for cell in rows[0]]
    body = [(row + [""] * len(header))[: len(header)] for row in rows[1:]]
    table = _Table(path.name, header, body)
    if columns is not None:
        return _mapped(table, columns)
    if "landmark" in (low := [name.lower() for name in header]) and "x" in low and "y" in low:
        return _long(table)
    return _wide(table)


class _Table:
    """A header and its cells, by column."""

    def __init__(self, what: str, header: list[str], rows: list[list[str]]) -> None:
        self.what, self.header, self.rows = what, header, rows
        self.lower = [name.lower() for name in header]

    def numbers(self, column: int) -> Array:
        """One column as numbers, NaN for empty cells."""
        try:
            return np.array([_number(row[column]) for row in self.rows])
        except ValueError as error:
            raise ClipError(
                f"{self.what}: the column {self.header[column]!r} holds something that is no "
                "number."
            ) from error

    def time_s(self) -> Array | None:
        """The column of times, if one of the usual names is there."""
        for name in TIMES:
            if name in self.lower:
                values = self.numbers(self.lower.index(name))
                return values / 1000 if name.endswith("_ms") else values
        return None


def _mapped(table: _Table, columns: Columns) -> Keypoints:
    wanted = [name for pair in columns.places.values() for name in pair]
    wanted += [columns.time_s] if columns.time_s else []
    for name in wanted:
        if name not in table.header:
            raise ClipError(f"{table.what} has no column {name!r}.")
    places = np.stack(
        [
            np.stack([table.numbers(table.header.index(name)) for name in pair], axis=-1)
            for pair in columns.places.values()
        ],
        axis=1,
    )
    if columns.y_up:
        places = places * [1.0, -1.0]
    time = table.numbers(table.header.index(columns.time_s)) if columns.time_s else None
    fps = None if columns.time_s else columns.fps
    return named(
        list(columns.places), places, table.what, time_s=time, fps=fps, size_px=columns.size_px
    )


_AXES = {"x": 0, "y": 1, "z": 2, "v": 3, "visibility": 3, "vis": 3}
_AXIS = "|".join(_AXES)
_SPELLINGS = (
    re.compile(rf"^(?P<place>.+?)[ _.\-]+(?P<axis>{_AXIS})$"),
    re.compile(rf"^(?P<axis>{_AXIS})[ _.\-]*(?P<place>\d+)$"),
    re.compile(rf"^(?P<axis>{_AXIS})[ _.\-]+(?P<place>.+)$"),
)


def _wide(table: _Table) -> Keypoints:
    """A row a frame."""
    found: dict[str, dict[int, int]] = {}
    for column, name in enumerate(table.lower):
        for spelling in _SPELLINGS:
            if match := spelling.match(name):
                found.setdefault(match["place"], {})[_AXES[match["axis"]]] = column
                break
    whole = {place: axes for place, axes in found.items() if {0, 1} <= set(axes)}
    if not whole:
        raise ClipError(
            f"{table.what} has no columns of x and y by names that are known (nose_x, nose_y or "
            "x0, y0): say which columns they are with --columns."
        )
    places = np.full((len(table.rows), len(whole), 4), np.nan)
    for index, axes in enumerate(whole.values()):
        for axis, column in axes.items():
            places[:, index, axis] = table.numbers(column)
    return _by_name_or_number(table, list(whole), places, table.time_s())


def _long(table: _Table) -> Keypoints:
    """A row a landmark: columns frame (or a time), landmark, x, y, and perhaps z, visibility."""
    low = table.lower
    time = table.time_s()
    if "frame" in low:
        key = table.numbers(low.index("frame"))
    elif time is not None:
        key = time
    else:
        raise ClipError(f"{table.what} has no column frame: each row must say which it is of.")
    if np.isnan(key).any():
        raise ClipError(f"{table.what} has rows without a frame.")
    frames, row_of = np.unique(key, return_inverse=True)
    labels = [row[low.index("landmark")].strip().lower() for row in table.rows]
    names = list(dict.fromkeys(labels))
    place_of = np.array([names.index(label) for label in labels])
    places = np.full((len(frames), len(names), 4), np.nan)
    for name, axis in _AXES.items():
        if name in low:
            places[row_of, place_of, axis] = table.numbers(low.index(name))
    when = None
    if time is not None:
        when = np.full(len(frames), np.nan)
        when[row_of] = time
    return _by_name_or_number(table, names, places, when)


def _by_name_or_number(
    table: _Table, names: list[str], places: Array, time_s: Array | None
) -> Keypoints:
    """Places named by landmark, by vertebra, or by MediaPipe's number from 0 or from 1."""
    known = places if np.isfinite(places[..., 2]).any() else places[..., :2]
    if not all(re.fullmatch(r"\d+|landmark[ _]?\d+", name) for name in names):
        return named(names, known, table.what, time_s=time_s)
    numbers = [int(re.sub(r"\D", "", name)) for name in names]
    base = 1 if 0 not in numbers and max(numbers) == 33 else 0
    if max(numbers) - base > 32:
        raise ClipError(f"{table.what} numbers its landmarks past 32: MediaPipe has 33, from 0.")
    spellings = {number: name for name, number in reversed(LANDMARK_NAMES.items())}
    return named(
        [plain(spellings[number - base]) for number in numbers], known, table.what, time_s=time_s
    )
