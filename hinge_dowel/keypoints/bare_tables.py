"""Tables of numbers alone: a row a frame in a skeleton's order, or a row a place.

numpy.savetxt, Matlab and loops of print write them, without a row of names.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import timing
from hinge_dowel.keypoints.array_files import of_array
from hinge_dowel.keypoints.sightings import Keypoints
from hinge_dowel.keypoints.skeletons import flat_width, of_size
from hinge_dowel.keypoints.stated import About
from hinge_dowel.keypoints.text import is_number, numbers
from hinge_dowel.keypoints.validation import like_certainties


def bare(what: str, rows: Sequence[list[str]], rate: float | None) -> Keypoints | None:
    """The keypoints of rows of numbers alone; None for any other table.

    A row a frame has as many numbers as a skeleton, behind the frame's number or time or not; a
    row a place the frame, the place's number, x, y and perhaps depth and certainty. `rate` is what
    comments say. Raises `ClipError` for rows that are neither.
    """
    cells = _cells(rows)
    if cells is None:
        return None
    first = None
    if (places := _in_turns(cells)) is not None:
        cells = places
    elif (places := _by_place(cells)) is not None:
        first, cells = np.unique(cells[:, 0]), places
    elif len(cells) > 1 and (np.diff(cells[:, 0]) > 0).all():
        first, cells = cells[:, 0], cells[:, 1:]
    if places is None:
        cells = _whole(what, cells)
    counts = first is not None and timing.counts_frames(first)
    time = None if first is None or counts else first.tolist()
    frame = first if counts else None
    return of_array(what, cells, about=About(rate), time=time, time_name="time", frame=frame)


def _whole(what: str, cells: Array) -> Array:
    """Rows (T, C) of as many numbers as a skeleton has, or `ClipError`."""
    if not flat_width(cells.shape[1]) and cells.shape[1] > 1 and np.ptp(cells[:, -1]) == 0:
        cells = cells[:, :-1]  # as Matlab fills cells that are empty
    if not flat_width(cells.shape[1]):
        raise ClipError(
            f"{what} has no header, and {cells.shape[1]} columns are as many as no skeleton that "
            "is known has: put a row of names first (frame, nose_x, nose_y, ...)."
        )
    return cells


def _cells(rows: Sequence[list[str]]) -> Array | None:
    """The numbers of a table (S, C) without names; None where some of it is none."""
    heads = [cell.strip("V") for cell in rows[0] if cell] if len(rows) > 1 else []
    counts = [[str(i + first) for i in range(len(heads))] for first in (0, 1)]
    if heads and heads in counts:
        rows = rows[1:]  # an array's header by pandas (0, 1, ...) or R (V1, V2, ...)
    if len({len(row) for row in rows}) != 1 or not all(map(is_number, rows[0])):
        return None
    if not any(row[-1].strip() for row in rows):
        rows = [row[:-1] for row in rows]  # each ends with a comma
    try:
        return np.array([numbers(row) for row in rows])
    except ValueError:
        return None


def _in_turns(cells: Array) -> Array | None:
    """The places (T, N, 2 to 4) of a table (S, C) that counts those of each frame in turn.

    None for any other table. Nothing but the count says where a frame begins.
    """
    number, places = cells[:, 0], cells[:, 1:]
    if not 2 <= places.shape[1] <= 4 or number[0] not in (0, 1):
        return None
    if not number.max() <= len(number):  # no count of these rows, or one that lacks a number
        return None
    count = int(number.max() - number[0]) + 1
    turns = number[0] + np.arange(len(number)) % count
    if not of_size(count) or len(number) % count or not np.array_equal(number, turns):
        return None
    return places.reshape(-1, count, places.shape[1]) if len(number) > count else None


def _by_place(cells: Array) -> Array | None:
    """The places (T, N, 2 to 4) of a table (S, C) with a row each, NaN for those that are left out.

    None for any other table: frames in order, in each of them every number of a skeleton once.
    """
    if not 4 <= cells.shape[1] <= 6:
        return None
    frame, number = cells[:, 0], cells[:, 1]
    if not (np.diff(frame) >= 0).all() or not (number == np.round(number)).all():
        return None
    _, row_of = np.unique(frame, return_inverse=True)
    first, last = int(number.min()), int(number.max())
    pairs = np.unique(np.stack([row_of, number]), axis=1)
    count = last - first + 1
    known = first in (0, 1) and bool(of_size(count))
    if not known or pairs.shape[1] < len(cells) or len(np.unique(number)) < count:
        return None
    width = 4 if cells.shape[1] == 5 and like_certainties(cells[:, 4]) else cells.shape[1] - 2
    out = np.full((row_of[-1] + 1, count, width), np.nan)
    # A fifth number is the depth, or how certain the place is, which comes behind a depth.
    axes = [0, 1, 3] if width == 4 and cells.shape[1] == 5 else list(range(width))
    at = number.astype(int) - first
    out[row_of[:, None], at[:, None], axes] = cells[:, 2:]
    return out
