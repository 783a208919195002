"""Which exercise a movement is, from what is seen of it; the hip hinge where that is not plain."""

from __future__ import annotations

from hinge_dowel.analysis.movement import Movement
from hinge_dowel.analysis.rules import HINGE, Choice


def recognise(movement: Movement) -> Choice:
    """Choose the exercise that the movement shows, or the hinge, unsure."""
    return Choice(HINGE, sure=False)
