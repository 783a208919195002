"""Tables of any encoding, separator and preamble."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from support.keypoint_files import (
    BODY,
    FPS,
    judged,
    places_of,
    table,
    write_csv,
)

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.text import number, rate_in, rows_of, text_of

T = len(BODY.landmarks)


TIMES = np.arange(T) / FPS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("cut", [";", "\t", "|", " "])
def test_encodings_and_separators(tmp_path, encoding, cut):
    path = table(tmp_path / "a.csv", ["Prüfling", "time_s"], [["Müller", s] for s in TIMES], cut)
    text = path.read_text("utf-8")
    if cut != " ":
        text = "\n".join(line.replace(".", ",") for line in text.splitlines())
    path.write_bytes(text.encode(encoding))
    judged(path)


def test_what_gzip_packed_is_read_like_what_is_in_it(tmp_path):
    path = table(tmp_path / "a.csv", ["time_s"], [[s] for s in TIMES])
    packed = gzip.compress(path.read_bytes())
    for name in ("a.csv.gz", "b.csv"):
        (tmp_path / name).write_bytes(packed)
        judged(tmp_path / name)
    (tmp_path / "a.csv.gz").write_bytes(packed[:-40])
    with pytest.raises(ClipError, match="damaged"):
        judged(tmp_path / "a.csv.gz")


@pytest.mark.parametrize(
    "before", ["sep=;\n", f"# tracker 1.2, {FPS:.0f} fps\n", "% made today\n\n", "#"]
)
def test_lines_before_the_header(tmp_path, before):
    path = table(tmp_path / "a.csv", ["frame"], [[i] for i in range(T)], ";")
    path.write_text(before + path.read_text("utf-8"), "utf-8")
    judged(path, None if "fps" in before else FPS)


@pytest.mark.parametrize(
    ("comment", "rate"),
    [
        ("# video=a.mp4 width=1280 height=720 fps=25", 25.0),
        ("# 29,97 fps, 1280 x 720", 29.97),
        ("# Frame rate: 120 Hz", 120.0),
        ("# fps 50", 50.0),
        ("# camera: 30 frames/s", 30.0),
        ("# made at 30", None),
    ],
)
def test_rates_in_comments(comment, rate):
    assert rate_in([comment]) == rate


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,234.5", 1234.5), ("1.234,5", 1234.5), ("-0,25", -0.25), ("12,345", 12.345)],
)
def test_commas_in_numbers(cell, value):
    assert number(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *(("1'024.5", 1024.5), ("1\u202f024,5", 1024.5), ("\u22125.5", -5.5), ("'5.5", 5.5)),
        *(("5.5 px", 5.5), ("5,5mm", 5.5), ("95%", 0.95), ("1\xa0000\xa0000", 1e6)),
    ],
)
def test_numbers_as_spreadsheets_show_them(cell, value):
    assert number(cell) == value


@pytest.mark.parametrize("cell", ["640 360", "2026-11-27", "5 px 6", "5 m/s", "px", "1'02"])
def test_what_is_no_number(cell):
    with pytest.raises(ValueError, match="could not convert"):
        number(cell)


def test_letters_of_an_encoding_that_is_not_known(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("フレーム,nose_x,nose_y\n".encode("shift-jis"))
    assert text_of(path).endswith(",nose_x,nose_y\n")


@pytest.mark.parametrize(
    "cell", ["<NA>", "\\N", "#NUM!", "#DIV/0!", "(null)", ".", "---", "-nan(ind)", "#WERT!"]
)
def test_words_for_no_number(cell):
    assert np.isnan(number(cell))


def test_the_error_of_a_spreadsheet_is_no_comment():
    rows, comments = rows_of("# made by hand\nx,y\n#N/A,1\n#DIV/0!,2\n# three,3\n4,5\n")
    assert rows == [["x", "y"], ["#N/A", "1"], ["#DIV/0!", "2"], ["4", "5"]]
    assert comments == ["# made by hand"]


@pytest.mark.parametrize(
    ("code", "joints"),
    [
        ("gbk", "左耳 左眼 左肩 左髋 左膝 左踝"),
        ("big5", "左耳 左眼 左肩 左髖 左膝 左踝"),
        ("cp932", "左耳 左目 左肩 左股関節 左膝 左足首"),
    ],
)
def test_names_of_joints_as_spreadsheets_of_asia_save_them(tmp_path, code, joints):
    named = ["left_ear", "left_eye", "left_shoulder", "left_hip", "left_knee", "left_ankle"]
    head = [f"{joint}_{axis}" for joint in joints.split() for axis in "xy"]
    path = write_csv(tmp_path / "a.csv", head, places_of(named).reshape(T, -1).tolist())
    path.write_bytes(path.read_text("utf-8").encode(code))
    judged(path, fps=FPS)
