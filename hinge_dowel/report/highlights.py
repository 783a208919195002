"""The frames of a clip that are shown, and repetitions by how well they were done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hinge_dowel.analysis.limits import limit_share
from hinge_dowel.exercises.cues import FAULTS
from hinge_dowel.report import contacts
from hinge_dowel.verdict import ANGLE_OF, Rep, Verdict, telling

TIME_COST_DEG_S = 4.0
"""In choosing the frame to show, a second from the bottom costs as much as this many degrees from
the worst angle: at the bottom pictures are sharp and the posture is plain. A choice."""
UNSEEN_COST_DEG = 90.0
"""In the same choice, the cost of a frame that does not show the angle."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """One frame to show of a clip: `frame` is a row of its series."""

    rep: Rep
    fault: str | None
    frame: int
    time_s: float


def worst(verdict: Verdict) -> Highlight | None:
    """Return the frame to show of a clip: of its `worst_of`, of a clean one the best bottom.

    None when there is nothing to show.
    """
    found = worst_of(verdict)
    return at_bottom(verdict, best(verdict)) if found is None else _shown(verdict, *found)


def worst_of(verdict: Verdict) -> tuple[Rep, str] | None:
    """Return the fault furthest past its limit, and its repetition; None without any.

    Sure faults come before maybes; partial repetitions only count where there is no whole one.
    """
    found = [(rep, fault) for rep in telling(verdict.reps) for fault in rep.faults]
    return max(found, key=lambda one: _gravity(one[0], one[1], verdict.limits), default=None)


def best(verdict: Verdict) -> Rep | None:
    """Return the best repetition, None without any."""
    return next(iter(in_order(verdict.reps, verdict.limits)), None)


def at_bottom(verdict: Verdict, rep: Rep | None) -> Highlight | None:
    """Return the frame that shows a repetition at its bottom; None when there is none."""
    return None if rep is None else _shown(verdict, rep, None)


def _shown(verdict: Verdict, rep: Rep, fault: str | None) -> Highlight | None:
    """Return the frame of a repetition nearest to its bottom, and to what it has of a fault."""
    series = verdict.series
    if series is None:
        return None
    frames = contacts.moving_frames(series, contacts.spans_s(verdict)[verdict.reps.index(rep)])
    lines_px = np.concatenate([series.dowel_px, series.back_px], axis=1)
    drawn = np.isfinite(lines_px).all(axis=(1, 2))
    # A repetition may be seen only in parts: then any frame of it, or else of the clip.
    rows = np.flatnonzero(frames & drawn if (frames & drawn).any() else drawn)
    if not len(rows):
        return None
    cost = np.zeros(len(rows))
    if rep.bottom_s is not None:
        cost += TIME_COST_DEG_S * np.abs(series.time_s[rows] - rep.bottom_s)
    angle = None if fault is None else ANGLE_OF[fault]
    if angle is not None and (value := getattr(rep, angle)) is not None:
        cost += np.nan_to_num(np.abs(getattr(series, angle)[rows] - value), nan=UNSEEN_COST_DEG)
    frame = int(rows[np.argmin(cost)])
    return Highlight(rep, fault, frame, float(series.time_s[frame]))


def in_order(reps: Sequence[Rep], limits: Mapping[str, float]) -> list[Rep]:
    """Return the counted ones of `reps`, or all where there is none, the best first.

    `limits` are those of their verdict. The best is clean, then has the fewest sure faults, maybes
    and notes, then stays furthest from every limit, then is the deepest.
    """

    def severity(rep: Rep) -> tuple[float, ...]:
        counts = (len(rep.sure_faults), len(rep.faults), len(rep.notes))
        share = max(share_of_limit(rep, fault, limits) or 0.0 for fault in FAULTS)
        return (not rep.clean, *counts, share, -(rep.hip_flexion_deg or 0.0))

    return sorted(telling(reps), key=severity)


def worst_fault(rep: Rep, limits: Mapping[str, float]) -> str | None:
    """Return the fault of a repetition that is furthest past its limit, sure ones before maybes."""
    return max(rep.faults, key=lambda fault: _gravity(rep, fault, limits), default=None)


def _gravity(rep: Rep, fault: str, limits: Mapping[str, float]) -> tuple[bool, float]:
    return fault in rep.sure_faults, excess(rep, fault, limits)


def excess(rep: Rep, fault: str, limits: Mapping[str, float]) -> float:
    """Return a fault's share of its limit among the verdict's `limits`, 1 at least."""
    return max(1.0, share_of_limit(rep, fault, limits) or 0.0)


def share_of_limit(rep: Rep, fault: str, limits: Mapping[str, float]) -> float | None:
    """Return how much of a fault's limit is used up, 0 at least; None where that is not known."""
    share = limit_share(rep, fault, limits)
    return None if share is None or np.isnan(share) else max(float(share), 0.0)
