"""Finds the movements of a session that are no repetitions, by the rules for clips.

What a movement was is often known only afterwards: that the first one was getting up from a chair
shows when a set follows. So a movement may be taken out again after it was reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hinge_dowel.analysis.not_counted import Aside, asides
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.traits import MovementTraits, Scene, measured
from hinge_dowel.live.frames import same
from hinge_dowel.verdict import Rep

SETTLED_S = 0.5
"""A repetition is reported this long after its end, when its end and its top are known. A choice:
angles at the top are medians over 0.3 s."""


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A movement that is no repetition after all, and the repetitions it was reported as."""

    why: Aside
    reported: tuple[Rep, ...] = ()


class Stretch:
    """All movements of an unbroken stretch of a session, also those whose frames are gone."""

    def __init__(self) -> None:
        self.movements: tuple[MovementTraits, ...] = ()
        self.asides: Mapping[MovementTraits, Aside] = {}
        self.over = False


class SetApartSoFar:
    """`not_counted.set_apart` for a session: judges the frames kept together with all movements
    that came before in the stretch. Its findings go into the stretch once `settle` is called.
    What was under way when the person broke it off is nothing to judge by.
    """

    def __init__(self, stretch: Stretch, *, over: bool, broken_off: bool = False) -> None:
        self._stretch = stretch
        self._over = over
        self._broken_off = broken_off
        self._movements = stretch.movements

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
            or (self._over and not (self._broken_off and one.end_s is None))
            or (one.end_s is not None and one.end_s <= newest_s - SETTLED_S)
        ]
        self._movements = _brought_up_to_date(self._movements, ended)
        apart = list(self._asides())
        return tuple(span for span in spans if not any(same(span, odd) for odd in apart)), ()

    def settle(self) -> tuple[tuple[MovementTraits, Aside], ...]:
        """Store the findings in the stretch; return the movements newly found to be no reps."""
        stretch = self._stretch
        if stretch.over:
            return ()
        before, stretch.asides = stretch.asides, self._asides()
        stretch.movements, stretch.over = self._movements, self._over
        return tuple(
            (odd, why)
            for odd, why in stretch.asides.items()
            if not any(same(odd, known) for known in before)
        )

    def _asides(self) -> dict[MovementTraits, Aside]:
        odd = asides(self._movements, going_on=not self._over)
        return {self._movements[i]: why for i, why in odd.items()}


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
