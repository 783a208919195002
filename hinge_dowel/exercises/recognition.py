"""Recognises the exercise from the movement; the hip hinge where that is not plain.

Bands, walls and benches are not detected, so hinges with them count as hinges.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from hinge_dowel.analysis.movement import ObservedMovement
from hinge_dowel.analysis.rules import NOT_STATED, ChosenRules
from hinge_dowel.exercises.catalogue import EXERCISES

MOST_SHARE = 0.7
"""An exercise is recognised when at least this share of the repetitions shows its signs. A choice:
steady at 0.35 and 0.875."""
HANGING = {"hands_below_hips": (0.35, inf), "hands_ahead": (-inf, 0.3)}
"""Hands that reach for a weight hang below the hips (at chest, neck or hips they do not), and no
further ahead than below the shoulders. Choices: steady at 0.18 and 0.44, and at 0.15 and 0.6."""
SIGNS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "swing": {
        # A swing takes 1 to 2 s (2.75 changes a clip).
        "duration_s": (-inf, 2.2),
        # The hands come up to the chest (0.48 to 0.52 in swings that are filmed).
        "highest_hands": (-inf, 0.55),
        "hands_below_hips": (0.0, inf),
        # Deeper knees are a squat's.
        "knee_deg": (-inf, 70.0),
    },
    "deadlift": {
        **HANGING,
        # A weight on the floor, or its handle, is gripped below the knees.
        "hands_below_knees": (-0.05, inf),
        # The trunk is pitched past a squat's 20 to 40 (34 and 53 change a clip).
        "trunk_deg": (42.0, inf),
        # Knees bend past a hinge's (24 and 60 change a clip).
        "knee_deg": (48.0, inf),
    },
    "rdl": {
        **HANGING,
        # A weight kept at the legs draws the arms behind the plumb line from the shoulders (-0.24
        # changes a clip).
        "hands_ahead": (-inf, -0.12),
        # The weight stays about at the knees or above.
        "hands_below_knees": (-0.25, inf),
        # Trunk and knees are as in a hinge (63 of the trunk, 38 of the knees change a clip).
        "trunk_deg": (50.0, inf),
        "knee_deg": (-inf, 48.0),
    },
    "good_morning": {
        # Both hands are at the height of the shoulders, close to them: a bar on the back (0.38 up
        # changes a clip). A hand that holds the dowel at the neck is above (1.53; a
        # kettlebell behind the neck is at 1.35).
        "hands_up": (0.75, 1.45),
        "hands_front": (-inf, 0.3),
        # The trunk is pitched past a squat's, over knees that bend as in a hinge (100 of the knees
        # changes a clip).
        "trunk_deg": (40.0, inf),
        "knee_deg": (-inf, 50.0),
    },
}
"""By exercise, the range of each field of `RepShape` in a repetition; the first exercise that most
repetitions show is taken. The limits are choices that lie between exercises; half and twice of each
are steady except where another value is named."""
LEAST_REPS = {"swing": 3}
"""Fewest reps by which an exercise is recognised (others: 1). A choice: steady at 2 and 6."""


def recognise(movement: ObservedMovement) -> ChosenRules:
    """Return the rules of the exercise that the movement plainly shows, else an unsure hinge."""
    if movement.kneeling:
        return ChosenRules(EXERCISES["kneeling"].rules)
    # Partial repetitions count only where there are no others.
    reps = [rep for rep in movement.reps if rep.full] or movement.reps
    for name, signs in SIGNS.items():
        shown = sum(
            all(low <= getattr(rep, field) <= high for field, (low, high) in signs.items())
            for rep in reps
        )
        enough = len(movement.reps) >= LEAST_REPS.get(name, 1)
        if enough and shown >= MOST_SHARE * len(reps):
            return ChosenRules(EXERCISES[name].rules)
    return NOT_STATED
