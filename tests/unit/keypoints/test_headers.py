"""Headers of tables: which place and axis each column is of, however that is spelled."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import (
    COCO,
    FPS,
    MEDIAPIPE,
    SPORTS2D,
    in_space,
    judged,
    places_of,
    standing,
    write_csv,
)

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import headers
from hinge_dowel.keypoints.skeletons import LANDMARK_NAMES, plain


def told(rows):
    """Person, landmark and axis of each column that is of a place, and the table."""
    table = headers.table_of(rows, "a.csv")
    cells = [cell for cell in table.columns if cell.place]
    return [(c.person, LANDMARK_NAMES[plain(c.place)], c.axis) for c in cells], table


def meant(names, axes, people=("",)):
    return [(p, LANDMARK_NAMES[plain(n)], axis) for p in people for n in names for axis in axes]


def frames(width):
    return [[str(10 * row + column) for column in range(width)] for row in range(4)]


@pytest.mark.parametrize(
    "spell",
    [
        lambda n, a: f"{a}_{n}",
        lambda n, a: f"{n}.{a}",
        lambda n, a: f"{n} {a.upper()}",
        lambda n, a: f"{n}_{a}".upper(),
        lambda n, a: f"{n}_{a} (px)",
        lambda n, a: f"pose_{n}_{a}",
        lambda n, a: f"{a}({n})",
        lambda n, a: f"{n}/{a}",
        lambda n, a: f"('{n}', '{a}')",
        lambda n, a: f"PoseLandmark.{n.upper()}.{a.upper()}",
        lambda n, a: f"kpt_{n}_{a}",
        lambda n, a: f"{n}_pos_{a}",
        lambda n, a: f"{n}Position{a.upper()}",
        lambda n, a: f"{n}_world_{a}",
        lambda n, a: f"{n}_{a}_coordinate",
        lambda n, a: f"{n}_{a} [in]",
        lambda n, a: f"{n}_{a}_raw",
        lambda n, a: f"{n}_{a}pos",
        lambda n, a: f"{n}_{a}2d",
        lambda n, a: f"{n}_{'uv'['xy'.index(a)]}",
        lambda n, a: f"{'uv'['xy'.index(a)]}_{n}",
        lambda n, a: f"{n} {('col', 'row')['xy'.index(a)]}",
        lambda n, a: f"{n}_p{a}",
        lambda n, a: "".join(p.title() for p in n.split("_")) + a.upper(),
    ],
)
def test_spellings_of_one_row(spell):
    head = ["time_s", "", "label", *(spell(n, a) for n in MEDIAPIPE for a in "xy")]
    found, table = told([head, *frames(len(head))])
    assert found == meant(MEDIAPIPE, "xy")
    assert [cell.whole for cell in table.columns[:3]] == ["time_s", "", "label"]
    assert table.column(3) == ["3", "13", "23", "33"]


def test_spellings_by_number():
    head = ["landmark_0_x", "landmark_0_y", "x12", "y12", "z-3", "keypoint_x_4", "lm5y"]
    cells = headers.table_of([head, *frames(7)], "a.csv").columns
    assert [(cell.place, cell.axis) for cell in cells] == [
        *(("landmark_0", "x"), ("landmark_0", "y"), ("12", "x"), ("12", "y"), ("3", "z")),
        *(("4", "x"), ("lm5", "y")),
    ]


@pytest.mark.parametrize(
    ("word", "axis"),
    [
        *(("v", "visibility"), ("Visible", "visibility"), ("conf", "score")),
        ("likelihood", "score"),
        ("inFrameLikelihood", "score"),
    ],
)
def test_how_sure_a_place_is(word, axis):
    found, _ = told([["nose_x", "nose_y", f"nose_{word}"], *frames(3)])
    assert found[2] == ("", 0, axis)


def test_axes_alone_and_names_of_nothing():
    table = headers.table_of(
        [["frame", "coordonnée x", "Y (px)", "pos_z", "label"], *frames(5)], "a.csv"
    )
    assert [(cell.place, cell.axis) for cell in table.columns] == [
        *(("", ""), ("", "x"), ("", "y"), ("", "z"), ("", ""))
    ]


def deeplabcut(levels, people):
    count = 3 * len(COCO) * people
    rows = [["scorer"] + ["net"] * count]
    if levels == 4:
        rows.append(
            ["individuals"] + [f"ind{p}" for p in range(people) for _ in range(count // people)]
        )
    rows.append(["bodyparts"] + [n for _ in range(people) for n in COCO for _ in range(3)])
    rows.append(["coords"] + ["x", "y", "likelihood"] * (count // 3))
    return rows


@pytest.mark.parametrize("people", [1, 2])
def test_deeplabcut(tmp_path, people):
    head = deeplabcut(3 + (people > 1), people)
    found, _ = told([*head, *frames(len(head[-1]))])
    owners = [f"ind{p}" for p in range(people)] if people > 1 else [""]
    assert found == meant(COCO, ("x", "y", "score"), owners)
    places = places_of(COCO)
    bodies = [standing(places), places][-people:]
    sure = np.full((*places.shape[:2], 1), 0.9)
    seen = np.concatenate([np.concatenate([b, sure], axis=2) for b in bodies], axis=1)
    rows = [[i, *frame.ravel()] for i, frame in enumerate(seen)]
    judged(write_csv(tmp_path / "a.csv", head, rows), FPS)


@pytest.mark.parametrize("maker", ["optitrack", "vicon", "pandas"])
def test_several_rows(tmp_path, maker):
    count = 3 * len(SPORTS2D)
    named = [f"S:{n}" for n in SPORTS2D for _ in range(3)]
    axes = ["X", "Y", "Z"] * len(SPORTS2D)
    head = {
        "optitrack": [
            ["Format Version", "1.23", "Take Name", "t", "Export Frame Rate", f"{FPS}"],
            [],
            ["", "Type", *["Marker"] * count],
            ["", "Name", *named],
            ["", "", *["Position"] * count],
            ["Frame", "Time (Seconds)", *axes],
        ],
        "vicon": [
            ["Trajectories"],
            [str(FPS)],
            ["", "", *(part for n in SPORTS2D for part in (f"S:{n}", "", ""))],
            ["Frame", "Sub Frame", *axes],
            ["", "", *["mm"] * count],
        ],
        "pandas": [["", "", *named], ["", "", *axes], ["frame", "time_s", *[""] * count]],
    }[maker]
    rows = [[i, i / FPS if maker != "vicon" else 0, *f.ravel()] for i, f in enumerate(in_space())]
    judged(write_csv(tmp_path / "a.csv", head, rows))


def test_cells_below_what_a_frame_has_and_beyond():
    """pandas writes no name for its index, and rows may end early."""
    table = headers.table_of([["nose_x", "nose_y"], ["1", "2", "3"], ["4"]], "a.csv")
    assert len(table.columns) == 3
    assert table.rows == [["1", "2", "3"], ["4", "", ""]]


@pytest.mark.parametrize(
    ("rows", "said"),
    [([["a"]], "holds no keypoints"), ([["1", "2", "3"], ["4", "5", "6"]], "has no header")],
)
def test_what_is_no_table(rows, said):
    with pytest.raises(ClipError, match=rf"^a\.csv {said}"):
        headers.table_of(rows, "a.csv")


@pytest.mark.parametrize("numbered", [False, True])
def test_rows_of_nothing_are_frames_of_nobody_where_no_number_says_otherwise(numbered):
    empty = [[""] * 3] * 2
    rows = [[str(i), "1", "2"] if numbered else ["1", "2", "3"] for i in range(6)]
    head = ["frame", "nose_x", "nose_y"] if numbered else ["nose_x", "nose_y", "nose_z"]
    table = headers.table_of([head, *empty, *rows[:3], *empty, *rows[3:], *empty], "a.csv")
    assert len(table.rows) == (6 if numbered else 10)


def test_times_beside_each_place(tmp_path):
    """As Tracker writes its points: names stand above their times."""
    flat = places_of(COCO)
    rows = [[c for x, y in own for c in (i / FPS, x, y)] for i, own in enumerate(flat)]
    names = [cell for name in COCO for cell in (name, "", "")]
    judged(write_csv(tmp_path / "a.txt", [names, ["t", "x", "y"] * 17], rows, "\t"))


def test_a_header_that_comes_again_is_no_frame():
    head = ["nose_x", "nose_y"]
    table = headers.table_of([head, ["1", "2"], head, ["3", "4"]], "a.csv")
    assert table.rows == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("spell", ["keypoints.{i}.{a}", "pose_landmarks[{i}].{a}", "kp{i}{a}"])
def test_numbers_below_a_list(tmp_path, spell):
    head = [spell.format(i=i, a=a) for i in range(len(COCO)) for a in "xy"]
    path = write_csv(tmp_path / "a.csv", head, places_of(COCO).reshape(-1, 2 * len(COCO)).tolist())
    judged(path, fps=FPS)


def test_a_place_of_the_picture_and_of_the_world_is_one(tmp_path):
    head = [f"{n}{kind}_{a}" for kind in ("", "_world") for n in COCO for a in "xy"]
    flat = places_of(COCO).reshape(-1, 2 * len(COCO))
    path = write_csv(tmp_path / "a.csv", head, np.hstack([flat, -flat / 300]).tolist())
    judged(path, fps=FPS)


def test_vicon_s_markers_among_its_other_parts(tmp_path):
    rows = in_space().reshape(-1, 3 * len(SPORTS2D)).tolist()
    names = [part for name in SPORTS2D for part in (f"Anna:{name}", "", "")]
    axes, units = ["X", "Y", "Z"] * len(SPORTS2D), ["mm", "mm", "mm"] * len(SPORTS2D)
    outputs = [["Frame", "Sub Frame", "X", "Y", "Z"], ["", "", "deg", "deg", "deg"]]
    parts = [
        *(["Devices"], [300], ["", "", "Force", "", ""], ["Frame", "Sub Frame", "Fx", "Fy", "Fz"]),
        *([i // 10 + 1, i % 10, 0, 0, 7] for i in range(50)),
        *([""], ["Trajectories"], [FPS], ["", "", *names], ["Frame", "Sub Frame", *axes]),
        *(["", "", *units], *([i + 1, 0, *row] for i, row in enumerate(rows))),
        *([""], ["Model Outputs"], [FPS], ["", "", "Anna:LHipAngles", "", ""], *outputs),
        *([i + 1, 0, 1, 2, 3] for i in range(len(rows))),
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in parts))
    judged(path)


@pytest.mark.parametrize("numbered", [True, False])
@pytest.mark.parametrize("named_again", [True, False])
def test_qualisys(tmp_path, numbered, named_again):
    rows = in_space().reshape(-1, 3 * len(SPORTS2D)).tolist()
    about = ("NO_OF_FRAMES", "NO_OF_CAMERAS", "NO_OF_MARKERS", "NO_OF_ANALOG", "ANALOG_FREQUENCY")
    head = [*([word, 12] for word in about), ["FREQUENCY", FPS], ["DESCRIPTION", "--"]]
    head += [["TIME_STAMP", "2026-11-26, 10:00:00.000", 1234.5], ["DATA_INCLUDED", "3D"]]
    head += [["EVENT", "Start", 1, 0.1], ["MARKER_NAMES", *SPORTS2D]]
    head += [["TRAJECTORY_TYPES", *["Measured"] * len(SPORTS2D)]]
    lead = ["Frame", "Time"] if numbered else []
    if named_again:
        head.append([*lead, *(f"{name} {axis}" for name in SPORTS2D for axis in "XYZ")])
    body = [[i + 1, i / FPS, *row] if numbered else row for i, row in enumerate(rows)]
    path = tmp_path / "a.tsv"
    path.write_text("\n".join("\t".join(map(str, row)) for row in [*head, *body]))
    judged(path)


def test_names_of_markers_that_are_digits_are_no_frame():
    head = [["", "ID", *["0" * 31 + "1"] * 3], ["Frame", "Time", "nose_x", "nose_y", "nose_z"]]
    assert len(headers.table_of([*head, *frames(5)], "a.csv").rows) == 4


def test_numbers_of_markers_above_their_axes_are_no_frame():
    rows = [["", "Name", "LHip", "LHip"], ["", "ID", "1", "2"], ["Frame", "Time", "X", "Y"]]
    rows += [[f"{i}", f"{i / FPS}", "1.5", "2.5"] for i in range(5)]
    table = headers.table_of(rows, "a.csv")
    assert [cell.axis for cell in table.columns[2:]] == ["x", "y"]
    assert len(table.rows) == 5


def test_rows_that_hold_more_than_is_named(tmp_path):
    """Joints without a name would be left out without a word."""
    with pytest.raises(ClipError, match="2 names in its first row and 6 cells in those below"):
        headers.table_of([["nose_x", "nose_y"], *[list("123456")] * 3], "a.csv")


def test_numbers_before_their_axis():
    cells = headers.table_of([["0x", "0y", "12x", "12y"], *frames(4)], "a.csv").columns
    assert [(cell.place, cell.axis) for cell in cells] == [
        *(("0", "x"), ("0", "y"), ("12", "x"), ("12", "y"))
    ]


@pytest.mark.parametrize("name", ["kneeLX", "LKNEEX", "KneeRightY", "hip_ly"])
def test_an_axis_in_any_letter_right_behind_a_joint(name):
    cell = headers.column_of(name)
    assert (cell.place, cell.axis) == (name[:-1], name[-1].lower())
