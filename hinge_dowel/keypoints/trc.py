"""The reader of TRC: OpenSim, OpenCap, Sports2D, Pose2Sim, Cortex, Vicon's export."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.sightings import Keypoints, Sightings, gather
from hinge_dowel.keypoints.text import number, text_of


def read_trc(path: Path) -> Keypoints:
    """Read markers from a TRC file: any axes, any unit, times from its Time column.

    Markers are known by their names (see `skeletons` and `marker_sets`), with a subject before
    them or not. Cells are cut by tabs or by spaces, numbers have points or commas. Raises
    `ClipError`.
    """
    lines = text_of(path).splitlines()
    try:
        head = next(i for i, line in enumerate(lines) if re.match(r"\s*frame#?\s", line.lower()))
        tabs = "\t" in lines[head]
        heads = lines[head].split("\t") if tabs else lines[head].split()
        names = [name.strip() for name in heads[2:] if name.strip()]
        rows = [
            line.split("\t") if tabs and "\t" in line else line.split()
            for line in lines[head + 2 :]
            if line.strip()
        ]
        width = 2 + 3 * len(names)
        cells = [(row + [""] * width)[:width] for row in rows]
        # A frame without markers has its times only.
        values = np.array([[number(cell) for cell in row] for row in cells], dtype=float)
        values = values.reshape(-1, width)
    except (StopIteration, ValueError) as error:
        raise ClipError(
            f"{path.name} is not a TRC file: its line of marker names, or a number in it, is "
            "missing or broken."
        ) from error
    if not names or not len(values):
        raise ClipError(f"{path.name} holds no markers.")
    places = values[:, 2:].reshape(len(values), len(names), 3)
    if not np.isfinite(places).any():
        raise ClipError(f"{path.name} holds no markers.")
    frame = values[:, 0]
    numbered = np.isfinite(frame).all() and len(np.unique(frame)) == len(frame)
    return gather(
        Sightings(
            what=path.name,
            names=names,
            places=places,
            frame=frame if numbered else None,
            time=values[:, 1].tolist(),
            time_name="time_s",
            fps=_rate(lines[:head]),
            space=True,
        )
    )


def _rate(header: list[str]) -> float | None:
    """The data rate in a TRC header; None when it is not there."""
    for keys, values in itertools.pairwise(header):
        if keys.lower().lstrip().startswith("datarate"):
            try:
                rate = number(values.split()[0])
            except (ValueError, IndexError):
                return None
            return float(rate) if np.isfinite(rate) and rate > 0 else None
    return None
