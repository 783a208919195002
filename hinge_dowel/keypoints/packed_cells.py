"""Cells of tables that hold a whole place, or a whole body, as people print them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hinge_dowel.keypoints.json_bodies import LEAST_LIST
from hinge_dowel.keypoints.text import is_number, number

LOOKED_THROUGH = 40
"""So many rows are looked through for such cells."""
LEAST_PLACES = 3
"""A body or a back has so many cells of places at least."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PART = re.compile(
    r"\b(x|y|z|visibility|score|confidence)\b['\"]?\s*[:=]\s*([-+]?[\d.]+(?:e[-+]?\d+)?)", re.I
)
"""A number of a place, as Python prints MediaPipe's landmarks: x: 0.5, x=0.5, 'x': 0.5."""
_THIRD = "depth or certainty"


def hold_bodies(rows: Sequence[Sequence[str]]) -> bool:
    """Whether cells are lists, or objects, of as many numbers as a body has."""
    first = (cell for row in rows[1:LOOKED_THROUGH] for cell in row if cell[:1] in ("[", "{"))
    return any(len(_NUMBER.findall(cell)) >= 2 * LEAST_LIST for cell in first)


def unpacked(rows: list[list[str]]) -> list[list[str]]:
    """The cells, those that hold a whole place, (x, y) or x: 1 y: 2, as cells of their own."""
    held: dict[int, dict[str, str]] = {}
    for row in rows[1:LOOKED_THROUGH]:
        for index, cell in enumerate(row):
            if index not in held and {"x", "y"} <= set(parts := _parts(cell)):
                held[index] = parts
    if len(held) < LEAST_PLACES:
        return rows
    out = [[name for index, cell in enumerate(rows[0]) for name in _heads(cell, held.get(index))]]
    for row in rows[1:]:
        cells: list[str] = []
        for index, cell in enumerate(row):
            own = _parts(cell) if index in held else {}
            cells += [own.get(axis, "") for axis in held[index]] if index in held else [cell]
        out.append(cells)
    return out


def _heads(name: str, first: dict[str, str] | None) -> list[str]:
    """What the columns are called that a cell of such parts makes."""
    third = "score" if first and abs(number(first.get(_THIRD, "2"))) <= 1 else "z"
    return [f"{name}_{third if axis == _THIRD else axis}" for axis in first or ()] or [name]


def _parts(cell: str) -> dict[str, str]:
    """The numbers in (1, 2), [1 2 0.9] or x: 1 y: 2, by axis; none in any other cell."""
    cell = cell.strip()
    if cell[:1] not in ("(", "[") or cell[-1:] not in (")", "]"):
        return dict(_PART.findall(cell))
    own = re.split(r"[,;\s]+", cell[1:-1].strip())
    if not 2 <= len(own) <= 3 or not all(map(is_number, own)):
        return {}
    return dict(zip(("x", "y", _THIRD), own, strict=False))
