"""The repetitions of a session: each is told once, however often it is judged again.

What turns out to be none is taken out again (`movements`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hinge_dowel.analysis.repetitions import RepSpan, find_reps
from hinge_dowel.live.frames import FrameRow, Movement, same, when
from hinge_dowel.live.movements import SETTLED_S, NotCounted, SetApartSoFar, Stretch
from hinge_dowel.verdict import Rep

LONGEST_S = 6.0
"""A repetition that was under way at a break is over by then: half again as long as a slow one of
4 s. A choice."""
LATEST_REPS = 100
"""Only so many are compared with what is seen, so that the thousandth costs no more than the tenth.
A choice: of the 90 s that are kept, every second would have to hold one."""


def in_order(reps: Sequence[Rep]) -> tuple[Rep, ...]:
    """The same in the order of time, numbered from 1."""
    return tuple(replace(rep, number=n) for n, rep in enumerate(sorted(reps, key=when), 1))


def taken_out(sets: Sequence[list[Rep]], told: Sequence[Rep]) -> tuple[int, int, Rep | None]:
    """Take what was told of one movement out of the sets of a session; those after it move up.

    Returns the set's number, the repetition's number in it, and the repetition as it stood there;
    where it stood in no set, the last set's number, 0 and None.
    """
    known = {when(rep) for rep in told}
    for number, reps in enumerate(sets, 1):
        for i, rep in enumerate(reps):
            if when(rep) in known:
                left = [*reps[:i], *reps[i + 1 :]]
                reps[:] = [replace(one, number=n) for n, one in enumerate(left, 1)]
                return number, rep.number, rep
    return len(sets), 0, None


class FinishedReps:
    """What was told so far, and what was left out for good; stretch by unbroken stretch."""

    def __init__(self) -> None:
        self._told: list[Rep] = []
        self._left_out: list[Rep] = []
        self._stretches = [Stretch()]
        self._news: list[NotCounted] = []

    @property
    def told(self) -> tuple[Rep, ...]:
        """Every repetition so far, in the order of time, numbered from 1."""
        return in_order(self._told)

    @property
    def not_counted(self) -> tuple[str, ...]:
        """A sentence on each movement so far that is no repetition."""
        return tuple(why.sentence for stretch in self._stretches for why in stretch.asides.values())

    def left_out(self) -> tuple[NotCounted, ...]:
        """The movements of which it has turned out that they are no repetitions, since this was
        last asked. What was told of them holds no longer.
        """
        news, self._news = tuple(self._news), []
        return news

    def known(self, one: Rep | RepSpan) -> bool:
        """Whether a repetition was told, or left out, before."""
        latest = (*self._told[-LATEST_REPS:], *self._left_out[-LATEST_REPS:])
        others: list[Movement] = [*latest, *self._stretches[-1].asides]
        return any(same(one, other) for other in others)

    def lacks(self, rows: Sequence[FrameRow], now_s: float) -> bool:
        """Whether the hip's curve, as measured so far, shows an end that was not told yet."""
        time = np.array([row.time_s for row in rows])
        hip = np.array([row.hip_deg for row in rows])
        trunk = np.array([row.trunk_deg for row in rows])
        return any(
            span.end_s is not None and span.end_s <= now_s - SETTLED_S and not self.known(span)
            for span in find_reps(time, hip, trunk)
        )

    def set_apart(self, *, over: bool = False) -> SetApartSoFar:
        """To judge what is kept of the stretch with; `over` when nothing of it follows."""
        return SetApartSoFar(self._stretches[-1], over=over)

    def settle(self, apart: SetApartSoFar) -> None:
        """Take out what was told of movements that are no repetitions after all."""
        for odd, why in apart.settle():
            told = [rep for rep in self._told[-LATEST_REPS:] if same(odd, rep)]
            self._told = [rep for rep in self._told if rep not in told]
            self._news.append(NotCounted(odd.bottom_s, why, tuple(told)))

    def begin_stretch(self) -> None:
        """What follows has nothing to do with what was: the person jumped, turned or paused."""
        self.settle(self.set_apart(over=True))
        self._stretches.append(Stretch())

    def take(
        self, reps: Sequence[Rep], now_s: float, *, gone_s: float, broke_s: float
    ) -> tuple[Rep, ...]:
        """Those of `reps`, judged at `now_s`, that are over and new.

        At `gone_s` the person was last lost for so long that no repetition can go on, at `broke_s`
        there was the last break: what was under way then is left out.
        """
        new = []
        for rep in reps:
            over = rep.end_s is not None and rep.end_s <= now_s - SETTLED_S
            # Lost midway: there is nothing more to come of it.
            over |= rep.end_s is None and when(rep) <= gone_s
            if not (over or now_s == np.inf) or self.known(rep):
                continue
            if rep.start_s is None and when(rep) - broke_s < LONGEST_S:
                self._left_out.append(rep)
            else:
                new.append(replace(rep, number=len(self._told) + 1))
                self._told.append(new[-1])
        return tuple(new)
