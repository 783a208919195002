"""The repetitions of a session: each is told once, however often it is judged again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hinge_dowel.live.frames import same, when
from hinge_dowel.verdict import Rep

SETTLED_S = 0.5
"""A repetition is told this long after its end: its end and its top are then known."""
LONGEST_S = 6.0
"""A repetition that was under way at a break is over by then."""
LATEST = 100
"""More repetitions than this are not seen at once: only these are compared with what is, so that
the thousandth costs no more than the tenth."""


def in_order(reps: Sequence[Rep]) -> tuple[Rep, ...]:
    """The same in the order of time, numbered from 1."""
    return tuple(replace(rep, number=n) for n, rep in enumerate(sorted(reps, key=when), 1))


class FinishedReps:
    """What was told so far, and what was left out for good."""

    def __init__(self) -> None:
        self._told: list[Rep] = []
        self._left_out: list[Rep] = []

    @property
    def told(self) -> tuple[Rep, ...]:
        """Every repetition so far, in the order of time, numbered from 1."""
        return in_order(self._told)

    def known(self, start_s: float | None, bottom_s: float, end_s: float | None) -> bool:
        """Whether a repetition was told, or left out, before."""
        latest = (*self._told[-LATEST:], *self._left_out[-LATEST:])
        return any(same(start_s, bottom_s, end_s, rep) for rep in latest)

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
            if not (over or now_s == np.inf) or self.known(rep.start_s, when(rep), rep.end_s):
                continue
            if rep.start_s is None and when(rep) - broke_s < LONGEST_S:
                self._left_out.append(rep)
            else:
                new.append(replace(rep, number=len(self._told) + 1))
                self._told.append(new[-1])
        return tuple(new)
