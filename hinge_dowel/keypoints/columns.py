"""The file that says which columns of a table are what, for tables whose names say nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hinge_dowel.errors import ConfigError
from hinge_dowel.keypoints.formats import Columns


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
