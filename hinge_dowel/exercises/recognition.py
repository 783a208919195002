"""Which exercise a movement is, from what is seen of it; the hip hinge where that is not plain."""

from __future__ import annotations

from hinge_dowel.analysis.movement import ObservedMovement
from hinge_dowel.analysis.rules import HINGE, ChosenRules


def recognise(movement: ObservedMovement) -> ChosenRules:
    """RulesChooser the exercise that the movement shows, or the hinge, unsure."""
    return ChosenRules(HINGE, sure=False)
