"""The reader of C3D, the format of motion capture."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.sightings import Keypoints, Sightings, gather
from hinge_dowel.system.console import install_hint


def read_c3d(path: Path) -> Keypoints:
    """Read the named points of a C3D file, at the rate it says.

    Axes and unit may be any. Points with a negative residual were not seen. Needs the package
    `c3d`. Raises `ClipError`.
    """
    try:
        import c3d
    except ImportError as error:
        raise ClipError(
            f"Reading {path.name} needs the package c3d: {install_hint('c3d')}"
        ) from error
    try:
        # It warns of every parameter that a file does not have.
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Laboratories' programs write rates twice, and not always alike: headers are taken as
            # they are.
            lenient = type("LenientReader", (c3d.Reader,), {"check_metadata": lambda _: None})
            reader: Any = lenient(file)
            labels = [label.strip() for label in reader.point_labels]
            rate = float(reader.point_rate)
            frames, points = [], []
            for number, seen, _ in reader.read_frames(copy=True):
                frames.append(float(number))
                points.append(seen[:, :4])
    except Exception as error:  # of damaged bytes the reader makes many kinds
        raise ClipError(f"{path.name} is not a C3D file, or is damaged.") from error
    if not points or not labels:
        raise ClipError(f"{path.name} holds no markers.")
    values = np.array(points, dtype=float)
    places = values[:, : len(labels), :3]
    places[values[:, : len(labels), 3] < 0] = np.nan
    return gather(
        Sightings(
            what=path.name,
            names=labels[: places.shape[1]],
            places=places,
            # A recording that was trimmed goes on counting: its own beginning is its 0.
            frame=np.array(frames) - frames[0],
            fps=rate if rate > 0 else None,
            space=True,
        )
    )
