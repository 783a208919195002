"""A camera held askew changes no verdict; a picture on its side is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support import recorded_person
from support.drawn_people import mirrored as mirror_image
from support.drawn_people import person
from support.records import askew, mirrored

from hinge_dowel.analysis import tilt
from hinge_dowel.analysis.pipeline import judge
from hinge_dowel.body.facing import face_right
from hinge_dowel.body.landmarks import ANKLES, HIPS, KNEES, SHOULDERS
from hinge_dowel.body.limbs import limb_angles
from hinge_dowel.pose import network
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.network import ANSWER_SIZE

ANGLES = ("hip", "knee", "spinal", "cervical")
SHIN, KNEE = map(network.ANGLES.index, ("shin", "knee"))
EVERY = np.ones(6, dtype=bool)


@pytest.fixture(scope="module", params=["right", "left"])
def level(request: pytest.FixtureRequest) -> Record:
    record = recorded_person.record()
    return record if request.param == "right" else mirrored(record)


@pytest.mark.parametrize("right_deg", [-15.0, -10.0, -5.0, 3.0, 5.0, 10.0, 15.0])
def test_a_tilt_changes_no_verdict(level: Record, right_deg: float) -> None:
    usual, found = judge(level, clip="a"), judge(askew(level, right_deg), clip="a")
    assert (found.status, found.faults) == (usual.status, usual.faults)
    for rep, other in zip(usual.reps, found.reps, strict=True):
        assert rep.faults == other.faults
        for name in ANGLES:
            before = getattr(rep, f"{name}_flexion_deg")
            assert getattr(other, f"{name}_flexion_deg") == pytest.approx(before, abs=3.0)
        assert other.shin_angle_deg == pytest.approx(rep.shin_angle_deg, abs=3.0)


@pytest.mark.parametrize("right_deg", [-12.0, 12.0])
def test_what_the_network_says_of_a_tilted_picture_is_levelled_too(
    level: Record, right_deg: float
) -> None:
    """Its shin is a pitch in the picture as filmed, and has a weight only while knees are bent:
    left as it is, the hips would seem to go back less, or further, by a third of a foot.
    """
    side = -1.0 if judge(level, clip="a").facing == "left" else 1.0
    legs = limb_angles(face_right(level.landmarks, None, "right" if side > 0 else "left")[0])
    told = np.full((len(level.time_s), ANSWER_SIZE), 3.0)
    told[:, [SHIN, KNEE]], told[:, -1] = np.stack([legs.shank, legs.knee], axis=1), side
    tilted = told.copy()
    tilted[:, SHIN] += side * right_deg
    usual = judge(replace(level, network=told), clip="a")
    found = judge(replace(askew(level, right_deg), network=tilted), clip="a")
    for rep, other in zip(usual.reps, found.reps, strict=True):
        assert other.shin_angle_deg == pytest.approx(rep.shin_angle_deg, abs=1.5)
        assert other.hip_travel_cm == pytest.approx(rep.hip_travel_cm, abs=1.5)


def test_what_was_undone_is_said_and_drawn_where_it_was_filmed(level: Record) -> None:
    filmed = askew(level, 12.0)
    verdict = judge(filmed, clip="a")
    (said,) = (w for w in verdict.warnings if "tilted" in w)
    assert "tilted by about 12 degrees, which is undone" in said
    series, usual = verdict.series, judge(level, clip="a").series
    assert series is not None
    assert usual is not None
    assert series.landmarks_px == pytest.approx(filmed.landmarks[..., :2], nan_ok=True)
    shoulder = filmed.landmarks[:, 12, :2]
    before = np.linalg.norm(usual.back_px[:, 2] - level.landmarks[:, 12, :2], axis=1)
    after = np.linalg.norm(series.back_px[:, 2] - shoulder, axis=1)
    assert np.nanmax(np.abs(before - after)) < 3.0


def test_a_level_picture_is_left_alone(level: Record) -> None:
    assert not any("tilted" in said for said in judge(level, clip="a").warnings)


def test_too_much_is_said_and_left(level: Record) -> None:
    facing = judge(level, clip="a").facing
    assert facing is not None
    steep = askew(level, 23.0)
    everywhere = np.ones(len(steep.time_s), dtype=bool)
    leaning = tilt.tilt_deg(steep.landmarks, everywhere, facing)
    assert leaning == pytest.approx(23.0, abs=3.0)
    assert "too much to be undone" in tilt.warnings(leaning)[0]


@pytest.mark.parametrize(
    ("right_deg", "reason"),
    [(90.0, tilt.ON_THE_SIDE), (-90.0, tilt.ON_THE_SIDE), (180.0, tilt.UPSIDE_DOWN)],
)
def test_a_lost_rotation_is_said(level: Record, right_deg: float, reason: str) -> None:
    verdict = judge(askew(level, right_deg), clip="a")
    assert (verdict.status, verdict.reason) == ("unusable", reason)


@pytest.mark.parametrize(("doubt_deg", "told"), [(10.0, True), (20.0, False)])
def test_what_our_own_network_takes_for_nobody_does_not_lie(
    level: Record, doubt_deg: float, told: bool
) -> None:
    """A bar and an arm, followed for a body, may lie in any direction."""
    looks = np.full((len(level.time_s), ANSWER_SIZE), doubt_deg)
    verdict = judge(replace(askew(level, 90.0), network=looks), clip="a")
    assert verdict.status == "unusable"
    assert (verdict.reason == tilt.ON_THE_SIDE) is told


def test_legs_made_up_behind_plates_are_no_lost_rotation(level: Record) -> None:
    landmarks = level.landmarks.copy()
    hips = landmarks[:, [23, 24], 1].mean(axis=1)
    landmarks[:, 25:, 1] = 2 * hips[:, None] - landmarks[:, 25:, 1]
    assert tilt.lost_rotation(landmarks) is None


def stood(facing: str, legs_deg: float, body_deg: float) -> np.ndarray:
    """Six frames of somebody whose hips and shoulders lie so far forward of the ankles."""
    one = person()
    ankle = np.array([200.0, 460.0, 0.0])
    for pair, length, lean_deg in (
        *((KNEES, 80, legs_deg), (HIPS, 160, legs_deg), (SHOULDERS, 260, body_deg)),
        (ANKLES, 0, 0.0),
    ):
        lean = np.radians(lean_deg)
        one[list(pair)] = ankle + length * np.array([np.sin(lean), -np.cos(lean), 0.0])
    return np.stack([one if facing == "right" else mirror_image(one, 400)] * 6)


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("right_deg", [-8.0, 8.0])
def test_who_leans_forward_as_people_do_shows_the_camera_s_tilt(facing, right_deg) -> None:
    """Legs by two degrees and the whole body by one."""
    seen = tilt.turned(stood(facing, 2.0, 1.0), right_deg)
    assert tilt.tilt_deg(seen, EVERY, facing) == pytest.approx(right_deg, abs=0.01)


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize(("legs_deg", "body_deg"), [(10.0, 3.0), (3.0, 9.0), (-6.0, 7.0)])
def test_who_leans_in_one_part_stands_so_before_a_level_camera(facing, legs_deg, body_deg) -> None:
    assert tilt.tilt_deg(stood(facing, legs_deg, body_deg), EVERY, facing) == 0.0


@pytest.mark.parametrize(("right_deg", "found_deg"), [(40.0, 40.0), (-40.0, -40.0), (75.0, 0.0)])
def test_who_is_straight_and_lies_does_not_stand(right_deg: float, found_deg: float) -> None:
    """A plank has trunk and legs in line, as standing has."""
    seen = tilt.turned(stood("right", 2.0, 1.0), right_deg)
    assert tilt.tilt_deg(seen, EVERY, "right") == pytest.approx(found_deg, abs=0.01)


def test_nobody_has_no_rotation() -> None:
    assert tilt.lost_rotation(np.full((5, 33, 4), np.nan)) is None


def test_who_never_stands_shows_no_tilt(level: Record) -> None:
    unseen = np.zeros(len(level.time_s), dtype=bool)
    assert tilt.tilt_deg(level.landmarks, unseen, "right") == 0.0


def split_stance(facing: str, ahead_px: float) -> np.ndarray:
    """Six frames of somebody upright with one foot so far before the hips, the other behind."""
    one = stood("right", 2.0, 1.0)
    one[:, ANKLES[0], 0] += ahead_px
    one[:, ANKLES[1], 0] -= 0.4 * ahead_px
    return one if facing == "right" else np.stack([mirror_image(frame, 400) for frame in one])


@pytest.mark.parametrize("facing", ["left", "right"])
def test_who_stands_over_both_feet_of_a_split_stance_is_upright(facing: str) -> None:
    """The middle of the feet is off the hips, and shows no tilt; a real one shows by both feet."""
    seen = split_stance(facing, 80.0)
    side = 1.0 if facing == "right" else -1.0
    for upper, usual_deg in ((HIPS, 2.0), (SHOULDERS, 1.0)):
        leans = side * tilt.line_pitch_deg(seen, ANKLES, upper) - usual_deg
        assert leans.max() < -tilt.LEAST_DEG
    assert tilt.tilt_deg(seen, EVERY, facing) == 0.0
    beside = tilt.turned(split_stance(facing, 8.0), 9.0)
    assert tilt.tilt_deg(beside, EVERY, facing) == pytest.approx(9.0, abs=1.5)


@pytest.mark.parametrize(("visible", "told"), [(0.05, False), (0.6, True)])
def test_legs_that_the_picture_does_not_show_are_on_no_side(
    level: Record, visible: float, told: bool
) -> None:
    landmarks = askew(level, 90.0).landmarks.copy()
    landmarks[:, ANKLES, 3] = visible
    assert (tilt.lost_rotation(landmarks) == tilt.ON_THE_SIDE) is told
