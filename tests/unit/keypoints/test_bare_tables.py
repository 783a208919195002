"""Tables of numbers alone: a row a frame in a skeleton's order, or a row a place."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import BODY, COCO, FPS, judged, places_of, write_csv

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers

T = len(BODY.landmarks)
PLACES = places_of(COCO)


@pytest.mark.parametrize("lead", [None, 1, 1 / FPS])
@pytest.mark.parametrize("cut", [",", " "])
def test_rows_without_a_header(tmp_path, lead, cut):
    """As numpy.savetxt writes them, behind the frame's number or time or not."""
    rows = [[] if lead is None else [lead * i] for i in range(len(BODY.landmarks))]
    rows = [[*row, *frame.ravel()] for row, frame in zip(rows, PLACES, strict=True)]
    path = write_csv(tmp_path / "a.csv", rows[0], rows[1:], cut)
    judged(path, None if lead == 1 / FPS else FPS)
    # Matlab fills what each row's last comma leaves empty.
    path = write_csv(tmp_path / "a.csv", [*rows[0], 0], [[*row, 0] for row in rows[1:]], cut)
    judged(path, None if lead == 1 / FPS else FPS)


@pytest.mark.parametrize("index", [True, False])
@pytest.mark.parametrize("spell", [str, lambda i: f"V{i + 1}"])
def test_a_header_of_numbers(tmp_path, index, spell):
    """As pandas and R write an array, behind its index or not."""
    rows = [[i, *frame.ravel()][not index :] for i, frame in enumerate(PLACES)]
    head = [*([""] if index else []), *map(spell, range(2 * len(COCO)))]
    write_csv(tmp_path / "a.csv", head, rows)
    found = readers.read(tmp_path / "a.csv")
    assert found.places.shape == (T, 33, 2)
    judged(tmp_path / "a.csv", FPS)


def listed(places, lead=1.0, first=0):
    """A row for each place: the frame's number or time, the place's number, and where it is."""
    return [
        [round(i * lead, 3), k + first, *place]
        for i, frame in enumerate(places)
        for k, place in enumerate(frame.tolist())
    ]


@pytest.mark.parametrize("lead", [1.0, 3.0, 1 / FPS])
@pytest.mark.parametrize("first", [0, 1])
def test_a_row_a_place(tmp_path, lead, first):
    rows = listed(PLACES.round(), lead, first)
    path = write_csv(tmp_path / "a.csv", rows[0], rows[1:])
    judged(path, {1.0: FPS, 3.0: 3 * FPS}.get(lead))


@pytest.mark.parametrize(
    ("beside", "width"),
    [([0.9], 2), ([-40.0], 3), ([-40.0, 0.9], 4)],
    ids=["certainty", "depth", "both"],
)
def test_what_stands_behind_x_and_y_of_a_place(tmp_path, beside, width):
    rows = [[*row, *beside] for row in listed(PLACES.round())]
    rows[5][3] = rows[5][2] = 0  # the sixth place is not seen in the first frame
    path = write_csv(tmp_path / "a.csv", rows[0], rows[1:])
    found = readers.read(path)
    deep = np.isfinite(found.places[..., 2:3]).any()
    assert deep == (width > 2)
    judged(path, FPS)


@pytest.mark.parametrize("first", [0, 1])
def test_places_that_are_counted_in_each_frame_anew(tmp_path, first):
    """As cvzone lists them: number, x, y."""
    rows = [row[1:] for row in listed(PLACES.round(), first=first)]
    judged(write_csv(tmp_path / "a.csv", rows[0], rows[1:]), FPS)
    judged(write_csv(tmp_path / "a.csv", ["id", "x", "y"], rows), FPS)
    del rows[40]
    rows[-1][0] = 1e30  # no number of a place
    for head in ([], [["id", "x", "y"]]):
        path = write_csv(tmp_path / "a.csv", [*head, rows[0]], rows[1:])
        with pytest.raises(ClipError):
            readers.read(path)


def test_places_that_are_left_out_are_missing(tmp_path):
    rows = [row for row in listed(PLACES.round()) if not (row[0] > 3 and row[1] == 0)]
    path = write_csv(tmp_path / "a.csv", rows[0], rows[1:])
    nose = np.isfinite(readers.read(path).places[:, 0, 0])
    assert nose.tolist() == [i <= 3 for i in range(T)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: [*rows, rows[-1]],  # one twice
        lambda rows: rows[::-1],
        lambda rows: [row for row in rows if row[1] != 4],
        lambda rows: [row for row in rows if row[1] < 6],  # as no skeleton
        lambda rows: [[*row[:1], row[1] + 0.5, *row[2:]] for row in rows],
    ],
)
def test_other_rows_of_four_numbers_are_refused(tmp_path, spoil):
    rows = spoil(listed(PLACES.round()))
    path = write_csv(tmp_path / "a.csv", rows[0], rows[1:])
    with pytest.raises(ClipError, match="has no header, and"):
        readers.read(path)
