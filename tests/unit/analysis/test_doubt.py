"""Intervals of a repetition's angles, and what is unsure by them."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from support.judged_reps import FRAMES, FULL, at_bottom, judged, posture

from hinge_dowel.analysis import shrinkage
from hinge_dowel.analysis.doubt import INTERVAL_ERRORS, UNSURE_DEG, UNSURE_SHARE
from hinge_dowel.analysis.judging import judge_rep
from hinge_dowel.analysis.measures import MeasureSeries
from hinge_dowel.analysis.rules import Rules


class TestIntervals:
    ALL: ClassVar = dict.fromkeys(("spinal", "cervical", "knee", "shin", "hip"), 2.0)

    def test_reach_so_many_usual_errors_to_each_side(self):
        rep = judged(usual=self.ALL, spinal=5.0)
        half = INTERVAL_ERRORS["spinal"] * 2.0
        assert rep.intervals_deg["spinal_flexion_deg"] == pytest.approx(
            (5 - half, 5 + half), abs=0.1
        )
        assert list(rep.intervals_deg) == [
            *("hip_flexion_deg", "knee_flexion_deg", "shin_angle_deg"),
            *("spinal_flexion_deg", "cervical_flexion_deg"),
        ]

    @pytest.mark.parametrize(
        ("angle", "value", "below", "above"),
        [
            ("spinal", -20.0, 7.0, 0.0),
            ("spinal", -6.0, 3.5, 0.0),
            ("spinal", 12.0, 0.0, 0.0),
            ("spinal", 40.0, 0.0, 4.0),
            ("cervical", -20.0, 0.0, 0.0),
            ("cervical", 40.0, 0.0, 0.0),
        ],
    )
    def test_of_the_spine_reach_further_away_from_straight(self, angle, value, below, above):
        """Backs are estimated less arched and less rounded than they are."""
        told = float(shrinkage.undone(value)) if angle == "spinal" else value
        rep = judged(usual=self.ALL, **{angle: at_bottom(told)})
        low, high = rep.intervals_deg[f"{angle}_flexion_deg"]
        half = INTERVAL_ERRORS[angle] * 2.0
        assert (value - half - low, high - value - half) == pytest.approx((below, above), abs=0.1)

    def test_are_left_out_where_nothing_is_known(self):
        assert judged().intervals_deg == {}
        unseen = judged(usual=self.ALL, knee=np.full(FRAMES, np.nan))
        assert "knee_flexion_deg" not in unseen.intervals_deg

    def test_are_wider_with_an_assumed_neutral(self):
        low, high = judged(usual=self.ALL, neutral="assumed").intervals_deg["knee_flexion_deg"]
        narrow = judged(usual=self.ALL).intervals_deg["knee_flexion_deg"]
        assert high - low > narrow[1] - narrow[0] + 5

    @pytest.mark.parametrize(("usual", "unsure"), [(1.0, False), (5.0, True)])
    @pytest.mark.parametrize(
        ("angle", "value", "note"), [("spinal", 14.0, "spine"), ("cervical", 13.0, "head")]
    )
    def test_held_and_bent_both_within_is_unsure(self, angle, value, note, usual, unsure):
        rep = judged(usual=self.ALL | {angle: usual}, **{angle: at_bottom(value)})
        assert (f"unsure_{note}" in rep.notes) == unsure

    @pytest.mark.parametrize(
        ("thigh_deg", "usual", "sure", "unsure"),
        [
            (8.0, 2.0, (), False),
            (7.9, 2.0, ("squatting",), False),
            (7.9, 5.5, (), True),
            (12.0, 8.0, (), True),
            (12.0, 5.0, (), False),
        ],
    )
    def test_of_a_lift_the_thighs_are_as_uncertain_as_the_knees(
        self, thigh_deg, usual, sure, unsure
    ):
        """Its knees are past what a hinge allows, and say nothing by themselves."""
        body = posture(knee=at_bottom(95.0), hip=at_bottom(150.0), usual=self.ALL | {"knee": usual})
        slope = np.full(FRAMES, thigh_deg)
        lift = Rules("deadlift", start="bottom", squat="hips", notes=frozenset())
        rep = judge_rep(body, FULL, 1, rules=lift, series=MeasureSeries(slope, slope, slope, slope))
        half = INTERVAL_ERRORS["knee"] * usual
        ends = rep.intervals_deg["thigh_above_level_deg"]
        assert ends == pytest.approx((thigh_deg - half, thigh_deg + half))
        assert rep.faults == (("squatting",) if thigh_deg < 8 else ())
        assert rep.sure_faults == sure
        assert ("unsure_knee" in rep.notes) is unsure

    def test_a_lift_whose_thighs_are_not_seen_is_not_told_by_its_knees(self):
        unseen = np.full(FRAMES, np.nan)
        lift = Rules("deadlift", start="bottom", squat="hips", notes=frozenset())
        body = posture(knee=at_bottom(10.0), hip=at_bottom(150.0), usual=self.ALL)
        series = MeasureSeries(unseen, unseen, unseen, unseen)
        assert "unsure_knee" in judge_rep(body, FULL, 1, rules=lift, series=series).notes
        assert "unsure_knee" not in judge_rep(body, FULL, 1).notes

    @pytest.mark.parametrize(
        ("knee_deg", "usual", "unsure"), [(80.0, 3.0, False), (80.0, 7.0, True), (50.0, 7.0, False)]
    )
    def test_knees_that_may_be_as_deep_as_a_squat_are_unsure(self, knee_deg, usual, unsure):
        """However upright the shins are: 90 degrees are a squat's."""
        rep = judged(usual=self.ALL | {"knee": usual}, knee=at_bottom(knee_deg))
        assert rep.faults == ()
        assert ("unsure_knee" in rep.notes) is unsure

    @pytest.mark.parametrize(("knee_deg", "unsure"), [(20.0, False), (50.0, True), (95.0, False)])
    def test_shins_in_doubt_matter_only_where_they_decide(self, knee_deg, unsure):
        """Soft knees are no squat and knees as for sitting down are one, whatever the shins."""
        rep = judged(usual=self.ALL | {"shin": 6.0}, knee=at_bottom(knee_deg), shin=at_bottom(9.0))
        assert ("unsure_knee" in rep.notes) is unsure

    def test_a_plain_fault_is_sure_however_wide(self):
        rep = judged(usual=self.ALL | {"spinal": 10.0}, spinal=at_bottom(50.0))
        assert rep.faults == ("spinal_flexion",)
        assert "unsure_spine" not in rep.notes

    @pytest.mark.parametrize("angle", ["spinal", "cervical"])
    @pytest.mark.parametrize(("more", "unsure"), [(-0.1, False), (0.1, True)])
    def test_most_of_an_interval_must_reach_both(self, angle, more, unsure):
        """At the middle between held well and a plain fault."""
        held_deg, fault_deg = UNSURE_DEG[angle]
        half = (fault_deg - held_deg) / 2
        usual = (half + more) / UNSURE_SHARE / INTERVAL_ERRORS[angle]
        rep = judged(
            usual=self.ALL | {angle: usual}, **{angle: at_bottom((held_deg + fault_deg) / 2)}
        )
        assert any(note in ("unsure_spine", "unsure_head") for note in rep.notes) is unsure
