"""The figures, measured back from their arrays by geometry of its own."""

from __future__ import annotations

import dataclasses
import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import pretty

from hinge_dowel.analysis.repetitions import find_reps
from hinge_dowel.testing import synthetic
from hinge_dowel.testing.synthetic import (
    HINGE,
    NECK_FLEXION,
    ROUNDING,
    SQUAT,
    Bottom,
    hinge,
    mix,
    motion,
    neck_flexion,
    rounding,
    squat,
)

NOSE, EAR, SHOULDER, HIP, KNEE, ANKLE, HEEL, TOE = 0, 7, 11, 23, 25, 27, 29, 31
OCCIPUT, C7, T4, T8, T12, L3, SACRUM = range(7)
# Left and right changed over, in MediaPipe's order.
SWAP = [0, 4, 5, 6, 1, 2, 3, *(k + 1 if k % 2 else k - 1 for k in range(7, 33))]


def turn(a, b):
    """Angle from b to a, clockwise in a picture with y down, for a figure facing right: forward."""
    cross = b[..., 0] * a[..., 1] - b[..., 1] * a[..., 0]
    return np.degrees(np.arctan2(cross, np.sum(a * b, axis=-1)))


def measured(seen):
    """The five angles of a motion facing right, side-on, as change from its first frame."""
    mid = (seen.landmarks[:, [*range(0, 33)], :2] + seen.landmarks[:, SWAP, :2]) / 2
    points = seen.points
    shank, thigh = mid[:, KNEE] - mid[:, ANKLE], mid[:, HIP] - mid[:, KNEE]
    trunk = mid[:, SHOULDER] - mid[:, HIP]
    pelvis, thorax = points[:, SACRUM] - mid[:, HIP], points[:, C7] - points[:, T4]
    head = mid[:, NOSE] - mid[:, EAR]
    up = np.array([0.0, -1.0])
    angles = {
        "hip_flexion_deg": turn(trunk, thigh),
        "knee_flexion_deg": turn(shank, thigh),
        "shin_angle_deg": turn(shank, up),
        "spinal_flexion_deg": turn(thorax, pelvis),
        "cervical_flexion_deg": turn(head, thorax),
    }
    return {name: (a - a[0] + 180) % 360 - 180 for name, a in angles.items()}


angles = st.builds(
    Bottom,
    hip_deg=st.floats(-15, 120),
    knee_deg=st.floats(-3, 140),
    shin_deg=st.floats(-10, 40),
    spinal_deg=st.floats(-20, 70),
    cervical_deg=st.floats(-40, 60),
    lumbar_share=st.floats(0, 1),
)


@settings(max_examples=50)
@given(angles, st.floats(140, 205))
def test_every_angle_is_the_one_asked_for(bottom, stature_cm):
    seen = motion(bottom, 1, fps=5, stature_cm=stature_cm)
    for name, angle in measured(seen).items():
        assert angle == pytest.approx(getattr(seen, name), abs=1e-6), name
    middle = np.argmin(np.abs(seen.time_s - seen.reps[0].bottom_s))
    assert seen.hip_flexion_deg[middle] == pytest.approx(bottom.hip_deg)
    assert seen.cervical_flexion_deg[middle] == pytest.approx(bottom.cervical_deg)


@settings(max_examples=20)
@given(angles)
def test_bones_keep_their_length_and_feet_their_place(bottom):
    seen = motion(bottom, 1, fps=5)
    for a, b in [(SHOULDER, 13), (HIP, KNEE), (KNEE, ANKLE), (ANKLE, TOE), (NOSE, EAR)]:
        length = np.linalg.norm(seen.landmarks[:, a, :2] - seen.landmarks[:, b, :2], axis=-1)
        assert np.ptp(length) < 1e-9
    assert np.ptp(seen.landmarks[:, [ANKLE, HEEL, TOE]], axis=0).max() < 1e-9
    head = np.linalg.norm(seen.points[:, OCCIPUT] - seen.landmarks[:, EAR, :2], axis=-1)
    assert np.ptp(head) < 1e-9


