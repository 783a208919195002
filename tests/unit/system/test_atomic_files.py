"""Files written all or nothing, and what killed processes leave behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from hinge_dowel.errors import OutputError
from hinge_dowel.system import atomic_files


def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    atomic_files.write_text(target, "one")

    def broken() -> None:
        with atomic_files.swapping(target) as part:
            part.write_bytes(b"tw")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert target.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"create the folder .*gone first"):
        atomic_files.write_text(tmp_path / "gone" / "results.json", "{}")


def test_what_a_killed_process_left_is_swept_once_it_is_a_day_old(tmp_path: Path) -> None:
    old, new = tmp_path / ".a.1.tmp", tmp_path / ".b.2.tmp"
    for path in (old, new):
        path.write_bytes(b"half")
    long_ago_s = time.time() - 25 * 3600
    os.utime(old, (long_ago_s, long_ago_s))
    atomic_files.remove_stale([old, new, tmp_path / "gone.tmp"])
    assert list(tmp_path.iterdir()) == [new]
