"""The repetitions of a session: each is reported once, however often it is judged again.

What a movement was is often known only afterwards: that the first one was getting up from a chair
shows when a set follows. So a repetition may be taken out again after it was reported, by the rules
for clips.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hinge_dowel.analysis.not_counted import NotCounted, reasons
from hinge_dowel.analysis.repetitions import RepSpan, find_reps
from hinge_dowel.analysis.traits import MovementTraits, Scene, measured
from hinge_dowel.live.frames import FrameRow, Movement, same, when
from hinge_dowel.verdict import Rep

SETTLED_S = 0.5
"""A repetition is reported this long after its end, when its end and its top are known. A choice:
angles at the top are medians over 0.3 s."""
LONGEST_S = 6.0
"""A repetition without a start that comes sooner than this after a break was under way at the
break. A choice: half again as long as a slow repetition of 4 s."""
LATEST_REPS = 100
"""Only this many of the latest repetitions are compared with a new one, so that the thousandth
costs no more than the tenth. A choice: more than one for each of the 90 s that are kept."""


def in_order(reps: Sequence[Rep]) -> tuple[Rep, ...]:
    """Return the repetitions sorted by time and numbered from 1."""
    return _numbered(sorted(reps, key=when))


def _numbered(reps: Sequence[Rep]) -> tuple[Rep, ...]:
    return tuple(replace(rep, number=n) for n, rep in enumerate(reps, 1))


def without(
    sets: Sequence[Sequence[Rep]], reported: Sequence[Rep], *, refill: int = 0
) -> tuple[list[list[Rep]], tuple[int, int]]:
    """Return a session's sets without the repetitions reported for one movement, numbered anew.

    With `refill`, the size of a set, repetitions of later sets move up to fill it, as in a film,
    which does not rest; half ones, which no set is made of, go with the whole one after them. Also
    returned are the numbers that the repetition had, of its set and in it; if it is in no set, the
    last set's number and 0.
    """
    moments_s = {when(rep) for rep in reported}
    placed = [(number, rep) for number, reps in enumerate(sets, 1) for rep in reps]
    gone = [(number, rep.number) for number, rep in placed if when(rep) in moments_s]
    kept = [[rep for rep in reps if when(rep) not in moments_s] for reps in sets]
    if refill:
        kept = _refilled([rep for reps in kept for rep in reps], refill, len(sets))
    return [list(_numbered(reps)) for reps in kept], (*gone, (len(sets), 0))[0]


def _refilled(reps: Sequence[Rep], size: int, count: int) -> list[list[Rep]]:
    """Return `count` sets of `size` whole repetitions, each half one before the next whole one."""
    sets: list[list[Rep]] = [[] for _ in range(count)]
    whole = 0
    for rep in reps:
        if whole < size * count:
            sets[whole // size].append(rep)
        whole += not rep.partial
    return sets


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A movement that does not count after all, and the repetitions it was reported as."""

    why: NotCounted
    reported: tuple[Rep, ...] = ()


class Stretch:
    """All movements of an unbroken stretch of a session, also those whose frames are gone."""

    def __init__(self) -> None:
        self.movements: tuple[MovementTraits, ...] = ()
        self.not_counted: Mapping[MovementTraits, NotCounted] = {}
        self.over = False


class CountSoFar:
    """`not_counted.counted` for a session: judges the frames kept together with all movements
    that came before in the stretch. Its findings hold once `FinishedReps.settle` is called.
    What was under way when the person broke it off is nothing to judge by.
    """

    def __init__(self, stretch: Stretch, *, over: bool, broken_off: bool = False) -> None:
        self.stretch, self.over = stretch, over
        self.movements = stretch.movements
        self._broken_off = broken_off

    def __call__(
        self, spans: Sequence[RepSpan], scene: Scene
    ) -> tuple[tuple[RepSpan, ...], tuple[str, ...]]:
        """Return the repetitions among `spans`, and no sentences: `settle` reports the others."""
        newest_s = float(scene.motion.time_s[-1])
        fresh = measured(spans, scene)
        ended = [
            one
            for i, one in enumerate(fresh, 1)
            if i < len(fresh)
            or (self.over and not (self._broken_off and one.end_s is None))
            or (one.end_s is not None and one.end_s <= newest_s - SETTLED_S)
        ]
        self.movements = _brought_up_to_date(self.movements, ended)
        none = list(self.not_counted())
        return tuple(span for span in spans if not any(same(span, one) for one in none)), ()

    def not_counted(self) -> dict[MovementTraits, NotCounted]:
        """Return the movements of the stretch that are no repetitions, and why."""
        found = reasons(self.movements, going_on=not self.over)
        return {self.movements[i]: why for i, why in found.items()}


def _brought_up_to_date(
    known: Sequence[MovementTraits], fresh: Sequence[MovementTraits]
) -> tuple[MovementTraits, ...]:
    """Return `known` and `fresh` movements in order of time; whole ones as measured last."""
    movements = list(known)
    for one in fresh:
        place = next((i for i, before in enumerate(movements) if same(one, before)), None)
        if place is None:
            movements.append(one)
        elif one.kind == "full":
            before = movements[place]
            # The frames before it, in which the stride is measured, may be gone by now.
            stride = before.stride if np.isnan(one.stride) else one.stride
            movements[place] = replace(one, stride=stride)
    return tuple(sorted(movements, key=lambda one: one.bottom_s))


class FinishedReps:
    """The repetitions reported so far and those cut by a break, over all unbroken stretches."""

    def __init__(self) -> None:
        self._reported: list[Rep] = []
        self._broken: list[Rep] = []
        self._stretches = [Stretch()]
        self._taken_out: list[TakenOut] = []

    @property
    def reported(self) -> tuple[Rep, ...]:
        """Every repetition so far, sorted by time and numbered from 1."""
        return in_order(self._reported)

    @property
    def not_counted(self) -> tuple[str, ...]:
        """One sentence for each movement so far that is no repetition."""
        return tuple(why.sentence for one in self._stretches for why in one.not_counted.values())

    def newly_taken_out(self) -> tuple[TakenOut, ...]:
        """Return the movements found since the last call to be no repetitions.

        The repetitions reported for them no longer count.
        """
        news, self._taken_out = tuple(self._taken_out), []
        return news

    def known(self, one: Rep | RepSpan) -> bool:
        """Return whether a repetition was reported, cut by a break, or not counted before."""
        latest = (*self._reported[-LATEST_REPS:], *self._broken[-LATEST_REPS:])
        others: list[Movement] = [*latest, *self._stretches[-1].not_counted]
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

    def count(self, *, over: bool = False, broken_off: bool = False) -> CountSoFar:
        """Return what counts the repetitions of the current stretch; `over` when it has ended."""
        return CountSoFar(self._stretches[-1], over=over, broken_off=broken_off)

    def settle(self, count: CountSoFar) -> None:
        """Store what `count` has found; take out what was reported for movements that are none."""
        stretch = count.stretch
        if stretch.over:
            return
        before, stretch.not_counted = stretch.not_counted, count.not_counted()
        stretch.movements, stretch.over = count.movements, count.over
        for movement, why in stretch.not_counted.items():
            if not any(same(movement, known) for known in before):
                latest = self._reported[-LATEST_REPS:]
                reported = tuple(rep for rep in latest if same(movement, rep))
                self._reported = [rep for rep in self._reported if rep not in reported]
                self._taken_out.append(TakenOut(why, reported))

    def begin_stretch(self) -> None:
        """Begin a new stretch, independent of the last: the person jumped, turned or paused."""
        self.settle(self.count(over=True))
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
