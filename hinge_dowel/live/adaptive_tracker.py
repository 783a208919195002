"""Chooses how the pose model reads a session: following the person, or each picture by itself.

Following is cheaper and smoother, but needs many pictures a second. On a machine too busy for that,
fewer pictures, each searched by itself, show the body as well as many followed ones.
"""

from __future__ import annotations

from collections.abc import Callable

from hinge_dowel.live.continuity import FrameRate
from hinge_dowel.pose.extraction import ObservesFrames
from hinge_dowel.pose.tracker import PoseObservation, SinglePictureTracker
from hinge_dowel.video.reader import Frame

FOLLOWS_HZ = 8.0
"""Below this many pictures a second, each is searched by itself. Following loses head and legs
below 6; the margin is there because a busy machine is busy in bursts."""
LEAST_PACE_S = 0.7
"""The rate is used once it was measured over this many seconds; not more, as a film may begin with
a repetition. A choice."""
FOLLOWS_AGAIN_HZ = 12.0
"""From this many pictures a second the person is followed again: a search takes half as long again
as following, so a machine that manages 12 searches a second can follow through 18 pictures."""


class AdaptiveTracker:
    """A tracker that switches between following and searching by pace.

    `following` follows from picture to picture; `open_slow` opens the tracker that searches each
    picture by itself, once it is needed, and sees to its end.
    """

    def __init__(
        self, following: ObservesFrames, open_slow: Callable[[], SinglePictureTracker]
    ) -> None:
        self._following = following
        self._open_slow = open_slow
        self._slow: SinglePictureTracker | None = None
        self._active: ObservesFrames | SinglePictureTracker = following
        self._frame_rate = FrameRate(LEAST_PACE_S)

    def see(self, frame: Frame) -> PoseObservation:
        """Return the pose in the next picture, read the way that suits the pace so far."""
        self._frame_rate.note(frame.time_s)
        rate_hz = self._frame_rate.rate_hz
        follows = self._active is self._following
        if rate_hz is not None and follows and rate_hz < FOLLOWS_HZ:
            self._active = self._slow = self._slow or self._open_slow()
        elif rate_hz is not None and not follows and rate_hz >= FOLLOWS_AGAIN_HZ:
            self._active = self._following
            self._following.restart()
        return self._active.see(frame)
