"""Joints and markers that are somewhere else for a while."""

from __future__ import annotations

import numpy as np
import pytest
from support.laboratory import FAULTS, VICON, faults, renamed, write_trc

from hinge_dowel import check_clip, check_keypoints, check_points
from hinge_dowel.keypoints import slips
from hinge_dowel.keypoints.slips import leaps, put_back
from hinge_dowel.testing.synthetic import HINGE, NECK_FLEXION, ROUNDING, SQUAT, mix


@pytest.mark.parametrize(
    ("joint", "frames"),
    [("hip", 6), ("knee", 8), ("ankle", 12), ("shoulder", 5)],
)
def test_a_joint_that_jumps_with_certainty_is_not_seen_there(joint, frames):
    made = mix([HINGE, HINGE])
    number = {"shoulder": 12, "hip": 24, "knee": 26, "ankle": 28}[joint]
    jumped = made.landmarks.copy()
    jumped[85 : 85 + frames, number, :2] += (170, -90)
    verdict, known = check_keypoints(jumped, made.fps), check_keypoints(made.landmarks, made.fps)
    assert faults(verdict) == faults(known)
    for rep, right in zip(verdict.reps, known.reps, strict=True):
        for angle in ("hip_flexion_deg", "knee_flexion_deg", "shin_angle_deg"):
            assert getattr(rep, angle) == pytest.approx(getattr(right, angle), abs=2.0)


def test_a_thigh_that_points_at_the_camera_is_no_slip():
    short = mix([HINGE]).landmarks
    short[60:90, [25, 26], :2] = short[60:90, [23, 24], :2] + (0, 20)
    assert not leaps(short)[60:90, [23, 24, 25, 26]].any()


@pytest.mark.parametrize("frames", [1, 6, 30])
@pytest.mark.parametrize(
    ("numbers", "way_px"),
    [((25, 26), (0, -45)), ((23, 24), (36, 20)), ((11, 12), (-30, 30)), (range(11), (20, 55))],
)
def test_what_goes_at_once_and_comes_back_at_once_was_something_else(numbers, way_px, frames):
    made = mix([HINGE, SQUAT, NECK_FLEXION], noise_cm=0.3)
    jumped = made.landmarks.copy()
    for begin in (75, 200, 345):
        jumped[begin : begin + frames, list(numbers), :2] += way_px
    verdict, known = check_keypoints(jumped, made.fps), check_keypoints(made.landmarks, made.fps)
    assert faults(verdict) == faults(known)
    for rep, right in zip(verdict.reps, known.reps, strict=True):
        for angle in ("hip_flexion_deg", "knee_flexion_deg", "cervical_flexion_deg"):
            assert getattr(rep, angle) == pytest.approx(getattr(right, angle), abs=6.0)


@pytest.mark.parametrize("px_per_cm", [0.15, 0.25, 0.4])
def test_whole_pixels_of_somebody_far_away_are_no_slips(px_per_cm):
    made = mix([HINGE, SQUAT, NECK_FLEXION], px_per_cm=px_per_cm)
    verdict = check_keypoints(np.round(made.landmarks), made.fps)
    assert faults(verdict) == [(), ("squatting",), ("cervical_flexion",)]


@pytest.mark.parametrize(
    "options", [{"tempo_s": 1.0, "fps": 60.0}, {"fps": 10.0}, {"noise_cm": 2.0, "dropout": 0.1}]
)
def test_what_moves_as_a_body_does_stays_where_it_is(options):
    made = mix([HINGE, SQUAT, ROUNDING], **options)
    for places in (made.landmarks[..., :2], made.points):
        assert np.array_equal(put_back(made.time_s, places, 150.0), places, equal_nan=True)


def test_a_cut_and_a_camera_that_moves_are_no_slips():
    made = mix([HINGE])
    places = made.landmarks[..., :2].copy()
    places[40:60] += (90, 30)
    assert np.array_equal(put_back(made.time_s, places, 150.0), places)


def test_what_stays_away_may_be_right():
    made = mix([HINGE])
    places = made.landmarks[..., :2].copy()
    places[40:, 25] += (60, 0)
    assert np.array_equal(put_back(made.time_s, places, 150.0), places)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2, 4), (5, 6)])
def test_two_points_of_a_back_that_are_each_other_s_for_a_while(one, other):
    made = mix([HINGE, ROUNDING, NECK_FLEXION], noise_cm=0.2)
    swapped = made.points.copy()
    swapped[190:240, [one, other]] = swapped[190:240, [other, one]]
    assert faults(check_points(swapped, made.fps)) == [r.faults for r in made.reps]


@pytest.mark.parametrize(
    "pair", [("C7", "T10"), ("LBHD", "LFHD"), ("C7", "LSHO"), ("LASI", "LPSI")]
)
def test_two_markers_that_are_each_other_s_for_a_while(tmp_path, pair):
    rng = np.random.default_rng(0)
    named = {n: p + rng.normal(0, 0.003, p.shape) for n, p in renamed(VICON).items()}
    one, other = pair
    for begin in (75, 375):
        part = slice(begin, begin + 30)
        named[one][part], named[other][part] = named[other][part].copy(), named[one][part].copy()
    verdict = check_clip(write_trc(tmp_path / "a.trc", named))
    assert faults(verdict) == FAULTS
    assert verdict.reps[2].spinal_flexion_deg == pytest.approx(40.0, abs=2.0)


def test_a_marker_put_to_another_s_name(tmp_path):
    named = {n: p.copy() for n, p in renamed(VICON).items()}
    named["C7"][385:400] += (0.1, -0.05, 0.02)
    assert faults(check_clip(write_trc(tmp_path / "a.trc", named))) == FAULTS


@pytest.mark.parametrize("block", [1, 2, 7, 400])
def test_a_long_recording_is_looked_at_in_parts_as_in_one(monkeypatch, block):
    made = mix([HINGE, ROUNDING], noise_cm=0.3, dropout=0.05, seed=4)
    places = made.landmarks[..., :2].copy()
    places[100:130, 25] += [60.0, -20.0]
    places[200:215, [23, 24]] = places[200:215, [24, 23]]
    whole = put_back(made.time_s, places, 150.0)
    assert not np.array_equal(whole, places, equal_nan=True)
    monkeypatch.setattr(slips, "BLOCK", block)
    assert np.array_equal(put_back(made.time_s, places, 150.0), whole, equal_nan=True)


@pytest.mark.parametrize("seed", range(3))
def test_slips_all_over_do_not_take_each_other_for_their_return(seed):
    made = mix([HINGE, SQUAT, ROUNDING, NECK_FLEXION], fps=100, noise_cm=0.3, seed=1)
    random = np.random.default_rng(seed)
    spoiled = made.points.copy()
    slipped = random.random(spoiled.shape[:2]) < 0.02
    spoiled[slipped] += random.normal(0, 80, (slipped.sum(), 2))
    size = float(np.median(np.linalg.norm(made.points[:, 0] - made.points[:, -1], axis=1)))
    off = np.linalg.norm(put_back(made.time_s, spoiled, size) - made.points, axis=2)
    assert (off[~slipped] < 0.1 * size).mean() > 0.998
    faults_of = [rep.faults for rep in check_points(made.points, made.fps).reps]
    assert [rep.faults for rep in check_points(spoiled, made.fps).reps] == faults_of
