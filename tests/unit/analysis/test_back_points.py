"""The back from landmarks and outline: what the regression is multiplied out to."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from hinge_dowel.analysis import back_points
from hinge_dowel.body.facing import face_right
from hinge_dowel.body.outline import OUTLINE_SIZE
from hinge_dowel.testing.synthetic import HINGE, SQUAT, mix, motion


def evidence(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Landmarks of a figure that hinges over and over, and an outline that could be its own."""
    made = mix([HINGE] * 4, fps=15)
    rows = np.arange(count) % len(made.landmarks)
    rays = np.random.default_rng(2).uniform(0.1, 0.5, (len(made.landmarks), OUTLINE_SIZE))
    return made.landmarks[rows], rays[rows]


@pytest.mark.parametrize("stands", [0, 20])
def test_a_long_clip_is_estimated_like_its_parts(
    monkeypatch: pytest.MonkeyPatch, stands: int
) -> None:
    count = 300
    right, rays = evidence(count)
    standing = np.arange(count) < stands
    whole = back_points.estimate(right, rays, standing)
    monkeypatch.setattr(back_points, "CHUNK_FRAMES", 64)
    parts = back_points.estimate(right, rays, standing)
    for field in fields(whole):
        values = getattr(whole, field.name)
        assert len(values) == count
        assert getattr(parts, field.name) == pytest.approx(values, nan_ok=True)


def test_facing_left_is_the_mirror_image() -> None:
    right, rays = evidence(40)
    left, left_rays = face_right(right, rays, "left")
    there = back_points.estimate(right, rays, np.arange(40) < 9)
    back = back_points.estimate(left, left_rays, np.arange(40) < 9, side="left")
    for field in fields(there):
        assert getattr(back, field.name) == pytest.approx(getattr(there, field.name))


def test_frames_without_evidence_have_no_back() -> None:
    right, rays = evidence(6)
    right[2, 23:25] = np.nan
    rays[4] = np.nan
    found = back_points.estimate(right, rays)
    for series in (found.pelvis_deg, found.thorax_deg, found.view_angle_deg):
        assert np.flatnonzero(np.isnan(series)).tolist() == [2, 4]
    assert np.isfinite(found.points_px[[0, 1, 3, 5]]).all()


def test_legs_that_cannot_be_so_are_not_known_and_do_not_mislead() -> None:
    """Wherever a plate puts them, the back is that of the average legs."""
    right, rays = evidence(4)
    backs = []
    for shank_up in (200.0, 300.0):
        hidden = right.copy()
        hidden[:, 27:33, 1] -= shank_up
        found = back_points.estimate(hidden, rays)
        assert np.isnan(found.knee_deg).all()
        assert np.isnan(found.shin_deg).all()
        backs.append(found.points_px)
    assert backs[0] == pytest.approx(backs[1])


def test_who_is_never_seen_whole_has_no_look_of_their_own() -> None:
    right, rays = evidence(4)
    assert back_points.standing_evidence(right, np.full_like(rays, np.nan)) is None
    own = back_points.standing_evidence(right, rays)
    told = back_points.estimate(right, rays, own=own)
    marked = back_points.estimate(right, rays, np.ones(4, dtype=bool))
    assert told.pelvis_deg == pytest.approx(marked.pelvis_deg)


