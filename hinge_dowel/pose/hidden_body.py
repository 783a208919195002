"""Whether something that never moves hides the body, such as a caption laid over a film.

Where the body is only now and then, the picture looks otherwise while it is there, unless something
lies over it. While a clip is watched some small pictures are kept, and compared afterwards.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array, Floats
from hinge_dowel.body.landmarks import HIPS, KNEES, SHOULDERS
from hinge_dowel.pose.extraction import ObservesFrames
from hinge_dowel.pose.kept_looks import BLOCK_PX, KeepingTracker, block_means
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.video.reader import Frame

KEPT_FRAMES = 60
"""So many of each tracker's pictures are kept at least, of a clip that has them; twice at most."""
LEAST_FRAMES = 12
"""Fewer in which the body moves tell nothing: in 9 of 51 pictures of a quick rise places were alike
by chance. A choice."""
MOVED_TRUNKS = 0.25
"""Further than this from its usual place, in lengths of the trunk, a point of the body has moved,
..."""
SAME_LEVELS = 8
"""... to places which look alike within so many grey levels of 256 ..."""
SLIP_SHARE = 0.02
"""... in all but so many pictures, where something hides it. Choices."""
HIDDEN_SHARE = 0.15
"""So many of the places are such where something hides the body: captions over the hips of 14 clips
come to 0.22 and more ..."""
LEAST_CONTRAST = 60.0
"""... and bright and dark ones are among them, so many grey levels apart: those of captions 159 and
more, of black clothes on a black ground 8 at most (64 clips as they are, and 230 darkened ones)."""
_TRUNK, _THIGH = (0.4, 0.6, 0.8, 1.0), (0.2, 0.4, 0.6, 0.8)
"""Points of shoulder to hip and of hip to knee. Shanks stay where they are."""
_Look = tuple[Array, NDArray[np.float32]]
"""Landmarks (33, 2) in pixels, and the picture's green in `block_means`."""


class HiddenBody:
    """Keeps what tells it, while a clip is watched by trackers that go `through` it."""

    def __init__(self) -> None:
        self._trackers: list[KeepingTracker[_Look]] = []

    def through(self, tracker: ObservesFrames) -> ObservesFrames:
        """A pose tracker of which some observations are kept."""
        self._trackers.append(KeepingTracker(tracker, KEPT_FRAMES, _look))
        return self._trackers[-1]

    @property
    def found(self) -> bool:
        """Whether something that never moves hides the body in most of the clip."""
        kept = [one for tracker in self._trackers for one in tracker.kept]
        if not kept:
            return False
        share, contrast = _looks_as_ever(*map(np.array, zip(*kept, strict=True)))
        return share >= HIDDEN_SHARE and contrast >= LEAST_CONTRAST


def _look(frame: Frame, seen: PoseObservation) -> _Look:
    return seen.landmarks[:, :2], block_means(frame.rgb)[..., 1]


def _looks_as_ever(landmarks: Floats, pictures: NDArray[np.floating]) -> tuple[float, float]:
    """The share of places looking as ever where the body has moved, and the contrast among them.

    `landmarks` (N, 33, 2) are in pixels, NaN where nobody is seen, `pictures` (N, rows,
    columns) in grey, a place for `BLOCK_PX`.
    """
    seen = np.isfinite(landmarks).all(axis=(1, 2))
    if seen.sum() < LEAST_FRAMES:
        return 0.0, 0.0
    usual = np.median(pictures, axis=0)
    shoulder, hip, knee = (
        landmarks[seen][:, list(pair)].mean(axis=1) for pair in (SHOULDERS, HIPS, KNEES)
    )
    trunk_px = float(np.median(np.linalg.norm(shoulder - hip, axis=1)))
    points = np.stack(
        [hip + (1 - share) * (shoulder - hip) for share in _TRUNK]
        + [hip + share * (knee - hip) for share in _THIGH],
        axis=1,
    )
    off = np.linalg.norm(points - np.median(points, axis=0), axis=-1)
    moved = off > MOVED_TRUNKS * trunk_px
    if moved.any(axis=1).sum() < LEAST_FRAMES:
        return 0.0, 0.0
    frame, which = np.nonzero(moved)
    most = np.array(usual.shape[::-1]) - 1
    column, row = np.clip(points[frame, which] // BLOCK_PX, 0, most).astype(int).T
    never = (np.abs(pictures - usual) > SAME_LEVELS).mean(axis=0) <= SLIP_SHARE
    same = never[row, column]
    if not same.any():
        return 0.0, 0.0
    dark, bright = np.percentile(usual[row, column][same], (5, 95))
    return float(same.mean()), float(bright - dark)
