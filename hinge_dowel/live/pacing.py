"""Measures how long pictures take in a session, and decides which snapshots are drawn."""

from __future__ import annotations

from collections import deque

import numpy as np

from hinge_dowel.live.snapshot import Snapshot

BUSY_DRAW_S = 0.3
"""Shortest time between two drawings on a machine too busy to read every picture, unless a light or
a word changes. A choice."""
KEPT_TIMES = 20_000
"""Number of latest times kept for the statistics: 22 minutes at 15 pictures a second. A choice."""


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
