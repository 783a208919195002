"""Tables from anywhere: a row a frame or a row a place, whatever the columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import headers, stated, timing, words
from hinge_dowel.keypoints.json_frames import RESULTS
from hinge_dowel.keypoints.moments import numbers_in
from hinge_dowel.keypoints.sightings import LEAST_JOINTS, Keypoints, Sightings, gather, numbered
from hinge_dowel.keypoints.skeletons import is_known
from hinge_dowel.keypoints.text import numbers
from hinge_dowel.keypoints.validation import from_the_middle

PLACE_NAMES = words.spelled(
    "landmark_name joint_name keypoint_name body_part bodyparts landmark joint keypoint keypoints "
    "marker marker_name part part_name node label name point point_name landmark_id joint_id "
    "keypoint_id landmark_idx landmark_index joint_idx joint_index keypoint_idx type "
    "keypoint_index landmark_number joint_type landmark_type skeleton_joint bone bone_name segment "
    "kpt kp kp_id point_id index idx id"
)
"""What a long table calls its column of places, the first that is there counts."""
_CLIPS = words.spelled(
    "video video_name file filename clip trial take session camera cam camera_id view"
)
"""What a table calls its clips."""
_VALUES = ("value", "val", "values", "position")
"""What a table of a number a row, as pandas melts it, calls its numbers, ..."""
_VARIABLES = ("variable", "feature", "measure", "column", "key", "field", *PLACE_NAMES)
"""... and what they are of."""
NO_PLACES = (
    "{} has no columns of x and y by names that are known (nose_x, nose_y or x0, y0): say which "
    "columns they are with --columns."
)


def of_table(table: headers.Table, said: Mapping[str, object] | None = None) -> Keypoints:
    """The keypoints of a table: a row a frame, or for each person in it, a row a place, or a row a
    number; `said` is what stands beside it, by names in small letters. Raises `ClipError`.
    """
    table = cast(table)
    about = stated.about_of([_about(table) | dict(said or {})])
    lone = [(i, cell.axis) for i, cell in enumerate(table.columns) if cell.axis and not cell.place]
    bare = {axis: i for i, axis in reversed(lone)}
    labelled = table.called(PLACE_NAMES)
    named = {cell.place for cell in table.columns if cell.axis and is_known(cell.place)}
    if {"x", "y"} <= set(bare) and labelled is not None and len(named) < LEAST_JOINTS:
        given = _long(table, bare, labelled)
    else:
        given = wide(table)
    if from_the_middle(given.places[..., :2]):
        about = replace(about, size_px=None)
    return gather(replace(given, about=replace(about, fps=table.fps or about.fps)))


def holds_places(table: headers.Table) -> bool:
    """Whether a table is of places: by names of joints, or by a name in each row beside x and y."""
    cells = cast(table).columns
    named = {cell.place for cell in cells if cell.axis and is_known(cell.place)}
    lone = {cell.axis for cell in cells if not cell.place}
    labelled = {"x", "y"} <= lone and table.called(PLACE_NAMES) is not None
    return labelled or len(named) >= LEAST_JOINTS


def cast(table: headers.Table) -> headers.Table:
    """A table of a number a row (frame, variable, value) as one with a row a frame."""
    of, at = table.called(_VARIABLES), table.called(_VALUES)
    if of is None or at is None or any(cell.axis for cell in table.columns):
        return table
    named = _with_axes(table, of, at)
    cells, owners = _owners(table, named, of, at)
    out: dict[tuple[Any, ...], dict[str, Any]] = {}
    for owner, name, row in zip(owners, named, table.rows, strict=True):
        out.setdefault(owner, {})[name] = row[at]
    _require_once(table, sum(map(len, out.values())))
    names = list(dict.fromkeys(named))
    rows = [[*owner, *(own.get(name, "") for name in names)] for owner, own in out.items()]
    return replace(table, columns=(*cells, *map(headers.column_of, names)), rows=rows)


def _with_axes(table: headers.Table, of: int, at: int) -> list[str]:
    """What the number in each row is of: the axis may stand in a column of its own."""
    named = table.texts(of)
    for index in range(len(table.columns)):
        if index != at and all(map(headers.lone_axis, set(table.texts(index)))):
            axes = table.texts(index)
            named = [f"{n}_{a}" for n, a in zip(named, axes, strict=True)]
    return named


def _owners(
    table: headers.Table, named: Sequence[str], of: int, at: int
) -> tuple[list[headers.Cell], list[tuple[Any, ...]]]:
    """The columns that say which frame and whose a row is, and what they say in each.

    Where those leave rows of one name alike, one that numbers the frames by another name, or else
    how often the name came before.
    """
    low = table.spoken()
    said = {*words.TIMES, *words.FRAMES, *words.PEOPLE, *words.ABOUT}
    keys = [i for i, name in enumerate(low) if name in said and i not in (of, at)]
    cells = [table.columns[i] for i in keys]
    owners = [tuple(row[i] for i in keys) for row in table.rows]
    if len(set(zip(owners, named, strict=True))) >= timing.ONCE_SHARE * len(table.rows):
        return cells, owners
    others = [i for i in range(len(low)) if i not in (of, at, *keys)]
    number = next((i for i in others if _numbers_frames(table.column(i), owners, named)), None)
    if number is not None:
        cells.append(table.columns[number])
        owners = [(*own, cell) for own, cell in zip(owners, table.column(number), strict=True)]
    elif not {*words.TIMES, *words.FRAMES} & {low[i] for i in keys}:
        cells.append(headers.Cell(words.FRAMES[0]))
        owners = _counted(owners, named)
    return cells, owners


def _numbers_frames(
    column: Sequence[object], owners: Sequence[tuple[Any, ...]], named: Sequence[str]
) -> bool:
    """Whether a column tells rows of one name apart, and is the same for all names of a frame.

    It may be called anything, as pandas' own index is; what counts the rows is another in each.
    """
    apart = len(set(zip(column, owners, named, strict=True))) == len(column)
    return apart and len(set(column)) <= max(Counter(named).values())


def _counted(owners: Sequence[tuple[Any, ...]], named: Sequence[str]) -> list[tuple[Any, ...]]:
    """The owners of rows with the number of the frame: how often the name came before.

    As they are where names do not come equally often, so that some are left out somewhere.
    """
    before: Counter[tuple[Any, ...]] = Counter()
    out = []
    for owner, name in zip(owners, named, strict=True):
        out.append((*owner, str(before[*owner, name])))
        before[*owner, name] += 1
    even = len({before[key] for key in before}) == 1
    return out if even else [(*owner, "") for owner in owners]


def _column(table: headers.Table, column: int) -> Array:
    """One column as numbers, NaN for empty cells; percent as shares."""
    whole = table.columns[column].whole
    percent = re.search(r"%|percent|pct", whole.lower())
    try:
        return numbers(table.column(column)) / (100 if percent else 1)
    except ValueError as error:
        raise ClipError(f"{table.what}: the column {whole!r} holds what is no number.") from error


def _certainty(cells: Array) -> Array:
    """How certain places are (..., N) by cells (..., N, axes): their score, or how visible."""
    visible, score = cells[..., 3], cells[..., 4]
    return np.where(np.isnan(score), visible, score)


def _coordinates(table: headers.Table) -> dict[tuple[str, str], dict[str, int]]:
    """The columns of each place by their axes, of those with x and y, by person and name."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for index, cell in enumerate(table.columns):
        if cell.place and cell.axis:
            own = found.setdefault((cell.person, cell.place), {})
            # Beside shares of the picture pixels count.
            if cell.axis not in own or re.search("px|pixel", cell.whole.lower()):
                own[cell.axis] = index
    return {key: axes for key, axes in found.items() if {"x", "y"} <= set(axes)}


