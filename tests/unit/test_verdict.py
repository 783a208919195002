"""The JSON contract: keys, their order, rounding, and nothing that JSON does not know."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.verdicts import verdict as example

from hinge_dowel import verdict
from hinge_dowel.report import files
from hinge_dowel.tolerances import HELD_WELL_DEG
from hinge_dowel.verdict import PHASES, Rep, RepPhase, Strays, Verdict


def squat_rep(**changes):
    values = {
        "number": 1,
        "start_s": 1.6,
        "bottom_s": 3.1049,
        "end_s": 4.7,
        "hip_flexion_deg": 71.04,
        "knee_flexion_deg": 96.0,
        "shin_angle_deg": 29.96,
        "spinal_flexion_deg": 3.0,
        "cervical_flexion_deg": -2.0,
        "stray_cm": Strays(head=0.4, upper_back=5.12, sacrum=0.2),
        "faults": ("squatting",),
        "notes": ("shins_forward",),
        "intervals_deg": {"knee_flexion_deg": (90.06, 102.0)},
        "hip_travel_cm": 12.34,
        "hip_travel_cm_per_10_deg": 3.06,
        "weight_share": 0.512,
        "knee_lead_s": -0.104,
    }
    return Rep(**values | changes)


SQUAT = Verdict(
    clip="squat.mp4",
    status="faulty",
    facing="left",
    view_angle_deg=4.04,
    neutral="measured",
    faults=("squatting",),
    reps=(squat_rep(),),
    warnings=("The camera is a little off.",),
    exercise="rdl",
    exercise_sure=True,
    limits={"spinal_flexion_deg": 16.004},
)

SQUAT_JSON = """\
{
  "clip": "squat.mp4",
  "status": "faulty",
  "reason": null,
  "facing": "left",
  "view_angle_deg": 4.0,
  "neutral": "measured",
  "faults": [
    "squatting"
  ],
  "reps": [
    {
      "number": 1,
      "start_s": 1.6,
      "bottom_s": 3.1,
      "end_s": 4.7,
      "hip_flexion_deg": 71.0,
      "knee_flexion_deg": 96.0,
      "shin_angle_deg": 30.0,
      "spinal_flexion_deg": 3.0,
      "cervical_flexion_deg": -2.0,
      "stray_cm": {
        "head": 0.4,
        "upper_back": 5.1,
        "sacrum": 0.2
      },
      "faults": [
        "squatting"
      ],
      "notes": [
        "shins_forward"
      ],
      "intervals_deg": {
        "knee_flexion_deg": [
          90.1,
          102.0
        ]
      },
      "sure": true,
      "maybe_faults": [],
      "borderline_cm": 2.5,
      "hip_travel_cm": 12.3,
      "hip_travel_cm_per_10_deg": 3.1,
      "weight_share": 0.51,
      "knee_lead_s": -0.1,
      "hip_knee_ratio": null,
      "deep_knee_deg": 90.0,
      "thigh_above_level_deg": null
    }
  ],
  "warnings": [
    "The camera is a little off."
  ],
  "exercise": "rdl",
  "exercise_sure": true,
  "sure": true,
  "limits": {
    "spinal_flexion_deg": 16.0
  },
  "who": null,
  "note": null,
  "refusal": null
}"""


def test_a_verdict_is_the_contract_to_the_letter():
    assert SQUAT.to_json() == SQUAT_JSON


def test_a_document_holds_every_clip_in_order():
    unusable = Verdict("front.mp4", "unusable", "Film from the side.", refusal="view")
    found = files.document([unusable, SQUAT])
    assert list(found) == ["schema", "clips"]
    assert found["schema"] == 1
    assert [clip["clip"] for clip in found["clips"]] == ["front.mp4", "squat.mp4"]
    assert found["clips"][0] == {
        "clip": "front.mp4",
        "status": "unusable",
        "reason": "Film from the side.",
        "facing": None,
        "view_angle_deg": None,
        "neutral": None,
        "faults": [],
        "reps": [],
        "warnings": [],
        "exercise": "hinge",
        "exercise_sure": False,
        "sure": False,
        "limits": {},
        "who": None,
        "note": None,
        "refusal": "view",
    }


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf, -math.inf, np.float32("nan")])
def test_what_is_not_known_is_null(unknown):
    rep = squat_rep(
        start_s=unknown, hip_flexion_deg=unknown, stray_cm=Strays(unknown, unknown, unknown)
    ).to_dict()
    assert rep["start_s"] is None
    assert rep["hip_flexion_deg"] is None
    assert set(rep["stray_cm"].values()) == {None}


def test_numpy_numbers_become_plain_ones_and_zero_has_no_sign():
    rep = squat_rep(knee_flexion_deg=np.float32(12.34), cervical_flexion_deg=-0.04).to_dict()
    assert type(rep["knee_flexion_deg"]) is float
    assert json.dumps([rep["knee_flexion_deg"], rep["cervical_flexion_deg"]]) == "[12.3, 0.0]"


numbers = st.none() | st.floats()


@given(time=numbers, angle=numbers, stray=numbers)
def test_no_number_breaks_the_json_or_is_changed_beyond_rounding(time, angle, stray):
    rep = squat_rep(bottom_s=time, shin_angle_deg=angle, stray_cm=Strays(stray, stray, stray))
    found = json.loads(
        Verdict("a.mp4", "clean", view_angle_deg=angle, reps=(rep,)).to_json(),
        parse_constant=pytest.fail,
    )
    read = found["reps"][0]
    for value, seen, half_step in (
        (time, read["bottom_s"], 0.005),
        (angle, read["shin_angle_deg"], 0.05),
        (angle, found["view_angle_deg"], 0.05),
        (stray, read["stray_cm"]["sacrum"], 0.05),
    ):
        if value is None or not math.isfinite(value):
            assert seen is None
        else:
            assert seen == pytest.approx(value, abs=half_step * 1.000001)


def test_verdicts_and_reps_print_in_a_line_each():
    assert str(SQUAT) == (
        "squat.mp4: faulty (squatting), 0 of 1 rep clean\n"
        "  rep 1 at 3.10 s: squatting: hip 71, knee 96, spine 3, neck -2 deg (shins forward)\n"
        "  warning: The camera is a little off."
    )
    bare = squat_rep(bottom_s=None, hip_flexion_deg=None, faults=(), notes=())
    assert str(bare) == "rep 1: clean: hip unknown, knee 96, spine 3, neck -2 deg"
    clean = replace(SQUAT, status="clean", faults=(), warnings=(), reps=(bare, replace(bare)))
    assert str(clean).startswith("squat.mp4: clean, 2 of 2 reps clean\n  rep 1: clean: ")
    doubted = replace(SQUAT, reps=(squat_rep(notes=("unsure_shape",)),))
    assert str(doubted).startswith("squat.mp4: faulty (maybe squatting), 0 of 1 rep clean\n")
    assert str(Verdict("a.mp4", "unusable", reason="Too dark.")) == "a.mp4: unusable: Too dark."


@pytest.mark.parametrize("fault", verdict.FAULTS)
def test_a_fault_whose_interval_reaches_into_held_well_is_a_maybe(fault):
    angle, held_deg = verdict.ANGLE_OF[fault], HELD_WELL_DEG[fault]
    sure = squat_rep(faults=(fault,), intervals_deg={angle: (held_deg, 99.0)})
    maybe = squat_rep(faults=(fault,), intervals_deg={angle: (held_deg - 0.1, 99.0)})
    unknown = squat_rep(faults=(fault,), intervals_deg={})
    assert (sure.sure_faults, sure.maybe_faults) == ((fault,), ())
    assert (maybe.sure_faults, maybe.maybe_faults) == ((), (fault,))
    assert (unknown.sure_faults, unknown.maybe_faults) == ((fault,), ())
    squeezed = replace(sure, notes=("unsure_shape",))
    assert (squeezed.sure_faults, squeezed.maybe_faults) == ((), (fault,))
    assert not maybe.clean
    one = Verdict("a.mp4", "faulty", faults=(fault,), reps=(maybe,))
    assert (one.sure_faults, one.maybe_faults) == ((), (fault,))
    both = Verdict("a.mp4", "faulty", faults=(fault,), reps=(maybe, sure))
    assert (both.sure_faults, both.maybe_faults) == ((fault,), ())


@pytest.mark.parametrize(
    ("knee_deg", "shin_deg", "sure"),
    [(80.0, 4.9, False), (80.0, 5.0, True), (90.0, -9.0, True), (29.0, 20.0, False)],
)
def test_squatting_is_sure_by_knees_and_shins_or_by_very_bent_knees(knee_deg, shin_deg, sure):
    ends = {"knee_flexion_deg": (knee_deg, 99.0), "shin_angle_deg": (shin_deg, 40.0)}
    squat = squat_rep(faults=("squatting",), intervals_deg=ends)
    assert (squat.sure_faults == ("squatting",)) is sure


@pytest.mark.parametrize(("deep_deg", "sure"), [(80.0, True), (80.1, False)])
def test_how_bent_is_very_bent_is_as_it_was_judged(deep_deg, sure):
    ends = {"knee_flexion_deg": (80.0, 99.0), "shin_angle_deg": (0.0, 40.0)}
    squat = squat_rep(faults=("squatting",), intervals_deg=ends, deep_knee_deg=deep_deg)
    assert squat.sure is sure


@pytest.mark.parametrize(
    ("thigh_deg", "knee_deg", "sure"),
    [(15.9, 40.0, True), (16.0, 100.0, False), (16.0, 100.1, True), (30.0, 2.0, False)],
)
def test_in_a_lift_from_the_floor_squatting_is_sure_by_thighs_or_by_knees_bent_as_the_hips(
    thigh_deg, knee_deg, sure
):
    ends = {
        "thigh_above_level_deg": (-5.0, thigh_deg),
        "hip_flexion_deg": (110.0, 140.0),
        "knee_flexion_deg": (knee_deg, 130.0),
        "shin_angle_deg": (0.0, 9.0),
    }
    squat = squat_rep(faults=("squatting",), intervals_deg=ends, thigh_above_level_deg=5.0)
    assert squat.sure is sure
    assert not replace(squat, notes=("unsure_shape",)).sure


def test_a_clean_rep_that_may_hide_a_fault_is_not_sure_and_nor_is_its_clip():
    clean = squat_rep(faults=(), notes=("shins_forward",))
    hidden = squat_rep(faults=(), notes=("shins_forward", "unsure_spine"))
    assert clean.sure
    assert not hidden.sure
    assert Verdict("a.mp4", "clean", reps=(clean, clean)).sure
    assert not Verdict("a.mp4", "clean", reps=(clean, hidden)).sure


def test_half_a_clean_rep_in_doubt_takes_nothing_from_whole_ones_but_is_no_sure_clip_alone():
    whole = squat_rep(faults=(), notes=())
    half = squat_rep(faults=(), notes=("partial", "unsure_knee"))
    assert Verdict("a.mp4", "clean", reps=(whole, half)).sure
    assert not Verdict("a.mp4", "clean", reps=(half,)).sure


def test_what_only_half_a_rep_shows_beside_whole_ones_is_a_maybe_of_the_clip():
    half = squat_rep(notes=("partial",), faults=("squatting",), intervals_deg={})
    alone = Verdict("a.mp4", "faulty", faults=("squatting",), reps=(half,))
    assert alone.sure
    beside = replace(alone, reps=(half, squat_rep(faults=(), notes=())))
    assert not beside.sure
    assert (beside.sure_faults, beside.maybe_faults) == ((), ("squatting",))


def test_a_rep_lasts_from_its_start_to_its_end():
    assert Rep(1, start_s=3.5, end_s=6.0).duration_s == 2.5
    assert Rep(1, start_s=3.5).duration_s is None


def test_half_a_rep_counts_in_no_share():
    assert squat_rep(notes=()).counted
    assert not squat_rep(notes=("partial",)).counted
    assert not squat_rep(notes=("unsure_pictures",)).counted


def test_no_array_of_a_series_can_be_written_to():
    series = example().series
    arrays = [getattr(series, known.name) for known in fields(series)]
    for array in (a for a in arrays if isinstance(a, np.ndarray)):
        with pytest.raises(ValueError, match="read-only"):
            array[:1] = 0


def test_a_phase_in_words_is_that_in_numbers():
    series = example().series
    assert set(series.phase_name) == {"standing", "lowering", "lifting"}
    assert [RepPhase[name.upper()] for name in series.phase_name] == series.phase.tolist()
    assert PHASES[RepPhase.BETWEEN] == "between"


def test_a_series_prints_in_a_line():
    series = example().series
    assert repr(series) == f"Series({len(series.time_s)} frames, {np.ptp(series.time_s):.1f} s)"
