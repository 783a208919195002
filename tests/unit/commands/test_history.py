"""`hinge-dowel history`: shown, exported, deleted."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from support.histories import SPRING, assert_one_sentence, keep, rep, version_1
from support.waiting import read_to_end

from hinge_dowel.history import session_log
from hinge_dowel.history.records import document, table
from hinge_dowel.report import files


def test_json_is_the_contract(path, command, tmp_path):
    version_1(path)
    status, out, err = command("--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["schema", "sessions"]
    assert found["schema"] == 1
    first = found["sessions"][0]
    expected = {"number": 1, "started": SPRING.isoformat(), "duration_s": 20.0, "finished": True}
    expected |= {"planned_sets": 3, "planned_reps": 10, "clip": "camera 0", "status": "faulty"}
    expected |= {"reason": None, "facing": "left", "view_angle_deg": 4.0, "neutral": "measured"}
    expected |= {"source": "drill", "exercise": "hinge", "who": None, "note": None}
    expected |= {"exercise_sure": False, "limits": {}, "sure": True, "refusal": None}
    assert {key: first[key] for key in first if key not in ("faults", "reps")} == expected
    assert first["faults"] == ["squatting"]
    assert first["reps"][0]["set"] == 1
    assert first["reps"][0]["stray_cm"] == {"head": 0.4, "upper_back": 5.1, "sacrum": 0.2}
    assert command("--json", "-") == (0, out, "")
    assert command("--json", tmp_path / "h.json") == (0, "", "")
    assert (tmp_path / "h.json").read_text("utf-8") == out


def test_a_session_has_all_that_a_clip_has(path):
    from hinge_dowel.verdict import Verdict

    keep(path, [rep()])
    (session,) = document(session_log.read(path))["sessions"]
    clip = Verdict("me.mp4", "clean", reps=(rep(),)).to_dict()
    assert set(clip) - {"warnings"} <= set(session)
    assert set(clip["reps"][0]) <= set(session["reps"][0])


def test_csv_has_a_row_a_rep(path, command, tmp_path):
    version_1(path)
    assert command("--csv", tmp_path / "h.csv") == (0, "", "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "h.csv").read_text("utf-8"))))
    assert [(row["session"], row["set"], row["rep"]) for row in rows] == [
        ("1", "1", "1"),
        ("1", "1", "2"),
        ("2", "1", "1"),
    ]
    assert (rows[0]["knee_flexion_deg"], rows[0]["upper_back_stray_cm"]) == ("96.0", "5.1")
    assert (rows[0]["faults"], rows[0]["notes"]) == ("squatting", "shins_forward")
    assert (rows[1]["cervical_flexion_deg"], rows[1]["head_stray_cm"]) == ("", "")
    assert [row["finished"] for row in rows] == ["yes", "yes", "no"]


def test_a_table_has_the_columns_of_a_batch(path):
    """So that results of check and of drill can be put under one another."""
    flexions = [f"{joint}_flexion_deg" for joint in ("hip", "knee", "spinal", "cervical")]
    ends = dict.fromkeys((*flexions, "shin_angle_deg"), (1.0, 2.0))
    keep(path, [replace(rep(), intervals_deg=ends)])
    (row,) = csv.DictReader(io.StringIO(table(session_log.read(path))))
    assert set(files.COLUMNS) <= set(row)
    assert (row["spinal_flexion_low_deg"], row["spinal_flexion_high_deg"]) == ("1.0", "2.0")
    assert (row["sure"], row["finished"], row["exercise"]) == ("yes", "yes", "hinge")


def test_a_spreadsheet_takes_nothing_for_a_formula(path):
    keep(path, [rep()], source="=1+1.mp4")
    (row,) = csv.DictReader(io.StringIO(table(session_log.read(path))))
    assert row["clip"] == "'=1+1.mp4"


def test_both_exports_at_once(path, command, tmp_path):
    keep(path, [rep()])
    assert command("--json", tmp_path / "a", "--csv", "-")[1].startswith("session,started,")
    assert json.loads((tmp_path / "a").read_text())["schema"] == 1
    status, out, err = command("--json", "--csv", "-")
    assert (status, out) == (2, "")
    assert_one_sentence(err)


def test_an_export_that_cannot_be_written(path, command, tmp_path):
    status, out, err = command("--json", tmp_path / "none" / "h.json")
    assert (status, out) == (2, "")
    assert_one_sentence(err)


def test_an_empty_history_says_what_to_do(path, command):
    status, out, err = command()
    assert (status, err) == (0, "")
    assert out.startswith("No session yet.\n")
    assert "  hinge-dowel drill\n" in out
    assert not path.parent.exists()
    assert json.loads(command("--json")[1]) == {"schema": 1, "sessions": []}


def test_deleting_without_a_terminal_needs_a_yes(path, command):
    keep(path, [rep()], [rep()])
    status, out, err = command("delete", "1")
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert "--yes" in err
    assert len(session_log.read(path)) == 2
    status, out, err = command("delete", "1", "--yes")
    assert (status, out) == (0, "")
    assert re.fullmatch(r"Deleted: session 1 of \d{4}-\d\d-\d\d \d\d:\d\d \(1 rep\)\.\n", err)
    assert [one.number for one in session_log.read(path)] == [2]


def test_deleting_all_of_one_person(path, command):
    keep(path, [rep()], [rep()], who="Anna")
    keep(path, [rep()], who="Ben")
    keep(path, [rep()])
    assert command("delete", "--who", "anna", "--yes")[:2] == (0, "")
    assert [one.who for one in session_log.read(path)] == ["Ben", None]
    status, _, err = command("delete", "--who", "Carl", "--yes")
    assert (status, err) == (0, "There is no session of Carl; nothing to delete.\n")
    assert command("delete", "--who", "Ben", "--all", "--yes")[0] == 2
    assert b"Anna" not in path.read_bytes()


def test_a_wrong_name_is_corrected_and_a_forgotten_one_given(path, command):
    keep(path, [rep()], [rep()], who="Ana")
    keep(path, [rep()], [rep()])
    assert command("move", "--who", "ana", "--to", "Anna") == (
        0,
        "",
        "Now of Anna: all of ana (2 sessions).\n",
    )
    status, out, err = command("move", "4", "4", "--to", "Zoë")
    assert (status, out) == (0, "")
    assert re.fullmatch(r"Now of Zoë: session 4 of \d{4}-\d\d-\d\d \d\d:\d\d \(1 rep\)\.\n", err)
    assert [one.who for one in session_log.read(path)] == ["Anna", "Anna", None, "Zoë"]
    assert command("move", "--who", "Ana", "--to", "Anna")[2] == (
        "There is no session of Ana; nothing to move.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [["--to", "Anna"], ["1"], ["1", "--who", "Ben", "--to", "Anna"], ["9", "--to", "Anna"]],
)
def test_a_move_that_makes_no_sense(path, command, arguments):
    keep(path, [rep()])
    status, out, err = command("move", *arguments)
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert [one.who for one in session_log.read(path)] == [None]


@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["0"], ["one"], ["9", "--yes"]])
def test_a_deletion_that_makes_no_sense(path, command, arguments):
    keep(path, [rep()])
    status, out, err = command("delete", *arguments)
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert len(session_log.read(path)) == 1


def test_deleting_all(path, command):
    assert command("delete", "--all", "--yes") == (
        0,
        "",
        "There is no history; nothing to delete.\n",
    )
    keep(path, [rep()], [rep()])
    status, out, err = command("delete", "--all", "--yes")
    assert (status, out, err) == (0, "", "Deleted: the whole history (2 sessions).\n")
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("Yes", 0), ("", 1), ("n", 1), ("\x04", 1)])
def test_on_a_terminal_it_asks(path, answer, left):
    keep(path, [rep()])
    terminal, end = pty.openpty()
    asked = subprocess.Popen(
        [sys.executable, "-m", "hinge_dowel", "history", "delete", "--all"],
        stdin=end,
        stdout=end,
        stderr=end,
    )
    os.close(end)
    said = b""
    while b"[y/N]" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, answer.encode() + (b"" if answer == "\x04" else b"\n"))
    said += read_to_end(terminal)
    os.close(terminal)
    assert asked.wait() == 0
    assert b"Delete the whole history (1 session) for good? [y/N]" in said
    assert (b"Nothing was deleted." in said) == bool(left)
    assert len(session_log.read(path)) == left
