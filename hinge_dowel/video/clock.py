"""The time of pictures: it never goes back, whatever the file says."""

from __future__ import annotations

RESTART_S = 0.5
"""Further back than this a clock begins again, as where films were joined end to end; nearer, it is
a repeated or a misplaced picture. Reordered pictures lie within 0.3 s (16 of them at 50 a second,
the most that H.264 keeps)."""
WILD_S = 2 * RESTART_S
"""Further ahead than this the file's time may be a lone wild one: a choice, for a gap in a film may
be as long."""


class Clock:
    """Seconds since the first picture, strictly rising.

    Where the file's time goes back, it goes on from where it was, a picture later. A lone wild
    time changes nothing after it.
    """

    def __init__(self) -> None:
        self._start_s: float | None = None
        self._shift_s = 0.0
        self._last_s = 0.0
        # Of the time before the last one that went back: its shift, and when it was left.
        self._before: tuple[float, float] | None = None

    @property
    def started(self) -> bool:
        """Whether there was a picture."""
        return self._start_s is not None

    def restart(self, step_s: float) -> None:
        """The next picture follows the last one `step_s` later, whatever it says."""
        if self._start_s is not None:
            self._shift_s = self._last_s + step_s
            self._start_s = self._before = None

    def since_start(self, file_s: float) -> float | None:
        """What a time of the file is on this clock as it stands now, None before the start."""
        return None if self._start_s is None else file_s - self._start_s + self._shift_s

    def near(self, time_s: float) -> bool:
        """Whether a time lies so near to the last picture that the clock holds for it."""
        return self._last_s - RESTART_S <= time_s <= self._last_s + WILD_S

    def tick(self, file_s: float, step_s: float) -> float | None:
        """The time of the next picture, None for one that was there already.

        `file_s` is the file's own time, `step_s` the usual time from picture to picture.
        """
        if self._start_s is None:
            self._start_s = file_s
            self._last_s = self._shift_s
            return self._last_s
        now_s = file_s - self._start_s + self._shift_s
        if now_s <= self._last_s:
            if self._last_s - now_s <= RESTART_S:
                return None
            self._before = self._shift_s, self._last_s
            self._shift_s += self._last_s + step_s - now_s
            now_s = self._last_s + step_s
        elif self._before is not None and now_s - self._last_s > RESTART_S:
            # Back where it was before: the one that went back was wild.
            shift_s, left_s = self._before
            as_before_s = file_s - self._start_s + shift_s
            if left_s < as_before_s <= left_s + WILD_S:
                self._shift_s, self._before, now_s = shift_s, None, as_before_s
                if now_s <= self._last_s:
                    return None
        self._last_s = now_s
        return now_s
