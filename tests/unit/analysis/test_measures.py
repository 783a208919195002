"""Hips back, weight, who leads: of figures whose every angle is known."""

from __future__ import annotations

import numpy as np
import pytest
from support.postures import posture_of

from hinge_dowel import check_keypoints
from hinge_dowel.analysis.measures import (
    FOOT_SHARE,
    SHANK_SHARE,
    THIGH_SHARE,
    TRUNK_SHARE,
    MeasureSeries,
    measures_of,
)
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.body.landmarks import HEELS, TOES
from hinge_dowel.testing.synthetic import HINGE, SQUAT, Bottom, motion

TIME = np.arange(101) / 20
DOWN = (1 - np.cos(np.pi * np.clip((TIME - 0.5) / 2, 0, 1))) / 2
UP = (1 - np.cos(np.pi * np.clip((TIME - 2.5) / 2, 0, 1))) / 2
SPAN = RepSpan(0.5, 2.5, 4.5, first=10, bottom=50, last=90, kind="full")


def measured(**series):
    moved = {name: value * (DOWN - UP) for name, value in series.items() if np.ndim(value) == 0}
    posture = posture_of(TIME, **{**series, **moved})
    zero = np.zeros(len(TIME))
    return measures_of(posture, MeasureSeries(zero, zero, zero, zero + 90), SPAN)


def hips_back_cm(bottom):
    """How far the figure's hips really go back; it stands with 3 degrees of bend in the knees."""
    shin, thigh = np.radians(bottom.shin_deg), np.radians(bottom.shin_deg - bottom.knee_deg - 3)
    ahead = 0.246 * np.sin(shin) + 0.245 * (np.sin(thigh) - np.sin(np.radians(-3)))
    return -170 * ahead


class TestHipTravel:
    @pytest.mark.parametrize("bottom", [HINGE, SQUAT, Bottom(hip_deg=50, knee_deg=2, shin_deg=1)])
    def test_it_is_that_of_the_figure(self, bottom):
        reps = check_keypoints(motion(bottom).landmarks, 30.0, exercise="hinge").reps
        wanted = [hips_back_cm(bottom)] * 3
        assert [rep.hip_travel_cm for rep in reps] == pytest.approx(wanted, abs=2.0)

    @pytest.mark.parametrize("options", [{"facing": "left"}, {"px_per_cm": 1.7}])
    def test_neither_side_nor_size_of_the_picture_change_it(self, options):
        plain, other = (
            check_keypoints(motion(HINGE, **given).landmarks, 30.0).reps[0]
            for given in ({}, options)
        )
        for name in ("hip_travel_cm", "weight_share", "knee_lead_s", "hip_knee_ratio"):
            assert getattr(other, name) == pytest.approx(getattr(plain, name), abs=0.02), name

    def test_hips_that_stay_are_noted(self):
        stay = Bottom(hip_deg=50.0, knee_deg=4.0, shin_deg=1.0)
        notes = check_keypoints(motion(stay).landmarks, 30.0).reps[0].notes
        assert "hips_not_back" in notes
        assert "hips_not_back" not in check_keypoints(motion(HINGE).landmarks, 30.0).reps[0].notes

    def test_knees_that_are_not_seen_leave_it_open(self):
        seen = motion(HINGE)
        hidden = seen.landmarks.copy()
        bent = seen.hip_flexion_deg > 30
        hidden[bent, 25:27] = np.nan
        reps = check_keypoints(hidden, 30.0).reps
        assert [(rep.hip_travel_cm, rep.hip_knee_ratio) for rep in reps] == [(None, None)] * 3


