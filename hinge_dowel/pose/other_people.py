"""Whether anybody else is in a clip of one person: a watcher, a mirror, a screen, a poster.

While the clip is watched a few of its pictures are kept; afterwards they are looked at for several
people. It costs 0.2 s a clip, and nothing where somebody else was noticed anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hinge_dowel.pose.extraction import Floats, ObservesFrames, Record
from hinge_dowel.pose.person_tracks import (
    BENT_SHORTER,
    BodyLocation,
    PersonTrack,
    locate,
    same_person,
)
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.video.reader import Frame

KEPT_FRAMES = 3
"""So many pictures are looked at: people in mirrors are found in every other one."""
LARGER = 1.15
"""A trunk so much longer is nearer to the camera; in a mirror people are smaller."""


class KeptFrames:
    """Keeps some pictures of a clip, spread evenly over what has been seen of it so far."""

    def __init__(self) -> None:
        self._kept: list[Frame] = []
        self._step = 1
        self._count = 0

    def keep(self, frame: Frame) -> None:
        """Take note of the next picture."""
        if self._count % self._step == 0:
            self._kept.append(frame)
            if len(self._kept) > 2 * KEPT_FRAMES:
                self._kept, self._step = self._kept[::2], 2 * self._step
        self._count += 1

    @property
    def frames(self) -> list[Frame]:
        """`KEPT_FRAMES` pictures of those kept, or as many as there are."""
        at = np.linspace(0, len(self._kept) - 1, min(KEPT_FRAMES, len(self._kept))).round()
        return [self._kept[int(i)] for i in at]

    def through(self, tracker: ObservesFrames) -> ObservesFrames:
        """A pose tracker that shows what it is given here, too."""
        return _KeepingTracker(self, tracker)


class _KeepingTracker:
    """The pose tracker that it looks through, and `KeptFrames` beside it."""

    def __init__(self, kept: KeptFrames, tracker: ObservesFrames) -> None:
        self._frames = kept
        self._tracker = tracker

    def see(self, frame: Frame) -> PoseObservation:
        """Find the person in the next frame."""
        self._frames.keep(frame)
        return self._tracker.see(frame)

    def restart(self) -> None:
        """Forget the frames so far."""
        self._tracker.restart()


def others_in(frames: Sequence[Frame], record: Record, model: Path | None) -> list[Floats]:
    """Who is in some pictures beside the person of a record: (N, 33, 4) in pixels of each.

    Pictures in which that person is not seen are left out.
    """
    from hinge_dowel.pose import model_file
    from hinge_dowel.pose.tracker import MultiPoseTracker

    at = [np.searchsorted(record.time_s, frame.time_s) for frame in frames]
    own = [locate(record.landmarks[k][None]) for k in at]
    known = [(f, one) for f, one in zip(frames, own, strict=True) if np.isfinite(one.trunk_px)]
    if not known:
        return []
    with MultiPoseTracker(model or model_file.locate()) as crowd:
        return [_beside(one, crowd.poses(frame)) for frame, one in known]


def _beside(own: BodyLocation, poses: Floats) -> Floats:
    """Of the poses in a picture those of others."""
    same = [same_person(locate(pose[None]), own, spare=BENT_SHORTER) for pose in poses]
    return np.asarray(poses[~np.array(same, dtype=bool)])


def nearer(own: PersonTrack, others: Sequence[PersonTrack]) -> PersonTrack | None:
    """The one who is plainly nearer to the camera than `own`, who may be in a mirror."""
    largest = max(others, key=lambda one: one.trunk_px, default=own)
    return largest if largest.trunk_px > LARGER * own.trunk_px else None
