"""Which exercise a movement is, from what is seen of it; the hip hinge where that is not plain.

A band, a wall or a bench is not seen, so hinges with them count as hinges. Limits here are trunk
lengths (about 0.5 m) and degrees; they lie between exercises and are not fitted to any film.
"""

from __future__ import annotations

from collections.abc import Callable

from hinge_dowel.analysis.movement import ObservedMovement, RepShape
from hinge_dowel.analysis.rules import HINGE, ChosenRules
from hinge_dowel.exercises.catalogue import EXERCISES

MOST_SHARE = 0.7
"""An exercise is plain when at least this share of the repetitions shows it."""
HANGING_BELOW_HIPS = 0.35
"""Hands that reach for a weight hang below the hips; at chest, neck or hips they do not."""
BEFORE_THE_SHOULDERS = 0.3
"""Hanging arms end below the shoulders; further before them they reach forward."""
FLOOR_TRUNK_DEG, FLOOR_KNEE_DEG = 42.0, 48.0
"""From the floor the trunk is pitched past a squat's 20 to 40, and knees bend past a hinge's."""
FLOOR_BELOW_KNEES = -0.05
"""A weight on the floor, or a handle over it, is taken hold of below the knees."""
DRAGGED_BACK = -0.12
"""A weight kept at the legs draws the arms behind the plumb line from the shoulders."""
RDL_TRUNK_DEG, RDL_KNEE_DEG, RDL_BELOW_KNEES = 50.0, 48.0, -0.25
"""A Romanian deadlift is a hinge (trunk, knees) whose weight stays about at the knees or above."""
RACKED_UP, RACKED_FRONT = 0.75, 0.3
"""Both hands at the height of the shoulders, close to them: a bar on the back."""
RACKED_TRUNK_DEG, RACKED_KNEE_DEG = 40.0, 50.0
"""A good morning pitches the trunk past a squat's, over knees that bend as in a hinge."""
SWING_S = 2.2
"""A swing takes 1 to 2 s ..."""
FLOATED = 0.45
"""... and its hands come up to the chest."""
SWING_KNEE_DEG = 70.0
"""Deeper knees are no swing but a squat."""


def recognise(movement: ObservedMovement) -> ChosenRules:
    """Choose the exercise that the movement plainly shows, or the hinge, unsure."""
    if movement.kneeling:
        return ChosenRules(EXERCISES["kneeling"].rules)
    for name, shows in SIGNS.items():
        if _mostly(movement.reps, shows) and len(movement.reps) >= LEAST_REPS.get(name, 1):
            return ChosenRules(EXERCISES[name].rules)
    return ChosenRules(HINGE, sure=False)


def _mostly(reps: tuple[RepShape, ...], shows: Callable[[RepShape], bool]) -> bool:
    """Whether enough repetitions show it; those half seen only where there are no others."""
    asked = [rep for rep in reps if rep.full] or list(reps)
    return bool(asked) and sum(map(shows, asked)) >= MOST_SHARE * len(asked)


def _hanging(rep: RepShape) -> bool:
    return rep.hands_below_hips >= HANGING_BELOW_HIPS and rep.hands_ahead <= BEFORE_THE_SHOULDERS


def _swings(rep: RepShape) -> bool:
    return (
        rep.duration_s <= SWING_S
        and rep.highest_hands <= FLOATED
        and rep.hands_below_hips >= 0
        and rep.knee_deg <= SWING_KNEE_DEG
    )


def _lifts_from_the_floor(rep: RepShape) -> bool:
    return (
        _hanging(rep)
        and rep.hands_below_knees >= FLOOR_BELOW_KNEES
        and rep.trunk_deg >= FLOOR_TRUNK_DEG
        and rep.knee_deg >= FLOOR_KNEE_DEG
    )


def _lowers_along_the_legs(rep: RepShape) -> bool:
    return (
        _hanging(rep)
        and rep.hands_ahead <= DRAGGED_BACK
        and rep.hands_below_knees >= RDL_BELOW_KNEES
        and rep.trunk_deg >= RDL_TRUNK_DEG
        and rep.knee_deg <= RDL_KNEE_DEG
    )


def _carries_on_the_shoulders(rep: RepShape) -> bool:
    return (
        rep.hands_up >= RACKED_UP
        and rep.hands_front <= RACKED_FRONT
        and rep.trunk_deg >= RACKED_TRUNK_DEG
        and rep.knee_deg <= RACKED_KNEE_DEG
    )


SIGNS: dict[str, Callable[[RepShape], bool]] = {
    "swing": _swings,
    "deadlift": _lifts_from_the_floor,
    "rdl": _lowers_along_the_legs,
    "good_morning": _carries_on_the_shoulders,
}
"""What a repetition of each exercise shows; the first that most of them show is it."""
LEAST_REPS = {"swing": 3}
"""How many repetitions it takes, where one alone is none."""
