"""Repetitions in a hip-angle series: where each one starts, is deepest, and ends.

A repetition is a hump of the hip-flexion curve. Humps are found by their topographic prominence
(`prominent_peaks`), compared with a share of their own depth and with an absolute limit. This
hysteresis keeps a bounce at the bottom from making two repetitions, and lets touch-and-go
repetitions, which never quite stand up between, stay two. Each stretch of the series is padded
with standing at both ends, so that a lowering or a lift alone is a hump like any other, with one
end outside the clip.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, median_filter, minimum_filter1d

from hinge_dowel.analysis.peaks import prominent_peaks
from hinge_dowel.body.array_types import Array, Indices

Kind = Literal["full", "partial", "held"]

GRID_S = 0.04
"""Step of the curve's even grid: 25 points in a repetition of a second. Steady at 0.02 and 0.08."""
CURVE_SIGMA_S = 0.1
"""Gaussian sigma of the curve: takes 18 % off the swing of a 1 s repetition, 1 % off a 4 s one.
Steady at 0.05; 0.125 changes a clip."""
BOTTOM_SHARE = 0.1
"""The bottom is the stretch within this share of the depth of the deepest point. Simulated: of 0.06
to 0.3 the one that misses its middle least, over noise, pauses, bounces and uneven movement."""
FLAT_SHARE = 0.15
"""A hold stays within this share of the depth: people settle by some degrees as they tire.
A choice: steady at 0.075 and 0.3."""
BEFORE_LIFT_S, AFTER_LOWERING_S = 0.3, 0.5
"""Time at the bottom that belongs to a lift alone (before it), and to a lowering alone (after it):
a set-up before and letting go after are left out. Lowering ends slowly. Choices: 0.24 and 0.25 are
steady, 0.375 and 0.625 change a clip."""
LEVEL_SIGMA_S = 0.25
"""Gaussian sigma for the standing level, long enough that noise does not pull its minimum down.
A choice: 0.2 is steady, 0.31 changes a clip."""
LEAST_DEPTH_DEG = 18.0
"""Least hip flexion of a repetition above standing, and above the valleys beside it. Simulated:
sways of 12 with noise of 3 (sd) stay below, half repetitions of 25 above."""
LEAST_DEPTH_SHARE = 0.4
"""Least prominence as a share of the depth: touch-and-go that returns by 40 % passes. A choice:
steady at 0.32 and 0.5, not at 0.2 and 0.8."""
LEAST_DURATION_S = 0.6
"""Shortest repetition; half of it for a lowering or lift alone. A repetition of 1 s is out of
standing for 0.7 s or more; the forward swing of a thigh in walking lasts 0.5 s (a cycle takes about
1 s: Winter, Biomechanics and Motor Control of Human Movement, 2009). Steady at 0.75; 0.48 changes
a clip."""
EDGE_SHARE = 0.3
"""A repetition within this share of its depth from standing at the clip's edge begins or ends
there: people trim clips to the movement. A choice: 0.24 is steady, 0.15 and 0.375 change a clip."""
PARTIAL_DEPTH_DEG = 30.0
"""Least depth of a lowering or lift alone: twice the 15 by which an assumed neutral may be off.
Steady at 15 and 60."""
PARTIAL_SHARE = 0.4
"""Least depth of a lowering or lift alone as a share of the median full repetition. Of 84 clips of
virtual subjects 0.5 loses two lifts that a clip begins with; 0.4 adds nothing false."""
NEUTRAL_ERROR_DEG = 25.0
"""Still postures this near to the given neutral are standing: an assumed neutral may be 15 off, and
people sway. Steady at 12.5 and 50."""
FOOT_DEG, FOOT_SHARE = 5.0, 0.1
"""A repetition begins and ends this far above standing, where natural sway stays below, or at this
share of its depth, if that is more. Choices: half and twice of the first are steady, 0.08 and 0.125
of the second change a clip."""
STILL_DEG_S = 15.0
"""A posture is still below this speed: a 4 s repetition of 60 degrees reaches 47, a walking thigh
150. Steady at 7.5 and 30."""
STILL_S = 0.5
"""Least time of still postures from which the standing level is read; with less, the given neutral
is used. A choice: steady at 0.25 and 1."""
LEVEL_DRIFT_DEG = 6.0
"""How far the standing level may move to either side of that of the whole series: a drift of 12
degrees from start to end. A choice: steady at 4.8 and 7.5, not at 3 and 12."""
LEVEL_WINDOW_S = 15.0
"""Window of the standing level: longer than a repetition with its pauses. A choice: 12 is steady,
7.5 and 19 change a clip."""
HOLD_SHARE = 0.5
"""With neither end seen, a hold is at the bottom for at least this share of the time. A choice:
steady at 0.25 and 1."""
HOLD_S = 1.0
"""Least time at the bottom of a hold; less is the turn of a repetition. Steady at 0.5 and 2."""
LONGEST_GAP_S = 1.0
"""Longest unseen gap that is bridged: a longer one could hide standing. Steady at 0.5, 2."""
STEP_DEPTH_DEG, STEP_S = 45.0, 1.2
STEP_EXTENSION_DEG, STEP_TRUNK_DEG = 12.0, 10.0
"""A walking step is shallower than the first (the thigh swings 20 to 30 forward: Winter 2009) and
shorter than the second, and next to a swing that far behind standing, where no repetition goes, or
done with less change of the trunk's pitch than the last (in gait: 2 to 5). Half and twice of all
four are steady."""
SET_REPS = 3
"""Where this many repetitions were done in one place, a single movement separated from them by two
or more walking steps is none: something was fetched or put away. A choice: steady at 2 and 6."""
DENSE_S = 0.16
"""Greatest spacing of frames at which spikes of two frames are removed too. A choice."""
LOW_PERCENTILE = 30.0
"""Percentile of the still postures near the given neutral that is standing. A choice."""


