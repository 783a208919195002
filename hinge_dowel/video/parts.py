"""Files that were joined byte by byte (`cat one.mp4 two.mp4`): where each film in them begins.

Players and FFmpeg read the first film of such a file and pass over the rest without a word. Formats
whose films go on behind one another by themselves (MPEG, Matroska) need nothing of this.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_FLV_HEADER_BYTES = 13
"""With the size of the tag before it, which is 0."""


def film_offsets(path: Path) -> tuple[int, ...]:
    """The offsets in bytes at which films begin in a file: (0,) for a file of one film.

    Raises OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(16)
        if head[4:8] == b"ftyp":
            found = _mp4(file, size)
        elif head[:3] == b"FLV":
            found = _flv(file, size)
        elif head == _ASF_HEADER:
            found = _asf(file, size)
        else:
            return (0,)
        return tuple(found) or (0,)


def _read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(count)


def _mp4(file: BinaryIO, size: int) -> Iterator[int]:
    """A film begins with a `ftyp` box, and holds its index (`moov`) before the next one does."""
    at, indexed = 0, True
    while at + 8 <= size:
        head = _read_at(file, at, 16)
        kind, length = head[4:8], int.from_bytes(head[:4], "big")
        if kind == b"ftyp" and indexed:
            yield at
            indexed = False
        indexed |= kind == b"moov"
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:  # to the end of the file, or damaged
            return
        at += length


def _flv(file: BinaryIO, size: int) -> Iterator[int]:
    """A film begins with a header where a tag should; tags say their size."""
    at = 0
    while at + _FLV_HEADER_BYTES <= size:
        head = _read_at(file, at, 11)
        if head[:3] == b"FLV":
            yield at
            at += _FLV_HEADER_BYTES
        elif head[0] & 0x1F in (8, 9, 18):  # sound, film, notes
            at += 11 + int.from_bytes(head[1:4], "big") + 4
        else:
            return


def _asf(file: BinaryIO, size: int) -> Iterator[int]:
    """A film begins with a header object (WMV)."""
    at = 0
    while at + 24 <= size:
        head = _read_at(file, at, 24)
        length = int.from_bytes(head[16:24], "little")
        if head[:16] == _ASF_HEADER:
            yield at
        if length < 24:
            return
        at += length
