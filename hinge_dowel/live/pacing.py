"""How fast a session goes: how long pictures took, and how often they are drawn."""

from __future__ import annotations

from collections import deque

import numpy as np

from hinge_dowel.live.snapshot import Snapshot

BUSY_DRAW_S = 0.3
"""A machine that leaves pictures out draws at most this often, unless a light or a word changes:
the time goes to looking. A choice."""
KEPT_TIMES = 20_000
"""How many times are kept of each kind: 22 minutes at 15 pictures a second. A choice."""


class Stats:
    """How long the latest pictures took to become verdicts, in ms."""

    def __init__(self) -> None:
        self._took_ms: deque[float] = deque(maxlen=KEPT_TIMES)
        self._heard_ms: deque[float] = deque(maxlen=KEPT_TIMES)
        self.frames = 0
        self.dropped = 0
        self.seconds = 0.0

    def add(self, took_ms: float) -> None:
        """A picture was shown this long after it came."""
        self._took_ms.append(took_ms)
        self.frames += 1

    def heard(self, took_ms: float) -> None:
        """A picture reached the loudspeaker this long after it came."""
        self._heard_ms.append(took_ms)

    @property
    def rate_hz(self) -> float:
        """Pictures a second over the whole session."""
        return self.frames / self.seconds if self.seconds else 0.0

    def percentile_ms(self, share: float) -> float:
        """So many of a hundred pictures took no longer; NaN without pictures."""
        return float(np.percentile(self._took_ms, share)) if self._took_ms else float("nan")

    def told(self) -> str:
        """All of it in one sentence."""
        if not self.frames:
            return "No picture was looked at."
        hum = f" To the hum: median {np.median(self._heard_ms):.0f} ms." if self._heard_ms else ""
        return (
            f"From picture to verdict: median {self.percentile_ms(50):.0f} ms, 95 % within "
            f"{self.percentile_ms(95):.0f} ms, over {self.frames} pictures in "
            f"{self.seconds:.1f} s ({self.rate_hz:.1f} a second, {self.dropped} left out).{hum}"
        )


class DrawingRate:
    """Which snapshots are drawn: all, or while pictures are left out those that say something new.

    On an idle machine a picture costs 23 ms of looking, 9 of measuring and 4 of drawing.
    """

    def __init__(self) -> None:
        self._drawn_s = -np.inf
        self._said: tuple[object, ...] = ()

    def due(self, snapshot: Snapshot, now_s: float, *, busy: bool) -> bool:
        """Whether to draw this one; one that is due counts as drawn."""
        said = (
            *(snapshot.stage, snapshot.message, snapshot.cue, len(snapshot.set_reps)),
            *(snapshot.head, snapshot.upper_back, snapshot.sacrum),
        )
        if busy and said == self._said and now_s - self._drawn_s < BUSY_DRAW_S:
            return False
        self._drawn_s, self._said = now_s, said
        return True
