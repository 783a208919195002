"""What an exercise asks of a repetition: which faults and notes count there, and their limits.

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
"""What the hip hinge, which every rule defaults to, is called."""

TECHNIQUE_NOTES = frozenset(
    {
        *("shallow", "too_deep", "too_fast", "shins_forward", "locked_knees", "over_arching"),
        *("hips_not_back", "on_the_toes", "knees_first", "looking_up"),
    }
)
"""The notes about how a hinge is done; others say how well it was seen, and always count."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How the repetitions of one exercise are found and judged.

    `faults` and `notes` are those that count. `limits` names for a field of `Tolerances` the one
    that stands in its place, so that every limit keeps its unit and source in `tolerances.py`.
    """

    exercise: str = HINGE_NAME
    """The name of the exercise these rules are of."""
    start: Start = "standing"
    """The posture a repetition starts from: upright, at the bottom of a lift, or kneeling."""
    faults: tuple[str, ...] = FAULTS
    notes: frozenset[str] = TECHNIQUE_NOTES
    limits: Mapping[str, str] = field(default_factory=dict)
    squat: Literal["knees", "hips"] = "knees"
    """Squatting shows by bent knees with shins forward, or by hips as low as the knees: lifts from
    the floor bend the knees and shins of whoever does them well."""
    legs: bool = True
    """Whether knees and shins are asked for; a kneeling shank lies on the floor."""
    sure_faults: frozenset[str] = frozenset()
    """Faults told only where their whole interval lies past "held well": arms hide the place."""
    wall_cm: float | None = None
    """How far behind the heels the wall stands that the hips shall touch; None without one."""

    def applied(self, tolerances: Tolerances) -> Tolerances:
        """The tolerances of this exercise: `limits` put in their places."""
        own = {name: getattr(tolerances, other) for name, other in self.limits.items()}
        return replace(tolerances, **own)


HINGE = Rules()


@dataclass(frozen=True, slots=True)
class ChosenRules:
    """The rules chosen for what was seen. `sure`: whether the exercise is plain, or was told."""

    rules: Rules
    sure: bool = True


RulesChooser = Callable[["ObservedMovement"], ChosenRules]
"""Chooses rules for a movement, as `exercises.recognition.recognise` does."""


def chosen(rules: Rules | RulesChooser, movement: ObservedMovement) -> ChosenRules:
    """The rules that were given, or those chosen for this movement."""
    return ChosenRules(rules) if isinstance(rules, Rules) else rules(movement)
