"""Cells of tables that hold a whole place, or a whole body, as people print them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from hinge_dowel.keypoints.json_bodies import LEAST_LIST, LEAST_PLACES
from hinge_dowel.keypoints.text import is_number, number

LOOKED_THROUGH = 40
"""So many rows are looked through for such cells."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BETWEEN = re.compile(r"[,;\s]+")
PART = re.compile(
    r"\b(x|y|z|visibility|score|confidence)\b['\"]?\s*[:=]\s*(?:Optional[\[(])?"
    r"([-+]?[\d.]+(?:e[-+]?\d+)?)",
    re.I,
)
"""A number of a place, as Python and Java print MediaPipe's landmarks: x: 0.5, x=0.5, 'x': 0.5."""
MOMENT = re.compile(r"\b(time\w*|frame\w*)\s*[:=]\s*(\d+(?:\.\d+)?)", re.I)


def hold_bodies(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a cell holds as many numbers as a body has of x, or several of a row a place each."""
    some = rows[1:LOOKED_THROUGH]
    whole = (cell for row in some for cell in row if cell[:1] in ("[", "{"))
    return any(len(_NUMBER.findall(cell)) >= LEAST_LIST for cell in whole) or any(
        sum(not isinstance(value_of(cell), str | None) for cell in row) >= LEAST_PLACES
        for row in some
    )


def value_of(cell: str) -> list[float] | dict[str, float] | str | None:
    """The place in (1, 2), [1 2 0.9] or x: 1 y: 2; None for nothing, and any other cell as it is.

    Whether a third number is depth or certainty is told when all are known.
    """
    cell = cell.strip()
    if cell[:1] + cell[-1:] in ("()", "[]"):
        own = _BETWEEN.split(cell[1:-1].strip())
        with suppress(ValueError):
            if len(own) in (2, 3):
                return list(map(number, own))
    found = PART.findall(cell)
    parts = {axis.lower(): number(own) for axis, own in found}
    if {"x", "y"} <= set(parts) and len(parts) == len(found):
        return parts
    return None if is_number(cell) and np.isnan(number(cell)) else cell


def printed_bodies(rows: Sequence[Sequence[str]], text: str) -> list[dict[str, object]]:
    """Frames of the lines that print a body, as logs of phones do: (x=0.51 y=0.32 z=-0.1), (x=....

    None of `rows` below a header. What an app prints behind a body in metres is left aside.
    """
    frames: list[dict[str, object]] = []
    log = len(rows) > 1 and (len(rows[0]) < 2 or any(map(PART.search, rows[0])))
    for line in text.splitlines() if log else ():
        said = re.split("world", line, maxsplit=1, flags=re.I)[0]
        places: list[dict[str, float]] = []
        for axis, own in PART.findall(said):
            places += [{}] if axis in "xX" else []
            if places:
                places[-1][axis.lower()] = number(own)
        if len(places) >= LEAST_LIST:
            frames.append({**dict(MOMENT.findall(said)), "landmarks": places})
    return frames
