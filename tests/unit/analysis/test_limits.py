"""The limits of one clip: those of the exercise, wider where little is seen."""

from __future__ import annotations

from dataclasses import replace

from support.postures import posture_of

from hinge_dowel.analysis.limits import applied_limits
from hinge_dowel.analysis.rules import HINGE, Rules
from hinge_dowel.tolerances import DEFAULT

STILL = posture_of([0.0, 0.1])


def test_limits_are_those_applied_and_only_of_what_is_asked():
    plain = applied_limits(STILL, HINGE, DEFAULT)
    wide = applied_limits(STILL, HINGE, DEFAULT, spare_deg=4.0)
    assert wide["spinal_flexion_deg"] - plain["spinal_flexion_deg"] == 4.0
    assert wide["knee_flexion_deg"] == plain["knee_flexion_deg"] == DEFAULT.squat_knee_deg
    lift = applied_limits(STILL, Rules(squat="hips", notes=frozenset()), DEFAULT)
    assert set(lift) == {
        *("spinal_flexion_deg", "cervical_flexion_deg"),
        *("hips_level_deg", "lift_hip_knee_ratio"),
    }


def test_an_assumed_neutral_widens_what_is_measured_against_it():
    plain = applied_limits(STILL, HINGE, DEFAULT)
    wide = applied_limits(replace(STILL, neutral="assumed"), HINGE, DEFAULT, spare_deg=2.0)
    assert {name: wide[name] - plain[name] for name in plain if wide[name] != plain[name]} == {
        "spinal_flexion_deg": DEFAULT.assumed_neutral_extra_deg + 2.0,
        "cervical_flexion_deg": DEFAULT.assumed_neutral_extra_deg + 2.0,
        "knee_flexion_deg": DEFAULT.assumed_neutral_extra_deg,
        "over_arching_deg": DEFAULT.assumed_neutral_extra_deg + 2.0,
    }


def test_points_without_legs_are_held_to_the_dowel_alone():
    assert applied_limits(replace(STILL, legs=False), HINGE, DEFAULT, spare_deg=9.0) == {
        "end_stray_cm": DEFAULT.end_stray_cm,
        "upper_back_stray_cm": DEFAULT.upper_back_stray_cm,
    }


def test_the_limits_of_the_exercise_stand_in():
    rules = Rules(limits={"squat_knee_deg": "rdl_knee_deg"}, faults=("squatting",))
    found = applied_limits(STILL, rules, DEFAULT)
    assert found["knee_flexion_deg"] == DEFAULT.rdl_knee_deg != DEFAULT.squat_knee_deg
    assert "spinal_flexion_deg" not in found
