"""Which reader a file gets, and that none of them fails otherwise than in a sentence."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import formats, readers


@pytest.mark.parametrize("suffix", [".mot", ".sto", ".bvh", ".pkl", ".slp", ".qtm"])
def test_what_is_known_and_not_judged(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"anything")
    with pytest.raises(ClipError, match=r"^a\.\w+ (holds|is not opened|is a project)"):
        readers.read(path)


def test_what_is_no_file_of_keypoints(tmp_path):
    with pytest.raises(
        ClipError, match=r"^a\.mp4 is no file of keypoints: \.csv, .* or \.skeleton\.$"
    ):
        readers.read(tmp_path / "a.mp4")
    with pytest.raises(ClipError, match=r"^There is no file a\.csv: check the name\.$"):
        readers.read(tmp_path / "a.csv")


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".json"])
def test_a_file_that_may_not_be_read_says_so(tmp_path, monkeypatch, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_text("nose_x,nose_y\n1,2\n3,4\n")
    monkeypatch.setattr(Path, "open", Mock(side_effect=PermissionError(13, "Permission denied")))
    with pytest.raises(ClipError, match=r"^Cannot read a\.\w+: Permission denied\.$"):
        readers.read(path)


@pytest.mark.parametrize(
    ("name", "why"),
    [("a.npz.gz", "is packed: unpack it first; only text"), ("a.csv.bz2", "is packed: unpack it")],
)
def test_what_is_packed_is_to_be_unpacked(tmp_path, name, why):
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(ClipError, match=why):
        readers.read(tmp_path / name)


def test_every_kind_that_is_read_has_its_reader(tmp_path):
    """A suffix without one would be read as a table, and said to be one."""
    for suffix in set(formats.READABLE) - set(formats.TABLES):
        (tmp_path / f"a{suffix}").write_text("nose_x,nose_y\n1,2\n3,4\n")
        with pytest.raises(ClipError) as refused:
            readers.read(tmp_path / f"a{suffix}")
        assert "column" not in str(refused.value)


@pytest.mark.parametrize("suffix", sorted(formats.KEYPOINT_SUFFIXES))
@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 9, b"hello, world\n1\n", b"{}", b"[[[1]]]"])
def test_of_any_kind_nonsense_is_one_sentence(tmp_path, suffix, content):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(ClipError, match=r"^a\.\w+[^\n]*\.$"):
        readers.read(path)
