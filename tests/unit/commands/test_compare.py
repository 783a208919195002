"""`hinge-dowel compare` as it is called."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.verdicts import verdict
from support.waiting import read_to_end

from hinge_dowel import cli
from hinge_dowel.history.session_log import History
from hinge_dowel.testing.synthetic import HINGE, ROUNDING, mix


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of a rounded clip and a clean one."""
    monkeypatch.setenv("HINGE_DOWEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "home" / "history.sqlite3"
    with History(path) as kept:
        kept.keep(verdict("old.mp4", [["spinal_flexion"]] * 3), who="Anna")
        kept.keep(verdict("new.mp4", [[]] * 3), who="Anna")
    return path


def refused(capsys, *arguments: str) -> str:
    assert cli.main(["compare", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("hinge-dowel: ")
    assert err.count("\n") == 1
    return err


def test_two_sessions(history, capsys, tmp_path):
    page = tmp_path / "page.html"
    assert cli.main(["compare", "1", "last", "--who", "anna", "--out", str(page)]) == 0
    out, err = capsys.readouterr()
    assert "A  session 1, old.mp4" in out
    assert "Clean reps 0 % → 100 %." in out
    assert err == f"The page is {page}.\n"
    assert "session 2, new.mp4" in page.read_text("utf-8")


def test_two_sessions_as_json(history, capsys, tmp_path):
    assert cli.main(["compare", "1", "2", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["a"]["clip"], found["b"]["clip"]) == (1, "old.mp4", "new.mp4")
    spine = found["changes"][0]
    assert (spine["measure"], spine["before"], spine["after"]) == ("spinal_flexion_deg", 45.0, 4.0)
    assert cli.main(["compare", "1", "2", "--json", str(tmp_path / "c.json")]) == 0
    assert json.loads((tmp_path / "c.json").read_text()) == found


@pytest.mark.slow
def test_two_files_of_keypoints(history, capsys, tmp_path):
    for name, parts in (("a.npz", [ROUNDING, ROUNDING]), ("b.npz", [HINGE, HINGE])):
        seen = mix(parts)
        np.savez(tmp_path / name, points=seen.points, fps=seen.fps)
    page = tmp_path / "page.html"
    a, b = str(tmp_path / "a.npz"), str(tmp_path / "b.npz")
    assert cli.main(["compare", a, b, "--out", str(page)]) == 0
    out = capsys.readouterr().out
    assert "A  a.npz" in out
    assert "best rep" in out
    # And a file against a session.
    assert cli.main(["compare", "1", b, "--from", "1"]) == 0
    out, err = capsys.readouterr()
    assert "rep by rep" in out
    assert err == "--from changed nothing: it is for films, and there is none here.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["1", "none.mp4"], "There is no file none.mp4"),
        (["1", "7"], "There is no session 7 in the history"),
        (["1", "1"], "Both are session 1, old.mp4: name two different ones"),
        (["1", "2026-13-01"], "There is no day 2026-13-01"),
        (["1"], "the following arguments are required: B"),
        (["1", "2", "--out", "none/page.html"], "create the folder none first"),
        (["1", "2", "--json", "none/c.json"], "create the folder none first"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    history, capsys, tmp_path, monkeypatch, arguments, words
):
    monkeypatch.chdir(tmp_path)
    assert words in refused(capsys, *arguments)


def test_one_clip_named_twice_is_not_looked_at(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("me.mp4").touch()
    said = refused(capsys, "me.mp4", "me.mp4")
    assert said == "hinge-dowel: Both are me.mp4: name two different ones.\n"


def test_a_folder_and_a_file_that_is_no_clip(history, capsys, tmp_path):
    assert "is a folder: name one clip in it" in refused(capsys, "1", str(tmp_path))
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"no arrays")
    assert "broken.npz cannot be compared." in refused(capsys, "1", str(broken))


def test_a_damaged_history_does_not_hinder_files(history, capsys, tmp_path):
    history.write_bytes(b"this is no history\n" * 100)
    assert "is damaged" in refused(capsys, "1", "2")
    results = tmp_path / "results.json"
    for clip in ("a.mp4", "b.mp4"):
        entry = verdict(clip, [[], ["squatting"]]).to_dict()
        (tmp_path / f"{clip}.json").write_text(json.dumps({"schema": 1, "clips": [entry]}))
    assert not results.exists()
    assert cli.main(["compare", f"{tmp_path}/a.mp4.json", f"{tmp_path}/b.mp4.json"]) == 0


def test_in_a_terminal_of_80_columns(history):
    """Real colours on a real pseudo-terminal."""
    terminal, end = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "hinge_dowel", "compare", "1", "2"],
        stdin=end,
        stdout=end,
        stderr=end,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
    )
    os.close(end)
    text = read_to_end(terminal).decode()
    os.close(terminal)
    assert run.wait() == 0
    assert "\x1b[1;31m" in text  # a fault is red
    assert "Clean reps 0 % → 100 %." in text
    assert "Traceback" not in text
