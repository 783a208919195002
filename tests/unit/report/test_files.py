"""Verdicts as files: whole or not at all, whatever things are called."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from support import stand_ins, verdicts

from hinge_dowel.errors import OutputError
from hinge_dowel.report import files
from hinge_dowel.report.terminal import UNICODE
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
    assert f"{UNICODE.off}&#160;9.0&#160;cm" in picture


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


# -- tables and long results ---------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3])
def test_clips_written_one_by_one_are_the_whole_document(count):
    verdicts = [stand_ins.verdict(f"{number}\n.mp4") for number in range(count)]
    file = io.StringIO()
    files.write_clips(verdicts, file)
    assert json.loads(file.getvalue()) == files.document(verdicts)
    expected = json.dumps(files.document(verdicts), indent=2, ensure_ascii=False) + "\n"
    assert file.getvalue() == expected


def test_the_table_has_a_row_a_rep_and_units_in_its_header():
    verdict = stand_ins.verdict("a.mp4", ("spinal_flexion", "squatting"))
    twice = replace(verdict, reps=(verdict.reps[0], replace(verdict.reps[0], number=2)))
    found = list(files.rows(twice))
    assert [row["rep"] for row in found] == [1, 2]
    assert found[0]["faults"] == "spinal_flexion squatting"
    assert found[0]["end_s"] is None
    plain = {"clip", "status", "reason", "facing", "neutral", "rep", "faults", "notes", "sure"}
    plain |= {"maybe_faults"}
    plain |= {"started", "exercise", "who", "note"}
    units = ("_deg", "_cm", "_s", "_cm_per_10_deg", "_share", "_ratio")
    assert all(column.endswith(units) for column in set(files.COLUMNS) - plain)


def test_the_table_tells_how_sure_and_when_and_whose():
    verdict = stand_ins.verdict("a.mp4", ("squatting",))
    rep = replace(verdict.reps[0], intervals_deg={"knee_flexion_deg": (20.0, 90.0)})
    (row,) = files.rows(replace(verdict, reps=(rep,), who="Anna"), "2026-01-02T03:04:05+01:00")
    assert (row["knee_flexion_low_deg"], row["knee_flexion_high_deg"]) == (20.0, 90.0)
    assert "spinal_flexion_low_deg" not in row
    assert (row["sure"], row["who"], row["exercise"]) == (False, "Anna", "hinge")
    assert row["maybe_faults"] == "squatting"
    assert row["started"] == "2026-01-02T03:04:05+01:00"


def test_no_cell_is_a_formula():
    file = io.StringIO()
    clips = [Verdict("=1+1.mp4", "unusable", reason="@SUM(A1)"), stand_ins.verdict("-a")]
    files.write_csv(clips, file, {})
    found = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert tuple(found[0]) == files.COLUMNS
    assert [row["clip"] for row in found] == ["'=1+1.mp4", "'-a"]
    assert found[0]["reason"] == "'@SUM(A1)"
    assert found[1]["cervical_flexion_deg"] == "-2.0"  # a number stays one
