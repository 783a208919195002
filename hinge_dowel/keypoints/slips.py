"""Places that slip: joints and markers that a tracker puts somewhere else for a while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from hinge_dowel.analysis.time_series import known_median
from hinge_dowel.body.array_types import Array, Indices, Mask
from hinge_dowel.body.landmarks import ANKLES, HIPS, KNEES, SHOULDERS

LIMB_SHARES = (0.5, 1.5)
"""Shortest and longest a thigh, a shank or a side of the trunk looks, as shares of its usual: of 60
films 16 have frames outside of it, where a tracker slips, or a limb points at the camera ..."""
WHOLE_LIMB_SHARE = 0.9
"""... which shortens the other side's as well: to less than this, by choice."""
SLIP_SHARE = 0.06
"""A place slips in one step by at least this share of the trunk's length, 3 cm ..."""
SLIP_USUAL = 2.5
USUAL_PERCENTILE = 90
"""... by so many times what nine tenths of its steps differ from those beside them ..."""
FASTEST_TRUNKS_S2 = 30.0
"""... and by more than a body's own change of speed in that time: 15 m/s2, in trunk lengths ..."""
ROUNDED_STEPS = 2.0
"""... and by more than rounding makes of it: a step of rounded places and those that it is held
against are off by one unit of theirs each. Steady at 1.5 and 3."""
BACK_SHARE = 0.6
"""It has come back where this share of the slip, or less, is left. A choice."""
EXCHANGED_SHARE = 0.3
"""Two have taken each other's place that lie at most this share of the way between them off it: in
one step a body hardly moves. A choice."""
LONGEST_SLIP_S = 3.0
"""What stays away for longer may be where the place is: nobody knows which of the two is right."""
TRUNK_SHARE = 0.3
"""A trunk's length against the extent of all markers of a body that stands: 0.51 of 1.7 m."""
STEPS_BESIDE = 2
"""Steps before and after one, against the middle of which it is held."""
BLOCK = 1024
"""So many steps are looked at together: more takes no less time."""


