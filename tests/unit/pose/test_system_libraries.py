"""A machine that lacks a library of the system gets one sentence that names its package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hinge_dowel.errors import ModelError
from hinge_dowel.pose import tracker
from hinge_dowel.pose.network import SpineNetwork
from hinge_dowel.pose.system_libraries import missing_library


@pytest.mark.parametrize(
    ("message", "package"),
    [
        ("libGL.so.1: cannot open shared object file: No such file or directory", "libgl1"),
        ("libGLESv2.so.2: cannot open shared object file", "libgles2"),
        ("libgthread-2.0.so.0: cannot open shared object file", "libglib2.0-0"),
        ("PortAudio library not found", "libportaudio2"),
    ],
)
def test_it_is_named_with_its_package(message: str, package: str) -> None:
    sentence = missing_library(message)
    assert sentence is not None
    assert f"apt-get install {package}" in sentence
    assert sentence.count("\n") == 0


def test_other_messages_name_none() -> None:
    assert missing_library("undefined symbol: x") is None


def test_opencv_that_cannot_be_loaded_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(ModelError, match="OpenCV cannot be loaded"):
        SpineNetwork()


def test_what_mediapipe_lacks_when_it_is_set_up_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacks(_: object) -> object:
        raise OSError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr(tracker._Landmarker, "_created", lacks)
    model = tmp_path / "a.task"
    model.touch()
    with pytest.raises(ModelError, match="apt-get install libegl1"):
        tracker.PoseTracker(model)
