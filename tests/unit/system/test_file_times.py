"""When a clip was made."""

from __future__ import annotations

import os
from pathlib import Path

from hinge_dowel.system.file_times import made_at


def test_a_file_is_dated_by_its_last_change(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"")
    os.utime(clip, (0, 1_700_000_000))
    made = made_at(clip)
    assert made is not None
    assert made.timestamp() == 1_700_000_000
    assert made.tzinfo is not None


def test_what_cannot_be_asked_has_no_date(tmp_path: Path) -> None:
    assert made_at(tmp_path / "gone.mp4") is None
    assert made_at("https://example.org/clip.mp4") is None
