"""What a worker does for one clip."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hinge_dowel.batch import task
from hinge_dowel.batch.cache import RecordCache, content_key
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.formats import CheckOptions
from hinge_dowel.system.paths import HOME_VARIABLE
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import Verdict


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> task.Job:
    """A clip that was judged before, whatever is in it."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "own"))
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"not a film at all")
    asked = task.Job(clip, "a.mp4", None, 300.0)
    content = content_key(clip)
    assert content is not None
    RecordCache.own().keep_verdict(content, asked.options.key, Verdict("a.mp4", "clean"))
    return asked


def test_what_was_said_before_is_said_again_under_the_name_of_now(job: task.Job) -> None:
    outcome = task.do(replace(job, name="b.mp4"), lambda share, doing: None)
    assert outcome.verdict == Verdict("b.mp4", "clean")
    assert task.recalled_here(job) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"cache": False},
        {"series": True},
        {"options": CheckOptions(Tolerances(too_deep_deg=99.0))},
        {"options": CheckOptions(exercise="rdl")},
    ],
)
def test_other_settings_are_another_question(job: task.Job, change: dict[str, object]) -> None:
    assert task.recalled_here(replace(job, **change)) is None


def test_what_judges_is_loaded_once_looking_has_begun(
    job: task.Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[str] = []
    begun = threading.Event()

    def load(name: str) -> None:
        loaded.append(name)
        begun.set()

    def follow(path: Path, *, progress: Callable[[float], None], **_: object) -> None:
        assert loaded == []
        for share in (0.1, 0.2, 0.9):
            progress(share)
        raise ClipError("Seen enough.")

    monkeypatch.setattr(task, "import_module", load)
    monkeypatch.setattr("hinge_dowel.pose.masking.follow_person", follow)
    told: list[float] = []
    outcome = task.do(replace(job, cache=False), lambda share, doing: told.append(share))
    assert outcome.verdict.reason == "Seen enough."
    assert told == [0.0, 0.1, 0.2, 0.9]
    assert begun.wait(60)
    assert loaded == ["hinge_dowel.analysis.pipeline"]
