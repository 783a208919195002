"""The file that says which columns of a table are what."""

from __future__ import annotations

import pytest
from support.keypoint_files import BACK, BACK_FAULTS, FPS, write_csv

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError, ConfigError
from hinge_dowel.keypoints import csv_files
from hinge_dowel.keypoints.columns import load_columns
from hinge_dowel.keypoints.formats import Columns
from hinge_dowel.testing.pytest_plugin import assert_verdict

TOML = '[places]\nocciput = ["a", "b"]\nT6 = ["c", "d"]\nsacrum = ["e", "f"]\n'
PLACES = {"occiput": ("a", "b"), "T6": ("c", "d"), "sacrum": ("e", "f")}


def table(tmp_path):
    three = BACK.points[:, [0, 2, 6]]
    rows = [[t, *frame.ravel()] for t, frame in zip(BACK.time_s, three, strict=True)]
    return write_csv(tmp_path / "mine.csv", ["sec", *"abcdef"], rows)


def loaded(tmp_path, text):
    path = tmp_path / "columns.toml"
    path.write_text(text)
    return load_columns(path)


def test_everything_that_may_be_said(tmp_path):
    said = loaded(tmp_path, 'time_s = "sec"\nsize_px = [1920, 1080]\ny_up = true\n' + TOML)
    assert said == Columns(PLACES, time_s="sec", size_px=(1920.0, 1080.0), y_up=True)


@pytest.mark.parametrize("time", ['time_s = "sec"\n', f"fps = {FPS}\n"])
def test_columns_say_what_is_what(tmp_path, time):
    verdict = check_clip(table(tmp_path), columns=loaded(tmp_path, time + TOML))
    assert_verdict(verdict, BACK_FAULTS)
    assert verdict.reps[0].bottom_s == pytest.approx(3.0, abs=0.1)


def test_columns_of_a_table_of_a_number_a_row(tmp_path):
    """As pandas melts it, the variables are what would be its columns."""
    three = BACK.points[:, [0, 2, 6]].reshape(-1, 6)
    cells = zip(BACK.time_s, three, strict=True)
    rows = [[t, name, v] for t, row in cells for name, v in zip("abcdef", row, strict=True)]
    path = write_csv(tmp_path / "mine.csv", ["time", "variable", "value"], rows)
    verdict = check_clip(path, columns=loaded(tmp_path, 'time_s = "time"\n' + TOML))
    assert_verdict(verdict, BACK_FAULTS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = [", "is not a TOML file"),
        ("speed = 3\n", "unknown key 'speed'"),
        ("fps = 30\n", r"needs a table \[places\]"),
        ("fps = 0\n" + TOML, "fps must be a positive number"),
        ("[places]\nocciput = 3\n", "occiput must be two column names"),
        ("size_px = [1]\n" + TOML, "size_px must be"),
        ("y_up = 3\n" + TOML, "y_up must be true or false"),
        ("time_s = 3\n" + TOML, "time_s must be a column's name"),
    ],
)
def test_what_is_none(tmp_path, text, said):
    with pytest.raises(ConfigError, match=rf"columns\.toml:? {said}"):
        loaded(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match=r"Cannot read the column file .*none\.toml"):
        load_columns(tmp_path / "none.toml")


def test_a_column_that_is_not_there(tmp_path):
    with pytest.raises(ClipError, match="no column 'g'"):
        csv_files.read_csv(table(tmp_path), loaded(tmp_path, TOML.replace('"f"', '"g"')))
