"""The edge to MediaPipe: what goes in must be right, what comes out of it must be quiet."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from hinge_dowel.errors import ModelError
from hinge_dowel.pose import tracker
from hinge_dowel.video.reader import Frame


def test_a_broken_library_becomes_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(ModelError, match="MediaPipe cannot be loaded"):
        tracker.PoseTracker(Path("anything.task"))


@pytest.mark.parametrize(
    ("name", "why"),
    [("gone.task", "is gone: run the command again"), (".", "MediaPipe cannot use the pose model")],
)
def test_a_model_that_was_lost_becomes_a_model_error(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(ModelError, match=why):
        tracker.PoseTracker(tmp_path / name)


def test_a_tracker_that_was_made_ready_is_used_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made:
        def __init__(self, model: Path) -> None:
            self.model = model

    def missing(explicit: Path | None, *, fetch: bool) -> Path:
        raise ModelError("There is none.")

    monkeypatch.setattr(tracker, "PoseTracker", Made)
    monkeypatch.setattr(tracker, "_mediapipe", lambda: None)
    monkeypatch.setattr(tracker.model_file, "locate", lambda explicit, *, fetch: explicit)
    tracker.make_ready(Path("ready.task"), 2)
    monkeypatch.setattr(tracker.model_file, "locate", missing)
    tracker.make_ready(None, 1)
    models = [tracker.ready_tracker(Path("new.task")).model for _ in range(4)]  # type: ignore[attr-defined]
    assert [model.stem for model in models] == ["ready", "ready", "new", "new"]


@pytest.mark.slow
def test_a_width_that_would_abort_the_process_is_refused(pose_model: Path) -> None:
    with (
        tracker.PoseTracker(pose_model) as pose_tracker,
        pytest.raises(ValueError, match="multiple of 4, not 641"),
    ):
        pose_tracker.see(Frame(0.0, np.zeros((480, 641, 3), np.uint8)))


@pytest.mark.slow
def test_an_empty_room_has_nobody_in_it(pose_model: Path) -> None:
    with tracker.PoseTracker(pose_model) as pose_tracker:
        observation = pose_tracker.see(Frame(0.5, np.full((240, 320, 3), 90, np.uint8)))
    assert observation.time_s == 0.5
    assert observation.silhouette is None
    assert np.isnan(observation.landmarks).all()


@pytest.mark.slow
def test_a_clock_that_stands_still_or_goes_back_does_no_harm(pose_model: Path) -> None:
    picture = np.full((240, 320, 3), 90, np.uint8)
    with tracker.PoseTracker(pose_model) as pose_tracker:
        seen = [pose_tracker.see(Frame(t, picture)).time_s for t in (1.0, 1.0, 0.2, 1.0004)]
    assert seen == [1.0, 1.0, 0.2, 1.0004]


@pytest.mark.slow
def test_the_c_side_keeps_quiet(pose_model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with tracker.PoseTracker(pose_model) as pose_tracker:
        for t in range(3):
            pose_tracker.see(Frame(t / 10, np.full((240, 320, 3), 90, np.uint8)))
    assert capfd.readouterr() == ("", "")


class _Talks:
    """Stands in for a landmarker that has not seen anybody yet."""

    def detect_for_video(self, *_: object) -> SimpleNamespace:
        os.write(2, b"first person?")
        return SimpleNamespace(pose_landmarks=[], segmentation_masks=None)


def test_it_is_kept_quiet_until_somebody_was_seen(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = object.__new__(tracker.PoseTracker)
    waiting._landmarker, waiting._last_ms, waiting._warm = _Talks(), -1, False
    monkeypatch.setattr(waiting, "_image", lambda frame: frame)
    for t in range(3):
        waiting.see(Frame(t / 10, np.zeros((8, 8, 3), np.uint8)))
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("kind", [tracker.PoseTracker, tracker.MultiPoseTracker])
def test_a_file_that_is_no_bundle_is_one_sentence(
    kind: Callable[[Path], object], tmp_path: Path
) -> None:
    fake = tmp_path / "fake.task"
    fake.write_bytes(b"not a bundle")
    with pytest.raises(ModelError, match=r"cannot use the pose model .*fake\.task"):
        kind(fake)


@pytest.mark.slow
def test_what_mediapipe_draws_with_is_loaded_only_for_those_who_draw() -> None:
    code = """
import sys
from hinge_dowel.pose import tracker
mediapipe = tracker._mediapipe()
spared = {"cv2", "matplotlib", "matplotlib.pyplot", "sounddevice"}
assert not spared & set(sys.modules), spared & set(sys.modules)
drawing = mediapipe.tasks.vision.drawing_utils
assert drawing.plt.Figure.__module__ == "matplotlib.figure"
assert drawing.cv2.LINE_8 == 8
import matplotlib.pyplot
assert matplotlib.pyplot.Figure is drawing.plt.Figure
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_library_that_is_loaded_already_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ModuleType("sounddevice")
    monkeypatch.setitem(sys.modules, "sounddevice", own)
    with tracker._deferred():
        assert sys.modules["sounddevice"] is own
    assert sys.modules["sounddevice"] is own


def test_a_stand_in_asked_while_it_stands_in_says_that_there_is_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else it would ask itself for ever."""
    monkeypatch.delitem(sys.modules, "cv2", raising=False)
    with tracker._deferred():
        stand_in = sys.modules["cv2"]
        assert isinstance(stand_in, tracker._Deferred)
        assert not hasattr(stand_in, "VideoCapture")
    assert "cv2" not in sys.modules


def test_several_threads_keep_it_quiet_and_the_last_lets_it_speak(
    capfd: pytest.CaptureFixture[str],
) -> None:
    first, second = tracker.quiet_native_output(), tracker.quiet_native_output()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    os.write(2, b"unheard")
    second.__exit__(None, None, None)
    os.write(2, b"heard")
    assert capfd.readouterr() == ("", "heard")


def test_a_second_thread_does_not_meet_the_stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker._mediapipe()
    monkeypatch.setattr(tracker, "_deferred", lambda: pytest.fail("stand-ins again"))
    assert tracker._mediapipe().tasks.vision
