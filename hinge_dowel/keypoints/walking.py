"""Bends in which the feet step: who walks does no hinge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hinge_dowel.analysis.refusal import KEYPOINTS
from hinge_dowel.analysis.time_series import known_median
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.landmarks import ANKLES
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.verdict import Rep, Verdict

STEP_TRUNKS = 0.35
"""Feet of markers that come so much nearer to each other, or go so much further apart, fore and
aft, have stepped: in trunk lengths, some 17 cm. In squats of two laboratories they stay within
0.02. A choice: steady at 0.2 and 0.6."""
AHEAD_TRUNKS, WENT_TRUNKS = 0.3, 0.4
"""Joints slip, and are exchanged: of who walks by them either foot gets ahead of the other by the
first, and both go on by the second. In some 4,000 repetitions, 20 of them by trackers of real
people, feet come nearer or go apart by 0.16 at most and go on by 0.3; in a walk by 2.6 and 1.0. In
lunges one foot stays ahead, and a treadmill takes nobody anywhere: those are not told."""
STEP_PERCENTILES = (5, 95)
"""Between these percentiles: feet jump now and then."""
BESIDE_S = 1.0
"""So long before and after a bottom is looked at where a movement has no beginning or end: a step
or two."""
WALKED = f"{KEYPOINTS.nothing.removesuffix('.')}, but for bends in which the feet step."
STEPPING = "The movement at {:.1f} s is not counted as a repetition: the feet step in it."


def steps(landmarks: Array) -> bool:
    """Whether the feet of markers step in these frames (F, 33, 3)."""
    low, high = _percentiles(_apart(landmarks))
    return bool(high - low > STEP_TRUNKS)


def walks(landmarks: Array) -> bool:
    """Whether somebody walks in these frames (F, 33, 2 or more)."""
    back, ahead = _percentiles(_apart(landmarks))
    begin, end = _percentiles(_feet(landmarks).mean(axis=1))
    return bool(min(ahead, -back) > AHEAD_TRUNKS and end - begin > WENT_TRUNKS)


def left_out_of(verdict: Verdict, time_s: Array, landmarks: Array) -> Verdict:
    """The verdict without bends of who walks, by landmarks (T, 33, 2 or more) at times (T,).

    Where nothing else is left it is unusable.
    """

    def of(rep: Rep) -> Array:
        bottom_s = rep.bottom_s or 0.0
        begin_s = bottom_s - BESIDE_S if rep.start_s is None else rep.start_s
        end_s = bottom_s + BESIDE_S if rep.end_s is None else rep.end_s
        return landmarks[(time_s >= begin_s) & (time_s <= end_s)]

    walked = [rep for rep in verdict.reps if walks(of(rep))]
    if not walked:
        return verdict
    rest = [rep for rep in verdict.reps if rep not in walked]
    said = (STEPPING.format(rep.bottom_s or 0.0) for rep in walked)
    verdict = verdict.with_reps(replace(rep, number=i) for i, rep in enumerate(rest, 1))
    if not rest:
        return replace(verdict, status="unusable", reason=WALKED, refusal="nothing")
    return replace(verdict, warnings=(*verdict.warnings, *said))


def _feet(landmarks: Array) -> Array:
    """How far forward the ankles (F, 2) are, in trunk lengths."""
    _, _, length = trunk_frame(landmarks)
    return np.asarray(landmarks[:, ANKLES, 0] / (known_median(length) or np.nan))


def _apart(landmarks: Array) -> Array:
    """How far the left ankle is before the right one (F,), in trunk lengths."""
    feet = _feet(landmarks)
    return np.asarray(feet[:, 0] - feet[:, 1])


def _percentiles(values: Array) -> tuple[float, float]:
    """Between what most of the values (F,) lie, NaN of none."""
    known = values[np.isfinite(values)]
    low, high = np.percentile(known, STEP_PERCENTILES) if len(known) else (np.nan, np.nan)
    return float(low), float(high)
