"""Cells of tables that hold a place or a body of a known motion."""

from __future__ import annotations

import json

import pytest
from support.keypoint_files import COCO, FPS, judged, places_of, write_csv

from hinge_dowel.keypoints.packed_cells import hold_bodies, value_of

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


@pytest.mark.parametrize("depths", [(30, 0.5), (0.5, 30)])
def test_the_third_number_is_one_thing_in_all_cells(tmp_path, depths):
    """Certainties, or depths of which some are small as well."""
    rows = [
        [i, *(f"({x}, {y}, {depths[i % 2]})" for x, y in frame)] for i, frame in enumerate(PLACES)
    ]
    judged(write_csv(tmp_path / "a.csv", ["frame", *COCO], rows), fps=FPS)


def test_a_rate_stands_above_places_without_names(tmp_path):
    rows = [[i, *(f"({x}, {y})" for x, y in frame)] for i, frame in enumerate(PLACES)]
    path = write_csv(tmp_path / "a.csv", ["frame", *(f"kp_{i}" for i in range(17))], rows)
    path.write_text(f"# fps: {FPS}\n{path.read_text()}")
    judged(path)


@pytest.mark.parametrize("begins", ["", "--------- beginning of main\n"])
@pytest.mark.parametrize(
    "spell",
    [
        "<Normalized Landmark (x={} y={} z=-0.1) visibility= Optional[0.9] presence= Optional[1]>",
        "Landmark(x: {}, y: {}, z: -0.1, visibility: Optional(0.9))",
    ],
)
def test_lines_of_a_log_that_print_a_body(tmp_path, spell, begins):
    """As phones do, with the same body in metres behind it."""
    lines = [
        f"D Pose: timestampMs={1000 * i / FPS:.0f}, landmarks=[["
        + ", ".join(spell.format(x, y) for x, y in frame)
        + f"]], worldLandmarks=[[{spell.format(1, 2)}]]"
        for i, frame in enumerate(PLACES)
    ]
    (tmp_path / "a.txt").write_text(begins + "\n".join(lines))
    judged(tmp_path / "a.txt")


def test_lines_of_a_log_that_end_with_json_are_read_as_such(tmp_path):
    lines = [
        "pose: " + json.dumps({"t": i / FPS, "kps": [{"x": x, "y": y} for x, y in frame.tolist()]})
        for i, frame in enumerate(PLACES)
    ]
    (tmp_path / "a.txt").write_text("\n".join(lines))
    judged(tmp_path / "a.txt")


@pytest.mark.parametrize("cell", ["(1)", "(a, b)", "[1, 2, 3, 4]", "x: 1", "12"])
def test_other_cells_stay(cell):
    assert value_of(cell) == cell
    assert not hold_bodies([["a", "b", "c"], [cell] * 3])


@pytest.mark.parametrize("cell", ["", "None", "nan"])
def test_missing_ones_are_none(cell):
    assert value_of(cell) is None
    assert not hold_bodies([["a", "b", "c"], [cell] * 3])


def test_lists_of_one_axis_in_a_cell(tmp_path):
    """As pandas flattens what ultralytics gives."""
    head = ["frame", "box.x1", "keypoints.x", "keypoints.y"]
    rows = [[i, 4.5, *map(str, frame.T.tolist())] for i, frame in enumerate(PLACES)]
    judged(write_csv(tmp_path / "a.csv", head, rows), fps=FPS)
