"""The rules of an exercise: which faults and notes count, and their limits.

Each exercise of `hinge_dowel.exercises` has one `Rules`; the default is the hip hinge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import FAULTS

if TYPE_CHECKING:
    from hinge_dowel.analysis.movement import ObservedMovement

Start = Literal["standing", "bottom", "kneeling"]

HINGE_NAME = "hinge"
"""The name of the hip hinge, the default exercise."""

STRAY_OF: Mapping[str, tuple[str, str]] = {
    "spinal_flexion": ("sacrum", "end_stray_cm"),
    "squatting": ("upper_back", "upper_back_stray_cm"),
    "cervical_flexion": ("head", "end_stray_cm"),
}
"""By fault, the field of `Strays` for the place that leaves the dowel, and the tolerance that is
its limit: it decides where there are no angles."""
UNSURE_NOTE_OF = {
    "spinal_flexion": "unsure_spine",
    "cervical_flexion": "unsure_head",
    "squatting": "unsure_knee",
}
"""By fault, the note on its place where that may be held well or plainly not."""

TECHNIQUE_NOTES = frozenset(
    {
        *("shallow", "too_deep", "too_fast", "shins_forward", "locked_knees", "over_arching"),
        *("hips_not_back", "on_the_toes", "knees_first", "looking_up"),
    }
)
"""The notes on technique; other notes say how well a repetition was seen, and always count."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the repetitions of one exercise are found and judged.

    `faults` and `notes` are those that count. `limits` maps a field of `Tolerances` to the field
    used in its place, so that every limit keeps its unit and source in `tolerances.py`.
    """

    exercise: str = HINGE_NAME
    """The exercise's name."""
    start: Start = "standing"
    """The posture a repetition starts from: upright, at the bottom of a lift, or kneeling."""
    faults: tuple[str, ...] = FAULTS
    notes: frozenset[str] = TECHNIQUE_NOTES
    limits: Mapping[str, str] = field(default_factory=dict)
    squat: Literal["knees", "hips"] = "knees"
    """The sign of squatting: bent knees with shins forward, or hips as low as the knees, as lifts
    from the floor bend knees and shins even when done well."""
    legs: bool = True
    """Whether knees and shins are judged; not in kneeling, with the shanks on the floor."""
    sure_faults: frozenset[str] = frozenset()
    """Faults reported only where the whole interval is past "held well", as arms hide the place."""
    wall_cm: float | None = None
    """Distance behind the heels of the wall that the hips should touch; None without a wall."""

    def applied(self, tolerances: Tolerances) -> Tolerances:
        """Return the tolerances with those of this exercise (`limits`) put in."""
        own = {name: getattr(tolerances, other) for name, other in self.limits.items()}
        return replace(tolerances, **own)


HINGE = Rules()


@dataclass(frozen=True, slots=True)
class ChosenRules:
    """The rules chosen for a movement. `sure`: the exercise was given, or plainly recognised."""

    rules: Rules
    sure: bool = True


NOT_STATED = ChosenRules(HINGE, sure=False)
"""The exercise was neither given nor recognised."""

RulesChooser = Callable[["ObservedMovement"], ChosenRules]
"""Chooses rules for a movement, as `exercises.recognition.recognise` does."""


def chosen(rules: Rules | RulesChooser, movement: ObservedMovement) -> ChosenRules:
    """Return the rules given, or those chosen for this movement."""
    return ChosenRules(rules) if isinstance(rules, Rules) else rules(movement)
