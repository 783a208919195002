"""Numbers over time, with gaps: running medians, runs of frames, the frames of a moment."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import median_filter

from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.body.array_types import Array, Indices, Mask

SMOOTHING_S = 0.3
"""Window of the running median of every angle: removes single bad frames, keeps a 1 s repetition.
The JSON contract names it. A choice that matters: 0.24 and 0.375 each change a clip."""


def frames_within(time_s: Array, span_s: float) -> int:
    """Return the number of frames in `span_s` at the median rate of `time_s` (T,); 1 at least."""
    if len(time_s) < 2:
        return 1
    return max(1, round(span_s / max(float(np.median(np.diff(time_s))), 1e-3)))


def smooth(time_s: Array, values: Array, span_s: float = SMOOTHING_S) -> Array:
    """Return the running median over `span_s` seconds (T,); NaN stays NaN and does not spread."""
    seen = np.flatnonzero(np.isfinite(values))
    out = np.full(len(values), np.nan)
    if len(seen) < 3:
        out[seen] = values[seen]
        return out
    size = frames_within(time_s[seen], span_s) // 2 * 2 + 1
    out[seen] = median_filter(values[seen], size, mode="nearest")
    return out


def bridged(time_s: Array, values: Array) -> Array:
    """Return `values` (T,) with gaps filled by linear interpolation; all NaN stays so."""
    seen = np.isfinite(values)
    return np.interp(time_s, time_s[seen], values[seen]) if seen.any() else values


def known_median(values: Array) -> float:
    """Return the median of the finite values, NaN where there is none."""
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return np.nan
    # As numpy has it, but for what it looks after: a hundred thousand of them in an hour of film.
    middle = (len(known) - 1) // 2
    return float((known[middle] + known[len(known) // 2]) / 2)


def median_at(values: Array, where: Mask | Indices) -> float | None:
    """Return the median of the finite values (T,) in the frames `where`, None without any."""
    median = known_median(values[where])
    return None if np.isnan(median) else median


def frames_between(time_s: Array, first_s: float, last_s: float) -> slice:
    """Return the frames from one time to another, both included; none where both are NaN.

    `time_s` (T,) rises, so that a moment of hours is found without a look at every frame.
    """
    return slice(
        *(int(np.searchsorted(time_s, first_s)), int(np.searchsorted(time_s, last_s, "right")))
    )


def bottom_frames(time_s: Array, span: RepSpan) -> Indices:
    """Return the frames (N,) of a repetition's bottom: its angles are medians over them."""
    # Looked for among few frames: in an hour of film there are a hundred thousand.
    near = frames_between(time_s, span.bottom_s - SMOOTHING_S, span.bottom_s + SMOOTHING_S)
    bottom = near.start + np.flatnonzero(np.abs(time_s[near] - span.bottom_s) <= SMOOTHING_S / 2)
    return np.union1d(bottom, span.bottom)


def bottom_inside(time_s: Array, span: RepSpan) -> Indices:
    """Return the `bottom_frames` within the repetition, counted from its first frame."""
    bottom = bottom_frames(time_s, span) - span.first
    return bottom[(bottom >= 0) & (bottom <= span.last - span.first)]


def runs(where: Mask) -> list[slice]:
    """Return the unbroken runs of frames that `where` (T,) marks, in order."""
    edges = np.flatnonzero(np.diff(where.astype(int), prepend=0, append=0))
    return [slice(int(first), int(stop)) for first, stop in edges.reshape(-1, 2)]
