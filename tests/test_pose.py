"""The edge to MediaPipe: what goes in must be right, what comes out of it must be quiet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hinge_dowel import pose
from hinge_dowel.errors import ModelError
from hinge_dowel.video import Frame


@pytest.mark.parametrize(
    ("message", "package"),
    [
        ("libGL.so.1: cannot open shared object file: No such file or directory", "libgl1"),
        ("libGLESv2.so.2: cannot open shared object file", "libgles2"),
        ("libgthread-2.0.so.0: cannot open shared object file", "libglib2.0-0"),
        ("PortAudio library not found", "libportaudio2"),
    ],
)
def test_a_missing_system_library_is_named_with_its_package(message: str, package: str) -> None:
    sentence = pose.missing_library(message)
    assert f"apt-get install {package}" in sentence
    assert sentence.count("\n") == 0


def test_any_other_failed_import_is_a_sentence_too() -> None:
    assert "reinstall hinge-dowel" in pose.missing_library("undefined symbol: x")


def test_a_broken_library_becomes_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mediapipe", None)
    with pytest.raises(ModelError, match="MediaPipe cannot be loaded"):
        pose.Eye(Path("anything.task"))


@pytest.mark.slow
def test_a_width_that_would_abort_the_process_is_refused(pose_model: Path) -> None:
    with pose.Eye(pose_model) as eye, pytest.raises(ValueError, match="multiple of 4, not 641"):
        eye.see(Frame(0.0, np.zeros((480, 641, 3), np.uint8)))


@pytest.mark.slow
def test_an_empty_room_has_nobody_in_it(pose_model: Path) -> None:
    with pose.Eye(pose_model) as eye:
        sight = eye.see(Frame(0.5, np.full((240, 320, 3), 90, np.uint8)))
    assert sight.time_s == 0.5
    assert sight.silhouette is None
    assert np.isnan(sight.landmarks).all()


@pytest.mark.slow
def test_a_clock_that_stands_still_or_goes_back_does_no_harm(pose_model: Path) -> None:
    picture = np.full((240, 320, 3), 90, np.uint8)
    with pose.Eye(pose_model) as eye:
        seen = [eye.see(Frame(t, picture)).time_s for t in (1.0, 1.0, 0.2, 1.0004)]
    assert seen == [1.0, 1.0, 0.2, 1.0004]


@pytest.mark.slow
def test_the_c_side_keeps_quiet(pose_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pose.Eye(pose_model) as eye:
        for t in range(3):
            eye.see(Frame(t / 10, np.full((240, 320, 3), 90, np.uint8)))
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_file_that_is_no_bundle_is_one_sentence(tmp_path: Path) -> None:
    fake = tmp_path / "fake.task"
    fake.write_bytes(b"not a bundle")
    with pytest.raises(ModelError, match=r"cannot use the pose model .*fake\.task"):
        pose.Eye(fake)