def test_the_other_direction_is_the_mirror_image():
    right = mix([ROUNDING, SQUAT], fps=10, camera_yaw_deg=12)
    left = mix([ROUNDING, SQUAT], fps=10, camera_yaw_deg=12, facing="left")
    mirrored = right.landmarks[:, SWAP] * [-1, 1, 1, 1]
    mirrored[..., 0] += 2 * synthetic.ANKLE_PX[0]
    assert left.landmarks == pytest.approx(mirrored)
    assert left.points[..., 0] == pytest.approx(2 * synthetic.ANKLE_PX[0] - right.points[..., 0])
    assert left.points[..., 1] == pytest.approx(right.points[..., 1])
    assert np.all(left.landmarks[:, NOSE, 0] < left.landmarks[:, EAR, 0])
    assert left.reps == right.reps


@pytest.mark.parametrize(("facing", "near"), [("right", 1), ("left", 0)])
def test_the_near_side_is_nearer_and_better_seen(facing, near):
    seen = hinge(1, fps=5, facing=facing).landmarks
    for joint in (EAR, SHOULDER, HIP, KNEE):
        assert np.all(seen[:, joint + near, 2] < seen[:, joint + 1 - near, 2])
        assert np.all(seen[:, joint + near, 3] > seen[:, joint + 1 - near, 3])


@pytest.mark.parametrize("yaw", [-20.0, 10.0, 30.0])
def test_a_turned_camera_shows_width_and_shortens_depth(yaw):
    side, seen = hinge(1, fps=5), hinge(1, fps=5, camera_yaw_deg=yaw)
    width = seen.landmarks[:, SHOULDER, 0] - seen.landmarks[:, SHOULDER + 1, 0]
    assert width == pytest.approx(2 * 0.104 * 170 * 3 * np.sin(np.radians(yaw)))
    assert seen.points[..., 1] == pytest.approx(side.points[..., 1])
    reach = side.points[..., 0] - 640
    assert seen.points[..., 0] - 640 == pytest.approx(reach * np.cos(np.radians(yaw)))
    assert seen.landmarks[:, [HIP, HIP + 1], 2].sum(axis=1) == pytest.approx(0)
    nose_nearer = seen.landmarks[0, NOSE, 2] < 0
    assert nose_nearer == (yaw > 0), "a positive yaw shows the chest"


def test_time_is_as_asked():
    seen = mix([HINGE, SQUAT], tempo_s=3, pause_s=1, top_s=2, stand_s=1.5, fps=20)
    assert seen.time_s == pytest.approx(np.arange(len(seen.time_s)) / 20)
    assert seen.time_s[-1] == pytest.approx(1.5 + 4 + 2 + 4 + 1.5)
    spans = [(rep.start_s, rep.bottom_s, rep.end_s) for rep in seen.reps]
    assert spans == [(1.5, 3.5, 5.5), (7.5, 9.5, 11.5)]
    hip, phase = seen.hip_flexion_deg, seen.phase
    assert np.all(phase[seen.time_s <= 1.5] == "standing")
    assert np.all(phase[(seen.time_s > 3.02) & (seen.time_s < 3.98)] == "bottom")
    assert hip[phase == "standing"] == pytest.approx(0)
    assert set(hip[phase == "bottom"].round(9)) == {HINGE.hip_deg, SQUAT.hip_deg}
    steps = np.diff(hip)
    assert np.all(steps[(phase[1:] == "lowering") & (phase[:-1] == "lowering")] > 0)
    assert np.all(steps[(phase[1:] == "lifting") & (phase[:-1] == "lifting")] < 0)
    assert set(phase) == {"standing", "lowering", "bottom", "lifting"}


@pytest.mark.parametrize("top_s", [0.0, 0.5])
def test_the_rep_finder_agrees(top_s):
    seen = mix([HINGE, SQUAT, ROUNDING, NECK_FLEXION], top_s=top_s, noise_cm=0.5, fps=15)
    spans = find_reps(seen.time_s, measured(seen)["hip_flexion_deg"])
    assert [span.kind for span in spans] == ["full"] * 4
    assert [s.bottom_s for s in spans] == pytest.approx([r.bottom_s for r in seen.reps], abs=0.1)


