"""What happens around the checking of clips: the pose model, the progress."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from support.verdicts import verdict

from hinge_dowel.batch import runner
from hinge_dowel.commands import checking
from hinge_dowel.report import progress, terminal

MODEL = Path("found.task")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What the runner is asked for."""
    calls: list[dict[str, object]] = []

    def check_many(clips, *, names, progress, **how):
        calls.append(how | {"watched": progress is not None})
        for place, name in enumerate(names):
            if progress is not None:
                progress(place, 1.0, "done")
            yield verdict(name, [[]])

    monkeypatch.setattr(runner, "check_many", check_many)
    monkeypatch.setattr(checking, "locate", lambda named, *_, quiet: MODEL)
    return calls


def checked(clips: list[str], **how: object):
    console = terminal.console_for(io.StringIO())
    return checking.checked(clips, clips, console, model=None, **how)


def test_a_model_is_found_for_films_and_not_for_keypoints(asked) -> None:
    assert [one.clip for one in checked(["a.csv", "b.mp4"], jobs=2)] == ["a.csv", "b.mp4"]
    checked(["a.csv"])
    assert asked[0] == {"model": MODEL, "jobs": 2, "watched": True}
    assert asked[1]["model"] is None


def test_without_a_terminal_progress_is_told_in_lines_or_not_at_all(
    asked, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(progress, "_LINE_S", 0.0)
    monkeypatch.setattr(progress.time, "monotonic", iter(range(9)).__next__)
    checked(["a.mp4", "b.mp4"], quiet=True)
    assert (asked[0]["watched"], capsys.readouterr().err) == (False, "")
    checked(["a.mp4", "b.mp4"])
    assert "1 of 2 clips checked, about 1 s left." in capsys.readouterr().err
