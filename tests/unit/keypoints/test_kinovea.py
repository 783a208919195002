"""Kinovea's exports: a track after the other, of which each has times of its own."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import COCO, FPS, judged, places_of, write_csv, write_json

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers
from hinge_dowel.keypoints.kinovea import table_of_series, table_of_text

SEEN = [name for name, at in zip(COCO, places_of(COCO)[0, :, 0], strict=True) if np.isfinite(at)]
PLACES = places_of(SEEN) * [1, -1]
"""Kinovea counts y upward."""
TIMES = np.arange(len(PLACES)) / FPS
NAMES = [name.replace("_", " ") for name in SEEN]
LATE = 7
"""So many frames later begins the first track."""


def tracks():
    """The name, times (S,) and places (S, 2) of each track, the first of them a later one."""
    for index, name in enumerate(NAMES):
        begin = 0 if index else LATE
        yield name, TIMES[begin:], PLACES[begin:, index].round(2)


def as_text(comma):
    lines = ["#Kinovea Trajectory data export", "#T X Y", ""]
    for name, times, places in tracks():
        lines.append(f"# {name}")
        for time, (x, y) in zip(times, places, strict=True):
            line = f"{time:.3f} {x:.2f} {y:.2f} "
            lines.append(line.replace(".", ",") if comma else line)
        lines.append("")
    return "\n".join(lines)


def as_series():
    return [
        {"name": name, "timeUnit": "s", "time": times.tolist(), "data": {"0": places.tolist()}}
        for name, times, places in tracks()
    ]


def late_by_its_times(found):
    nose = np.isfinite(found.places[:, 0, 0])
    assert not nose[:LATE].any()
    assert nose[LATE:].all()
    assert len(found.places) == len(PLACES)


@pytest.mark.parametrize("comma", [True, False])
def test_text(tmp_path, comma):
    path = tmp_path / "a.txt"
    path.write_text(as_text(comma))
    judged(path)
    late_by_its_times(readers.read(path))


def test_json(tmp_path):
    said = {"producer": "Kinovea", "imageSize": {"width": 1280, "height": 720}}
    path = write_json(tmp_path / "a.json", {"metadata": said, "timeseries": as_series()})
    judged(path)
    late_by_its_times(readers.read(path))


def test_a_table_numbers_the_points_of_a_track(tmp_path):
    head = ["Time", *(f"{name}/0/{axis}" for name in NAMES for axis in "XY")]
    rows = [[t, *own.ravel()] for t, own in zip(TIMES, PLACES, strict=True)]
    judged(write_csv(tmp_path / "a.csv", head, rows))


def test_points_of_one_thing_have_names_of_their_own():
    places = {"knee": [[1, 2], [3, 4]], "hip": [[5, 6], [7, 8]]}
    found = table_of_series("a", [{"name": "left", "time": [0, 1], "data": places}])
    assert found is not None
    assert [cell.place for cell in found.columns if cell.axis == "x"] == ["left knee", "left hip"]
    assert found.rows == [["0", "1", "2", "5", "6"], ["1", "3", "4", "7", "8"]]


def test_what_is_tracked_may_be_no_body(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(as_text(comma=False).replace("shoulder", "bar"))
    with pytest.raises(ClipError, match="its shoulders are missing"):
        readers.read(path)


@pytest.mark.parametrize("text", ["", "# a\n0 1 2\n", "#Kinovea Trajectory data export\n#T X Y\n"])
def test_other_text_is_left_alone(text):
    assert table_of_text("a", text) is None


@pytest.mark.parametrize("series", [None, 3, [], [{}], [{"name": "a", "time": [0], "data": [1]}]])
def test_other_series_are_left_alone(series):
    assert table_of_series("a", series) is None