def test_the_same_seed_gives_the_same_arrays():
    options = {"noise_cm": 1.0, "dropout": 0.1, "fps": 10}
    one, two = hinge(seed=7, **options), hinge(seed=7, **options)
    np.testing.assert_array_equal(one.points, two.points)
    np.testing.assert_array_equal(one.landmarks, two.landmarks)
    other = hinge(seed=8, **options)
    assert np.nanmax(np.abs(other.landmarks - one.landmarks)) > 1


def test_noise_has_the_size_asked_for():
    clean, noisy = hinge(), hinge(noise_cm=1.5, px_per_cm=3)
    for name in ("points", "landmarks"):
        off = (getattr(noisy, name) - getattr(clean, name))[..., :2]
        assert off.std() == pytest.approx(4.5, rel=0.03)
        assert abs(off.mean()) < 0.15
    np.testing.assert_array_equal(noisy.landmarks[..., 3], clean.landmarks[..., 3])


def test_dropouts_are_nan_and_invisible():
    seen = hinge(dropout=0.2)
    lost = np.isnan(seen.landmarks[..., 0])
    assert lost.mean() == pytest.approx(0.2, abs=0.02)
    assert np.all(np.isnan(seen.landmarks[lost][:, :3]))
    assert np.all(seen.landmarks[lost][:, 3] == 0)
    assert np.all(seen.landmarks[~lost][:, 3] > 0.5)
    missing = np.isnan(seen.points)
    assert missing.mean() == pytest.approx(0.2, abs=0.02)
    np.testing.assert_array_equal(missing[..., 0], missing[..., 1])
    assert np.isfinite(hinge(dropout=0.0).landmarks).all()
    assert np.isnan(hinge(dropout=1.0).points).all()


def test_scale_follows_stature_and_camera():
    small, large = hinge(1, fps=5, stature_cm=150), hinge(1, fps=5, stature_cm=180, px_per_cm=5)
    assert (large.points - synthetic.ANKLE_PX) == pytest.approx(
        (small.points - synthetic.ANKLE_PX) * (180 * 5) / (150 * 3)
    )


@pytest.mark.parametrize(
    ("make", "bottom", "faults"),
    [
        (hinge, HINGE, ()),
        (squat, SQUAT, ("squatting",)),
        (rounding, ROUNDING, ("spinal_flexion",)),
        (neck_flexion, NECK_FLEXION, ("cervical_flexion",)),
    ],
)
def test_presets(make, bottom, faults):
    seen = make(2, fps=5)
    assert [rep.faults for rep in seen.reps] == [faults, faults]
    assert seen.knee_flexion_deg.max() == pytest.approx(bottom.knee_deg)
    assert seen.reps[0].shin_angle_deg == bottom.shin_deg


def test_faults_add_up():
    assert dataclasses.replace(SQUAT, spinal_deg=30.0, cervical_deg=30.0).faults == (
        "spinal_flexion", "squatting", "cervical_flexion",
    )  # fmt: skip


def test_no_rep_is_standing_alone():
    seen = mix([], fps=10, stand_s=2)
    assert seen.reps == ()
    assert len(seen.time_s) == 41
    assert np.ptp(seen.points, axis=0).max() == 0
    assert set(seen.phase) == {"standing"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"fps": 0},
        {"tempo_s": -1},
        {"pause_s": -0.1},
        {"stature_cm": np.inf},
        {"noise_cm": np.nan},
        {"dropout": 1.5},
        {"camera_yaw_deg": 90},
        {"facing": "front"},
    ],
)
def test_impossible_settings_are_refused(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        hinge(1, **wrong)


def test_impossible_postures_are_refused():
    with pytest.raises(ValueError, match="finite"):
        Bottom(hip_deg=np.nan)
    with pytest.raises(ValueError, match="lumbar_share"):
        Bottom(lumbar_share=1.2)


def test_options_and_setting_name_the_same_things():
    given = {field.name: field.type for field in dataclasses.fields(synthetic.Setting)}
    assert {k: v.__forward_arg__ for k, v in synthetic.Options.__annotations__.items()} == given


def test_the_example_runs():
    assert doctest.testmod(synthetic).failed == 0


def test_a_motion_is_told_in_one_line():
    made = hinge(2)
    assert repr(made) == "Motion(316 frames, 10.5 s at 30 fps, 2 reps: clean, clean)"
    assert pretty(made) == repr(made)
