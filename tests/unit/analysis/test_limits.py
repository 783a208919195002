"""Which postures are faults, and how much of a limit others use up."""

from __future__ import annotations

import numpy as np
import pytest
from support import verdicts

from hinge_dowel.analysis.limits import has_fault, limit_share
from hinge_dowel.verdict import FAULTS, Rep, Strays

ANGLES = {
    "spinal_flexion_deg": 16.0,
    "cervical_flexion_deg": 14.0,
    "knee_flexion_deg": 45.0,
    "shin_angle_deg": 10.0,
    "deep_knee_deg": 90.0,
}
STRAYS = {"end_stray_cm": 4.0, "upper_back_stray_cm": 2.5}
LIFT = {"hips_level_deg": 8.0, "lift_hip_knee_ratio": 1.2}


@pytest.mark.parametrize(
    ("knee_deg", "shin_deg", "share"),
    [
        (45.0, 10.0, 1.0),
        (54.0, 20.0, 1.2),
        (63.0, 5.0, 0.7),  # of the knees' own limit, as shins are upright
        (45.0, 2.0, 0.5),
        (90.0, -3.0, 1.0),
        (117.0, 30.0, 2.6),
        (99.0, None, 1.1),
        (-9.0, 20.0, -0.1),
        (None, 20.0, np.nan),
    ],
)
def test_squatting_is_knees_with_shins_or_knees_as_for_sitting(knee_deg, shin_deg, share):
    rep = Rep(1, knee_flexion_deg=knee_deg, shin_angle_deg=shin_deg)
    assert limit_share(rep, "squatting", ANGLES) == pytest.approx(share, nan_ok=True)
    assert has_fault(rep, "squatting", ANGLES) is (share >= 1)


@pytest.mark.parametrize("fault", ["spinal_flexion", "cervical_flexion"])
def test_of_spine_and_neck_it_is_the_angle_over_its_limit(fault):
    angle = f"{fault}_deg"
    for part in (-0.5, 0.0, 0.99, 1.0, 2.5):
        rep = Rep(1, **{angle: part * ANGLES[angle]})
        assert limit_share(rep, fault, ANGLES) == pytest.approx(part)
        assert has_fault(rep, fault, ANGLES) is (part >= 1)
    assert not has_fault(Rep(1), fault, ANGLES)


def test_without_limits_of_angles_strays_decide():
    rep = Rep(1, spinal_flexion_deg=90.0, stray_cm=Strays(head=6.0, upper_back=2.5, sacrum=1.0))
    shares = {fault: float(limit_share(rep, fault, STRAYS)) for fault in FAULTS}
    assert shares == {"spinal_flexion": 0.25, "squatting": 1.0, "cervical_flexion": 1.5}
    assert [fault for fault in FAULTS if has_fault(rep, fault, STRAYS)] == list(FAULTS[1:])


@pytest.mark.parametrize(
    ("thigh_deg", "ratio", "squat"),
    [(8.0, 1.2, False), (7.9, 1.5, True), (20.0, 1.19, True), (None, 1.3, False), (9, None, False)],
)
def test_a_lift_is_a_squat_by_thighs_or_trunk_at_its_start(thigh_deg, ratio, squat):
    rep = Rep(1, knee_flexion_deg=120.0, thigh_above_level_deg=thigh_deg, hip_knee_ratio=ratio)
    assert limit_share(rep, "squatting", LIFT) is None
    assert has_fault(rep, "squatting", LIFT) is squat


def test_what_has_no_limit_is_no_fault():
    rep = Rep(1, spinal_flexion_deg=90.0, knee_flexion_deg=120.0, shin_angle_deg=40.0)
    assert not any(has_fault(rep, fault, {}) for fault in FAULTS)


def test_a_limit_of_nothing_is_passed_by_anything():
    rep = Rep(1, spinal_flexion_deg=0.1, cervical_flexion_deg=-0.1)
    nothing = {"spinal_flexion_deg": 0.0, "cervical_flexion_deg": 0.0}
    found = [has_fault(rep, fault, nothing) for fault in FAULTS]
    assert found == [True, False, False]


def test_of_a_series_it_is_told_frame_by_frame():
    one = verdicts.verdict(reps=[("spinal_flexion", "squatting")])
    series = one.series
    spine = limit_share(series, "spinal_flexion", ANGLES)
    assert spine == pytest.approx(series.spinal_flexion_deg / 16, nan_ok=True)
    squat = limit_share(series, "squatting", ANGLES)
    frame = int(np.nanargmax(series.knee_flexion_deg))
    rep = Rep(
        1,
        knee_flexion_deg=series.knee_flexion_deg[frame],
        shin_angle_deg=series.shin_angle_deg[frame],
    )
    assert squat.shape == (len(series),)
    assert squat[frame] == limit_share(rep, "squatting", ANGLES)
    off = limit_share(series, "cervical_flexion", STRAYS)
    assert off == pytest.approx(series.head_cm / 4, nan_ok=True)
