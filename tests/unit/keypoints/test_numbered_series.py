"""Keypoints in a file for each frame: which files belong together."""

from __future__ import annotations

from support.keypoint_files import write_json

from hinge_dowel.batch.cache import content_key
from hinge_dowel.keypoints import numbered_series
from hinge_dowel.keypoints.discovery import find_clips


def test_a_series_is_one_content(tmp_path):
    for number in range(6):
        write_json(tmp_path / f"f_{number:03d}.json", {"people": []})
    first = tmp_path / "f_000.json"
    assert find_clips([tmp_path]) == [first]
    before = content_key(first)
    assert content_key(tmp_path / "f_004.json") == before
    write_json(tmp_path / "f_005.json", {"people": [1]})
    assert content_key(first) != before


def test_files_come_in_the_order_of_their_numbers(tmp_path):
    for name in ("a9", "a10", "a011", "b10"):
        write_json(tmp_path / f"{name}_keypoints.json", {"people": []})
    series = numbered_series.series_of(tmp_path / "a10_keypoints.json")
    assert [(number, path.name) for number, path in series] == [
        (9, "a9_keypoints.json"),
        (10, "a10_keypoints.json"),
        (11, "a011_keypoints.json"),
    ]
