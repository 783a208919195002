"""The repetitions of a session: each is reported once, however often it is judged again.

A movement that turns out to be no repetition is taken out again (`movements`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from hinge_dowel.analysis.repetitions import RepSpan, find_reps
from hinge_dowel.live.frames import FrameRow, Movement, same, when
from hinge_dowel.live.movements import SETTLED_S, NotCounted, SetApartSoFar, Stretch
from hinge_dowel.verdict import Rep

LONGEST_S = 6.0
"""A repetition without a start that comes sooner than this after a break was under way at the
break. A choice: half again as long as a slow repetition of 4 s."""
LATEST_REPS = 100
"""Only this many of the latest repetitions are compared with a new one, so that the thousandth
costs no more than the tenth. A choice: more than one for each of the 90 s that are kept."""


def in_order(reps: Sequence[Rep]) -> tuple[Rep, ...]:
    """Return the repetitions sorted by time and numbered from 1."""
    return tuple(replace(rep, number=n) for n, rep in enumerate(sorted(reps, key=when), 1))


def taken_out(
    sets: Sequence[list[Rep]], reported: Sequence[Rep], *, refill: int = 0
) -> tuple[int, int]:
    """Remove the repetitions reported for one movement from a session's sets; renumber the rest.

    With `refill`, the size of a set, repetitions of later sets move up to fill it, as in a film,
    which does not rest. Changes `sets` in place. Returns the set's number and the repetition's in
    it; if it is in no set, the last set's number and 0.
    """
    moments_s = {when(rep) for rep in reported}
    for number, reps in enumerate(sets, 1):
        for i, rep in enumerate(reps):
            if when(rep) in moments_s:
                del reps[i]
                for short, later in pairwise(sets[number - 1 :]):
                    while later and len(short) < refill:
                        short.append(later.pop(0))
                for those in sets:
                    those[:] = [replace(one, number=n) for n, one in enumerate(those, 1)]
                return number, rep.number
    return len(sets), 0


class FinishedReps:
    """The repetitions reported so far and those left out, over all unbroken stretches."""

    def __init__(self) -> None:
        self._reported: list[Rep] = []
        self._broken: list[Rep] = []
        self._stretches = [Stretch()]
        self._news: list[NotCounted] = []

    @property
    def reported(self) -> tuple[Rep, ...]:
        """Every repetition so far, sorted by time and numbered from 1."""
        return in_order(self._reported)

    @property
    def not_counted(self) -> tuple[str, ...]:
        """One sentence for each movement so far that is no repetition."""
        return tuple(why.sentence for stretch in self._stretches for why in stretch.asides.values())

    def newly_not_counted(self) -> tuple[NotCounted, ...]:
        """Return the movements found since the last call to be no repetitions.

        The repetitions reported for them no longer count.
        """
        news, self._news = tuple(self._news), []
        return news

    def known(self, one: Rep | RepSpan) -> bool:
        """Return whether a repetition was reported, left out or set apart before."""
        latest = (*self._reported[-LATEST_REPS:], *self._broken[-LATEST_REPS:])
        others: list[Movement] = [*latest, *self._stretches[-1].asides]
        return any(same(one, other) for other in others)

    def lacks(self, rows: Sequence[FrameRow], now_s: float) -> bool:
        """Return whether the hip's curve shows a repetition that is over and not reported yet."""
        time = np.array([row.time_s for row in rows])
        hip = np.array([row.hip_deg for row in rows])
        trunk = np.array([row.trunk_deg for row in rows])
        return any(
            span.end_s is not None and span.end_s <= now_s - SETTLED_S and not self.known(span)
            for span in find_reps(time, hip, trunk)
        )

    def set_apart(self, *, over: bool = False, broken_off: bool = False) -> SetApartSoFar:
        """Return the filter of repetitions for the current stretch; `over` when it has ended."""
        return SetApartSoFar(self._stretches[-1], over=over, broken_off=broken_off)

    def settle(self, apart: SetApartSoFar) -> None:
        """Take out the repetitions reported for movements that are none after all."""
        for odd, why in apart.settle():
            reported = [rep for rep in self._reported[-LATEST_REPS:] if same(odd, rep)]
            self._reported = [rep for rep in self._reported if rep not in reported]
            self._news.append(NotCounted(why, tuple(reported)))

    def begin_stretch(self) -> None:
        """Begin a new stretch, independent of the last: the person jumped, turned or paused."""
        self.settle(self.set_apart(over=True))
        self._stretches.append(Stretch())

    def take(
        self, reps: Sequence[Rep], now_s: float, *, gone_s: float, broke_s: float
    ) -> tuple[Rep, ...]:
        """Store and return those of `reps`, judged at `now_s`, that are over and new.

        `gone_s` is when the person was last seen before a gap too long for a repetition to go on;
        `broke_s` is the last break: a repetition that was under way then is left out.
        """
        new = []
        for rep in reps:
            over = rep.end_s is not None and rep.end_s <= now_s - SETTLED_S
            # Lost midway: its end will never be seen.
            over |= rep.end_s is None and when(rep) <= gone_s
            if not (over or now_s == np.inf) or self.known(rep):
                continue
            if rep.start_s is None and when(rep) - broke_s < LONGEST_S:
                self._broken.append(rep)
            else:
                new.append(replace(rep, number=len(self._reported) + 1))
                self._reported.append(new[-1])
        return tuple(new)