@dataclass(frozen=True, slots=True)
class RepSpan:
    """One repetition. Times in seconds on the clock of the series, frames as indices into it.

    `start_s` and `end_s` are None where the series does not show standing before or after;
    `first` and `last` (inclusive) bound the part that it shows. `bottom_s` is the middle of the
    deepest stretch, also of a pause. `kind` is "full" when both ends are seen, "held" when neither
    is and most of the time is spent at the bottom, otherwise "partial". For a lowering or a lift
    alone, `first` to `last` leave out the time at the bottom after or before it.
    """

    start_s: float | None
    bottom_s: float
    end_s: float | None
    first: int
    bottom: int
    last: int
    kind: Kind

    @property
    def frames(self) -> slice:
        """The frames from `first` to `last`."""
        return slice(self.first, self.last + 1)


def find_reps(
    time_s: Array, hip_flexion_deg: Array, trunk_pitch_deg: Array | None = None
) -> tuple[RepSpan, ...]:
    """Find the repetitions in a hip-flexion series.

    `time_s` (T,) strictly increasing, seconds, any spacing down to about 5 frames/s. No infinities.
    `hip_flexion_deg` (T,) thigh against trunk, degrees of change from standing, flexion positive,
    NaN where not seen; its zero may be up to 15 degrees off. `trunk_pitch_deg` (T,), optional, is
    the trunk's pitch in degrees from any zero, NaN where not seen; it only serves to tell short
    shallow movements from walking steps.

    Any movement down and up again is a repetition, with one exception: a single one separated by
    walking steps from a set of three or more, as something was picked up or put down.

    Gaps up to `LONGEST_GAP_S` are bridged; a longer one ends the stretch as the end of a clip
    would. A lowering into it and a lift out of it are one repetition, "partial" and judged on its
    deeper half, if the gap is too short to rise and be down again. Start and end are where the
    curve leaves and regains standing by `FOOT_DEG` or `FOOT_SHARE`, so a smooth repetition is
    reported about a fifth shorter than it is. Below 6 frames/s a spike of two frames can pass for
    a repetition. Fewer than two seen frames give ().
    """
    seen = np.flatnonzero(~np.isnan(hip_flexion_deg))
    if len(seen) < 2:
        return ()
    time = time_s[seen]
    # Without spikes of one frame, or of two where frames are dense enough.
    spike = 5 if np.median(np.diff(time)) <= DENSE_S else 3
    hip = median_filter(hip_flexion_deg[seen], spike, mode="nearest")
    trunk = None
    if trunk_pitch_deg is not None and (known := ~np.isnan(trunk_pitch_deg)).any():
        trunk = time_s[known], trunk_pitch_deg[known]
    breaks = np.flatnonzero(np.diff(time) > LONGEST_GAP_S) + 1
    curves = [
        _Curve.through(time[part], hip[part], trunk)
        for part in np.split(np.arange(len(time)), breaks)
        if time[part[-1]] - time[part[0]] >= LEAST_DURATION_S / 2
    ]
    if not curves:
        return ()
    standing = _standing_level(curves)
    humps = [hump for curve in curves for hump in _humps(curve, standing)]
    between = (time[1:] + time[:-1]) / 2
    return tuple(_span(hump, between, seen) for hump in _repetitions(humps))


