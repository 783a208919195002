"""A person in numbers, as the pose model sees the sample mixed_right.mp4: for tests of the live
session without video or model. Made by `PYTHONPATH=tests python -m support.recorded_person`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis.pipeline import Record
from hinge_dowel.pose.tracker import PoseObservation
from support.records import only

FILE = Path(__file__).parent / "data" / "mixed_right.npz"
SIZE = (640, 480)


def record() -> Record:
    with np.load(FILE) as data:
        size = tuple(int(side) for side in data["size_px"])
        return Record(
            data["time_s"].astype(float),
            data["landmarks"].astype(float),
            data["outlines"].astype(float),
            (size[0], size[1]),
        )


def thinned(seen: Record, step: int) -> Record:
    """Return the record with every `step`th picture alone, as of a slow machine."""
    return only(seen, slice(None, None, step))


def observations(seen: Record, *, start_s: float = 0.0) -> Iterator[PoseObservation]:
    """Yield the record as the tracker's observations; `outlines_known` must be in force."""
    assert seen.outlines is not None
    for time_s, landmarks, outline in zip(seen.time_s, seen.landmarks, seen.outlines, strict=True):
        found = np.isfinite(landmarks).all()
        silhouette = outline.reshape(1, -1).astype(np.float32) if found else None
        yield PoseObservation(float(time_s) + start_s, landmarks, silhouette)


@contextmanager
def outlines_known() -> Iterator[None]:
    """Within the block, take the silhouettes of `observations` for outlines."""

    def known(_: object, silhouette: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.asarray(silhouette, dtype=float).ravel()

    with (
        mock.patch("hinge_dowel.pose.extraction.outline_rays", known),
        mock.patch("hinge_dowel.live.estimator.outline_rays", known),
    ):
        yield


if __name__ == "__main__":
    from hinge_dowel.pose.extraction import extract_pose

    watched = extract_pose(Path(__file__).parents[2] / "samples" / "mixed_right.mp4")
    assert watched.outlines is not None
    FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        FILE,
        time_s=watched.time_s,
        landmarks=watched.landmarks.astype(np.float32),
        outlines=watched.outlines.astype(np.float16),
        size_px=np.array(watched.size_px),
    )
