"""What is drawn and exported: the series behind a verdict, put back into the picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.postures import posture_of

from hinge_dowel.analysis.dowel import Fit
from hinge_dowel.analysis.frame_series import OVERHANG_CM, trace
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.verdict import BETWEEN, LIFTING, LOWERING, STANDING

TIME = np.arange(10) / 10
BACK_CM = np.array([[3.0, -50.0], [0.0, -25.0], [1.0, 0.0]])
"""Occiput, T8 and sacrum of somebody upright who faces right, y down."""
SPAN = RepSpan(0.2, 0.4, 0.7, first=2, bottom=4, last=7, kind="full")


def fitted(head_cm=0.0, sacrum_cm=0.0, pitch_deg=0.0):
    values = (pitch_deg, head_cm, 0.0, sacrum_cm)
    return Fit(*(np.full(10, value) for value in values), np.zeros(10, dtype=bool))


def traced(fit, *, facing="right", back=BACK_CM):
    motion = replace(
        posture_of(TIME, hip=10 * TIME),
        fit=fit,
        points_cm=np.repeat(back[None], 10, axis=0),
        cm_per_px=0.5,
        standing=np.arange(10) < 2,
    )
    return trace(motion, [SPAN], facing, np.ones((10, 33, 4)), (640, 480))


def test_phases_are_those_of_the_repetitions():
    assert traced(fitted()).phase.tolist() == [
        *(STANDING, STANDING, LOWERING, LOWERING, LOWERING),
        *(LIFTING, LIFTING, LIFTING, BETWEEN, BETWEEN),
    ]


@pytest.mark.parametrize(("facing", "side"), [("right", 1), ("left", -1)])
def test_places_are_in_the_picture_they_came_from(facing, side):
    series = traced(fitted(), facing=facing)
    assert series.back_px[4] == pytest.approx(BACK_CM / 0.5 * [side, 1])
    assert series.landmarks_px.shape == (10, 33, 2)
    assert series.hip_flexion_deg == pytest.approx(10 * TIME)
    assert (series.size_px, series.cm_per_px) == ((640, 480), 0.5)


def test_the_dowel_reaches_past_head_and_sacrum_where_both_touch_it():
    upper, lower = traced(fitted()).dowel_px[0] * 0.5
    reach = np.linalg.norm(BACK_CM[0] - BACK_CM[2])
    assert np.linalg.norm(upper - lower) == pytest.approx(reach + 2 * OVERHANG_CM)
    assert np.linalg.norm(upper - BACK_CM[0]) == pytest.approx(OVERHANG_CM)
    assert np.linalg.norm(lower - BACK_CM[2]) == pytest.approx(OVERHANG_CM)


@pytest.mark.parametrize("place", ["head", "sacrum"])
def test_a_place_that_has_left_is_drawn_so_far_in_front_of_it(place):
    end = {"head": 0, "sacrum": 2}[place]
    straight = BACK_CM * [0, 1]
    straight[end, 0] = 6.0
    upper, lower = traced(fitted(**{f"{place}_cm": 6.0}), back=straight).dowel_px[0] * 0.5
    assert upper == pytest.approx([0.0, -50.0 - OVERHANG_CM])
    assert lower == pytest.approx([0.0, OVERHANG_CM])


@pytest.mark.parametrize("cm", [-20.0, 0.0, 20.0])
def test_head_and_sacrum_lie_beside_the_dowel_and_not_beyond_its_ends(cm):
    """So what is projected onto its line lies on it, however far they have left."""
    series = traced(fitted(head_cm=cm, sacrum_cm=20.0, pitch_deg=15.0))
    upper, lower = series.dowel_px[0]
    share = (series.back_px[0] - lower) @ (upper - lower) / np.sum((upper - lower) ** 2)
    assert ((share >= 0) & (share <= 1)).all()


def test_a_place_behind_the_dowel_has_not_left_it():
    series = traced(fitted(head_cm=-6.0), back=BACK_CM * [0, 1])
    assert series.dowel_px[0] == pytest.approx(traced(fitted(), back=BACK_CM * [0, 1]).dowel_px[0])


def test_the_series_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        traced(fitted()).phase[0] = 3
