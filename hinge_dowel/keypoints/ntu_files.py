"""The reader of NTU RGB+D's skeletons: Kinect's joints in space, as text of its own form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.sightings import Keypoints, Sightings, gather
from hinge_dowel.keypoints.skeletons import SKELETONS
from hinge_dowel.keypoints.stated import About
from hinge_dowel.keypoints.text import text_of

_JOINTS = next(one.joints for one in SKELETONS if one.title == "Kinect v2")
KINECT_FPS = 30.0
"""Kinect looks so often; the files do not say it."""


def read_skeleton(path: Path) -> Keypoints:
    """Read how many frames there are, and of each how many bodies, and of each its joints.

    A body has a line that begins with its number, a line with the number of its joints, and a line
    for each of those: x, y (up) and z in metres, seven numbers that are of no use here, and whether
    it was tracked. Raises `ClipError`.
    """
    lines = iter(text_of(path).split("\n"))
    try:
        told = list(_bodies(lines))
    except (ValueError, IndexError, StopIteration, RuntimeError) as error:
        raise ClipError(
            f"{path.name} is not a skeleton file of NTU RGB+D, or is damaged."
        ) from error
    frame, person, joints = zip(*told, strict=True) if told else ((), (), ())
    rows = np.array(joints, dtype=float).reshape(-1, len(_JOINTS), 4)
    return gather(
        Sightings(
            what=path.name,
            names=_JOINTS,
            places=rows[..., :3],
            certainty=rows[..., 3],
            frame=np.array(frame, dtype=float),
            person=list(person),
            about=About(KINECT_FPS),
        )
    )


def _bodies(lines: Iterator[str]) -> Iterator[tuple[int, str, Array]]:
    """The frame of each body, its number, and the joints (25, 4): places, and how sure they are."""
    for frame in range(int(next(lines))):
        for _ in range(int(next(lines))):
            person = next(lines).split()[0]
            joints = np.array([next(lines).split() for _ in range(int(next(lines)))], dtype=float)
            yield frame, person, joints[:, [0, 1, 2, -1]]
