"""Watches a session for jumps and turns, and for a change of person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hinge_dowel.analysis import segments
from hinge_dowel.analysis.pipeline import Record, trusted
from hinge_dowel.analysis.repetitions import LONGEST_GAP_S
from hinge_dowel.body.facing import facing_of
from hinge_dowel.live.frames import BENT_DEG, FrameRow, shows_person
from hinge_dowel.pose.person_tracks import BodyLocation, locate, same_person
from hinge_dowel.verdict import Facing

WATCHED_S = 4.0
"""Breaks are looked for in the latest frames of this length. A choice: a turn is found within a
second or so."""
ASK_S = 0.3
"""Time between two searches, for breaks and for new reps. A choice: longer would be noticed. Two
breaks found less than this apart are the same one."""
GAP_S = 1.5
"""Frames without a person are kept for this long: past `LONGEST_GAP_S`, so that the gap shows in
the curve as in a clip's, and no longer, so that an absence does not fill the frames kept. After a
longer one the person may have left and come back, which is no jump."""
LAST_FRAMES = 8
"""Whether somebody was bent a moment ago is read from the last of this many frames that shows them:
half a second. A choice."""

FACING_S = 0.3
"""The side somebody faces is decided after this long: early enough to correct it. A choice."""
TURNED_S = 2.0
"""It changes after facing the other way for this long: a glance back is no turn. A choice."""
SEEN_SHARE = 0.8
"""Frames that show the person must span this share of `FACING_S` or `TURNED_S`, as pictures do not
come evenly. A choice."""


class Breaks:
    """Finds the moments at which the followed person jumps or turns; no rep may span one."""

    def __init__(self) -> None:
        self._at_s = -np.inf
        self._before: BodyLocation | None = None

    def newest_s(self, rows: Sequence[FrameRow], size_px: tuple[int, int]) -> float | None:
        """Return the time of the first picture after a break not reported yet, or None."""
        recent = [row for row in rows if row.time_s > rows[-1].time_s - WATCHED_S]
        record, seen = trusted(as_record(recent, size_px))
        if seen.sum() < 2:
            return None
        breaks = segments.breaks(record, seen)
        at = max((k for k in breaks if recent[k].time_s > self._at_s + ASK_S), default=None)
        if at is None:
            return None
        self._at_s = recent[at].time_s
        # A person who was out of sight for longer may have gone and come back.
        if self._before is None:
            known = np.flatnonzero(seen[:at])
            if len(known) and self._at_s - recent[known[-1]].time_s <= GAP_S:
                self._before = locate(record.landmarks[:at])
        return self._at_s

    def other_person(self, rows: Sequence[FrameRow], size_px: tuple[int, int]) -> bool:
        """Return whether `rows` show another person than the frames before the last break.

        True at most once after a break, as soon as `rows` are long enough to compare; never where
        the person had been out of sight for long before the break.
        """
        if self._before is None or not rows or rows[0].time_s < self._at_s:
            return False
        if rows[-1].time_s - rows[0].time_s < segments.LEAST_S:
            return False
        before, self._before = self._before, None
        here = locate(as_record(rows, size_px).landmarks)
        return not same_person(before, here)


def as_record(rows: Sequence[FrameRow], size_px: tuple[int, int]) -> Record:
    """Return frames as a `Record`, the form in which clips are judged."""
    return Record(
        np.array([row.time_s for row in rows]),
        np.array([row.landmarks for row in rows]),
        np.array([row.outline for row in rows]),
        size_px,
        network=np.array([row.network for row in rows]),
    )


def under_way(rows: Sequence[FrameRow]) -> bool:
    """Return whether the last of the latest frames with hip flexion is in a repetition."""
    known = [row for row in rows[-LAST_FRAMES:] if shows_person(row) and np.isfinite(row.hip_deg)]
    return bool(known) and known[-1].hip_deg > BENT_DEG


def lost_s(rows: Sequence[FrameRow]) -> float:
    """Return when the person was last seen before a gap too long for a rep to go on; or -inf."""
    time = np.array([row.time_s for row in rows if shows_person(row)])
    gaps = np.flatnonzero(np.diff(time) > LONGEST_GAP_S)
    return float(time[gaps[-1]]) if len(gaps) else -np.inf


def side_faced(rows: Sequence[FrameRow], row: FrameRow, before: Facing | None) -> Facing | None:
    """Return the side that the person faces in the newest `row`, after the latest frames `rows`.

    That is the side `before` (None while unknown) until frames enough show another; somebody who is
    bent has not turned.
    """
    span_s = FACING_S if before is None else TURNED_S
    recent = [r for r in rows if row.time_s - r.time_s <= span_s and shows_person(r)]
    if not recent or row.time_s - recent[0].time_s < SEEN_SHARE * span_s:
        return before
    side = facing_of(np.array([r.landmarks for r in (*recent, row)]))
    if side is None or before is None:
        return side
    half = facing_of(np.array([r.landmarks for r in recent[: len(recent) // 2 + 1]]))
    upright = all(np.isnan(r.hip_deg) or r.hip_deg < BENT_DEG for r in recent)
    return side if half == side and upright else before