def leaps(places: Array) -> Mask:
    """Which landmarks (T, 33) of (T, 33, 2+) have left the body, however sure a tracker is of them.

    Shoulders, hips, knees and ankles at the end of a limb that is far too long, or far too short
    where the other side's is whole.
    """

    def odd(start: tuple[int, int], end: tuple[int, int]) -> Mask:
        way = places[:, list(start), :2] - places[:, list(end), :2]
        length = np.linalg.norm(way, axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = length / [known_median(own) or np.nan for own in length.T]
            short = (share <= LIMB_SHARES[0]) & (share[:, ::-1] >= WHOLE_LIMB_SHARE)
            return np.asarray(short | (share >= LIMB_SHARES[1]))

    trunk, thigh, shank = odd(SHOULDERS, HIPS), odd(HIPS, KNEES), odd(KNEES, ANKLES)
    out = np.zeros(places.shape[:2], dtype=bool)
    out[:, list(SHOULDERS)] = trunk & ~thigh
    out[:, list(HIPS)] = trunk
    out[:, list(KNEES)] = thigh & (shank | ~trunk)
    out[:, list(ANKLES)] = shank & ~thigh
    return out


def put_back(time_s: Array, places: Array, size: float) -> Array:
    """The places (T, N, 2 or 3), those that left theirs at once and came back at once put back.

    `time_s` (T,) seconds; `size` is the trunk's length in the unit of the places. A body speeds up
    and slows down over many frames; what is somewhere else from one frame to the next, and back
    from one to the next, was taken for something else in between. Two that took each other's place
    get their own again; what lay an edge or another marker beside moves along with the body all
    the same, or it would not come back by as much, so that the way there is taken off. What all
    places do together is the camera's movement, or a cut. NaN stays.
    """
    if len(places) <= 2 * STEPS_BESIDE + 1 or not size > 0:
        return places
    odd, slips = _slips(time_s, places, size)
    if not slips.any():
        return places
    out = places.copy()
    exchanged = list(_exchanges(out, odd, slips))
    for first, last, one, other in exchanged:
        out[first:last, [one, other]] = out[first:last, [other, one]]
    if exchanged:
        odd, slips = _slips(time_s, out, size)
    for place in np.flatnonzero(slips.any(axis=0)):
        for first, last in _returns(time_s, np.flatnonzero(slips[:, place]), odd[:, place]):
            away, back = odd[first, place], -odd[last, place]
            share = (np.arange(first, last) - first) / (last - first)
            out[first + 1 : last + 1, place] -= away + share[:, None] * (back - away)
    return out


def put_back_each(time_s: Array, places: Array, person: Sequence[object] | None) -> Array:
    """Markers (S, N, 3) of bodies with the slips of each put back; `time_s` (S,), `person` (S,)."""
    out = places.copy()
    people = list(person or [None] * len(places))
    tall = (np.fmax.reduce(places, axis=1) - np.fmin.reduce(places, axis=1)).max(axis=1)
    rows_of: dict[object, list[int]] = {}
    for row in np.argsort(time_s, kind="stable").tolist():
        rows_of.setdefault(people[row], []).append(row)
    for rows in rows_of.values():
        size = TRUNK_SHARE * known_median(tall[rows])
        out[rows] = put_back(time_s[rows], places[rows], size)
    return out


def _slips(time_s: Array, places: Array, size: float) -> tuple[Array, Mask]:
    """Which steps (T - 1, N) are slips, and how they (T - 1, N, C) differ from those beside them.

    The latter comes first; it is 0 where a step is too small for a slip, so that an hour of it
    hardly takes memory: zeros take none before they are written to.
    """
    odd = np.zeros((len(places) - 1, *places.shape[1:]))
    way = np.empty(odd.shape[:2])
    edge = np.full((STEPS_BESIDE, *places.shape[1:]), np.nan)
    unit = np.full(places.shape[2], np.inf)
    for first in range(0, len(odd), BLOCK):
        # A part at a time, as an hour of landmarks would fill the memory five times over.
        part = slice(first, first + BLOCK)
        start, stop = max(first - STEPS_BESIDE, 0), first + BLOCK + STEPS_BESIDE
        steps = np.diff(places[start : stop + 1], axis=0)
        known = np.isfinite(steps) & (steps != 0)
        unit = np.minimum(unit, np.abs(steps).min(axis=(0, 1), where=known, initial=np.inf))
        before, after = edge[: STEPS_BESIDE - (first - start)], edge[: max(0, stop - len(odd))]
        own = steps[first - start :][:BLOCK]
        own = own - _middle_beside(np.concatenate([before, steps, after]))
        own -= _middle(np.moveaxis(own, 1, 2))[:, None]
        way[part] = np.linalg.norm(own, axis=2) / size
        far = way[part] > SLIP_SHARE
        odd[part][far] = own[far]
    fastest = FASTEST_TRUNKS_S2 * np.diff(time_s) ** 2
    # Whole pixels and the like: no place ever moves by less, unless it stays.
    rounded = ROUNDED_STEPS * float(np.linalg.norm(unit[np.isfinite(unit)])) / size
    least = np.fmax(np.fmax(fastest, rounded), SLIP_SHARE)
    slipped = np.zeros(way.shape, dtype=bool)
    for place, own in enumerate(way.T):
        known = own[np.isfinite(own)]
        if len(known):
            usual = float(np.percentile(known, USUAL_PERCENTILE))
            slipped[:, place] = own > np.maximum(least, SLIP_USUAL * usual)
    return odd, slipped


def _middle(values: Array) -> Array:
    """The middle of values (..., M) that are known, the lower of two, NaN where none is."""
    rising = np.sort(values, axis=-1)  # NaN comes last
    middle = rising[..., (values.shape[-1] - 1) // 2].copy()
    lost = np.isnan(rising[..., -1])
    known = np.isfinite(rising[lost])
    middle[lost] = rising[lost, np.maximum((known.sum(axis=-1) - 1) // 2, 0)]
    return middle


def _middle_beside(steps: Array) -> Array:
    """The `_middle` (T, N, C) of each step and the two before and after it, of (T + 4, N, C).

    By comparing whole arrays, which takes a tenth of the time that sorting fives does.
    """
    beside = sliding_window_view(steps, 2 * STEPS_BESIDE + 1, axis=0)
    a, b, c, d, e = np.moveaxis(beside, -1, 0)
    low = np.maximum(np.minimum(a, b), np.minimum(c, d))
    high = np.minimum(np.maximum(a, b), np.maximum(c, d))
    middle = np.maximum(np.minimum(low, high), np.minimum(np.maximum(low, high), e))
    lost = np.isnan(middle)
    middle[lost] = _middle(beside[lost])
    return np.asarray(middle)


def _exchanges(places: Array, odd: Array, slips: Mask) -> Iterator[tuple[int, int, int, int]]:
    """The frames, first and behind the last, in which one place and another are each other's."""
    begun: dict[tuple[int, int], int] = {}
    for step in np.flatnonzero(slips.sum(axis=1) > 1).tolist():
        own = np.flatnonzero(slips[step])
        place, went = places[step, own], odd[step, own]
        apart = place[None] - place[:, None]
        left = np.maximum(
            np.linalg.norm(went[:, None] - apart, axis=2), np.linalg.norm(went + apart, axis=2)
        )
        taken = np.triu(left < EXCHANGED_SHARE * np.linalg.norm(apart, axis=2), 1)
        for one, other in own[np.argwhere(taken)].tolist():
            if (one, other) in begun:
                yield begun.pop((one, other)), step + 1, one, other
            else:
                begun[one, other] = step + 1


def _returns(time_s: Array, slips: Indices, odd: Array) -> Iterator[tuple[int, int]]:
    """Of the slips (K,) those that go away, and for each the nearest that brings it back.

    The shortest ways come first, so that none takes for its return what is another's.
    """
    until = np.searchsorted(time_s[slips], time_s[slips] + LONGEST_SLIP_S)
    pairs: list[tuple[int, int, int]] = []
    for number, first in enumerate(slips.tolist()):
        later = slips[number + 1 : until[number]]
        left = np.linalg.norm(odd[first] + odd[later], axis=1)
        back = later[left < BACK_SHARE * np.linalg.norm(odd[first])]
        pairs += [(last - first, first, last) for last in back.tolist()]
    taken: set[int] = set()
    for _, first, last in sorted(pairs):
        if not taken & {first, last}:
            taken |= {first, last}
            yield first, last
