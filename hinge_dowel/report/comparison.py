"""Compares two verdicts: what has changed by more than the measuring error, and the reps to show.

Pure functions; the views are `comparison_page` and `comparison_terminal`.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.report import highlights
from hinge_dowel.report.measures import ANGLES, HIPS_BACK, MAIN_ANGLES, TEMPO, Measure
from hinge_dowel.report.sentences import exercise_words
from hinge_dowel.system.names import printable
from hinge_dowel.verdict import Rep, Verdict, telling

Change = Literal["less", "more", "same", "unknown"]
"""Less or more by more than the measuring error; within it; unknown where the error is."""
LONGEST_GAP_S = 0.5
"""An angle is not drawn further than this from a picture with it. A choice: eight pictures."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sessions or clips compared: its name, verdict, and time.

    `clip` is its film, None where that is not on this machine.
    """

    name: str
    verdict: Verdict
    when: datetime | None = None
    clip: Path | None = None

    @property
    def setting(self) -> str:
        """Date, person, exercise and note, as far as each is known."""
        parts = [
            f"{self.when:%Y-%m-%d}" if self.when is not None else "",
            self.verdict.who or "",
            exercise_words(self.verdict.exercise),
            self.verdict.note or "",
        ]
        return printable(", ".join(part for part in parts if part))

    @property
    def best_and_worst(self) -> tuple[Rep, Rep]:
        """The best and the worst repetition, of which there must be one at least."""
        best_first = highlights.in_order(self.verdict.reps, self.verdict.limits)
        return best_first[0], best_first[-1]

    def curve(self, rep: Rep, key: str, points: int) -> Array | None:
        """Return an angle over one repetition: (points,) evenly spaced from its start to its end.

        NaN where it was not seen. None where there are no frames, as in a history, or the
        repetition's ends are not known.
        """
        series = self.verdict.series
        if series is None or rep.start_s is None or rep.end_s is None or rep.end_s <= rep.start_s:
            return None
        values = np.asarray(getattr(series, key), dtype=float)
        at = np.linspace(rep.start_s, rep.end_s, points)
        seen = np.isfinite(values)
        if seen.sum() < 2:
            return None
        drawn = np.interp(at, series.time_s[seen], values[seen], left=np.nan, right=np.nan)
        # No line across a gap in which no picture shows the angle.
        apart = np.abs(at[:, None] - series.time_s[seen]).min(axis=1)
        drawn[apart > LONGEST_GAP_S] = np.nan
        return np.asarray(drawn)

    def by_rep(self, measure: Measure, count: int) -> list[float | None]:
        """Return a measure rep by rep, `count` values: None where not seen or no rep is left."""
        values = [measure.of(rep) for rep in self.verdict.reps]
        return [*values, *[None] * (count - len(values))]


def curved(a: Side, b: Side) -> bool:
    """Return whether both have a curve of their best repetition or of their worst.

    Where they have not (sessions store one value a repetition) they are compared rep by rep.
    """
    return any(
        a.curve(one, angle.key, 2) is not None and b.curve(other, angle.key, 2) is not None
        for one, other in zip(a.best_and_worst, b.best_and_worst, strict=True)
        for angle in MAIN_ANGLES
    )


def most_reps(a: Side, b: Side) -> int:
    """Return the number of repetitions of the side that has more."""
    return max(len(side.verdict.reps) for side in (a, b))


MEASURES = (*ANGLES, HIPS_BACK, Measure(TEMPO, "tempo", "s", 1, term="time of a rep"))
"""All quantities compared, in the order shown."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over the repetitions of a clip: their median and its interval, `low` to `high`.

    The ends are None where the measuring error is not known. More repetitions do not narrow the
    interval, as all repetitions of a clip share its error.
    """

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A measure before and after."""

    measure: Measure
    before: Measured
    after: Measured
    change: Change

    @property
    def words(self) -> str:
        """The change in words."""
        return CHANGE_WORDS[self.change]

    def values(self, arrow: str) -> str:
        """Return both values without their unit, an arrow between them."""
        before, after = (self.measure.written(one.value) for one in (self.before, self.after))
        return f"{before} {arrow} {after}"


CHANGE_WORDS: dict[Change, str] = {
    "less": "less, by more than the measuring error",
    "more": "more, by more than the measuring error",
    "same": "about the same, within the measuring error",
    "unknown": "the measuring error is not known",
}


def over(reps: Sequence[Rep], measure: Measure) -> Measured | None:
    """Return a measure over the whole judged repetitions; None where none of them shows it."""
    values = [(rep, measure.of(rep)) for rep in telling(reps)]
    seen = [(rep, value) for rep, value in values if value is not None]
    if not seen:
        return None
    middle = statistics.median(value for _, value in seen)
    below, above = [], []
    for rep, value in seen:
        ends = rep.intervals_deg.get(measure.key)
        if ends is None:
            return Measured(middle)
        below.append(value - ends[0])
        above.append(ends[1] - value)
    return Measured(middle, middle - statistics.median(below), middle + statistics.median(above))


def change(before: Measured, after: Measured) -> Change:
    """Return how a measure has changed, against the measuring errors of both sides.

    Each interval holds the true value nine times in ten; independent errors add up in squares.
    """
    lower, upper = (before, after) if before.value <= after.value else (after, before)
    if lower.high is None or upper.low is None:
        return "unknown"
    reach = math.hypot(lower.high - lower.value, upper.value - upper.low)
    if upper.value - lower.value <= reach:
        return "same"
    return "more" if after.value > before.value else "less"


def changes(before: Sequence[Rep], after: Sequence[Rep]) -> tuple[Changed, ...]:
    """Return the changes of all measures that both sides have, in the order of `MEASURES`."""
    sides = ((measure, over(before, measure), over(after, measure)) for measure in MEASURES)
    return tuple(
        Changed(measure, first, second, change(first, second))
        for measure, first, second in sides
        if first is not None and second is not None
    )


def sentence(changed: Changed, arrow: str = "->") -> str:
    """Say it: `spine 24 -> 12 degrees: less, by more than the measuring error`."""
    measure = changed.measure
    return f"{measure.word} {changed.values(arrow)} {measure.unit}: {changed.words}"
