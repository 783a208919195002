"""When a film was recorded, from files built byte by byte."""

from __future__ import annotations

import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hinge_dowel.video.recording_time import recorded_at

MADE = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
COPIED = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
SECONDS = round((MADE - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds())


def box(kind: bytes, content: bytes = b"", *, large: bool = False) -> bytes:
    if large:
        return struct.pack(">I4sQ", 1, kind, 16 + len(content)) + content
    return struct.pack(">I4s", 8 + len(content), kind) + content


def told(tmp_path: Path, content: bytes, name: str = "a.MP4") -> datetime | None:
    path = tmp_path / name
    path.write_bytes(content)
    return recorded_at(path, COPIED)


def header(seconds: int = SECONDS) -> bytes:
    return box(b"mvhd", struct.pack(">BxxxI", 0, seconds) + bytes(92))


BEFORE = box(b"ftyp", b"isom") + box(b"mdat", bytes(1000), large=True)


def test_the_time_in_the_film_is_found_wherever_it_stands(tmp_path: Path) -> None:
    film = box(b"moov", box(b"udta") + header())
    assert told(tmp_path, BEFORE + film) == MADE
    assert told(tmp_path, film + BEFORE, "a.mov") == MADE
    later = box(b"mvhd", struct.pack(">BxxxQ", 1, SECONDS) + bytes(92))
    assert told(tmp_path, BEFORE + box(b"moov", later)) == MADE
    # A last box may say that it goes on to the end.
    assert told(tmp_path, BEFORE + struct.pack(">I4s", 0, b"moov") + header()) == MADE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no film at all, but a text",
        BEFORE,
        box(b"moov"),
        box(b"moov", box(b"mvhd", b"\0\0")),
        box(b"moov", header(0)),  # a clock that was never set
        box(b"moov", header(SECONDS + 40 * 86400)),  # after it was last changed
        box(b"moov", box(b"mvhd", struct.pack(">BxxxQ", 1, 2**63))),
        (BEFORE + box(b"moov", header()))[:-60],  # cut off
        bytes(100_000),
    ],
)
def test_what_does_not_say_it_is_not_dated(tmp_path: Path, content: bytes) -> None:
    assert told(tmp_path, content) is None


def test_other_kinds_of_files_and_time_zones(tmp_path: Path) -> None:
    assert told(tmp_path, box(b"moov", header()), "a.avi") is None
    ahead = SECONDS + round((COPIED - MADE + timedelta(hours=14)).total_seconds())
    assert told(tmp_path, box(b"moov", header(ahead))) == COPIED + timedelta(hours=14)


def test_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("it would be waited for"))
    assert recorded_at(tmp_path / "pipe.mp4", COPIED) is None
