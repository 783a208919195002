"""Which movements of a session are no repetitions: the rules of a clip, as far as one can know.

What somebody was about is often known only afterwards: that the first movement was getting up from
a chair shows when a set follows. So a movement may be taken out again after it was told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hinge_dowel.analysis.not_counted import Aside, MovementTraits, Scene, asides, measured
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.live.frames import same
from hinge_dowel.verdict import Rep

SETTLED_S = 0.5
"""A repetition is told this long after its end: its end and its top are then known. A
choice: angles at the top are medians over 0.3 s."""


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A movement that is no repetition after all, and what was told of it, if anything was."""

    at_s: float
    why: Aside
    told: tuple[Rep, ...] = ()


class Stretch:
    """The movements of an unbroken stretch of a session, those without pictures now among them."""

    def __init__(self) -> None:
        self.movements: tuple[MovementTraits, ...] = ()
        self.asides: Mapping[MovementTraits, Aside] = {}
        self.over = False


class SetApartSoFar:
    """`not_counted.set_apart` for what is kept of a session: beside all that came before in the
    stretch. What it finds is the stretch's once `settle` is called.
    """

    def __init__(self, stretch: Stretch, *, over: bool) -> None:
        self._stretch = stretch
        self._over = over
        self._movements = stretch.movements

    def __call__(
        self, spans: Sequence[RepSpan], scene: Scene
    ) -> tuple[tuple[RepSpan, ...], tuple[str, ...]]:
        """The repetitions among `spans`; nothing is said yet of the others."""
        newest_s = float(scene.motion.time_s[-1])
        fresh = measured(spans, scene)
        ended = [
            one
            for i, one in enumerate(fresh, 1)
            if self._over
            or i < len(fresh)
            or (one.end_s is not None and one.end_s <= newest_s - SETTLED_S)
        ]
        self._movements = _brought_up_to_date(self._movements, ended)
        apart = list(self._asides())
        return tuple(span for span in spans if not any(same(span, odd) for odd in apart)), ()

    def settle(self) -> tuple[tuple[MovementTraits, Aside], ...]:
        """Take over what was found; those movements of which it is new that they are none."""
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
    """All movements in order; a whole one as it was measured last, with all that is known now."""
    movements = list(known)
    for one in fresh:
        at = next((i for i, before in enumerate(movements) if same(one, before)), None)
        if at is None:
            movements.append(one)
        elif one.kind == "full":
            before = movements[at]
            # What lies before it may be kept no longer.
            stride = before.stride if np.isnan(one.stride) else one.stride
            movements[at] = replace(one, stride=stride)
    return tuple(sorted(movements, key=lambda one: one.bottom_s))
