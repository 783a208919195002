"""What files say beside the keypoints: rates, sizes of pictures, names of places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hinge_dowel.keypoints import clock, words
from hinge_dowel.keypoints.moments import number_in
from hinge_dowel.keypoints.text import rate_in

_MOST_POSITIVE = 1e5
"""Rates and sizes from here on are no camera's."""

_RATIO = re.compile(r"(\d+(?:\.\d+)?)(?:/(\d+(?:\.\d+)?))?(?: ?(?:fps|hz|px))?", re.IGNORECASE)
"""How text says a rate or a size: 30, 30000/1001, 30 fps."""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says beside the keypoints.

    Frames a second, width and height of the picture, of how many pictures one was looked at, the
    names of all places in order, and whether x and y are of a picture at all, or of a room.
    """

    fps: float | None = None
    size_px: tuple[float, float] | None = None
    stride: float = 1.0
    names: tuple[str, ...] | None = None
    of_picture: bool = True


NOTHING_SAID = About()


def about_of(parts: Sequence[dict[str, Any]]) -> About:
    """What objects with keys in small letters say, the first that says it."""
    rates, sizes = map(rate_of, parts), map(size_of, parts)
    strides = (_positive(part.get(key)) for part in parts for key in words.STRIDES)
    return About(
        next((rate for rate in rates if rate), None),
        next((size for size in sizes if size), None),
        max((1.0, *filter(None, strides))),
        names_of(parts),
    )


def rate_of(part: dict[str, Any]) -> float | None:
    """Frames a second, where an object with keys in small letters says them."""
    rates = (_positive(part.get(key)) for key in words.RATES)
    steps = ((key, _positive(part.get(key))) for key in words.STEPS if key in part)
    by_step = (clock.rate_of_step(key, step) for key, step in steps if step)
    return next((rate for rate in (*rates, *by_step) if rate), None)


def size_of(data: dict[str, Any]) -> tuple[float, float] | None:
    """The width and height of the picture, where an object with keys in small letters says them."""
    pairs: list[Any] = [[data.get(name) for name in names] for names in words.SIZES]
    for key in words.PAIRS:
        value = data.get(key)
        if isinstance(value, dict):
            pairs.append(
                [{k.lower(): v for k, v in value.items()}.get(name) for name in words.SIZES[0]]
            )
        elif isinstance(value, str):
            pairs.append(re.split(r"(?<=\d)\s*[x\u00d7*,]\s*(?=\d)", value.strip().lower()))
        else:
            pairs.append(value)
    shapes = {key: own for key in words.SHAPES if isinstance(own := data.get(key), list)}
    pairs += [own[1::-1] for own in shapes.values() if own[2:] in ([1], [3], [4])]
    pairs.append(shapes.get("orig_shape", [])[::-1])  # ultralytics' is without colours
    whole = (pair for pair in pairs if isinstance(pair, list) and len(pair) == 2)
    sizes = ((_positive(width), _positive(height)) for width, height in whole)
    return next(((width, height) for width, height in sizes if width and height), None)


def said_in(comments: list[str]) -> dict[str, object]:
    """What comments say of what is called as here: width=1280, resolution: 1280x720, 30 fps."""
    rate = rate_in(comments)
    found = (re.findall(r"(\w+)\s*[:=]\s*(\d[\w.]*)", text.lower()) for text in comments)
    said = {key: value for pairs in found for key, value in pairs if key in words.ABOUT}
    return {**said, "fps": rate} if rate else said


def names_of(parts: Iterable[dict[str, Any]]) -> tuple[str, ...] | None:
    """The names of places in order, where a file says them once for all."""
    for part in parts:
        for key in (*words.LISTED, "joints", "keypoints"):
            value = part.get(key)
            names = value if isinstance(value, list) and len(value) > 2 else [None]
            if all(isinstance(name, str) for name in names):
                return tuple(names)
        by_number = part.get("keypoint_id2name")
        if isinstance(by_number, dict) and by_number:
            order = sorted(by_number, key=number_in)
            return tuple(str(by_number[key]) for key in order)
    return None


def _positive(value: object) -> float | None:
    if isinstance(value, str) and (told := _RATIO.fullmatch(value.strip().replace(",", "."))):
        below = float(told[2] or 1)
        value = float(told[1]) / below if below else 0
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 < value < _MOST_POSITIVE else None  # type: ignore[operator,arg-type]