class _Curve(NamedTuple):
    """One stretch without long gaps, on an even grid, smoothed. All arrays (N,)."""

    time: Array
    hip: Array
    slow: Array
    trunk: Array | None

    @classmethod
    def through(cls, time: Array, hip: Array, trunk: tuple[Array, Array] | None) -> _Curve:
        grid = np.linspace(time[0], time[-1], 1 + round((time[-1] - time[0]) / GRID_S))
        step = grid[1] - grid[0]
        even = np.interp(grid, time, hip)

        def smooth(values: Array, sigma_s: float) -> Array:
            return gaussian_filter1d(values, sigma_s / step, mode="nearest")

        return cls(
            grid,
            smooth(even, CURVE_SIGMA_S),
            smooth(even, LEVEL_SIGMA_S),
            None if trunk is None else smooth(np.interp(grid, *trunk), CURVE_SIGMA_S),
        )


def _standing_level(curves: list[_Curve]) -> float:
    """Return standing's hip flexion: a low percentile of still postures near the given neutral."""
    slow = np.concatenate([curve.slow for curve in curves])
    speed = np.concatenate([np.abs(np.gradient(curve.slow, curve.time)) for curve in curves])
    still = slow[(speed < STILL_DEG_S) & (np.abs(slow) < NEUTRAL_ERROR_DEG)]
    return float(np.percentile(still, LOW_PERCENTILE)) if len(still) * GRID_S >= STILL_S else 0.0


def _level(curve: _Curve, standing: float) -> Array:
    """Return the slowly moving standing level (N,): a morphological opening near `standing`."""
    size = 1 + 2 * int(LEVEL_WINDOW_S / GRID_S / 2)
    opened = maximum_filter1d(minimum_filter1d(curve.slow, size), size)
    return np.clip(opened, standing - LEVEL_DRIFT_DEG, standing + LEVEL_DRIFT_DEG)


class _Hump(NamedTuple):
    """A repetition before it is given frames.

    `left` and `right` bound the part that is seen, `first` and `last` the part that is judged, in
    seconds. `turns`: most of the way down and of the way up is seen.
    """

    left: float
    bottom: float
    right: float
    first: float
    last: float
    start_seen: bool
    end_seen: bool
    kind: Kind
    depth_deg: float
    turns: bool
    step: bool


def _humps(curve: _Curve, standing: float) -> Iterator[_Hump]:
    """Yield the humps of one stretch, also steps, and partial ones of any depth."""
    level = _level(curve, standing)
    padded = np.concatenate([level[:1], curve.hip, level[-1:]])
    found, prominence = prominent_peaks(padded, LEAST_DEPTH_DEG)
    depth = curve.hip[found - 1] - level[found - 1]
    own = prominence >= LEAST_DEPTH_SHARE * depth
    peaks = (found - 1)[own & (depth >= LEAST_DEPTH_DEG)]
    for number, peak in enumerate(peaks):
        before = curve.hip[peaks[number - 1] if number else 0 : peak + 1][::-1]
        after = curve.hip[peak : peaks[number + 1] + 1 if number + 1 < len(peaks) else None]
        base = level[peak]
        left = _foot(before, base, not number)
        right = _foot(after, base, number + 1 == len(peaks))
        hump = _hump(curve, int(peak), left, right, base)
        yield hump._replace(step=_is_step(curve, hump, standing))


class _Foot(NamedTuple):
    """The end of a hump on one side: grid steps from its peak, and hip flexion there."""

    steps: float
    valley_deg: float
    drop_deg: float
    """Fall of the curve from the peak on this side, as far as seen."""
    seen: bool


def _foot(outward: Array, base: float, at_edge: bool) -> _Foot:
    """Follow the curve from a peak outward to standing, or to the valley before the next peak.

    `outward` (M,) ends at the next peak or, `at_edge`, at the edge of the stretch, beyond which the
    foot may lie.
    """
    lowest = int(np.argmin(outward))
    valley = max(base, float(outward[lowest]))
    if at_edge and valley - base > EDGE_SHARE * (outward[0] - base):
        return _Foot(len(outward) - 1, base, outward[0] - outward[lowest], seen=False)
    margin = max(FOOT_DEG, FOOT_SHARE * (outward[0] - valley))
    steps = _fall(outward[: lowest + 1], valley + margin)
    return _Foot(steps, valley, outward[0] - valley, seen=True)


def _fall(values: Array, threshold: float) -> float:
    """Return the fractional index at which `values` first fall below `threshold`, else the last."""
    below = values < threshold
    i = int(np.argmax(below))
    if not below[i]:
        return len(values) - 1
    return i - float((threshold - values[i]) / (values[i - 1] - values[i])) if i else 0.0


