"""The pace of a session: how many pictures a second are read, and what follows from it.

That is how the pose model reads them, and which snapshots are drawn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from hinge_dowel.analysis import frame_rate
from hinge_dowel.live.snapshot import Snapshot
from hinge_dowel.pose.extraction import ObservesFrames
from hinge_dowel.pose.tracker import PoseObservation, SinglePictureTracker
from hinge_dowel.video.reader import Frame

PACE_S = 3.0
"""Window over which pictures a second are counted: about one repetition. A choice."""
LEAST_PACE_S = 2.0
"""The rate is None until it was measured over this long. A choice."""
FOLLOWS_HZ = 8.0
"""Below this many pictures a second, each is searched by itself. Following loses head and legs
below 6; the margin is there because a busy machine is busy in bursts."""
SOON_S = 0.7
"""The rate is used once it was measured over this many seconds; not more, as a film may begin with
a repetition. A choice."""
FOLLOWS_AGAIN_HZ = 12.0
"""From this many pictures a second the person is followed again: a search takes half as long again
as following, so a machine that manages 12 searches a second can follow through 18 pictures."""
BUSY_DRAW_S = 0.3
"""Shortest time between two drawings on a machine too busy to read every picture, unless a light or
a word changes. A choice."""
KEPT_TIMES = 20_000
"""Number of latest times kept for the statistics: 22 minutes at 15 pictures a second. A choice."""


class FrameRate:
    """Measures how many pictures a second are read, once they span `least_s` seconds."""

    def __init__(self, least_s: float = LEAST_PACE_S) -> None:
        self._least_s = least_s
        self._times: deque[float] = deque()

    def note(self, time_s: float) -> None:
        """Count a picture read at `time_s`; after a pause of `PACE_S` the count begins again."""
        if self._times and not 0 <= time_s - self._times[-1] <= PACE_S:
            self._times.clear()
        self._times.append(time_s)
        while self._times[0] < time_s - PACE_S:
            self._times.popleft()

    @property
    def rate_hz(self) -> float | None:
        """Pictures a second over the last `PACE_S`, None while they span less than `least_s`."""
        if not self._times or self._times[-1] - self._times[0] < self._least_s:
            return None
        return frame_rate.rate_hz(self._times)


class AdaptiveTracker:
    """A tracker that follows the person, or searches each picture by itself, by the pace.

    Following is cheaper and smoother, but needs many pictures a second. On a machine too busy for
    that, fewer pictures, each searched by itself, show the body as well as many followed ones.

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
        self._frame_rate = FrameRate(SOON_S)

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


class LatencyStats:
    """How long the latest pictures took from arrival to verdict and to the loudspeaker, in ms."""

    def __init__(self) -> None:
        self._took_ms: deque[float] = deque(maxlen=KEPT_TIMES)
        self._heard_ms: deque[float] = deque(maxlen=KEPT_TIMES)
        self.frames = 0
        self.dropped = 0
        self.seconds = 0.0

    def add(self, took_ms: float) -> None:
        """Count a picture that was shown `took_ms` after it came."""
        self._took_ms.append(took_ms)
        self.frames += 1

    def heard(self, took_ms: float) -> None:
        """Count a picture that reached the loudspeaker `took_ms` after it came."""
        self._heard_ms.append(took_ms)

    def sentence(self) -> str:
        """Return all figures in one sentence."""
        if not self.frames:
            return "No picture was looked at."
        usual_ms, most_ms = np.percentile(self._took_ms, (50, 95))
        rate_hz = self.frames / self.seconds if self.seconds else 0.0
        hum = f" To the hum: median {np.median(self._heard_ms):.0f} ms." if self._heard_ms else ""
        return (
            f"From picture to verdict: median {usual_ms:.0f} ms, 95 % within {most_ms:.0f} ms, "
            f"over {self.frames} pictures in {self.seconds:.1f} s ({rate_hz:.1f} a second, "
            f"{self.dropped} left out).{hum}"
        )


class DrawingRate:
    """Decides which snapshots are drawn: all, or on a busy machine those that say something new.

    On an idle machine a picture costs 23 ms of looking, 9 of measuring and 4 of drawing.
    """

    def __init__(self) -> None:
        self._drawn_s = -np.inf
        self._said: tuple[object, ...] = ()

    def due(self, snapshot: Snapshot, now_s: float, *, busy: bool) -> bool:
        """Return whether to draw this snapshot; one that is due counts as drawn."""
        said = (
            *(snapshot.stage, snapshot.message, snapshot.cue, len(snapshot.set_reps)),
            *(snapshot.body.head, snapshot.body.upper_back, snapshot.body.sacrum),
        )
        if busy and said == self._said and now_s - self._drawn_s < BUSY_DRAW_S:
            return False
        self._drawn_s, self._said = now_s, said
        return True
