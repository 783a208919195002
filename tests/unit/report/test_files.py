"""Verdicts as files: whole or not at all, whatever things are called."""

from __future__ import annotations

import json

import pytest
from support import verdicts

from hinge_dowel.errors import OutputError
from hinge_dowel.report import files
from hinge_dowel.verdict import Verdict

ONE, OTHER = verdicts.verdict(), verdicts.verdict(reps=[("spinal_flexion",)])


def test_results_replace_the_old_ones_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "results.json"
    files.write_json(files.document([ONE]), target)
    before = target.read_bytes()

    def full(self, content):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OutputError, match=r"results\.json: No space left on device"):
        files.write_json(files.document([OTHER]), target)
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_json_survives_any_file_name(tmp_path, capsys):
    name = 'ü\udcff"\n.mp4'
    odd = Verdict(name, "unusable", "Why not.")
    for target in (tmp_path / "a.json", "-"):
        files.write_json(files.document([odd]), target)
    for text in ((tmp_path / "a.json").read_text("utf-8"), capsys.readouterr().out):
        assert json.loads(text)["clips"][0]["clip"] == name


def test_the_svg_is_the_same_screen_whatever_the_terminal(tmp_path, monkeypatch):
    files.svg([OTHER], tmp_path / "a.svg")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    files.svg([OTHER], tmp_path / "b.svg")
    picture = (tmp_path / "a.svg").read_text("utf-8")
    assert picture == (tmp_path / "b.svg").read_text("utf-8")
    assert "○&#160;9.0&#160;cm" in picture


def test_a_file_that_could_not_be_written_is_refused_beforehand(tmp_path, monkeypatch):
    files.ensure_writable(tmp_path / "new.json")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError, match="it is a folder"):
        files.ensure_writable(tmp_path)
    with pytest.raises(OutputError, match="create the folder"):
        files.ensure_writable(tmp_path / "none" / "a.json")
    kept = tmp_path / "kept.json"
    kept.write_text("old")
    monkeypatch.setattr(files.os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="write-protected"):
        files.ensure_writable(kept)
    assert kept.read_text() == "old"


def test_a_picture_of_the_screen_asks_nothing_of_the_web(tmp_path):
    files.svg([OTHER], tmp_path / "a.svg")
    picture = (tmp_path / "a.svg").read_text("utf-8")
    assert "@font-face" not in picture
    assert "url(http" not in picture
