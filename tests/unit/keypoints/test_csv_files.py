"""Tables as text: without a header, with lines above it, and logs that are none."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from support.keypoint_files import (
    BODY,
    COCO,
    FPS,
    judged,
    named_columns,
    places_of,
    write_csv,
)
from support.tracker_frames import SIZE

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers

T = len(BODY.landmarks)
TIMES = np.arange(T) / FPS
PLACES = places_of(COCO)
START = datetime(2024, 5, 31, 23, 59, 58)


def test_what_influxdb_writes(tmp_path):
    """Line by line, and as annotated CSV with a number a row."""
    names, frames, start = named_columns(COCO), PLACES.reshape(T, -1), 1_700_000_000
    fields = (",".join(map("{}={:.3f}".format, names, frame)) for frame in frames)
    moments = [start + s for s in TIMES]
    lines = [f"pose,person=a {f},n=3i {s * 1e9:.0f}" for f, s in zip(fields, moments, strict=True)]
    (tmp_path / "lines.txt").write_text("\n".join(lines))
    judged(tmp_path / "lines.txt")
    times = [datetime.fromtimestamp(s, UTC).isoformat().replace("+00:00", "Z") for s in moments]
    rows = [
        ["", 0, times[0], when, value, name]
        for name, own in zip(names, frames.T, strict=True)
        for when, value in zip(times, own, strict=True)
    ]
    head = [["#default", *[""] * 5], ["", "table", "_start", "_time", "_value", "_field"]]
    judged(write_csv(tmp_path / "a.csv", head, rows))


def test_one_row_of_a_film_is_read_as_many_are(tmp_path):
    row = PLACES[0].ravel().tolist()
    found = readers.read(write_csv(tmp_path / "a.csv", row, []))
    assert found.places.shape == (1, 33, 2)


def test_rows_that_end_with_a_comma(tmp_path):
    """Of 33 places with one more cell 25 places of four would be."""
    deep = BODY.landmarks[..., :3] * [1, -1, 1]
    rows = [[*frame.ravel(), ""] for frame in deep.round(1)]
    judged(write_csv(tmp_path / "a.txt", rows[0], rows[1:]), FPS)


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


def test_names_in_quotes_between_spaces(tmp_path):
    """As R writes a table, with a name less than cells."""
    rows = [[f'"{i + 1}"', *places.ravel()] for i, places in enumerate(PLACES)]
    names = [f'"{name}.{axis}"' for name in COCO for axis in "xy"]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(" ".join(map(str, row)) for row in [names, *rows]))
    judged(path, FPS)


def test_what_is_known_above_the_header(tmp_path):
    path = tmp_path / "a.csv"
    shares = (PLACES / SIZE).reshape(T, -1)
    rows = [["fps", f"{FPS:g}"], ["Resolution:", "{:g}x{:g}".format(*SIZE)], []]
    rows += [[f"{n}_{axis}" for n in COCO for axis in "xy"], *shares.tolist()]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows))
    judged(path)


def test_a_table_as_pandas_prints_it(tmp_path):
    """With numbers of rows that have no name, and below it how many there are."""
    rows = [[i, *frame.ravel()] for i, frame in enumerate(PLACES)]
    path = write_csv(tmp_path / "a.txt", named_columns(COCO), rows, " ")
    path.write_text(path.read_text() + f"\n[{T} rows x {2 * len(COCO)} columns]\n")
    judged(path, FPS)
