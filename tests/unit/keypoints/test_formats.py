"""What kinds of files there are, and that the guide says so."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from support.keypoint_files import write_json

from hinge_dowel.batch.cache import content_key
from hinge_dowel.keypoints import formats
from hinge_dowel.keypoints.discovery import find_clips


def test_the_guide_has_a_table_of_all_kinds():
    guide = files("hinge_dowel").joinpath("guide/files.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in guide.splitlines() if line[:3] == "| ."]
    told = {suffix: holds for suffixes, _, holds in rows for suffix in suffixes.split()}
    assert tuple(told)[: len(formats.READABLE)] == formats.READABLE
    assert {suffix: told[suffix] for suffix in formats.REFUSED} == formats.REFUSED
    assert set(told) == formats.KEYPOINT_SUFFIXES


def test_urls_are_told_by_the_path_in_them():
    for url in ("file:///a/set #1.csv", "memory://really?.csv", "zip://100%.csv::file:///b.zip"):
        assert formats.is_keypoints(url)
    assert formats.is_keypoints("https://host/a.trc?key=1.mp4")
    assert not formats.is_keypoints("https://host/a.mp4?key=1.trc")
    assert not formats.is_keypoints(Path("a.mp4"))
    assert formats.is_keypoints("s3://bucket/a.csv.gz")
    assert not formats.is_keypoints("a.mp4.gz")


def test_a_series_is_one_content(tmp_path):
    for number in range(6):
        write_json(tmp_path / f"f_{number:03d}.json", {"people": []})
    first = tmp_path / "f_000.json"
    assert find_clips([tmp_path]).clips == [first]
    before = content_key(first)
    assert content_key(tmp_path / "f_004.json") == before
    write_json(tmp_path / "f_005.json", {"people": [1]})
    assert content_key(first) != before


def test_files_come_in_the_order_of_their_numbers(tmp_path):
    for name in ("a9", "a10", "a011", "b10"):
        write_json(tmp_path / f"{name}_keypoints.json", {"people": []})
    series = formats.series_of(tmp_path / "a10_keypoints.json")
    assert [(number, path.name) for number, path in series] == [
        (9, "a9_keypoints.json"),
        (10, "a10_keypoints.json"),
        (11, "a011_keypoints.json"),
    ]
