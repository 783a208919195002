"""Verdicts as a table and as JSON, written one by one."""

import csv
import io
import json
from dataclasses import replace

import pytest
from support import stand_ins

from hinge_dowel.batch.results_files import COLUMNS, rows, write_csv, write_json
from hinge_dowel.report import files
from hinge_dowel.verdict import Verdict


@pytest.mark.parametrize("count", [0, 1, 3])
def test_clips_written_one_by_one_are_the_whole_document(count):
    verdicts = [stand_ins.verdict(f"{number}\n.mp4") for number in range(count)]
    file = io.StringIO()
    write_json(verdicts, file)
    assert json.loads(file.getvalue()) == files.document(verdicts)
    expected = json.dumps(files.document(verdicts), indent=2, ensure_ascii=False) + "\n"
    assert file.getvalue() == expected


def test_the_table_has_a_row_a_rep_and_units_in_its_header():
    verdict = stand_ins.verdict("a.mp4", ("spinal_flexion", "squatting"))
    twice = replace(verdict, reps=(verdict.reps[0], replace(verdict.reps[0], number=2)))
    found = list(rows(twice))
    assert [row["rep"] for row in found] == [1, 2]
    assert tuple(found[0]) == COLUMNS
    assert found[0]["faults"] == "spinal_flexion squatting"
    assert found[0]["end_s"] is None
    plain = {"clip", "status", "reason", "facing", "neutral", "rep", "faults", "notes", "sure"}
    plain |= {"maybe_faults"}
    plain |= {"started", "exercise", "who", "note"}
    units = ("_deg", "_cm", "_s", "_cm_per_10_deg", "_share", "_ratio")
    assert all(column.endswith(units) for column in set(COLUMNS) - plain)


def test_the_table_tells_how_sure_and_when_and_whose():
    verdict = stand_ins.verdict("a.mp4", ("squatting",))
    rep = replace(verdict.reps[0], intervals_deg={"knee_flexion_deg": (20.0, 90.0)})
    (row,) = rows(replace(verdict, reps=(rep,), who="Anna"), "2026-01-02T03:04:05+01:00")
    assert (row["knee_flexion_low_deg"], row["knee_flexion_high_deg"]) == (20.0, 90.0)
    assert row["spinal_flexion_low_deg"] is None
    assert (row["sure"], row["who"], row["exercise"]) == (False, "Anna", "hinge")
    assert row["maybe_faults"] == "squatting"
    assert row["started"] == "2026-01-02T03:04:05+01:00"


def test_no_cell_is_a_formula():
    file = io.StringIO()
    write_csv([Verdict("=1+1.mp4", "unusable", reason="@SUM(A1)"), stand_ins.verdict("-a")], file)
    found = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert [row["clip"] for row in found] == ["'=1+1.mp4", "'-a"]
    assert found[0]["reason"] == "'@SUM(A1)"
    assert found[1]["cervical_flexion_deg"] == "-2.0"  # a number stays one