class TestWeight:
    def test_a_trunk_that_leans_alone_takes_it_forward(self):
        lean = Bottom(hip_deg=40.0, knee_deg=0.0, shin_deg=0.0)
        ahead, back = (
            check_keypoints(motion(bottom).landmarks, 30.0).reps[0].weight_share
            for bottom in (lean, Bottom(hip_deg=60.0, knee_deg=25.0, shin_deg=-5.0))
        )
        assert ahead > 0.7 > 0.5 > back

    @pytest.mark.parametrize("raised_deg", [0.0, 8.0, 20.0, 35.0])
    def test_only_heels_off_the_floor_are_standing_on_the_toes(self, raised_deg):
        seen = motion(Bottom(hip_deg=55.0, knee_deg=8.0, shin_deg=3.0))
        tipped = raised_deg * seen.hip_flexion_deg / 55.0
        foot_px = np.linalg.norm(seen.landmarks[0, TOES] - seen.landmarks[0, HEELS], axis=1)
        raised = seen.landmarks.copy()
        raised[:, HEELS, 1] -= foot_px.max() * np.sin(np.radians(tipped))[:, None]
        noted = ["on_the_toes" in rep.notes for rep in check_keypoints(raised, 30.0).reps]
        assert noted == [raised_deg > 15.0] * 3

    def test_without_standing_there_is_none(self):
        seen = motion(HINGE, reps=1, stand_s=0.0)
        middle = slice(20, 100)
        reps = check_keypoints(seen.landmarks[middle], 30.0).reps
        assert [rep.weight_share for rep in reps] == [None]

    def test_parts_are_as_long_as_in_the_sources(self):
        assert (SHANK_SHARE, THIGH_SHARE, TRUNK_SHARE) == (0.249, 0.2275, 0.2915)
        assert FOOT_SHARE == 0.152


class TestWhoLeads:
    @pytest.mark.parametrize("lead_s", [-0.2, 0.0, 0.2, 0.4])
    def test_knees_that_set_out_earlier_or_later(self, lead_s):
        early = (1 - np.cos(np.pi * np.clip((TIME + lead_s - 0.5) / 2, 0, 1))) / 2
        found = measured(hip=80.0, knee=25 * early, trunk=60.0).knee_lead_s
        assert found == pytest.approx(lead_s, abs=0.02)

    @pytest.mark.parametrize(
        ("first_s", "last_s", "lead_s"), [(0.98, 1.08, 0.2), (0.8, 2.52, None)]
    )
    def test_knees_that_are_lost_on_the_way(self, first_s, last_s, lead_s):
        """For a moment that takes nothing away; where they set out unseen nobody knows when."""
        knee = 25 * (1 - np.cos(np.pi * np.clip((TIME - 0.3) / 2, 0, 1))) / 2
        knee[(first_s < TIME) & (last_s > TIME)] = np.nan
        found = measured(hip=80.0, knee=knee, trunk=60.0).knee_lead_s
        assert found == (lead_s and pytest.approx(lead_s, abs=0.02))

    def test_knees_that_hardly_bend_lead_nothing(self):
        assert measured(hip=80.0, knee=8.0).knee_lead_s is None

    @pytest.mark.parametrize("further_deg", [0.0, 15.0])
    def test_a_trunk_that_tips_while_the_way_up_begins(self, further_deg):
        tip = further_deg * np.exp(-(((TIME - 3.1) / 0.3) ** 2))
        hold = 60 * (DOWN - np.clip((TIME - 3.3) / 1.2, 0, 1))
        lag = measured(hip=80.0, knee=60.0, trunk=hold + tip).chest_lag_deg
        assert lag == pytest.approx(further_deg, abs=3.0)


def test_hip_over_knee():
    assert measured(hip=80.0, knee=20.0).hip_knee_ratio == pytest.approx(4.0)
    assert measured(hip=80.0, knee=3.0).hip_knee_ratio is None


def test_the_way_down_is_timed_and_the_head_read_at_the_bottom():
    found = measured(hip=80.0, cervical=-35.0)
    assert found.lowering_s == pytest.approx(2.0)
    assert found.head_back_deg == pytest.approx(35.0, abs=0.5)


def test_from_far_off_side_on_nothing_is_told_of_the_feet():
    zero = np.zeros(len(TIME))
    series = MeasureSeries(zero, zero, zero, zero).from_far()
    assert np.isnan(series.weight_share).all()
    assert np.isnan(series.heels_up_deg).all()
    assert np.isfinite(series.hip_back_cm).all()
