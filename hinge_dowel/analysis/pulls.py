"""Repetitions that start at the bottom: lifts from the floor.

They are humps of the hip's curve like others, but only part of a hump is the lift. The person bends
to the weight before the first pull, and sets it down after the last: neither is a repetition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.time_series import SMOOTHING_S

STILL_LOW_SHARE = 0.06
"""The way up begins when the hips have finally risen by this share of the depth: 5 to 8 degrees.
A choice: steady at 0.03 and 0.12."""
SETTING_OFF_S = 0.5
"""The pull begins this long before the hips rise, after the set-up. A choice: steady at 0.25, 1."""
RISEN_SHARE = 0.25
"""Least rise, as a share of the depth, of a person who has lifted something. A choice: steady at
0.125 and 0.5."""


def pulls(motion: Posture, spans: Sequence[RepSpan]) -> tuple[RepSpan, ...]:
    """Return the spans as lifts, each with its bottom just before the hips finally rise.

    The first lift begins there too. A way down without a rise is left out, unless it is all.
    """
    lifted = [span for span in spans if _rises(motion, span)]
    if not lifted:
        return tuple(spans)
    moved = [_from_the_pull(motion, span) for span in lifted]
    first = moved[0]
    begins = int(np.searchsorted(motion.time_s, first.bottom_s - SMOOTHING_S / 2, "right"))
    begun = replace(
        first,
        start_s=first.bottom_s,
        first=max(first.first, begins),
        kind="partial" if first.end_s is None else "full",
    )
    return (begun, *moved[1:])


def _rises(motion: Posture, span: RepSpan) -> bool:
    """Return whether the person is seen to come up again."""
    if span.end_s is not None:
        return True
    after = motion.hip_deg[span.bottom : span.last + 1]
    if not np.isfinite(after).any():
        return False
    deepest = float(np.nanmax(motion.hip_deg[span.frames]))
    return bool(np.nanmin(after) < (1 - RISEN_SHARE) * deepest)


def _from_the_pull(motion: Posture, span: RepSpan) -> RepSpan:
    """Return the span with its bottom at the end of a long set-up, just before the way up."""
    hip = motion.hip_deg[span.bottom : span.last + 1]
    if not np.isfinite(hip).any():
        return span
    deepest, least = float(np.nanmax(hip)), float(np.nanmin(hip))
    with np.errstate(invalid="ignore"):
        low = np.flatnonzero(hip >= deepest - STILL_LOW_SHARE * (deepest - least))
    leaves_s = float(motion.time_s[span.bottom + int(low[-1])]) - SETTING_OFF_S
    bottom = max(span.bottom, int(np.searchsorted(motion.time_s, leaves_s)))
    return replace(span, bottom=bottom, bottom_s=float(motion.time_s[bottom]))