class TestCoefficients:
    """Two numbers of evidence, one hidden unit: small enough to be reckoned by hand."""

    MADE = back_points.Coefficients(
        centre=np.array([1.0, 2.0]),
        scale=np.array([0.5, 2.0]),
        direct=np.array([[1.0], [10.0], [100.0], [1000.0]]),
        into=np.zeros((4, 1)),
        bias=np.zeros(1),
        mid=np.zeros((1, 1)),
        mid_bias=np.zeros(1),
        out=np.ones((1, 1)),
        constant=np.array([7.0]),
        doubt=np.array([[1.0], [0.0], [2.0]]),
    )

    def test_the_average_person_adds_nothing(self) -> None:
        assert self.MADE.answer(np.array([[1.0, 2.0]])) == pytest.approx(7.0)

    def test_evidence_counts_in_standard_deviations_and_so_does_standing(self) -> None:
        answer = self.MADE.answer(np.array([[2.0, 0.0]]), np.array([1.5, 4.0]))
        # 2 and -1 beside 1 and 1 of the person's own standing.
        assert answer == pytest.approx(2 * 1 - 1 * 10 + 1 * 100 + 1 * 1000 + 7)

    def test_beyond_four_of_them_nothing_was_calibrated(self) -> None:
        assert self.MADE.seen(np.array([[100.0, -100.0]])).tolist() == [[4.0, -4.0]]

    def test_hidden_units_swish(self) -> None:
        bent = replace(self.MADE, direct=np.zeros((4, 1)), bias=np.array([2.0]))
        first = 2 / (1 + np.exp(-2))
        assert bent.answer(np.array([[1.0, 2.0]])) == pytest.approx(7 + first)
        deep = replace(bent, mid_bias=np.array([-800.0]))
        assert deep.answer(np.array([[1.0, 2.0]])) == pytest.approx(7 + first)

    def test_the_usual_error_is_a_logarithm(self) -> None:
        found = self.MADE.usual_error(np.array([[1.0, 2.0], [1.5, 2.0], [np.nan, 2.0]]))
        assert found[:, 0] == pytest.approx([np.exp(2), np.exp(3), np.nan], nan_ok=True)

    def test_a_file_gives_back_what_was_written(self, tmp_path) -> None:
        names = [field.name for field in fields(self.MADE)]
        np.savez(tmp_path / "a.npz", **{name: getattr(self.MADE, name) for name in names})
        read = back_points.read(tmp_path / "a.npz")
        assert all(np.array_equal(getattr(read, n), getattr(self.MADE, n)) for n in names)


class TestFromLandmarks:
    @pytest.mark.parametrize("bottom", [HINGE, SQUAT])
    def test_limbs_are_exact_and_the_back_is_unknown(self, bottom) -> None:
        made = motion(bottom, 1, fps=15)
        found = back_points.from_landmarks(made.landmarks)
        assert found.knee_deg - found.knee_deg[0] == pytest.approx(made.knee_flexion_deg)
        assert found.shin_deg - found.shin_deg[0] == pytest.approx(made.shin_angle_deg)
        assert np.isnan(found.pelvis_deg).all()
        assert np.isnan(found.points_px).all()
        assert found.thorax_deg is found.trunk_deg

    @pytest.mark.parametrize("yaw_deg", [0.0, 20.0, 45.0])
    def test_shoulders_tell_where_the_camera_stands(self, yaw_deg) -> None:
        made = motion(HINGE, 0, fps=15, camera_yaw_deg=yaw_deg)
        found = back_points.from_landmarks(made.landmarks)
        assert found.view_angle_deg == pytest.approx(yaw_deg, abs=4.0)


def test_what_rests_on_a_part_goes_with_it() -> None:
    whole = back_points.estimate(*evidence(3))
    head, legs = np.array([True, False, False]), np.array([False, True, False])
    found = whole.without(head=head, legs=legs)
    for name in ("pelvis_deg", "thorax_deg", "head_deg"):
        assert np.isnan(getattr(found, name)).tolist() == head.tolist()
    assert np.isnan(found.points_px).all(axis=(1, 2)).tolist() == head.tolist()
    for name in ("knee_deg", "shin_deg"):
        assert np.isnan(getattr(found, name)).tolist() == legs.tolist()
    assert found.trunk_deg is whole.trunk_deg


def test_who_kneels_bends_the_knees_by_the_thighs() -> None:
    thigh_deg = np.array([0.0, -30.0, -60.0])
    found = back_points.estimate(*evidence(3)).kneeling(thigh_deg)
    assert found.knee_deg.tolist() == [0.0, 30.0, 60.0]
    assert found.shin_deg.tolist() == [0.0, 0.0, 0.0]


def test_the_typical_standing_is_a_standing() -> None:
    usual = back_points.typical()
    (points,) = usual.points
    assert (np.diff(points[:, 1]) > 0).all()
    assert 0.2 < usual.trunk_share < 0.4
