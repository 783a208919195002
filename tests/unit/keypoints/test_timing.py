"""Which columns say when: found by their names, by their words and by how they count."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import timing
from hinge_dowel.keypoints.timing import running

START = datetime(2024, 5, 31, 23, 59, 58)
TIMES = np.arange(300) / 20


def found(columns, **rows):
    """Numbers of frames, times and their name, as lists."""
    frame, time, name = timing.when_of("a.csv", columns, **rows)
    return None if frame is None else frame.tolist(), time, name


@pytest.mark.parametrize(
    ("columns", "when"),
    [
        ({"note": ["a", "b", "c"]}, (None, None, "")),
        (
            {"Frame": [3, 4, 5], "Time (s)": [0.0, 0.1, 0.2]},
            ([3, 4, 5], [0.0, 0.1, 0.2], "Time (s)"),
        ),
        (
            {"i": [0, 1, 2], "my_clock_time": [1.0, 1.1, 1.3]},
            ([0, 1, 2], [1.0, 1.1, 1.3], "my_clock_time"),
        ),
        ({"dt": [0.1, 0.2, 0.1], "timestamp": [7, 8, 9]}, ([7, 8, 9], None, "")),
        ({"frame": [0, 1, 2], "dt": [0.5, 0.5, 0.5]}, ([0, 1, 2], [0.0, 0.5, 1.0], "dt")),
        (
            {"image": ["first", "second", "c"], "file_name": ["a1.png", "a2.png", "a4.png"]},
            ([1, 2, 4], None, ""),
        ),
        ({"person": [0, 1, 2], "fps": [1, 2, 3], "id": [4, 5, 6]}, ([4, 5, 6], None, "")),
        ({"Zeit": ["0,10", "0,25", "0,30"]}, (None, ["0,10", "0,25", "0,30"], "Zeit")),
    ],
)
def test_what_says_when(columns, when):
    assert found(columns) == when


def test_rows_that_are_of_one_frame():
    """Places of one frame share its number; what numbers the rows numbers no frames."""
    rows = {"n": list(range(6)), "k": [0, 0, 1, 1, 2, 2]}
    assert found(rows, long=True, together=True) == ([0, 0, 1, 1, 2, 2], None, "")
    assert found(rows, together=True) == (list(range(6)), None, "")
    timed = {"n": list(range(6)), "time": [0.0, 0.0, 0.1, 0.1, 0.2, 0.2]}
    assert found(timed, together=True) == (None, timed["time"], "time")
    assert found({"dt": [0.1] * 6, "k": rows["k"]}, long=True, together=True) == (
        rows["k"],
        None,
        "",
    )


@pytest.mark.parametrize("names", [["a/1.jpg", "b/1.jpg"], ["1_take1.png", "2_take1.png"]])
def test_pictures_of_several_clips(names):
    with pytest.raises(
        ClipError, match=r"^a\.csv holds several clips \(.*\): save a file for each"
    ):
        found({"file_name": names})


def test_pictures_of_one_clip():
    found({"file_name": ["a/1.jpg", "a/1.jpg", "b/2.jpg", "title.jpg", "end.jpg", None, 1]})


def test_examples_of_several_classes_are_no_film():
    """Unless they are numbered or timed."""
    assert found({"class": ["up"] * 5}) == (None, None, "")
    for kinds, said in ((["up", "up", "down"], "up, down"), ([0, 1, 2], "0, 1, ...")):
        with pytest.raises(
            ClipError, match=r"^a\.csv holds examples .* 'Class' .*, and says"
        ) as told:
            found({"Class": kinds})
        assert f"({said})" in str(told.value)
    for beside in ({"frame": [1, 2, 3]}, {"time": [0.0, 0.1, 0.2]}):
        assert found({"Class": ["up", "up", "down"], **beside})[0] == beside.get("frame")


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        *[([3, 4, 5], True), ([0, 1, 2, 5, 6], True), ([0, 10, 20, 50], True), ([0], False)],
        *[([0.0, 0.5, 1.0], False), ([0, 33, 67, 100], False), ([0, 1, 1], False)],
        *[([0, 1, 40, 90, 130], False), ([0, np.nan], False)],
    ],
)
def test_counting_frames(values, counts):
    assert timing.counts_frames(np.array(values)) is counts


def test_counting_frames_under_the_name_of_times():
    """By one they do, unless the name says a unit."""
    assert timing.counts_frames(np.arange(5), "time")
    assert not timing.counts_frames(np.arange(5), "time_ms")
    assert not timing.counts_frames(20 * np.arange(5), "time")


def test_steps_beside_each_frame_add_up():
    steps = [None, 0.03, 0.05, 0.04]
    assert running("dt", steps) == pytest.approx([0.0, 0.03, 0.08, 0.12])
    assert running("time", steps) == steps


def test_steps_all_alike_count_for_each_number_of_a_frame():
    assert running("dt", [0.1] * 3, [0, 1, 5]) == pytest.approx([0.0, 0.1, 0.5])


@pytest.mark.parametrize("values", [TIMES.tolist(), ["soon", "now"]])
def test_dates_are_called_dt_as_well(values):
    assert running("dt", values) == values


def test_dates_are_times_by_any_name():
    dates = [(START + timedelta(seconds=s)).isoformat() for s in TIMES]
    assert timing.may_time("captured_at", dates)
    assert not timing.may_time("captured_at", TIMES)
    assert not timing.may_time("captured_at", ["by Anna"] * len(TIMES))
