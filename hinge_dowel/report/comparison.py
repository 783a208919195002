"""Two verdicts side by side: what has changed by more than the measuring error, which reps show.

Pure functions; the views are `comparison_page` and the terminal's of the history.
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
from numpy.typing import NDArray

from hinge_dowel.report import contacts
from hinge_dowel.report.sentences import exercise_words
from hinge_dowel.system.names import printable
from hinge_dowel.verdict import ANGLE_OF, Rep, Verdict

Array = NDArray[np.float64]

Change = Literal["less", "more", "same", "unknown"]
"""Less or more, by more than the measuring error; within it; or not known, as the error is not."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things that are compared: what it is called, its verdict, and when it was.

    `clip` is its film, where that is on this machine.
    """

    name: str
    verdict: Verdict
    when: datetime | None = None
    clip: Path | None = None

    @property
    def setting(self) -> str:
        """When it was, of whom, what was done, and the remark, as far as each is known."""
        parts = [
            f"{self.when:%Y-%m-%d}" if self.when is not None else "",
            self.verdict.who or "",
            exercise_words(self.verdict.exercise),
            self.verdict.note or "",
        ]
        return printable(", ".join(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to compare: a field of `Rep`, or the time of one; how it is called and written."""

    key: str
    name: str
    word: str
    unit: str = "degrees"
    digits: int = 0

    def of(self, rep: Rep) -> float | None:
        """Its value in one repetition, None where it was not seen."""
        if self.key == TEMPO:
            if rep.start_s is None or rep.end_s is None:
                return None
            return rep.end_s - rep.start_s
        value: float | None = getattr(rep, self.key)
        return value

    def written(self, value: float) -> str:
        """A value without its unit, never minus zero."""
        return f"{round(value, self.digits) + 0.0:.{self.digits}f}"


TEMPO = "rep_s"
MEASURES = (
    Measure("spinal_flexion_deg", "spinal flexion", "spine"),
    Measure("cervical_flexion_deg", "cervical flexion", "neck"),
    Measure("knee_flexion_deg", "knee flexion", "knee"),
    Measure("hip_flexion_deg", "hip flexion", "hip"),
    Measure("shin_angle_deg", "shin angle", "shin"),
    Measure("hip_travel_cm", "hips going back", "hips back", "cm"),
    Measure(TEMPO, "time of a rep", "tempo", "s", 1),
)
"""What is compared, in this order."""
ANGLES = MEASURES[:4]
"""Those that are shown for single repetitions and as curves."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over the repetitions of a clip: their median, and between what the truth lies.

    The ends are None where the measuring error is not known. They do not come closer
    with more repetitions: what one clip errs by, all of its repetitions err by.
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
    def said(self) -> str:
        """The change in words."""
        return SAID[self.change]


SAID: dict[Change, str] = {
    "less": "less, by more than the measuring error",
    "more": "more, by more than the measuring error",
    "same": "about the same, within the measuring error",
    "unknown": "the measuring error is not known",
}


def over(reps: Sequence[Rep], measure: Measure) -> Measured | None:
    """A measure over whole judged repetitions; None where none of them shows it."""
    values = [(rep, measure.of(rep)) for rep in contacts.whole(reps)]
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
    """Whether a measure has changed by more than both intervals together allow.

    Each interval holds the true value nine times in ten; the squares of independent errors add up.
    """
    lower, upper = (before, after) if before.value <= after.value else (after, before)
    if lower.high is None or upper.low is None:
        return "unknown"
    reach = math.hypot(lower.high - lower.value, upper.value - upper.low)
    if upper.value - lower.value <= reach:
        return "same"
    return "more" if after.value > before.value else "less"


def changes(before: Sequence[Rep], after: Sequence[Rep]) -> tuple[Changed, ...]:
    """Every measure that both have, in the order of `MEASURES`."""
    found = []
    for measure in MEASURES:
        first, second = over(before, measure), over(after, measure)
        if first is not None and second is not None:
            found.append(Changed(measure, first, second, change(first, second)))
    return tuple(found)


def sentence(changed: Changed, arrow: str = "->") -> str:
    """`spinal flexion 24 -> 12 degrees: less, by more than the measuring error`."""
    written = changed.measure.written
    values = f"{written(changed.before.value)} {arrow} {written(changed.after.value)}"
    return f"{changed.measure.name} {values} {changed.measure.unit}: {changed.said}"


def share_clean(reps: Sequence[Rep]) -> float | None:
    """The share of clean ones among whole judged repetitions, 0 to 1; None without any."""
    whole = [rep for rep in reps if rep.counted]
    return sum(rep.clean for rep in whole) / len(whole) if whole else None


def best_and_worst(verdict: Verdict) -> tuple[Rep, Rep]:
    """The repetition to do again and the one to learn from.

    The worst has the most sure faults, then maybes, then notes, and comes furthest towards a limit.
    The verdict has at least one repetition.
    """
    best = contacts.best(verdict)
    assert best is not None
    worst = max(contacts.whole(verdict.reps), key=lambda rep: _severity(rep, verdict))
    return best, worst


def _severity(rep: Rep, verdict: Verdict) -> tuple[float, ...]:
    shares = [0.0]
    for angle in ANGLE_OF.values():
        value, limit = getattr(rep, angle), verdict.limits.get(angle)
        if value is not None and limit:
            shares.append(value / limit)
    return (len(rep.sure_faults), len(rep.faults), len(rep.notes), max(shares))


def curve(verdict: Verdict, rep: Rep, key: str, points: int) -> Array | None:
    """An angle over one repetition, (points,) values evenly spaced from its start to its end.

    NaN where it was not seen. None where there are no frames, as in a history, or the repetition's
    ends are not known.
    """
    series = verdict.series
    if series is None or rep.start_s is None or rep.end_s is None or rep.end_s <= rep.start_s:
        return None
    values = np.asarray(getattr(series, key), dtype=float)
    at = np.linspace(rep.start_s, rep.end_s, points)
    seen = np.isfinite(values)
    if seen.sum() < 2:
        return None
    drawn = np.interp(at, series.time_s[seen], values[seen], left=np.nan, right=np.nan)
    # Between pictures that did not show it nothing is known.
    apart = np.abs(at[:, None] - series.time_s[seen]).min(axis=1)
    drawn[apart > LONGEST_GAP_S] = np.nan
    return np.asarray(drawn)


LONGEST_GAP_S = 0.5
"""Further than this from any picture that shows it, an angle is not drawn. A choice: eight
pictures."""