def wide(table: headers.Table) -> Sightings:
    """A row a frame, or for each person in it."""
    whole = _coordinates(table)
    if not whole:
        results = {"bottom_s", "spinal_flexion_deg"} <= {cell.whole for cell in table.columns}
        raise ClipError((RESULTS if results else NO_PLACES).format(table.what))
    people = list(dict.fromkeys(person for person, _ in whole))
    names = list(dict.fromkeys(place for _, place in whole))
    shape = (len(people), len(table.rows), len(names), len(headers.AXES))
    cells = np.full(shape, np.nan)
    for (person, place), axes in whole.items():
        at, where = people.index(person), names.index(place)
        for axis, index in axes.items():
            cells[at, :, where, headers.AXES.index(axis)] = _column(table, index)
    frame, when, name = _when(table)
    _require_one_clip(table, frame if frame is not None else numbers_in(when or []))
    ids = table.people()
    count = len(people)
    if count > 1:
        ids = [person for person in people for _ in table.rows]
        frame = np.tile(np.arange(len(table.rows)) if frame is None else frame, count)
        when = None if when is None else when * count
    return Sightings(
        what=table.what,
        names=names,
        places=cells[..., :3].reshape(-1, len(names), 3),
        certainty=_certainty(cells).reshape(-1, len(names)),
        scored=any("score" in axes for axes in whole.values()),
        frame=frame,
        time=when,
        time_name=name,
        person=ids,
    )


