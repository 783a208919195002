"""Trends over sessions of one exercise: each measure in the first, the best and the last session.

Pure functions of stored sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hinge_dowel.history.records import SessionRecord
from hinge_dowel.report.comparison import MEASURES, Change, Measured, change, over
from hinge_dowel.report.measures import MAIN_ANGLES, TOPS, Measure, top_of
from hinge_dowel.verdict import ANGLE_OF


@dataclass(frozen=True, slots=True)
class Trend:
    """One measure over sessions: `values` are their medians in order, None where not seen.

    `first`, `best` and `last` are those of the first, the best and the last session, None where not
    seen; `change` is from the first to the last.
    """

    measure: Measure
    values: tuple[float | None, ...]
    first: Measured | None
    best: Measured | None
    last: Measured | None
    change: Change


def by_exercise(sessions: Sequence[SessionRecord]) -> dict[str, tuple[SessionRecord, ...]]:
    """Return the sessions of each exercise, the exercise practised last first."""
    names = dict.fromkeys(session.verdict.exercise for session in reversed(sessions))
    return {name: tuple(s for s in sessions if s.verdict.exercise == name) for name in names}


def best_session(sessions: Sequence[SessionRecord]) -> SessionRecord:
    """Return the session with the largest share of clean reps, then the least flexion as a share of
    its limits, then the latest.

    One that is `short` is the best only where there is no other. There must be at least one.
    """
    long = [s for s in sessions if not s.short]
    return max(long or sessions, key=lambda s: (s.clean_share or 0.0, -_flexion(s), s.number))


def trends(sessions: Sequence[SessionRecord]) -> tuple[Trend, ...]:
    """Return a trend for each measure that two sessions at least show, in `MEASURES`' order."""
    if not sessions:
        return ()
    best_at = sessions.index(best_session(sessions))
    over_time = []
    for measure in MEASURES:
        if measure.key not in TOPS:
            continue
        seen = [over(session.verdict.reps, measure) for session in sessions]
        values = tuple(None if one is None else one.value for one in seen)
        if sum(value is not None for value in values) < 2:
            continue
        first, last = seen[0], seen[-1]
        changed = change(first, last) if first is not None and last is not None else "unknown"
        over_time.append(Trend(measure, values, first, seen[best_at], last, changed))
    return tuple(over_time)


def _flexion(session: SessionRecord) -> float:
    """Return the largest median of the angles that make faults, as a share of twice their limit."""
    angles = [angle for angle in MAIN_ANGLES if angle.key in ANGLE_OF.values()]
    seen = [(over(session.verdict.reps, angle), angle.key) for angle in angles]
    limits = session.verdict.limits
    return max((one.value / top_of(key, limits) for one, key in seen if one), default=0.0)
