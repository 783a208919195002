"""What kinds of files there are, and that the guide says so."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from hinge_dowel.keypoints import formats


def test_the_guide_holds_the_table():
    """python -c 'from hinge_dowel.keypoints.formats import table; print(table())'"""
    assert formats.table() in files("hinge_dowel").joinpath("guide/files.md").read_text("utf-8")


def test_urls_are_told_by_the_path_in_them():
    for url in ("file:///a/set #1.csv", "memory://really?.csv", "zip://100%.csv::file:///b.zip"):
        assert formats.is_keypoints(url)
    assert formats.is_keypoints("https://host/a.trc?key=1.mp4")
    assert not formats.is_keypoints("https://host/a.mp4?key=1.trc")
    assert not formats.is_keypoints(Path("a.mp4"))
    assert formats.is_keypoints("s3://bucket/a.csv.gz")
    assert not formats.is_keypoints("a.mp4.gz")
