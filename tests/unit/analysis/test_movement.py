"""The shape of a repetition, from a body laid out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.postures import posture_of

from hinge_dowel.analysis.movement import movement_of
from hinge_dowel.analysis.repetitions import RepSpan

T = 41
TIME = np.arange(T) / 10
SPAN = RepSpan(0.5, 2.0, 3.5, first=5, bottom=20, last=35, kind="full")
TRUNK_PX = 100.0
HIPS, SHOULDERS, KNEES, WRISTS = (23, 24), (11, 12), (25, 26), (15, 16)


def body(shoulder, knee, wrists):
    """Landmarks (T, 33, 2) about hips at the origin, facing right, y down."""
    out = np.full((T, 33, 2), np.nan)
    out[:, HIPS] = 0.0
    out[:, SHOULDERS], out[:, KNEES] = shoulder, knee
    out[:, WRISTS] = wrists
    return out


UPRIGHT = body((0, -TRUNK_PX), (0, 90), [(30, 20), (30, 20)])
LEVEL = body((TRUNK_PX, 0), (-10, 90), [(TRUNK_PX, 60), (TRUNK_PX, 60)])


def shape(right, span=SPAN, **series):
    motion = posture_of(TIME, **{name: np.full(T, value) for name, value in series.items()})
    # Where in the picture the hips lie does not matter.
    (found,) = movement_of(motion, [span], right + np.array([300.0, 400.0])).reps
    return found


def test_hands_of_somebody_upright():
    found = shape(UPRIGHT, knee=20.0, trunk=3.0)
    assert (found.trunk_deg, found.knee_deg) == (3.0, 20.0)
    assert found.hands_below_hips == pytest.approx(0.2)
    assert found.hands_below_knees == pytest.approx(-0.7)
    assert found.hands_ahead == pytest.approx(0.3)
    assert found.hands_up == pytest.approx(-0.2)
    assert found.hands_front == pytest.approx(0.3)
    assert found.highest_hands == pytest.approx(1.2)


def test_hands_of_somebody_bent_level():
    """They hang below the shoulders: beside them along the trunk, and before it."""
    found = shape(LEVEL)
    assert found.hands_below_hips == pytest.approx(0.6)
    assert found.hands_ahead == pytest.approx(0.0)
    assert found.hands_up == pytest.approx(1.0)
    assert found.hands_front == pytest.approx(0.6)


def test_of_two_hands_the_lower_one_is_up_and_both_are_in_front():
    one_up = UPRIGHT.copy()
    one_up[:, WRISTS[0]] = (10, -80)
    found = shape(one_up)
    assert found.hands_up == pytest.approx(-0.2)
    assert found.hands_front == pytest.approx(0.2)


def test_the_bottom_is_a_median_and_the_highest_hands_are_of_the_whole_repetition():
    right = LEVEL.copy()
    right[20, WRISTS] = (-500, -500)
    assert shape(right).hands_below_hips == pytest.approx(0.6)
    right = LEVEL.copy()
    right[8, WRISTS] = (TRUNK_PX, -40)
    right[2, WRISTS] = (TRUNK_PX, -90)  # before it began
    assert shape(right).highest_hands == pytest.approx(-0.4)


def test_knees_that_a_weight_hides_at_the_bottom_are_those_beside_it():
    knee_deg = np.where(np.abs(TIME - 2.0) < 0.25, np.nan, 60.0)
    knee_deg[np.abs(TIME - 2.0) > 0.55] = 10.0
    (found,) = movement_of(posture_of(TIME, knee=knee_deg), [SPAN], LEVEL).reps
    assert found.knee_deg == 60.0
    knee_deg[np.abs(TIME - 2.0) < 0.55] = np.nan
    (found,) = movement_of(posture_of(TIME, knee=knee_deg), [SPAN], LEVEL).reps
    assert np.isnan(found.knee_deg)


@pytest.mark.parametrize(
    ("start_s", "end_s", "kind", "duration_s"),
    [(0.5, 3.5, "full", 3.0), (None, 3.5, "partial", 3.0), (0.6, None, "partial", 2.9)],
)
def test_how_long_it_takes(start_s, end_s, kind, duration_s):
    found = shape(UPRIGHT, replace(SPAN, start_s=start_s, end_s=end_s, kind=kind))
    assert found.duration_s == pytest.approx(duration_s)
    assert found.full == (kind == "full")


def test_what_is_not_seen_is_nan():
    hidden = UPRIGHT.copy()
    hidden[:, WRISTS] = np.nan
    found = shape(hidden, knee=10.0)
    assert np.isnan([found.hands_below_hips, found.hands_up, found.highest_hands]).all()
    assert found.knee_deg == 10.0
    assert np.isnan(shape(np.full((T, 33, 2), np.nan)).hands_ahead)


@pytest.mark.parametrize("kneeling", [True, False])
def test_kneeling_is_passed_on_and_no_repetition_has_no_shape(kneeling):
    found = movement_of(posture_of(TIME), [], UPRIGHT, kneeling=kneeling)
    assert (found.reps, found.kneeling) == ((), kneeling)
