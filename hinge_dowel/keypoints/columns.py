"""The file that says which columns of a table are what, for tables whose names say nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hinge_dowel.errors import ConfigError
from hinge_dowel.keypoints.formats import Columns
from hinge_dowel.tolerances import read_toml


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


_KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "fps": (_positive, "a positive number"),
    "time_s": (lambda name: isinstance(name, str), "a column's name"),
    "size_px": (
        lambda size: isinstance(size, list) and len(size) == 2 and all(map(_positive, size)),
        "[width, height] in pixels",
    ),
    "y_up": (lambda up: isinstance(up, bool), "true or false"),
}
"""What may be said beside the places: what is good, and in words."""


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
    given = read_toml(path, "column file")
    places = given.pop("places", None)
    for key, value in given.items():
        if key not in _KEYS:
            raise ConfigError(f"{path}: unknown key {key!r}; known are {', '.join(_KEYS)}, places.")
        good, wanted = _KEYS[key]
        if not good(value):
            raise ConfigError(f"{path}: {key} must be {wanted}, not {value!r}.")
    if "size_px" in given:
        given["size_px"] = tuple(given["size_px"])
    return Columns(_pairs(places, path), **given)


def _pairs(places: object, path: Path) -> dict[str, tuple[str, str]]:
    if not isinstance(places, dict) or not places:
        raise ConfigError(f'{path} needs a table [places] of lines like: sacrum = ["x", "y"].')
    for name, pair in places.items():
        good = isinstance(pair, list) and len(pair) == 2 and all(isinstance(c, str) for c in pair)
        if not good:
            raise ConfigError(f'{path}: {name} must be two column names, like ["x", "y"].')
    return {name: (pair[0], pair[1]) for name, pair in places.items()}
