"""Keypoints in a file for each frame: which files belong together."""

from __future__ import annotations

import pytest
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


def test_a_playlist_is_the_films_it_lists(tmp_path):
    playlist = tmp_path / "film.m3u8"
    playlist.write_text("#EXTM3U\n#EXTINF:2.0,\nfilm0.ts\n#EXTINF:2.0,\nfilm.m3u8\n")
    (tmp_path / "film0.ts").write_bytes(b"one")
    before = content_key(playlist)
    (tmp_path / "film0.ts").write_bytes(b"two")
    assert content_key(playlist) not in (before, None)
    assert numbered_series.whole_of(playlist) == [playlist, tmp_path / "film0.ts"]


def test_files_come_in_the_order_of_their_numbers(tmp_path):
    for name in ("a9", "a10", "a011", "b10"):
        write_json(tmp_path / f"{name}_keypoints.json", {"people": []})
    series = numbered_series.series_of(tmp_path / "a10_keypoints.json")
    assert [(number, path.name) for number, path in series] == [
        (9, "a9_keypoints.json"),
        (10, "a10_keypoints.json"),
        (11, "a011_keypoints.json"),
    ]


@pytest.mark.parametrize("name", ["a.json", "a.trc", "12.csv"])
def test_other_files_are_alone(tmp_path, name):
    path = tmp_path / name
    path.touch()
    assert numbered_series.whole_of(path) == [path]
