"""The limits of one clip, and every note at its limit and just short of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.postures import posture_of

from hinge_dowel.analysis.measures import Measures
from hinge_dowel.analysis.rules import HINGE, TECHNIQUE_NOTES, Rules
from hinge_dowel.analysis.technique import NOTES, RepFacts, applied_limits, technique_notes
from hinge_dowel.tolerances import DEFAULT

STILL = posture_of([0.0, 0.1])
PLAIN = RepFacts(
    full=True,
    faults=(),
    angles={"hip": 80.0, "knee": 18.0, "shin": 2.0, "spinal": 2.0, "cervical": 0.0},
    measures=Measures(
        hip_travel_cm=15.0,
        hip_travel_cm_per_10_deg=2.0,
        weight_share=0.7,
        heels_up_deg=2.0,
        knee_lead_s=0.0,
        chest_lag_deg=0.0,
        lowering_s=2.0,
        head_back_deg=0.0,
    ),
    arch_deg=0.0,
    duration_s=4.0,
    wall_cm=None,
)
LIMITS = {
    "shallow_deg": 45.0,
    "too_deep_deg": 130.0,
    "shins_forward_deg": 12.0,
    "locked_knees_deg": 3.0,
    "over_arching_deg": 15.0,
    "too_fast_s": 1.5,
    "lowered_fast_s": 1.5,
    "least_travel_cm_per_10_deg": 0.8,
    "staying_travel_cm": 4.1,
    "wall_near_cm": 6.0,
    "on_the_toes_share": 0.65,
    "heels_up_deg": 15.0,
    "knees_first_s": 0.25,
    "hips_first_deg": 10.0,
    "looking_up_deg": 32.0,
}
EVERY = Rules(notes=frozenset(NOTES))
EPS = 1e-6


def angle(name, value):
    return replace(PLAIN, angles={**PLAIN.angles, name: value})


def measured(**values):
    return replace(PLAIN, measures=replace(PLAIN.measures, **values))


CASES = {
    "shallow": lambda by: angle("hip", 45.0 - by),
    "too_deep": lambda by: angle("hip", 130.0 + by),
    "shins_forward": lambda by: angle("shin", 12.0 + by),
    "locked_knees": lambda by: angle("knee", 3.0 - by),
    "over_arching": lambda by: replace(PLAIN, arch_deg=15.0 + by),
    "too_fast": lambda by: replace(PLAIN, duration_s=1.5 - by),
    "lowered_fast": lambda by: measured(lowering_s=1.5 - by),
    "hips_not_back": lambda by: measured(hip_travel_cm_per_10_deg=0.8 - by, hip_travel_cm=3.0),
    "short_of_the_wall": lambda by: replace(measured(hip_travel_cm=24.0 - by), wall_cm=30.0),
    "on_the_toes": lambda by: measured(heels_up_deg=15.0 + by),
    "knees_first": lambda by: measured(knee_lead_s=0.25 + by),
    "hips_first": lambda by: measured(chest_lag_deg=10.0 + by),
    "looking_up": lambda by: measured(head_back_deg=32.0 + by),
}


def notes(facts, rules=EVERY):
    return list(technique_notes(facts, rules, LIMITS))


def test_a_plain_hinge_has_none():
    assert notes(PLAIN) == []


def test_every_note_is_tried_here():
    assert set(CASES) == set(NOTES)


@pytest.mark.parametrize("note", CASES)
def test_past_its_limit_and_not_before(note):
    assert notes(CASES[note](EPS)) == [note]
    assert notes(CASES[note](-EPS)) == []


@pytest.mark.parametrize("note", CASES)
def test_only_where_the_exercise_counts_it(note):
    others = Rules(notes=frozenset(NOTES) - {note})
    assert notes(CASES[note](EPS), others) == []


def test_hips_that_have_gone_back_do_not_stay_however_far_the_trunk_tips():
    deep = {"hip_travel_cm_per_10_deg": 0.6}
    assert notes(measured(**deep, hip_travel_cm=4.1 + EPS)) == []
    assert notes(measured(**deep, hip_travel_cm=4.1 - EPS)) == ["hips_not_back"]


def test_a_heel_that_seems_up_is_not_with_the_weight_behind_the_ball():
    assert notes(measured(heels_up_deg=40.0, weight_share=0.65 - EPS)) == []
    assert notes(measured(heels_up_deg=40.0, weight_share=0.65)) == ["on_the_toes"]


def test_what_is_not_seen_is_not_noted():
    unseen = RepFacts(
        full=True,
        faults=(),
        angles=dict.fromkeys(PLAIN.angles),
        measures=Measures(),
        arch_deg=None,
        duration_s=None,
        wall_cm=30.0,
    )
    assert notes(unseen) == []


def test_half_a_repetition_is_not_too_shallow_and_a_squat_not_too_deep():
    assert notes(replace(CASES["shallow"](1.0), full=False)) == []
    assert notes(replace(CASES["too_deep"](1.0), faults=("squatting",))) == []


@pytest.mark.parametrize("fault", ["spinal_flexion", "squatting"])
def test_a_head_that_a_rounded_back_or_a_squat_tips_back_does_not_look_up(fault):
    assert notes(replace(CASES["looking_up"](1.0), faults=(fault,))) == []


def test_the_usual_notes_are_all_known():
    assert set(NOTES) >= TECHNIQUE_NOTES


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
        "looking_up_deg": DEFAULT.assumed_neutral_extra_deg + 2.0,
    }


def test_points_without_legs_are_held_to_the_dowel_alone():
    assert applied_limits(
        replace(STILL, by_strays=True, knee_deg=STILL.knee_deg * float("nan")),
        HINGE,
        DEFAULT,
        spare_deg=9.0,
    ) == {
        "end_stray_cm": DEFAULT.end_stray_cm,
        "upper_back_stray_cm": DEFAULT.upper_back_stray_cm,
    }


def test_the_limits_of_the_exercise_stand_in():
    rules = Rules(limits={"squat_knee_deg": "rdl_knee_deg"}, faults=("squatting",))
    found = applied_limits(STILL, rules, DEFAULT)
    assert found["knee_flexion_deg"] == DEFAULT.rdl_knee_deg != DEFAULT.squat_knee_deg
    assert "spinal_flexion_deg" not in found
