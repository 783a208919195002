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
_PART = re.compile(
    r"\b(x|y|z|visibility|score|confidence)\b['\"]?\s*[:=]\s*([-+]?[\d.]+(?:e[-+]?\d+)?)", re.I
)
"""A number of a place, as Python prints MediaPipe's landmarks: x: 0.5, x=0.5, 'x': 0.5."""


def hold_bodies(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a cell holds as many numbers as a body has, or several of a row a place each."""
    some = rows[1:LOOKED_THROUGH]
    whole = (cell for row in some for cell in row if cell[:1] in ("[", "{"))
    return any(len(_NUMBER.findall(cell)) >= 2 * LEAST_LIST for cell in whole) or any(
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
    found = _PART.findall(cell)
    parts = {axis.lower(): number(own) for axis, own in found}
    if {"x", "y"} <= set(parts) and len(parts) == len(found):
        return parts
    return None if is_number(cell) and np.isnan(number(cell)) else cell
