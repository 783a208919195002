"""Places that slip: joints and markers that a tracker puts somewhere else for a while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.landmarks import ANKLES, HIPS, KNEES, SHOULDERS

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

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
"""... and by more than a body's own change of speed in that time: 15 m/s2, in trunk lengths."""
BACK_SHARE = 0.6
"""It has come back where this share of the slip, or less, is left. A choice."""
LONGEST_SLIP_S = 3.0
"""What stays away for longer may be where the place is: nobody knows which of the two is right."""
TRUNK_SHARE = 0.3
"""A trunk's length against the extent of all markers of a body that stands: 0.51 of 1.7 m."""
STEPS_BESIDE = 2
"""Steps before and after one, against the middle of which it is held."""


def leaps(places: Array) -> Mask:
    """Which landmarks (T, 33) of (T, 33, 2+) have left the body, however sure a tracker is of them.

    Shoulders, hips, knees and ankles at the end of a limb that is far too long, or far too short
    where the other side's is whole.
    """

    def odd(start: tuple[int, int], end: tuple[int, int]) -> Mask:
        way = places[:, list(start), :2] - places[:, list(end), :2]
        length = np.linalg.norm(way, axis=2)
        share = np.full(length.shape, np.nan)
        for side, own in enumerate(length.T):
            known = own[np.isfinite(own)]
            if len(known) and np.median(known) > 0:
                share[:, side] = own / np.median(known)
        with np.errstate(invalid="ignore"):
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
    out = places.copy()
    odd, slips = _slips(time_s, out, size)
    for first, last, one, other in _exchanges(out, odd, slips):
        out[first:last, [one, other]] = out[first:last, [other, one]]
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
    for one in dict.fromkeys(people):
        rows = np.flatnonzero([other == one for other in people])
        rows = rows[np.argsort(time_s[rows], kind="stable")]
        known = tall[rows][np.isfinite(tall[rows])]
        if len(known):
            out[rows] = put_back(time_s[rows], places[rows], TRUNK_SHARE * float(np.median(known)))
    return out


def _slips(time_s: Array, places: Array, size: float) -> tuple[Array, Mask]:
    """How each step (T - 1, N, C) differs from those beside it, and which (T - 1, N) are slips."""
    steps = np.diff(places, axis=0)
    wide = np.pad(steps, ((STEPS_BESIDE,) * 2, (0, 0), (0, 0)), constant_values=np.nan)
    count = 2 * STEPS_BESIDE + 1
    odd = steps - _middle(np.stack([wide[i : i + len(steps)] for i in range(count)]))
    odd -= np.moveaxis(_middle(np.moveaxis(odd, 1, 0))[None], 0, 1)
    way = np.linalg.norm(odd, axis=2) / size
    usual = np.full(way.shape[1], np.nan)
    for place, own in enumerate(way.T):
        if np.isfinite(own).any():
            usual[place] = np.percentile(own[np.isfinite(own)], USUAL_PERCENTILE)
    fastest = FASTEST_TRUNKS_S2 * np.diff(time_s)[:, None] ** 2
    with np.errstate(invalid="ignore"):
        slipped = way > np.maximum(np.fmax(SLIP_SHARE, SLIP_USUAL * usual), fastest)
    return odd, np.asarray(slipped)


def _middle(values: Array) -> Array:
    """The middle of values (M, ...) that are known, the lower of two, NaN where none is."""
    known = np.isfinite(values).sum(axis=0, keepdims=True)
    at = np.maximum((known - 1) // 2, 0)
    return np.asarray(np.take_along_axis(np.sort(values, axis=0), at, axis=0)[0])


def _exchanges(places: Array, odd: Array, slips: Mask) -> Iterator[tuple[int, int, int, int]]:
    """The frames, first and behind the last, in which one place and another are each other's."""
    begun: dict[tuple[int, int], int] = {}
    for step in np.flatnonzero(slips.sum(axis=1) > 1).tolist():
        for one, other in combinations(np.flatnonzero(slips[step]).tolist(), 2):
            apart = places[step, other] - places[step, one]
            left = max(
                np.linalg.norm(odd[step, one] - apart), np.linalg.norm(odd[step, other] + apart)
            )
            if left < BACK_SHARE * np.linalg.norm(apart):
                if (one, other) in begun:
                    yield begun.pop((one, other)), step + 1, one, other
                else:
                    begun[one, other] = step + 1


def _returns(time_s: Array, slips: NDArray[np.intp], odd: Array) -> Iterator[tuple[int, int]]:
    """The slips (K,) that go away, and of those after each the first that brings it back."""
    behind = -1
    for first in slips.tolist():
        if first <= behind:
            continue
        later = slips[(slips > first) & (time_s[slips] - time_s[first] < LONGEST_SLIP_S)]
        left = np.linalg.norm(odd[first] + odd[later], axis=1)
        back = left < BACK_SHARE * np.linalg.norm(odd[first])
        if back.any():
            behind = int(later[np.argmax(back)])
            yield first, behind