def _require_one_clip(table: headers.Table, order: Array) -> None:
    """Raise `ClipError` where another column changes just where frames (T,) begin again."""
    begins = (np.flatnonzero(np.diff(order) < 0) + 1).tolist()
    again = len(np.unique(order)) < len(order)
    for at, (cell, name) in enumerate(zip(table.columns, table.spoken(), strict=True)):
        if again and not cell.axis and name not in words.PEOPLE:
            told = table.column(at)
            changes = [i for i in range(1, len(told)) if told[i] != told[i - 1]]
            clips = name in _CLIPS and len(set(told)) < len(told) / 2
            if changes and (clips or changes == begins):
                raise ClipError(
                    f"{table.what} holds several clips, by its column {cell.whole!r} "
                    f"({told[0]}, {told[changes[0]]}, ...): save a file for each."
                )


def _long(table: headers.Table, axes: dict[str, int], labelled: int) -> Sightings:
    """A row a landmark: columns of frame (or time), place, x, y, and perhaps z and certainty."""
    labels = table.texts(labelled)
    if (side := table.called(("side", "seite", "lado"))) is not None:
        labels = [f"{at}_{n}" for at, n in zip(table.texts(side), labels, strict=True)]
    frame, when, name = _when(table, long=True)
    if frame is None and when is None:
        frame = _turns(labels)
    if frame is None and when is None:
        raise ClipError(f"{table.what} has no column frame: each row must say which it is of.")
    key = frame if frame is not None else numbered(map(str, when or []))[1].astype(float)
    if np.isnan(key).any():
        raise ClipError(f"{table.what} has rows without a frame.")
    ids = table.people(table.spoken()[labelled])
    names, place_of = numbered(labels)
    sightings, row_of = numbered(zip(key.tolist(), ids or [""] * len(labels), strict=True))
    _require_once(table, len(np.unique(row_of * len(names) + place_of)))
    cells = np.full((len(sightings), len(names), len(headers.AXES)), np.nan)
    for axis, column in axes.items():
        cells[row_of, place_of, headers.AXES.index(axis)] = _column(table, column)
    first = np.unique(row_of, return_index=True)[1]
    return Sightings(
        what=table.what,
        names=names,
        places=cells[..., :3],
        certainty=_certainty(cells),
        scored="score" in axes,
        frame=key[first] if frame is not None or ids is None else None,
        time=None if when is None else [when[i] for i in first],
        time_name=name,
        person=None if ids is None else [ids[i] for i in first],
    )


def _turns(labels: Sequence[str]) -> Array | None:
    """The numbers of the frames (S,) of which each has rows of the same places in the same order.

    None where they do not take turns.
    """
    count = len(set(labels))
    even = len(labels) > count and len(labels) % count == 0
    if not even or list(labels) != list(labels[:count]) * (len(labels) // count):
        return None
    return np.repeat(np.arange(float(len(labels) // count)), count)


def _require_once(table: headers.Table, different: int) -> None:
    """Raise `ClipError` where hardly so many of the rows are of different places and frames."""
    if different < timing.ONCE_SHARE * len(table.rows):
        raise ClipError(
            f"{table.what} has most places of a frame more than once: save a file for each clip, "
            "and say whose they are in a column 'person'."
        )


def _when(
    table: headers.Table, *, long: bool = False
) -> tuple[Array | None, list[object] | None, str]:
    """Frame numbers and times (T,), where columns say them, and the name of the times."""
    cells = enumerate(table.columns)
    columns = {cell.whole: table.column(at) for at, cell in cells if not cell.axis}
    together = long or table.people() is not None
    return timing.when_of(table.what, columns, long=long, together=together)


def _about(table: headers.Table) -> dict[str, object]:
    """What every row says alike, by the column's name: fps, image_width."""
    called = enumerate(table.spoken())
    said = {name: set(table.column(at)) for at, name in called if name in words.ABOUT}
    return {name: own.pop() for name, own in said.items() if len(own) == 1}
