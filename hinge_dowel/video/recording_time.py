"""When a film was recorded, by what phones and cameras write into the file itself.

A copy has a new time of change, and all that were fetched from a phone on one day the same. The
file is read here and not by the video library, which only a process of its own may trust with a
file that is damaged.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

SUFFIXES = (".mp4", ".mov", ".m4v", ".3gp")
"""Files that are built of boxes, one of which holds the time (ISO/IEC 14496-12, mvhd)."""
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
"""The time that boxes count seconds from."""
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Before this a clock was not set: 1904, 1970. A choice: no phone filmed then."""
_LATER = timedelta(days=1)
"""A film is not recorded after its file was last changed, but for a time zone that a camera left
out: the furthest two are 26 hours apart, and 14 from UTC."""
_MOST_BOXES = 1000
"""So many boxes are looked at, so that a damaged file ends too: a film has a dozen. A choice."""


def recorded_at(path: Path, changed: datetime) -> datetime | None:
    """Return when a film was recorded (UTC); None where the file does not say, or nonsense.

    `changed` is when the file was last changed. Raises `OSError` when it cannot be read.
    """
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return None  # a pipe would be waited for
    with path.open("rb") as file:
        end = file.seek(0, 2)
        for start, stop in _inside(file, b"moov", 0, end):
            for first, last in _inside(file, b"mvhd", start, stop):
                at = _creation(file, first, last)
                return at if at is not None and _EARLIEST <= at <= changed + _LATER else None
    return None


def _inside(file: BinaryIO, kind: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the content of each box of a kind begins and ends, between two places."""
    for _ in range(_MOST_BOXES):
        file.seek(start)
        head = file.read(16)
        if start + 8 > end or len(head) < 8:
            return
        size, content = int.from_bytes(head[:4], "big"), start + 8
        if size == 1 and len(head) == 16:  # a larger number follows
            size, content = int.from_bytes(head[8:], "big"), start + 16
        stop = start + size if size else end  # 0: up to the end of the file
        if stop < content or stop > end:
            return
        if head[4:8] == kind:
            yield content, stop
        start = stop


def _creation(file: BinaryIO, start: int, end: int) -> datetime | None:
    """Return the time of creation in the content of an mvhd box; None if it is too short."""
    file.seek(start)
    content = file.read(min(end - start, 12))
    form = ">Q" if content[:1] == b"\1" else ">I"
    if len(content) < 4 + struct.calcsize(form):
        return None
    (seconds,) = struct.unpack_from(form, content, 4)
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
