"""Tables: times, frame numbers, encodings, separators, headers and long tables of known motions."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from support.keypoint_files import (
    BODY,
    COCO,
    FAULTS,
    FPS,
    MEDIAPIPE,
    judged,
    named_columns,
    places_of,
    standing,
    table,
    write_csv,
)
from support.tracker_frames import SIZE

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers
from hinge_dowel.report import files
from hinge_dowel.testing.pytest_plugin import assert_verdict
from hinge_dowel.verdict import Rep, Verdict

T = len(BODY.landmarks)
TIMES = np.arange(T) / FPS
PLACES = places_of(COCO)
START = datetime(2024, 5, 31, 23, 59, 58)


@pytest.mark.parametrize("reps", [1, 3])
def test_results_are_no_keypoints(tmp_path, reps):
    verdict = Verdict("a.mp4", "clean").with_reps([Rep(i + 1, bottom_s=i) for i in range(reps)])
    path = tmp_path / "results.csv"
    with path.open("w") as file:
        files.write_csv([verdict], file, {})
    with pytest.raises(ClipError, match=r"^results\.csv holds results of a check, not keypoints: "):
        readers.read(path)


class TestTimes:
    def test_that_are_none(self, tmp_path):
        path = table(tmp_path / "a.csv", ["time"], [["soon"] for _ in range(T)])
        with pytest.raises(ClipError, match="'time' holds 'soon', which is no time"):
            check_clip(path)

    @pytest.mark.parametrize("name", ["Time [s]", "timestamp (ms)", "sample_time", "time [msec]"])
    def test_by_many_names(self, tmp_path, name):
        times = 1000 * TIMES if "ms" in name else TIMES
        rows = [[17.0 + i % 3, f"{t:.3f}"] for i, t in enumerate(times)]
        judged(table(tmp_path / "a.csv", ["inference_time_ms", name], rows))

    @pytest.mark.parametrize(
        "before", ["FPS: 10\n", "fps=10\n", "# dt = 0.1 s\n", "Video,a.mp4\nFrame Rate:,10\n"]
    )
    def test_a_rate_above(self, tmp_path, before):
        path = table(tmp_path / "a.csv", ["label"], [["hinge"]] * T)
        path.write_text(before + path.read_text("utf-8"), "utf-8")
        judged(path)

    @pytest.mark.parametrize(
        ("name", "said"), [("fps", "10"), ("dt", "0.1"), ("Frame Interval (ms)", "100")]
    )
    def test_a_rate_or_step_in_every_row(self, tmp_path, name, said):
        judged(table(tmp_path / "a.csv", [name], [[said]] * T))

    def test_steps_that_vary(self, tmp_path):
        steps = [[i, 1000 * (TIMES[i] - TIMES[i - 1]) + i % 3 - 1] for i in range(T)]
        judged(table(tmp_path / "a.csv", ["frame", "delta_time_ms"], steps))

    @pytest.mark.parametrize(
        ("name", "spell", "fps"),
        [
            ("frame", str, FPS),
            ("frame_number", lambda i: 5 * i, 5 * FPS),
            ("image", lambda i: f"img_{i:05d}.png", FPS),
            ("time", str, FPS),
            ("", str, FPS),
            ("n", str, FPS),
            ("step", lambda i: 3 * i, 3 * FPS),
            ("clock", lambda i: 33 * i + i % 2, FPS),
        ],
    )
    def test_frame_numbers_are_times(self, tmp_path, name, spell, fps):
        path = table(tmp_path / "a.csv", [name], [[spell(i)] for i in range(T)])
        with pytest.raises(ClipError, match="give it with --fps"):
            check_clip(path)
        judged(path, fps)

    @pytest.mark.parametrize("name", ["frame_idx", "n", "sample"])
    def test_holes_in_them_count(self, tmp_path, name):
        kept = [i for i in range(T) if i % 9 not in (3, 4) and not 45 <= i < 50]
        rows = [[i, *PLACES[i].ravel()] for i in kept]
        judged(write_csv(tmp_path / "a.csv", [name, *named_columns(COCO)], rows), FPS)


@pytest.mark.parametrize(
    ("head", "fps"),
    [
        (["frame", "person_id", "landmark", "x", "y"], FPS),
        (["frame_id", "track", "joint_name", "x_px", "y_px"], FPS),
        (["Frame Number", "subject", "Body Part", "X (px)", "Y (px)"], FPS),
        (["timestamp", "id", "keypoint", "x", "y"], None),
        (["n", "person", "keypoint", "x", "y"], FPS),
        (["frame", "BodyId", "JointType", "PositionX", "PositionY"], FPS),
        (["frame", "id", "landmark", "world_x", "world_y"], FPS),
    ],
)
def test_long_tables_of_two_people(tmp_path, head, fps):
    rows = [
        [i if fps else 1000 * i / FPS, person, name, *place]
        for i in range(T)
        for person, body in (("b", standing(PLACES)), ("a", PLACES))
        for name, place in zip(COCO, body[i], strict=True)
    ]
    judged(write_csv(tmp_path / "a.csv", head, rows), fps)


def test_one_side_stands_for_both_and_that_is_said(tmp_path):
    names = [name for name in COCO if "left" not in name]
    rows = [[s, *f.ravel()] for s, f in zip(TIMES, places_of(names), strict=True)]
    verdict = judged(write_csv(tmp_path / "a.csv", ["time", *named_columns(names)], rows))
    assert "of the right side alone" in verdict.warnings[-1]


def test_names_without_a_side_stand_for_both(tmp_path):
    """As people name them who film from the side."""
    names = ["nose", "eye", "ear", "shoulder", "hip", "knee", "ankle"]
    sided = [name if name == "nose" else f"right_{name}" for name in names]
    rows = [frame.ravel() for frame in places_of(sided)]
    verdict = judged(write_csv(tmp_path / "a.csv", named_columns(names), rows), FPS)
    assert "of one side alone" in verdict.warnings[-1]


def test_mediapipe_s_holistic_by_its_parts(tmp_path):
    names = [f"pose_{i}" for i in range(33)] + [f"face_{i}" for i in range(40)]
    rows = np.c_[BODY.landmarks[..., :2].reshape(T, -1), np.ones((T, 80))]
    judged(write_csv(tmp_path / "a.csv", named_columns(names), rows), FPS)


def test_a_unit_below_the_name_of_the_times(tmp_path):
    head = [["Time", *np.repeat(COCO, 2)], ["", *["X", "Y"] * 17], ["ms", *["px"] * 34]]
    rows = [[1000 * s, *frame.ravel()] for s, frame in zip(TIMES, PLACES, strict=True)]
    judged(write_csv(tmp_path / "a.csv", head, rows))


def test_axes_that_are_numbered(tmp_path):
    """As Matlab splits columns of several numbers, from 1, and Python from 0."""
    for spell, first in (("{}_{}", 0), ("{}_{}", 1), ("{}[{}]", 0)):
        head = [spell.format(name, axis + first) for name in COCO for axis in (0, 1)]
        rows = [[s, *frame.ravel()] for s, frame in zip(TIMES, PLACES, strict=True)]
        judged(write_csv(tmp_path / "a.csv", ["time", *head], rows))


def test_rows_that_have_numbers_and_no_name_for_them(tmp_path):
    """As R writes them."""
    rows = [[i + 1, s, *f.ravel()] for i, (s, f) in enumerate(zip(TIMES, PLACES, strict=True))]
    judged(write_csv(tmp_path / "a.csv", ["time", *named_columns(COCO)], rows))


@pytest.mark.parametrize("box", [("x", "y", "w", "h"), ("x1", "y1", "x2", "y2")])
def test_boxes_beside_joints(tmp_path, box):
    head = ["frame", "id", *box, "conf"]
    judged(table(tmp_path / "a.csv", head, [[i, 3, 600, 90, 200, 500, 0.9] for i in range(T)]), FPS)


@pytest.mark.parametrize("where", ["columns", "comment"])
def test_the_picture_s_size_beside_its_shares(tmp_path, where):
    lead = ["time", *(["image_width", "image_height"] if where == "columns" else [])]
    more = [1280, 720] if where == "columns" else []
    rows = [[s, *more, *(f / SIZE).ravel()] for s, f in zip(TIMES, PLACES, strict=True)]
    path = write_csv(tmp_path / "a.csv", [*lead, *named_columns(COCO)], rows)
    if where == "comment":
        path.write_text("# width=1280 height=720\n" + path.read_text("utf-8"), "utf-8")
    judged(path)


@pytest.mark.parametrize("name", ["clip", "trial", "filename"])
def test_several_clips_in_one_table(tmp_path, name):
    rows = [[clip, i, *PLACES[i].ravel()] for clip in ("a", "b") for i in range(T)]
    path = write_csv(tmp_path / "a.csv", [name, "frame", *named_columns(COCO)], rows)
    with pytest.raises(ClipError, match=rf"several clips, by its column '{name}' \(a, b"):
        check_clip(path, fps=FPS)
    rows = [
        [clip, i, joint, *place]
        for clip in ("a", "b")
        for i in range(T)
        for joint, place in zip(COCO, PLACES[i], strict=True)
    ]
    path = write_csv(tmp_path / "a.csv", [name, "frame", "landmark", "x", "y"], rows)
    with pytest.raises(ClipError, match="more than once: save a file for each clip"):
        check_clip(path, fps=FPS)


def test_one_word_here_and_there_is_said_of_what_is_missing(tmp_path):
    rows = [["lost" if i % 9 == 4 else v for v in p.ravel()] for i, p in enumerate(PLACES)]
    names = [f"{name}_{axis}" for name in COCO for axis in "xy"]
    judged(write_csv(tmp_path / "a.csv", names, rows), FPS)
    rows[5][3] = "lots"
    with pytest.raises(ClipError, match="no number"):
        check_clip(write_csv(tmp_path / "a.csv", names, rows), fps=FPS)


@pytest.mark.parametrize("name", ["landmarkType", "bone"])
def test_what_a_long_table_calls_its_places(tmp_path, name):
    rows = [[t, n, *PLACES[i, k]] for i, t in enumerate(TIMES) for k, n in enumerate(COCO)]
    judged(write_csv(tmp_path / "a.csv", ["time_s", name, "positionX", "positionY"], rows))


def test_a_long_table_with_the_side_in_a_column_of_its_own(tmp_path):
    rows = [
        [t, *(n.rpartition("_")[::2] if "_" in n else ("", n)), *PLACES[i, k]]
        for i, t in enumerate(TIMES)
        for k, n in enumerate(COCO)
    ]
    judged(write_csv(tmp_path / "a.csv", ["time_s", "side", "joint", "x", "y"], rows))


@pytest.mark.parametrize("style", ["name_x", "x0", "x1", "landmark_0_x", "long", "long numbers"])
@pytest.mark.parametrize("comma", [",", ";"])
def test_mediapipe_in_every_layout(tmp_path, style, comma):
    rows = []
    if style.startswith("long"):
        rows.append(["frame", "time_s", "landmark", "x", "y", "z", "visibility"])
        for frame, places in enumerate(BODY.landmarks):
            for number, row in enumerate(places):
                label = MEDIAPIPE[number] if style == "long" else number
                rows.append([frame, frame / FPS, label, *row])
    else:
        spell = {
            "name_x": lambda n, a: f"{MEDIAPIPE[n]}_{a}",
            "x0": lambda n, a: f"{a}{n}",
            "x1": lambda n, a: f"{a}{n + 1}",
            "landmark_0_x": lambda n, a: f"landmark_{n}_{a}",
        }[style]
        rows.append(["time_s", *(spell(n, a) for n in range(33) for a in ("x", "y", "z", "v"))])
        rows += [[i / FPS, *places.ravel()] for i, places in enumerate(BODY.landmarks)]
    path = tmp_path / "e.csv"
    path.write_text("\n".join(comma.join(map(str, row)) for row in rows))
    assert_verdict(check_clip(path), FAULTS)


@pytest.mark.parametrize("apart", [True, False])
def test_a_number_a_row(tmp_path, apart):
    """As pandas melts a table: the axis with the name or in a column of its own."""
    rows = [
        [t, *([n, a] if apart else [f"{n}_{a}"]), PLACES[i, k, "xy".index(a)]]
        for k, n in enumerate(COCO)
        for a in "xy"
        for i, t in enumerate(TIMES)
    ]
    names = ["bodypart", "coord"] if apart else ["variable"]
    judged(write_csv(tmp_path / "a.csv", ["Zeit", *names, "Wert"], rows))


@pytest.mark.parametrize("name", ["index", "idx", "row", "sample"])
def test_a_number_a_row_by_whatever_numbers_the_frames(tmp_path, name):
    """As pandas melts a table with its own index."""
    values = PLACES.reshape(T, -1).T
    rows = [
        [i, n, value]
        for n, own in zip(named_columns(COCO), values, strict=True)
        for i, value in enumerate(own)
    ]
    path = write_csv(tmp_path / "a.csv", [name, "variable", "value"], rows)
    judged(path, fps=FPS)


@pytest.mark.parametrize("joints", [COCO, ["LHIP" if n == "left_hip" else n for n in COCO]])
def test_names_in_capitals_with_the_axis_behind_them(tmp_path, joints):
    head = [f"{name}{axis}".upper() for name in joints for axis in "xy"]
    rows = [[t, *own.ravel()] for t, own in zip(TIMES, PLACES, strict=True)]
    judged(write_csv(tmp_path / "a.csv", ["TIME", *head], rows))


def test_percent_of_the_picture(tmp_path):
    shares = PLACES / SIZE
    for scale, unit in ((100, " (%)"), (100, ""), (1, "")):
        head = [f"{name}_{axis}{unit}" for name in COCO for axis in "xy"]
        rows = [[t, *own.ravel()] for t, own in zip(TIMES, scale * shares, strict=True)]
        path = write_csv(tmp_path / "a.csv", ["time_s", *head], rows)
        reps = check_clip(path, size_px=SIZE).reps
        knees = [rep.knee_flexion_deg for rep in reps]
        assert knees == pytest.approx([18, 100, 18], abs=1.5)


@pytest.mark.parametrize(("name", "last"), [("time", 1.0), ("time", 100.0), ("time_%", 100.1)])
def test_shares_of_a_movement_are_no_times(tmp_path, name, last):
    path = table(tmp_path / "a.csv", [name], [[t] for t in np.linspace(0, last, T)])
    with pytest.raises(ClipError, match=r"shares of a movement.* --fps"):
        check_clip(path)
    judged(path, fps=FPS)


@pytest.mark.parametrize("melted", [True, False])
@pytest.mark.parametrize("name", ["file", "camera", "view"])
def test_clips_that_take_turns_are_several(tmp_path, melted, name):
    clips, head = ("a.mp4", "b.mp4"), [name, "frame", *named_columns(COCO)]
    rows = [[clip, i, *own.ravel()] for i, own in enumerate(PLACES) for clip in clips]
    if melted:
        rows = [[*row[:2], *pair] for row in rows for pair in zip(head[2:], row[2:], strict=True)]
        head = [*head[:2], "variable", "value"]
    with pytest.raises(ClipError, match="save a file for each"):
        check_clip(write_csv(tmp_path / "a.csv", head, rows), fps=FPS)


def test_speeds_beside_a_body_are_nobody(tmp_path):
    names = [*COCO, *(f"speed_{name}" for name in COCO)]
    both = np.concatenate([PLACES, np.gradient(PLACES, axis=0)], axis=1)
    rows = [[t, *own.ravel()] for t, own in zip(TIMES, both, strict=True)]
    judged(write_csv(tmp_path / "a.csv", ["time_s", *named_columns(names)], rows))


@pytest.mark.parametrize("cameras", [True, False])
def test_what_stands_before_every_place_is_a_person(tmp_path, cameras):
    names = [f"{'cam' if cameras else 'p'}{n}_{name}" for n in (1, 2) for name in COCO]
    both = np.concatenate([standing(PLACES), PLACES], axis=1)
    rows = [[t, *own.ravel()] for t, own in zip(TIMES, both, strict=True)]
    path = write_csv(tmp_path / "a.csv", ["time_s", *named_columns(names)], rows)
    if cameras:
        with pytest.raises(ClipError, match="neither a back"):
            check_clip(path)
    else:
        judged(path)


def test_the_newest_row_first(tmp_path):
    path = table(tmp_path / "a.csv", ["time_s"], [[t] for t in TIMES])
    head, *rows = path.read_text().splitlines()
    path.write_text("\n".join([head, *rows[::-1]]))
    judged(path)


@pytest.mark.parametrize("spell", ["results.pose_landmarks.{}.{}", "keypoints/{}/{}"])
def test_places_by_number_behind_a_path(tmp_path, spell):
    """As JSON is laid out in columns."""
    head = [spell.format(k, axis) for k in range(len(COCO)) for axis in "xy"]
    judged(write_csv(tmp_path / "a.csv", head, PLACES.reshape(T, -1).tolist()), FPS)


def test_pixels_count_beside_shares_of_the_picture(tmp_path):
    head = [f"{n}_{axis}{unit}" for n in COCO for unit in ("", "_px") for axis in "xy"]
    both = np.stack([PLACES / SIZE, PLACES], axis=2)
    judged(write_csv(tmp_path / "a.csv", head, both.reshape(T, -1).tolist()), FPS)


@pytest.mark.parametrize("name", ["class", "Label", "exercise"])
def test_examples_to_train_on_are_no_film(tmp_path, name):
    """Unless the frames are numbered or timed, or all are of one class."""
    kinds = ["up" if i % 60 < 30 else "down" for i in range(T)]
    with pytest.raises(ClipError, match=r"holds examples .* \(up, down\)"):
        check_clip(table(tmp_path / "a.csv", [name], [[k] for k in kinds]), fps=FPS)
    judged(table(tmp_path / "a.csv", [name], [["up"]] * T), FPS)
    judged(table(tmp_path / "a.csv", ["frame", name], list(enumerate(kinds))), FPS)
    judged(table(tmp_path / "a.csv", ["time_s", name], list(zip(TIMES, kinds, strict=True))))


def test_lines_between_clips_are_of_no_frame(tmp_path):
    rows = [[i, k, *own] for i, f in enumerate(PLACES) for k, own in enumerate(f)]
    rows[400:400] = [["break", "", "", ""]]
    with pytest.raises(ClipError, match="has rows without a frame"):
        check_clip(write_csv(tmp_path / "a.csv", ["iter", "skeleton_joint", "x", "y"], rows))


@pytest.mark.parametrize("lead", [None, "index", "weight"])
def test_a_number_a_row_that_says_no_frame_is_of_the_next_one(tmp_path, lead):
    """As pandas melts a table without its index; what is another in each row numbers no frame."""
    values = PLACES.reshape(T, -1).T
    cells = [(n, v) for n, own in zip(named_columns(COCO), values, strict=True) for v in own]
    rows = [[*([i * 1.5] if lead else []), *cell] for i, cell in enumerate(cells)]
    path = write_csv(tmp_path / "a.csv", [*([lead] if lead else []), "variable", "value"], rows)
    judged(path, fps=FPS)
    write_csv(path, ["variable", "value"], cells[:-3])
    with pytest.raises(ClipError, match="most places of a frame more than once"):
        readers.read(path)
