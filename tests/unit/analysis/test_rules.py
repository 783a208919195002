"""What an exercise asks, and who chooses it."""

from __future__ import annotations

import pytest
from support.postures import posture_of

from hinge_dowel.analysis.movement import ObservedMovement
from hinge_dowel.analysis.rules import HINGE, ChosenRules, Rules, chosen
from hinge_dowel.tolerances import DEFAULT, Tolerances

NOTHING = ObservedMovement(())
STILL = posture_of([0.0, 0.1])


def test_what_was_told_is_sure_and_what_was_chosen_is_as_sure_as_it_says():
    assert chosen(HINGE, NOTHING) == ChosenRules(HINGE, sure=True)
    unsure = ChosenRules(HINGE, sure=False)
    assert chosen(lambda _: unsure, NOTHING) is unsure


def test_a_limit_stands_in_anothers_place():
    rules = Rules(limits={"squat_knee_deg": "rdl_knee_deg"})
    own = Tolerances(rdl_knee_deg=51.0)
    assert rules.applied(own).squat_knee_deg == 51.0
    assert HINGE.applied(DEFAULT) == DEFAULT


def test_a_limit_that_is_not_there_cannot_stand_in():
    with pytest.raises(AttributeError):
        Rules(limits={"squat_knee_deg": "no_such_deg"}).applied(DEFAULT)