def _hump(curve: _Curve, peak: int, left: _Foot, right: _Foot, base: float) -> _Hump:
    """Measure the hump at `peak` between its feet."""
    first, last = peak - left.steps, peak + right.steps
    inside = curve.hip[math.ceil(first) : math.floor(last) + 1]
    top = float(curve.hip[peak])
    rise = top - max(left.valley_deg, right.valley_deg)

    def deepest(share: float) -> tuple[float, float]:
        """Return the outermost grid indices within `share` of the rise from the top."""
        threshold = top - share * rise
        return (
            math.ceil(first) + _fall(-inside, -threshold),
            math.floor(last) - _fall(-inside[::-1], -threshold),
        )

    step = curve.time[1] - curve.time[0]
    flat = deepest(FLAT_SHARE)
    down, up = deepest(BOTTOM_SHARE)
    begins, ends = first, last
    if left.seen != right.seen:
        if right.seen:
            begins = down = max(first, up - BEFORE_LIFT_S / step)
        else:
            ends = up = min(last, down + AFTER_LOWERING_S / step)
            down = (down + up) / 2
    kind: Kind = "full" if left.seen and right.seen else "partial"
    least = max(HOLD_S / step, HOLD_SHARE * (last - first))
    if not (left.seen or right.seen) and flat[1] - flat[0] >= least:
        kind = "held"
    turns_deg = max(LEAST_DEPTH_DEG, LEAST_DEPTH_SHARE * (top - base))
    return _Hump(
        left=float(curve.time[0] + step * first),
        bottom=float(curve.time[0] + step * (down + up) / 2),
        right=float(curve.time[0] + step * last),
        first=float(curve.time[0] + step * begins),
        last=float(curve.time[0] + step * ends),
        start_seen=left.seen,
        end_seen=right.seen,
        kind=kind,
        depth_deg=top - base,
        turns=min(left.drop_deg, right.drop_deg) >= turns_deg,
        step=False,
    )


def _is_step(curve: _Curve, hump: _Hump, standing: float) -> bool:
    """Return whether a hump is a walking step: too short, or short, shallow and unlike a rep."""
    if hump.right - hump.left < LEAST_DURATION_S / (1 if hump.kind == "full" else 2):
        return True
    if hump.depth_deg >= STEP_DEPTH_DEG or hump.right - hump.left >= STEP_S:
        return False
    before, after = np.searchsorted(curve.time, [hump.left - STEP_S, hump.right + STEP_S])
    if np.min(curve.hip[before:after]) < standing - STEP_EXTENSION_DEG:
        return True
    if curve.trunk is None:
        return False
    first, last = np.searchsorted(curve.time, [hump.left, hump.right])
    return bool(np.ptp(curve.trunk[first : last + 1]) < STEP_TRUNK_DEG)


def _rejoined(humps: list[_Hump], full: list[_Hump]) -> list[_Hump]:
    """Return the humps, a lowering and the next lift joined where only the bottom is hidden."""
    out = humps[:1]
    for lift in humps[1:]:
        low = out[-1]
        ways_s = low.bottom - low.left + lift.right - lift.bottom
        longest_s = np.median([hump.right - hump.left for hump in full] or [ways_s])
        halves = low.start_seen and lift.end_seen and not (low.end_seen or lift.start_seen)
        if halves and not (low.step or lift.step) and lift.bottom - low.bottom <= longest_s:
            whole = max(out.pop(), lift, key=lambda half: half.depth_deg)
            whole = whole._replace(left=low.left, right=lift.right, turns=True)
            lift = whole._replace(start_seen=True, end_seen=True)
        out.append(lift)
    return out


def _repetitions(humps: list[_Hump]) -> list[_Hump]:
    """Return the humps that are repetitions: no steps, no shallow parts, none done elsewhere."""
    full = [hump for hump in humps if hump.kind == "full" and not hump.step]
    usual_deg = float(np.median([hump.depth_deg for hump in full] or [0.0]))
    least_deg = max(PARTIAL_DEPTH_DEG, PARTIAL_SHARE * usual_deg)
    humps = _rejoined(humps, full)
    deep = [h for h in humps if h.step or h.turns or h.depth_deg >= least_deg]
    groups: list[list[_Hump]] = [[]]
    for steps, run in groupby(deep, lambda hump: hump.step):
        members = list(run)
        if not steps:
            groups[-1] += members
        elif len(members) > 1:
            groups.append([])
    set_seen = any(len(group) >= SET_REPS for group in groups)
    return [hump for group in groups if len(group) > 1 or not set_seen for hump in group]


def _span(hump: _Hump, between: Array, seen: Indices) -> RepSpan:
    """Convert a hump to a span with the nearest of the `seen` frames; `between` are halfway."""
    first, bottom, last = seen[np.searchsorted(between, [hump.first, hump.bottom, hump.last])]
    return RepSpan(
        start_s=hump.left if hump.start_seen else None,
        bottom_s=hump.bottom,
        end_s=hump.right if hump.end_seen else None,
        first=int(first),
        bottom=int(bottom),
        last=int(last),
        kind=hump.kind,
    )
