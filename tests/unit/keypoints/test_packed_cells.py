"""Cells of tables that hold a place or a body of a known motion."""

from __future__ import annotations

import json

import pytest
from support.keypoint_files import COCO, FPS, judged, places_of, write_csv

from hinge_dowel.keypoints.packed_cells import hold_bodies, unpacked

PLACES = places_of(COCO)


@pytest.mark.parametrize(
    "spell",
    [
        *("({}, {})", "[{} {}]", "[{}, {}, 0.9]", "({}, {}, 31.5)"),
        "x: {}\ny: {}\nz: 0.1\nvisibility: 0.98\n",
        "NormalizedLandmark(x={}, y={}, z=-1.5e-05, visibility=0.98, presence=0.99)",
        "{{'x': {}, 'y': {}}}",
        '{{"y": {1}, "x": {0}, "score": 0.9}}',
    ],
)
def test_a_place(tmp_path, spell):
    rows = [[i, *(spell.format(*place) for place in frame)] for i, frame in enumerate(PLACES)]
    rows[0][1] = ""
    judged(write_csv(tmp_path / "a.csv", ["frame", *COCO], rows), fps=FPS)


@pytest.mark.parametrize("spell", [json.dumps, str])
@pytest.mark.parametrize("columns", [False, True])
def test_a_body(tmp_path, spell, columns):
    def cell(frame):
        x, y = frame.T.tolist()
        return {"x": x, "y": y, "visible": [0.9] * len(x)} if columns else frame.tolist()

    rows = [[i / FPS, "person", spell(cell(frame))] for i, frame in enumerate(PLACES)]
    rows[3][2] = ""
    judged(write_csv(tmp_path / "a.csv", ["time_s", "name", "keypoints"], rows))


def test_the_third_number_is_one_thing_in_all_cells():
    """Certainties, or depths of which some are small as well."""
    head = ["a", "b", "c"]
    depths = [["(1, 2, 30)"] * 3, ["(1, 2, 0.5)"] * 3]
    assert unpacked([head, *depths])[0][:3] == ["a_x", "a_y", "a_z"]
    assert unpacked([head, *depths])[2][2] == "0.5"
    assert unpacked([head, *reversed(depths)])[0][2] == "a_score"


@pytest.mark.parametrize("cell", ["(1)", "(a, b)", "[1, 2, 3, 4]", "x: 1", "12"])
def test_other_cells_stay(cell):
    rows = [["a", "b", "c"], [cell] * 3]
    assert unpacked(rows) == rows
    assert not hold_bodies(rows)


def test_missing_ones_are_empty():
    rows = [["a", "b", "c"], *([cell] * 3 for cell in ("(1, 2)", "None", "(3, 4)"))]
    assert unpacked(rows)[2] == [""] * 6
