"""Frames of JSON put in order: their numbers and times, inside them and beside."""

from __future__ import annotations

import pytest
from support.keypoint_files import COCO, FPS, judged, places_of, write_json

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.json_frames import frame_of, when_in, with_lists

PLACES = places_of(COCO)
BODIES = PLACES.tolist()


def test_a_frame_with_its_number_and_time():
    frame = frame_of({"Frame": 7, "Time Stamp": 0.5, "note": "a", "keypoints": BODIES[0]}, 3)
    assert frame.beside == {"frame": 7, "time_stamp": 0.5, "note": "a"}
    assert len(frame.bodies) == 1
    number, time, name = when_in("a.json", [frame])
    assert (number.tolist(), time, name) == ([7.0], [0.5], "time_stamp")


def test_a_frame_that_says_nothing_has_the_number_of_its_place():
    frames = [frame_of({"keypoints": own}, 2 * i) for i, own in enumerate(BODIES[:3])]
    number, time, name = when_in("a.json", frames)
    assert (number.tolist(), time, name) == ([0.0, 2.0, 4.0], None, "")


@pytest.mark.parametrize(
    "beside",
    [
        {"timestamps": [i / FPS for i in range(len(BODIES))]},
        {"frames": [2 * i for i in range(len(BODIES))], "fps": 2 * FPS},
        {"dt": [1 / FPS] * len(BODIES)},
    ],
)
def test_lists_beside(tmp_path, beside):
    judged(write_json(tmp_path / "a.json", {**beside, "keypoints": BODIES}))


@pytest.mark.parametrize(
    "beside",
    [{"time": [1, 2]}, {"time": [[1], [2], [3]]}, {"note": "abc"}, {"label": ["up", "up", "down"]}],
)
def test_other_lists_are_left_aside(beside):
    frames = [frame_of(body, i) for i, body in enumerate(BODIES[:3])]
    assert with_lists(beside, frames) == frames


@pytest.mark.parametrize("said", [{"fps": FPS}, {"dt": 1 / FPS}, {"deltaTimeMs": 1000 / FPS}])
def test_a_rate_or_step_in_every_frame(tmp_path, said):
    judged(write_json(tmp_path / "a.json", [{**said, "keypoints": own} for own in BODIES]))


def test_a_rate_that_changes_is_that_of_the_program(tmp_path):
    frames = [{"fps": 20 + i % 7, "keypoints": own} for i, own in enumerate(BODIES)]
    judged(write_json(tmp_path / "a.json", frames), fps=FPS)


def test_two_clips_in_one_file(tmp_path):
    frames = [
        {"image_id": f"{clip}/{i}.jpg", "keypoints": own}
        for clip in "ab"
        for i, own in enumerate(BODIES)
    ]
    with pytest.raises(ClipError, match="several clips"):
        check_clip(write_json(tmp_path / "a.json", frames), fps=FPS)
