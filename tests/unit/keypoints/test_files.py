"""Any file of keypoints in, a verdict out: what a file leaves open, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import (
    BACK,
    BACK_FAULTS,
    BODY,
    COCO,
    FAULTS,
    FPS,
    SPORTS2D,
    in_space,
    judged,
    named_columns,
    places_of,
    table,
    write_csv,
    write_json,
)
from support.laboratory import write_trc
from support.tracker_frames import SHARES

from hinge_dowel import check_clip
from hinge_dowel.errors import ArgumentError, ClipError, ModelError
from hinge_dowel.keypoints.files import check_file
from hinge_dowel.keypoints.formats import CheckOptions, Columns, Reading
from hinge_dowel.testing.pytest_plugin import assert_verdict

T = len(BODY.landmarks)


def test_without_a_rate_or_a_size(tmp_path):
    path = write_json(tmp_path / "d.json", SHARES)
    with pytest.raises(ClipError, match="frame rate: give it with --fps"):
        check_clip(path)
    verdict = check_clip(path, fps=FPS)
    assert verdict.status == "unusable"
    assert "--size" in verdict.reason


def test_a_pose_model_that_is_not_there_is_told_as_such(tmp_path):
    with pytest.raises(ModelError, match="Cannot read the pose model"):
        check_clip(tmp_path / "a.mp4", model=tmp_path / "none.task")


def test_a_rate_that_is_given_counts_before_the_file_s_times(tmp_path):
    judged(table(tmp_path / "a.csv", ["frame", "time"], [[i, 9 * i] for i in range(T)]), fps=FPS)


def test_times_that_make_people_too_slow_are_in_another_unit(tmp_path):
    path = table(tmp_path / "a.csv", ["time_s"], 15 * BODY.time_s[:, None])
    verdict = check_clip(path)
    assert verdict.status == "unusable"
    assert "slower than anybody" in verdict.reason
    assert_verdict(check_clip(path, fps=FPS), FAULTS)


def test_frames_numbered_by_more_than_one_are_told(tmp_path):
    """Whether --fps is that of the film or of the rows, unless one of them is too slow."""
    path = table(tmp_path / "a.csv", ["n"], [[3 * i] for i in range(T)])
    told = [text for text in judged(path, fps=3 * FPS).warnings if "numbered by 3" in text]
    assert "taken for 10 a second" in told[0]
    path = table(tmp_path / "a.csv", ["n"], [[20 * i] for i in range(T)])
    assert any("numbered by 20" in text for text in judged(path, fps=FPS).warnings)


def test_points_with_times_in_another_unit(tmp_path):
    np.savez(tmp_path / "p.npz", points=BACK.points, timestamp_ms=BACK.time_s * 1000)
    assert_verdict(check_clip(tmp_path / "p.npz"), BACK_FAULTS)
    np.savez(tmp_path / "p.npz", points=BACK.points, t=np.arange(len(BACK.points)) * 333)
    with pytest.raises(ClipError, match=r"'t' counts by 333 .* give it with --fps"):
        check_clip(tmp_path / "p.npz")


def test_a_doubted_unit_is_told_unless_the_rate_is_given(tmp_path):
    path = table(tmp_path / "a.csv", ["timestamp"], [[100 * i] for i in range(T)])
    assert any("24 or 25 or 30 would be" in text for text in judged(path).warnings)
    assert not any("would be as likely" in text for text in judged(path, fps=FPS).warnings)


def test_a_size_for_pixels_is_left_aside_and_that_is_said(tmp_path):
    path = table(tmp_path / "a.csv", ["time_s"], BODY.time_s[:, None])
    verdict = check_clip(path, size_px=(1280, 720))
    assert_verdict(verdict, FAULTS)
    assert "no shares of a picture" in verdict.warnings[-1]


@pytest.mark.parametrize("kind", ["trc", "json"])
def test_what_is_of_a_room_has_no_picture_whose_size_counts(tmp_path, kind):
    """Files of pictures may lie beside it, for which the size is given."""
    seen = in_space()
    path = tmp_path / f"a.{kind}"
    if kind == "trc":
        write_trc(path, {name: seen[:, i] for i, name in enumerate(SPORTS2D)})
    else:
        frames = ({n: p.tolist() for n, p in zip(SPORTS2D, row, strict=True)} for row in seen)
        write_json(path, {"fps": FPS, "frames": [{"world_landmarks": own} for own in frames]})
    plain = check_clip(path, fps=FPS)
    sized = check_clip(path, fps=FPS, size_px=(1280, 960))
    assert_verdict(plain, FAULTS)
    assert sized.reps == plain.reps
    assert any("its size (size_px=, or --size) is left aside" in one for one in sized.warnings)


def test_what_the_arrays_refuse_names_the_file(tmp_path):
    np.savez(tmp_path / "p.npz", points=BACK.points[:, :2], fps=FPS)
    with pytest.raises(ClipError, match=r"^p\.npz: points must be"):
        check_file(tmp_path / "p.npz")
    np.savez(tmp_path / "p.npz", points=BACK.points)
    with pytest.raises(ClipError, match=r"^p\.npz: fps must lie between"):
        check_file(tmp_path / "p.npz", CheckOptions(reading=Reading(fps=1e9)))


@pytest.mark.parametrize("kind", ["points", "landmarks"])
def test_keypoints_show_no_weight_so_that_auto_is_the_hip_hinge(tmp_path, kind):
    np.savez(tmp_path / "k.npz", **{kind: getattr(BACK, kind)}, fps=FPS)
    verdict = check_file(tmp_path / "k.npz", CheckOptions(exercise="auto"), name="anna")
    assert (verdict.clip, verdict.exercise) == ("anna", "hinge")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("p.npz", {"from_s": 1.0}),
        ("p.npz", {"slow_motion": 4}),
        ("p.npz", {"person": "left"}),
        ("me.mp4", {"size_px": (4, 4)}),
        ("me.mp4", {"columns": Columns({"nose": ("a", "b")})}),
    ],
)
def test_what_is_for_other_files_is_refused_and_not_left_aside(tmp_path, name, given):
    np.savez(tmp_path / "p.npz", points=BACK.points, fps=FPS)
    with pytest.raises(ArgumentError, match=r"(are for films|are for files of keypoints) alone\.$"):
        check_clip(tmp_path / name, **given)


def test_pictures_of_numbers_far_apart_are_no_film(tmp_path):
    rows = [[391 * i, *frame.ravel()] for i, frame in enumerate(places_of(COCO)[:5])]
    path = write_csv(tmp_path / "a.csv", ["image_id", *named_columns(COCO)], rows)
    with pytest.raises(ClipError, match=r"a\.csv numbers its pictures by 391, too far apart"):
        check_clip(path, fps=FPS)
