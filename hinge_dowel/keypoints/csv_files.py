"""The reader of tables as text: .csv, .tsv and .txt, whatever cuts their cells."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import headers, kinovea, packed_cells, stated
from hinge_dowel.keypoints.bare_tables import bare
from hinge_dowel.keypoints.formats import Columns
from hinge_dowel.keypoints.json_files import of_objects, read_json
from hinge_dowel.keypoints.json_text import logged, sent
from hinge_dowel.keypoints.protocol_text import messages
from hinge_dowel.keypoints.sightings import Keypoints, gather
from hinge_dowel.keypoints.stated import About
from hinge_dowel.keypoints.tables import cast, of_table, wide
from hinge_dowel.keypoints.text import (
    rate_in,
    rows_of,
    text_of,
    trajectories_of,
)
from hinge_dowel.keypoints.yolo_labels import is_label, read_labels

_PRINTED = re.compile(r"\s*(?:[\[{]|\w+\(\w+=)")
"""How JSON begins, and what Python prints: PoseLandmarkerResult(pose_landmarks=[...."""


def read_csv(path: Path, columns: Columns | None = None) -> Keypoints:
    """Read keypoints from a table, a row a frame or a row a landmark.

    Without `columns`, names tell what is what: `nose_x, nose_y` or `x_nose`, `x0, y0, z0,
    visibility0` by number, vertebrae (`C7_x`) and `occiput_x`, `sacrum_x` for the back; several
    rows of names as DeepLabCut, pandas and OptiTrack write; or rows of `frame, landmark, x, y`.
    Raises `ClipError`.
    """
    if is_label(path):
        return read_labels(path)
    text = text_of(path)
    if _PRINTED.match(text):
        return read_json(path)
    if told := messages(text):
        return of_objects(path, told)
    if columns is None and (tracks := kinovea.table_of_text(path.name, text)):
        return of_table(tracks)
    rows, comments = rows_of(trajectories_of(text))
    if columns is not None:
        return _mapped(cast(headers.table_of(rows, path.name)), columns)
    if found := bare(path.name, rows, rate_in(comments)):
        return found
    # Above their header some write what they know: width,1280.
    above = [[cell.strip(" :") for cell in row] for row in rows[: headers.MOST_HEADER_ROWS]]
    lines = [": ".join(row[:2]) for row in above if not any(row[2:])]
    said = stated.said_in([*comments, *lines])
    if told := _objects_in(text, rows, said):
        return of_objects(path, told)
    return of_table(headers.table_of(rows, path.name), said)


def _objects_in(text: str, rows: list[list[str]], said: dict[str, object]) -> Any:
    """What a log or cells hold as JSON would, with what is said beside it; nothing of a table."""
    if told := packed_cells.printed_bodies(rows, text):
        return logged(text) or told
    if packed_cells.hold_bodies(rows):
        values = (map(packed_cells.value_of, row) for row in rows[1:])
        frames = [dict(zip(rows[0], row, strict=False)) for row in values]
        return {**said, "frames": frames} if said else frames
    return logged(text) or sent(text)


def _mapped(table: headers.Table, columns: Columns) -> Keypoints:
    """The places that `columns` names, as it says."""
    header, time = [cell.whole for cell in table.columns], columns.time_s
    cells = tuple(
        headers.Cell(name, place, axis)
        for place, pair in columns.places.items()
        for name, axis in zip(pair, "xy", strict=True)
    )
    for name in (*(cell.whole for cell in cells), *([time] if time else [])):
        if name not in header:
            raise ClipError(f"{table.what} has no column {name!r}.")
    at = [header.index(cell.whole) for cell in cells]
    rows = [[row[i] for i in at] for row in table.rows]
    given = wide(replace(table, columns=cells, rows=rows))
    if time:
        given = replace(given, time=table.column(header.index(time)), time_name=time)
    about = About(None if time else columns.fps, columns.size_px)
    return gather(replace(given, about=about, y_up=columns.y_up))
