"""One foot far ahead of the other, or in the air: what two like legs would tell is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.analysis import stance
from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.body.landmarks import ANKLES, HEELS, TOES
from hinge_dowel.exercises.catalogue import rules_for
from hinge_dowel.pose.extraction import Record


@pytest.mark.parametrize(
    ("apart", "view_deg", "split"),
    [
        *((0.05, 0.0, False), (0.3, 0.0, False), (0.6, 0.0, True)),
        # Feet that are side by side show apart from farther round.
        *((0.6, 20.0, False), (1.3, 20.0, True), (1.2, 45.0, False)),
    ],
)
def test_how_far_apart_feet_are_ahead_of_one_another(apart, view_deg, split) -> None:
    feet = np.zeros((9, 2, 2))
    feet[:, 1, 0] = apart
    assert stance.split(feet, view_deg) is split
    assert stance.split(feet[:, ::-1], view_deg) is split


def test_feet_that_nobody_sees_say_nothing() -> None:
    assert not stance.split(np.full((9, 2, 2), np.nan), 0.0)


def one_foot_back(record: Record, back_px: float) -> Record:
    """With the foot farther from the camera so far behind, as in a hinge on one leg."""
    landmarks = record.landmarks.copy()
    for pair in (ANKLES, HEELS, TOES):
        landmarks[:, pair[0], 0] -= back_px
    return replace(record, landmarks=landmarks)


@pytest.mark.parametrize(("back_px", "split"), [(0.0, False), (160.0, True)])
def test_a_hinge_on_one_leg_gets_no_notes_on_legs_hips_and_balance(back_px, split) -> None:
    record = one_foot_back(recorded_person.record(), back_px)
    verdict = judge(record, clip="a", rules=rules_for("auto"))
    assert (stance.WARNING in verdict.warnings) is split
    assert len(verdict.reps) == 4
    assert [rep.hip_travel_cm is None for rep in verdict.reps] == [split] * 4
    assert [rep.weight_share is None for rep in verdict.reps] == [split] * 4
    if split:
        assert not {note for rep in verdict.reps for note in rep.notes} & stance.NOTES
    # The back is judged as ever.
    assert verdict.reps[1].faults == ("spinal_flexion",)
