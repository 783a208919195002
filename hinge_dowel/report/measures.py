"""The quantities of a repetition that views show, and what they say of how the hinge is done."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hinge_dowel.exercises.catalogue import EXERCISES
from hinge_dowel.report.wording import capital, number
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import Rep, Verdict

TEMPO = "rep_s"


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of a repetition that views show: `key` is a field of `Rep` or `TEMPO`.

    `word` is what it is called everywhere; `term` is what books on movement say, as far as the
    word does not, and follows it where there is room. A number shown is the field times `factor`,
    with `digits`, in `unit`.
    """

    key: str
    word: str
    unit: str = "degrees"
    digits: int = 0
    factor: float = 1.0
    term: str = ""

    def of(self, rep: Rep) -> float | None:
        """Return its value in one repetition, in its unit; None where it was not seen."""
        value = getattr(rep, "duration_s" if self.key == TEMPO else self.key)
        return None if value is None else value * self.factor

    def written(self, value: float) -> str:
        """Format a value without its unit, in ASCII, never as minus zero."""
        return f"{round(value, self.digits) + 0.0:.{self.digits}f}"

    def suffix(self, degree: str = "°") -> str:
        """Return its unit as it follows a number; `degree` is the view's sign for degrees."""
        return degree if self.unit == "degrees" else f" {self.unit}"

    def text_of(self, rep: Rep) -> str:
        """Return its number in one repetition for reading, "" where it was not seen."""
        value = self.of(rep)
        return "" if value is None else self.end_of_foot(value) or number(value, self.digits)

    def end_of_foot(self, value: float) -> str:
        """Return which end of the foot a weight lies beyond, which is told without a number."""
        if self.key != "weight_share" or 0 < value < self.factor:
            return ""
        return "heels" if value <= 0 else "tips of the toes"


def known(measures: Iterable[Measure], reps: Sequence[Rep]) -> tuple[Measure, ...]:
    """Return those of the measures that any of the repetitions has."""
    return tuple(one for one in measures if any(one.of(rep) is not None for rep in reps))


MAIN_ANGLES = (
    Measure("spinal_flexion_deg", "spine", term="spinal flexion"),
    Measure("cervical_flexion_deg", "neck", term="cervical flexion"),
    Measure("knee_flexion_deg", "knee", term="flexion"),
    Measure("hip_flexion_deg", "hip", term="flexion"),
)
"""The angles drawn as curves, and into films."""
ANGLES = (*MAIN_ANGLES, Measure("shin_angle_deg", "shin", term="angle"))
HIPS_BACK = Measure("hip_travel_cm", "hips back", "cm")
TECHNIQUE = (
    HIPS_BACK,
    Measure("weight_share", "weight", "%", factor=100.0),
    Measure("knee_lead_s", "knees first", "s", 1),
    Measure("hip_knee_ratio", "hip : knee", "", 1),
)
"""The measures of how the hinge is done."""
_CLAUSES = {
    "hip_travel_cm": "the hips go back {} cm",
    "weight_share": "your body's weight is {} % of the way from heel to toes",
    "hip_knee_ratio": "the hips bend {} times as far as the knees",
}
LEAST_LEAD_S = 0.05
"""A shorter lead is given as none: it rounds to zero at one decimal."""
LEAST_WEIGHT_SHARE = 0.1
"""A weight told nearer to the heels is not where it is told: nobody stands so. In 20 clips of real
people it was, most with a load in front of them; virtual people in hinges have 0.36 and more, told
to 0.08."""
TOPS = {
    "spinal_flexion_deg": 2 * DEFAULT.spinal_flexion_deg,
    "cervical_flexion_deg": 2 * DEFAULT.cervical_flexion_deg,
    "knee_flexion_deg": 2 * DEFAULT.squat_knee_deg,
    "hip_flexion_deg": DEFAULT.too_deep_deg,
    "hip_travel_cm": 40.0,
}
"""The measures that a history shows, and the value at which their plots end where no limit is
stored: twice the usual one, the depth that is too much, or further than hips go."""


def as_told(verdict: Verdict) -> Verdict:
    """Return a verdict without the places of the weight that are not told to anybody.

    They are those of who carries a load, which is not counted in, and impossible ones.
    """
    known = EXERCISES.get(verdict.exercise)
    balance = "alone" if known is None else known.balance

    def told(rep: Rep) -> Rep:
        share = rep.weight_share
        lost = share is not None and share < LEAST_WEIGHT_SHARE
        if balance == "loaded" or (balance == "alone" and lost):
            return replace(rep, weight_share=None)
        return rep

    return replace(verdict, reps=tuple(map(told, verdict.reps)))


def in_words(verdict: Verdict) -> str:
    """Return the medians of `TECHNIQUE` over whole repetitions, in words; "" for none."""
    clauses = []
    reps = [rep for rep in as_told(verdict).reps if rep.counted]
    for measure in TECHNIQUE:
        values = [measure.of(rep) for rep in reps]
        seen = [value for value in values if value is not None]
        if seen:
            clauses.append(_clause(measure, statistics.median(seen)))
    return capital(", ".join(clauses))


def _clause(measure: Measure, value: float) -> str:
    """Return a measure of `TECHNIQUE` as a clause."""
    if measure.key == "knee_lead_s":
        if abs(value) < LEAST_LEAD_S:
            return "knees and hips begin together"
        first, then = ("knees", "hips") if value > 0 else ("hips", "knees")
        return f"the {first} begin {number(abs(value), measure.digits)} s before the {then}"
    if measure is HIPS_BACK and round(value) < 0:
        return f"the hips move {number(-value)} cm forward"
    if end := measure.end_of_foot(value):
        return f"your body's weight is over the {end}"
    return _CLAUSES[measure.key].format(number(value, measure.digits))


def top_of(key: str, limits: Mapping[str, float]) -> float:
    """Return the value of a measure at which its plot ends, by the limits that were applied."""
    return 2 * limits[key] if key in limits else TOPS[key]
