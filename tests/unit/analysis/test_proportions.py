"""A film that was stretched or squeezed sideways is said to be, and nothing in it is sure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person

from hinge_dowel.analysis import proportions
from hinge_dowel.analysis.pipeline import Record, judge
from hinge_dowel.body.landmarks import EARS, WRISTS
from hinge_dowel.body.trunk import pitch_deg, trunk_frame


def wider(times: float) -> Record:
    record = recorded_person.record()
    assert record.size_px is not None
    size = round(record.size_px[0] * times), record.size_px[1]
    landmarks = record.landmarks * np.array([times, 1.0, times, 1.0])
    return replace(record, landmarks=landmarks, size_px=size)


@pytest.mark.parametrize(("times", "word"), [(1.5, "stretched"), (0.7, "squeezed")])
def test_a_wrong_shape_is_said_and_no_fault_is_sure(times: float, word: str) -> None:
    verdict = judge(wider(times), clip="a")
    assert f"The film seems to be {word} sideways" in verdict.warnings[0]
    assert verdict.reps
    assert not verdict.sure_faults
    assert all("unsure_spine" in rep.notes for rep in verdict.reps)


def test_the_true_shape_is_left_alone() -> None:
    verdict = judge(wider(1.0), clip="a")
    assert verdict.sure_faults
    assert not any("sideways" in said for said in verdict.warnings)


@pytest.mark.parametrize(("view_deg", "told"), [(20.0, True), (25.0, False)])
def test_from_far_off_the_side_a_short_trunk_says_nothing(view_deg: float, told: bool) -> None:
    landmarks = wider(0.7).landmarks
    assert (proportions.stretched(landmarks, view_deg) is not None) is told
    assert proportions.stretched(wider(1.5).landmarks, view_deg) is not None


def test_a_trunk_that_is_only_seen_upright_says_nothing() -> None:
    upright = np.repeat(wider(1.5).landmarks[:1], 20, axis=0)
    assert proportions.stretched(upright, 0.0) is None


@pytest.mark.parametrize(("times", "told"), [(1.0, False), (1.5, True)])
def test_a_film_that_zooms_in_is_not_stretched_for_that(times: float, told: bool) -> None:
    """Whoever bends after it has a trunk that looks longer than in most of their standing."""
    bends = wider(times).landmarks
    stands = np.repeat(bends[:1], 3 * len(bends), axis=0)
    zoomed = np.concatenate([stands, 1.5 * bends])
    assert (proportions.stretched(zoomed, 0.0) is not None) is told


def test_a_few_upright_moments_or_raised_arms_do_not_tell() -> None:
    landmarks = wider(1.5).landmarks
    pitch = np.abs(pitch_deg(trunk_frame(landmarks)[1]))
    upright, bent = landmarks[pitch < 20.0], landmarks[pitch > 40.0]
    some = np.concatenate([upright[: proportions.LEAST_FRAMES], bent])
    assert proportions.stretched(some, 0.0) is not None
    assert proportions.stretched(some[1:], 0.0) is None
    raised = upright.copy()
    raised[:, list(WRISTS), 1] = raised[:, list(EARS), 1]
    assert proportions.stretched(np.concatenate([upright, bent]), 0.0) is not None
    assert proportions.stretched(np.concatenate([raised, bent]), 0.0) is None
