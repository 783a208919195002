"""Tables: times, frame numbers, encodings, separators, headers and long tables of known motions."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from support.keypoint_files import (
    BODY,
    COCO,
    FAULTS,
    FPS,
    MEDIAPIPE,
    named_columns,
    places_of,
    standing,
    write_csv,
)

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.testing.pytest_plugin import assert_verdict

T = len(BODY.landmarks)
TIMES = np.arange(T) / FPS
PLACES = places_of(COCO)
START = datetime(2024, 5, 31, 23, 59, 58)


def judged(path, fps=None):
    """The verdict, held to the known motion and its times."""
    verdict = check_clip(path, fps=fps)
    assert_verdict(verdict, FAULTS)
    assert [rep.bottom_s for rep in verdict.reps] == pytest.approx([3.0, 7.5, 12.0], abs=0.15)
    return verdict


def table(path, head, leads, cut=","):
    rows = [[*lead, *frame.ravel()] for lead, frame in zip(leads, PLACES, strict=True)]
    return write_csv(path, [*head, *named_columns(COCO)], rows, cut)


class TestTimes:
    @pytest.mark.parametrize(
        ("name", "spell"),
        [
            ("timestamp", lambda s: 1000 * s),
            ("timestamp_us", lambda s: int(1e6 * s)),
            ("timestamp", lambda s: int(1.7e18 + 1e9 * s)),
            ("time_s", lambda s: 1000 * s),
            ("unix_time", lambda s: 1717171717 + s),
            ("timestamp", lambda s: int(1717171717000 + 1000 * s)),
            ("unix_time", lambda s: int(1717171717 + s)),
            ("time", lambda s: round(s, 1)),
            ("timestamp_ms", lambda s: int(1000 * s // 100 * 100)),
            ("Time (Seconds)", lambda s: s),
            ("time", lambda s: f"{s:.3f}".replace(".", ",")),
            ("datetime", lambda s: f"{(START + timedelta(seconds=s)).isoformat()}Z"),
            ("time", lambda s: str(START + timedelta(seconds=s))),
            ("time", lambda s: f"{int(s // 60):02d}:{s % 60:06.3f}"),
            ("timestamp", lambda s: f"00:00:{s:06.3f}"),
        ],
    )
    def test_in_any_unit(self, tmp_path, name, spell):
        judged(
            table(tmp_path / "a.csv", ["frame", name], [[i, spell(s)] for i, s in enumerate(TIMES)])
        )

    def test_written_twice_now_and_then(self, tmp_path):
        times = TIMES.copy()
        times[100::40] = times[99::40][: len(times[100::40])]
        judged(table(tmp_path / "a.csv", ["time"], times[:, None]))

    def test_missing_now_and_then(self, tmp_path):
        times = ["" if i % 37 == 5 else s for i, s in enumerate(TIMES)]
        judged(table(tmp_path / "a.csv", ["time"], [[s] for s in times]))

    def test_that_begin_again_go_on(self, tmp_path):
        times = np.where(np.arange(T) < T // 2, TIMES, TIMES - TIMES[T // 2])
        judged(table(tmp_path / "a.csv", ["time_s"], times[:, None]))

    def test_the_option_counts_before_them(self, tmp_path):
        path = table(tmp_path / "a.csv", ["frame", "time"], [[i, 9 * i] for i in range(T)])
        judged(path, fps=FPS)

    def test_that_are_none(self, tmp_path):
        path = table(tmp_path / "a.csv", ["time"], [["soon"] for _ in range(T)])
        with pytest.raises(ClipError, match="'time' holds something that is no time"):
            check_clip(path)

    @pytest.mark.parametrize(
        ("name", "spell", "fps"),
        [
            ("frame", str, FPS),
            ("frame_number", lambda i: 5 * i, 5 * FPS),
            ("image", lambda i: f"img_{i:05d}.png", FPS),
            ("time", str, FPS),
            ("", str, FPS),
        ],
    )
    def test_frame_numbers_are_times(self, tmp_path, name, spell, fps):
        path = table(tmp_path / "a.csv", [name], [[spell(i)] for i in range(T)])
        with pytest.raises(ClipError, match="give it with --fps"):
            check_clip(path)
        judged(path, fps)

    def test_holes_in_them_count(self, tmp_path):
        kept = [i for i in range(T) if i % 9 not in (3, 4) and not 90 <= i < 100]
        rows = [[i, *PLACES[i].ravel()] for i in kept]
        judged(write_csv(tmp_path / "a.csv", ["frame_idx", *named_columns(COCO)], rows), FPS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("cut", [";", "\t", "|", " "])
def test_encodings_and_separators(tmp_path, encoding, cut):
    path = table(tmp_path / "a.csv", ["Prüfling", "time_s"], [["Müller", s] for s in TIMES], cut)
    text = path.read_text("utf-8")
    if cut != " ":
        text = "\n".join(line.replace(".", ",") for line in text.splitlines())
    path.write_bytes(text.encode(encoding))
    judged(path)


@pytest.mark.parametrize("before", ["sep=;\n", "# tracker 1.2, 20 fps\n", "% made today\n\n", "#"])
def test_lines_before_the_header(tmp_path, before):
    path = table(tmp_path / "a.csv", ["frame"], [[i] for i in range(T)], ";")
    path.write_text(before + path.read_text("utf-8"), "utf-8")
    judged(path, None if "fps" in before else FPS)


@pytest.mark.parametrize(
    "spell",
    [
        lambda n, a: f"{a}_{n}",
        lambda n, a: f"{n}.{a}",
        lambda n, a: f"{n} {a.upper()}",
        lambda n, a: f"{n}_{a}".upper(),
        lambda n, a: f"{n}_{a} (px)",
        lambda n, a: f"pose_{n}_{a}",
        lambda n, a: f"{n}_pos_{a}",
        lambda n, a: f"{a}({n})",
        lambda n, a: "".join(p.title() for p in n.split("_")) + a.upper(),
        lambda n, a: f"landmark_{MEDIAPIPE.index(n)}_{a}",
        lambda n, a: f"{a}{MEDIAPIPE.index(n) + 1}",
    ],
)
def test_spellings_of_columns(tmp_path, spell):
    head = ["time_s", "", "label", *(spell(n, a) for n in MEDIAPIPE for a in "xy")]
    rows = zip(TIMES, BODY.landmarks, strict=True)
    judged(write_csv(tmp_path / "a.csv", head, [[s, "", "a", *f[:, :2].ravel()] for s, f in rows]))


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
    bodies = [standing(PLACES), PLACES][-people:]
    sure = np.full((T, len(COCO), 1), 0.9)
    seen = np.concatenate([np.concatenate([b, sure], axis=2) for b in bodies], axis=1)
    rows = [[i, *frame.ravel()] for i, frame in enumerate(seen)]
    judged(write_csv(tmp_path / "a.csv", deeplabcut(3 + (people > 1), people), rows), FPS)


SPORTS2D = ("RHip", "RKnee", "RAnkle", "RBigToe", "RHeel", "LHip", "LKnee", "LAnkle", "LBigToe")
SPORTS2D += ("LHeel", "Nose", "REye", "LEye", "REar", "LEar", "RShoulder", "LShoulder")


def in_space(names=SPORTS2D, turn_deg=0.0):
    """Metres, y up, on a floor that lies turned to the camera."""
    flat = places_of(names)
    side = np.array(
        [0.2 if n.lower().startswith("r") else -0.2 if n != "Nose" else 0 for n in names]
    )
    space = np.stack(
        [flat[..., 0] / 300, (640 - flat[..., 1]) / 300, np.broadcast_to(side, flat.shape[:2])], -1
    )
    a = np.radians(turn_deg)
    return space @ np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])


@pytest.mark.parametrize("maker", ["optitrack", "vicon", "pandas"])
def test_headers_of_several_rows(tmp_path, maker):
    count = 3 * len(SPORTS2D)
    named = [f"S:{n}" for n in SPORTS2D for _ in range(3)]
    axes = ["X", "Y", "Z"] * len(SPORTS2D)
    head = {
        "optitrack": [
            ["Format Version", "1.23", "Take Name", "t", "Export Frame Rate", "20.000000"],
            [],
            ["", "Type", *["Marker"] * count],
            ["", "Name", *named],
            ["", "", *["Position"] * count],
            ["Frame", "Time (Seconds)", *axes],
        ],
        "vicon": [
            ["Trajectories"],
            ["20"],
            ["", "", *(part for n in SPORTS2D for part in (f"S:{n}", "", ""))],
            ["Frame", "Sub Frame", *axes],
            ["", "", *["mm"] * count],
        ],
        "pandas": [["", "", *named], ["", "", *axes], ["frame", "time_s", *[""] * count]],
    }[maker]
    rows = [[i, i / FPS if maker != "vicon" else 0, *f.ravel()] for i, f in enumerate(in_space())]
    judged(write_csv(tmp_path / "a.csv", head, rows))


@pytest.mark.parametrize("axes", ["xyz", "xzy", "zyx", "yxz"])
@pytest.mark.parametrize("turn_deg", [0, 50, 180])
def test_any_axis_is_up(tmp_path, axes, turn_deg):
    space = in_space(turn_deg=turn_deg)[..., ["xyz".index(axis) for axis in axes]]
    head = ["time_s", *named_columns(SPORTS2D, "xyz")]
    rows = [[s, *frame.ravel()] for s, frame in zip(TIMES, space, strict=True)]
    judged(write_csv(tmp_path / "a.csv", head, rows))


@pytest.mark.parametrize(
    ("head", "fps"),
    [
        (["frame", "person_id", "landmark", "x", "y"], FPS),
        (["frame_id", "track", "joint_name", "x_px", "y_px"], FPS),
        (["Frame Number", "subject", "Body Part", "X (px)", "Y (px)"], FPS),
        (["timestamp", "id", "keypoint", "x", "y"], None),
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


@pytest.mark.parametrize("key", ["frame", "time"])
def test_rows_of_people_in_any_order(tmp_path, key):
    other = standing(PLACES)
    rows = []
    for i in range(T):
        both = [PLACES[i], other[i]] if i % 2 else [other[i], PLACES[i]]
        rows += [[i if key == "frame" else i / FPS, *body.ravel()] for body in both]
    path = write_csv(tmp_path / "a.csv", [key, *named_columns(COCO)], rows)
    judged(path, FPS if key == "frame" else None)


@pytest.mark.parametrize("sure", [True, False])
def test_zeros_are_missing(tmp_path, sure):
    rng = np.random.default_rng(1)
    lost = rng.random(PLACES.shape[:2]) < 0.15
    seen = np.where(lost[..., None], 0.0, PLACES)
    axes = ("x", "y", "conf") if sure else ("x", "y")
    if sure:
        seen = np.concatenate([seen, np.where(lost, 0.1, 0.9)[..., None]], axis=2)
    rows = [[i, *frame.ravel()] for i, frame in enumerate(seen)]
    judged(write_csv(tmp_path / "a.csv", ["frame", *named_columns(COCO, axes)], rows), FPS)


def test_one_side_stands_for_both_and_that_is_said(tmp_path):
    names = [name for name in COCO if "left" not in name]
    rows = [[s, *f.ravel()] for s, f in zip(TIMES, places_of(names), strict=True)]
    verdict = judged(write_csv(tmp_path / "a.csv", ["time", *named_columns(names)], rows))
    assert "of the right side alone" in verdict.warnings[-1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2,3\n4,5,6\n", "has no header"),
        ("time_s,nose_x,nose_y,left_hip_x,left_hip_y\n0,1,2,3,4\n", "its shoulders are missing"),
        ("time_s,apple_x,apple_y\n0,1,2\n", "with --columns"),
        ("time_s\n\n", "header and a row"),
    ],
)
def test_what_is_none(tmp_path, text, said):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(ClipError, match=rf"a\.csv .*{said}"):
        check_clip(path)


def test_a_size_for_pixels_is_left_aside_and_that_is_said(tmp_path):
    path = table(tmp_path / "a.csv", ["time_s"], TIMES[:, None])
    verdict = check_clip(path, size_px=(1280, 720))
    assert_verdict(verdict, FAULTS)
    assert "no shares of a picture" in verdict.warnings[-1]


@pytest.mark.parametrize(
    "spell",
    [
        "mixamorig:{}Arm {}UpLeg {}Leg {}Foot {}ToeBase",
        "{}_shoulder_1_joint {}_upLeg_joint {}_leg_joint {}_foot_joint {}_toes_joint",
        "Skeleton:{}UArm {}Thigh {}Shin {}Foot {}Toe",
    ],
)
def test_bones_of_animation_programs(tmp_path, spell):
    ours = "{}_shoulder {}_hip {}_knee {}_ankle {}_foot_index"
    names = [p.replace("{}", s) for s in ("left", "right") for p in ours.split()]
    theirs = [p.replace("{}", s) for s in ("Left", "Right") for p in spell.split()]
    rows = [[s, *f.ravel()] for s, f in zip(TIMES, places_of(names), strict=True)]
    verdict = check_clip(write_csv(tmp_path / "a.csv", ["time", *named_columns(theirs)], rows))
    assert_verdict(verdict, ["clean", "squatting", "clean"])
