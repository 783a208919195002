"""What kinds of files there are, and that the guide says so."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from support.keypoint_files import write_json

from hinge_dowel.batch.cache import content_key
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import formats, readers, skeletons


def test_the_guide_holds_the_table():
    """python -c 'from hinge_dowel.keypoints.formats import table; print(table())'"""
    assert formats.table() in files("hinge_dowel").joinpath("guide/files.md").read_text("utf-8")


@pytest.mark.parametrize("suffix", sorted(formats.KEYPOINT_SUFFIXES))
@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 9, b"hello, world\n1\n", b"{}", b"[[[1]]]"])
def test_of_any_kind_nonsense_is_one_sentence(tmp_path, suffix, content):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(ClipError, match=r"^a\.\w+[^\n]*\.$"):
        readers.read(path)


def test_no_spelling_means_two_joints():
    names = [n for s in skeletons.SKELETONS for n in s.joints]
    found = skeletons.landmarks_of(skeletons.plain(n) for n in names)
    assert len(set(found.values())) == len(found)


def test_a_series_is_one_content(tmp_path):
    for number in range(6):
        write_json(tmp_path / f"f_{number:03d}.json", {"people": []})
    first = tmp_path / "f_000.json"
    assert formats.keypoint_files(tmp_path) == [first]
    before = content_key(first)
    assert content_key(tmp_path / "f_004.json") == before
    write_json(tmp_path / "f_005.json", {"people": [1]})
    assert content_key(first) != before


def test_urls_are_told_by_the_path_in_them():
    for url in ("file:///a/set #1.csv", "memory://really?.csv", "zip://100%.csv::file:///b.zip"):
        assert formats.is_keypoints(url)
    assert formats.is_keypoints("https://host/a.trc?key=1.mp4")
    assert not formats.is_keypoints("https://host/a.mp4?key=1.trc")
    assert not formats.is_keypoints(Path("a.mp4"))
