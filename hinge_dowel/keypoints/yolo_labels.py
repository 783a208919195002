"""The reader of YOLO's labels: a text file a frame, in it a line for everybody, without names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.formats import series_of
from hinge_dowel.keypoints.sightings import Keypoints, Sightings, gather
from hinge_dowel.keypoints.skeletons import COCO_17
from hinge_dowel.keypoints.text import text_of

_BOX = 5
"""Before the places a line has the class and the box: middle and size as shares of a picture."""
_WIDTHS = {_BOX + len(COCO_17) * width + more: width for more in (2, 1, 0) for width in (2, 3)}
"""How many numbers a place has by those of a line: two or three, and behind the last place perhaps
a certainty and the number of a track."""


def is_label(path: Path) -> bool:
    """Whether a file is a label: lines of a class, a box within the picture, and places of it."""
    try:
        lines = list(_lines(text_of(path))) if path.suffix.lower() == ".txt" else []
    except (ClipError, ValueError):
        return False
    return bool(lines) and all(
        len(line) in _WIDTHS
        and line[0] == int(line[0])
        and min(line[3:_BOX]) > 0
        and max(line[1:_BOX]) <= 1
        for line in lines
    )


def read_labels(path: Path) -> Keypoints:
    """Read the whole series of labels of which `path` is one. Raises `ClipError`."""
    frames, rows = [], []
    for number, file in series_of(path):
        try:
            own = list(_lines(text_of(file)))
        except ValueError:
            own = [[]]
        if own and not all(len(line) in _WIDTHS for line in own):
            raise ClipError(f"{file.name} is no label of YOLO like its neighbours.")
        frames += [float(number)] * len(own)
        rows += own
    width = _WIDTHS[len(rows[0])]
    end = _BOX + len(COCO_17) * width
    seen = np.array([row[_BOX:end] for row in rows]).reshape(len(rows), -1, width)
    # Of two numbers behind the places, and of one that is whole, the last is the track's.
    tracks = [row[-1] for row in rows if len(row) > end and row[-1] == int(row[-1])]
    return gather(
        Sightings(
            what=path.parent.name or path.name,
            names=COCO_17,
            places=seen[..., :2],
            certainty=seen[..., 2] if width > 2 else None,
            # What a series counts from is its own affair.
            frame=np.array(frames) - frames[0],
            person=tracks if len(tracks) == len(rows) else None,
        )
    )


def _lines(text: str) -> Iterator[list[float]]:
    """The numbers of each line. ValueError for anything else."""
    return ([float(cell) for cell in line.split()] for line in text.splitlines() if line.strip())
