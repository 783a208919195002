"""What kind of file a clip is, by its name, and what a file of keypoints may leave open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KEYPOINT_SUFFIXES = frozenset({".csv", ".json", ".npz", ".trc"})
"""What counts as a file of keypoints when it is named on its own."""


def is_keypoints(path: Path) -> bool:
    """Whether a path is taken for a file of keypoints: by its suffix alone."""
    return path.suffix.lower() in KEYPOINT_SUFFIXES


def keypoint_files(folder: Path) -> list[Path]:
    """The files in a folder that are keypoints without doubt, sorted, at any depth.

    Those are .trc files, and the first of each numbered series that OpenPose writes. Other JSON,
    CSV and npz files may be anything, results of a check among them.
    """
    found: dict[tuple[Path, str], Path] = {}
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        name = path.name.lower()
        if hidden or not name.endswith((".trc", "_keypoints.json")) or not path.is_file():
            continue
        series = name if name.endswith(".trc") else re.sub(r"\d+_keypoints\.json$", "", name)
        found.setdefault((path.parent, series), path)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a CSV file are what, for files whose own names say nothing.

    `places`: place -> (column of x, column of y), the places named as landmarks (left_hip) or
    along the back (occiput, C7, T4, T8, L3, sacrum). `time_s`: the column of seconds. `fps` where
    there is none. `size_px`: the picture's (width, height) when x and y are shares of it. `y_up`:
    y counts upward.
    """

    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    time_s: str | None = None
    fps: float | None = None
    size_px: tuple[float, float] | None = None
    y_up: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file of keypoints may leave open: its rate, its columns, its picture's size.

    `fps` and `size_px` count only where the file does not say.
    """

    fps: float | None = None
    columns: Columns | None = None
    size_px: tuple[float, float] | None = None
