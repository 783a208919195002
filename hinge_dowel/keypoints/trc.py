"""The reader of TRC: OpenSim, OpenCap, Sports2D, Pose2Sim, Cortex, Vicon's export."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.headers import Cell, Table
from hinge_dowel.keypoints.sightings import Keypoints, gather
from hinge_dowel.keypoints.stated import About, rate_of
from hinge_dowel.keypoints.tables import wide
from hinge_dowel.keypoints.text import text_of


def read_trc(path: Path) -> Keypoints:
    """Read markers from a TRC file: any axes, any unit, times from its Time column.

    Markers are known by their names (see `skeletons` and `marker_sets`), with a subject before
    them or not. Cells are cut by tabs, spaces, commas or semicolons, numbers have points or commas.
    Raises `ClipError`.
    """
    lines = text_of(path).splitlines()
    named = (i for i, line in enumerate(lines) if re.match(r"\s*frame#?[\s,;]", line.lower()))
    if (head := next(named, None)) is None:
        raise ClipError(f"{path.name} is not a TRC file: its line of marker names is missing.")
    sign = next((sign for sign in "\t;," if lines[head].count(sign) > 1), "\t")
    lines = [line.replace(sign, "\t") for line in lines]  # spreadsheets cut by others
    cut = "\t" if "\t" in lines[head] else None
    names = [name.strip() for name in lines[head].split(cut)[2:] if name.strip()]
    columns = [Cell("Frame"), Cell("Time"), *(Cell(f"{n}_{a}", n, a) for n in names for a in "xyz")]
    rows = [line.split(cut if "\t" in line else None) for line in lines[head + 2 :] if line.strip()]
    # A frame without markers has its times only.
    rows = [(row + [""] * len(columns))[: len(columns)] for row in rows]
    if not names or not rows:
        raise ClipError(f"{path.name} holds no markers.")
    above = [line.lower().split() for line in ["", "", *lines][head : head + 2]]
    said = dict(zip(*above, strict=False))
    given = wide(Table(path.name, tuple(columns), rows))
    return gather(replace(given, about=About(rate_of(said)), space=True))


def read_storage(path: Path) -> Keypoints:
    """Read the places of markers from a storage file of OpenSim: columns LASI_tx, LASI_ty, LASI_tz,
    or one of three numbers each. Raises `ClipError` where it holds something else.
    """
    _, found, table = text_of(path).partition("endheader")
    rows = [line.split() for line in table.splitlines() if line.strip()]
    if not found or len(rows) < 2:
        raise ClipError(f"{path.name} is not a storage file of OpenSim.")
    if "," in rows[1][-1]:
        rows = [[rows[0][0], *(f"{name}_{axis}" for name in rows[0][1:] for axis in "xyz")]] + [
            [cell for own in row for cell in own.split(",")] for row in rows[1:]
        ]
    told = [re.fullmatch(r"(.+)_t?([xyz])", name) for name in rows[0]]
    columns = [Cell(n, m[1], m[2]) if m else Cell(n) for n, m in zip(rows[0], told, strict=True)]
    return gather(replace(wide(Table(path.name, tuple(columns), rows[1:])), space=True))
