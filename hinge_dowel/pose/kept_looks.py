"""What is kept of a clip while it is watched, to be compared or looked at once more afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Pixels
from hinge_dowel.pose.extraction import ObservesFrames
from hinge_dowel.pose.system_libraries import opencv
from hinge_dowel.pose.tracker import PoseObservation
from hinge_dowel.video.reader import Frame

T = TypeVar("T")

BLOCK_PX = 8
"""Pictures are made small as means of squares of so many pixels: letters of a caption are some of
them."""


class KeepingTracker(Generic[T]):
    """A pose tracker, and `kept`: what `part` returns of some of its looks, evenly over the clip.

    At least `least_count` are kept of a clip that has them, twice as many at most, the first always
    among them.
    """

    def __init__(
        self,
        tracker: ObservesFrames,
        least_count: int,
        part: Callable[[Frame, PoseObservation], T],
    ) -> None:
        self.kept: list[T] = []
        self._tracker, self._least_count, self._part = tracker, least_count, part
        self._step = 1
        self._count = 0

    def see(self, frame: Frame) -> PoseObservation:
        """Find the person in the next frame."""
        seen = self._tracker.see(frame)
        if self._count % self._step == 0:
            self.kept.append(self._part(frame, seen))
            if len(self.kept) > 2 * self._least_count:
                self.kept, self._step = self.kept[::2], 2 * self._step
        self._count += 1
        return seen

    def restart(self) -> None:
        """Forget the frames so far, but for what is kept."""
        self._tracker.restart()


def block_means(picture: Pixels) -> NDArray[np.float32]:
    """The means of the squares of `BLOCK_PX` in a picture (height, width, 3), in whole levels.

    (height // BLOCK_PX, width // BLOCK_PX, 3), but one at least each way; what is left over at the
    edges is left out.
    """
    high, wide = (max(side // BLOCK_PX, 1) for side in picture.shape[:2])
    whole = picture[: high * BLOCK_PX, : wide * BLOCK_PX]
    cv2 = opencv()  # three times as fast as numpy
    return np.asarray(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA), np.float32)
