"""Files that were joined byte by byte (`cat one.mp4 two.mp4`): where each film in them begins.

Players and FFmpeg read the first film of such a file and pass over the rest without a word. Formats
whose films go on behind one another by themselves (MPEG, Matroska) need nothing of this.
"""

from __future__ import annotations

import io
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


class FilePart(io.RawIOBase):
    """The bytes of a file from `start` up to, not including, `stop`, as a file of their own."""

    def __init__(self, path: Path, start: int, stop: int) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._start, self._size, self._at = start, stop - start, 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Bytes from the start of the part."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in the part."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = min(max(base + offset, 0), self._size)
        return self._at

    def read(self, count: int = -1) -> bytes:
        """The next bytes, at most `count` of them; none at the end of the part."""
        left = self._size - self._at
        self._file.seek(self._start + self._at)
        data = self._file.read(left if count < 0 else min(count, left))
        self._at += len(data)
        return data

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()
