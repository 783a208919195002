"""How a file is laid out: where each film in it begins, and whether it breaks off.

Players and FFmpeg read the first of films that were joined byte by byte (`cat one.mp4 two.mp4`) and
pass over the rest without a word. Formats whose films go on behind one another by themselves (MPEG,
Matroska) need nothing of this. Nor do they say that a file ends before what it holds does, as half
a copy does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_FLV_HEADER_BYTES = 13
"""With the size of the tag before it, which is 0."""
_MATROSKA, _SEGMENT = bytes.fromhex("1a45dfa3"), bytes.fromhex("18538067")
_RIFF_HEAD_BYTES = 8
_RIFF_OPEN = 0xFFFFFFFF
"""The size of a list that was written where one cannot go back, or never ended."""
_TS_SYNC = 0x47
_PES = re.compile(rb"\x00\x00\x01[\xbd\xc0-\xef](..)", re.DOTALL)
"""Sound or film in an MPEG program stream, and its size."""
_LARGEST_PES_BYTES = 6 + 0xFFFF
"""Its head, and the most that the size says."""


class Element(NamedTuple):
    """A piece of a file: its first byte, the one after its last, whether a film begins there.

    Its end counts only where the piece is known to hold pictures, and is 0 elsewhere.
    """

    start: int
    stop: int = 0
    begins_film: bool = False


def film_offsets(path: Path) -> tuple[int, ...]:
    """The offsets in bytes at which films begin in a file: (0,) for a file of one film.

    Raises OSError where the file cannot be read.
    """
    return tuple(one.start for one in _elements(path) if one.begins_film) or (0,)


def breaks_off(path: Path) -> bool:
    """Whether a file ends in the midst of what by its own word it holds.

    False where the format says nothing of that, as a recording does that was never ended. Raises
    OSError where the file cannot be read.
    """
    size = path.stat().st_size
    return any(one.stop > size for one in _elements(path))


def _elements(path: Path) -> Iterator[Element]:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        head = _read_at(file, 0, 197)
        if head[4:8] == b"ftyp":
            yield from _mp4(file, size)
        elif head[:3] == b"FLV":
            yield from _flv(file, size)
        elif head[:16] == _ASF_HEADER:
            yield from _asf(file, size)
        elif head[:4] == b"RIFF":
            yield from _avi(file, size)
        elif head[:4] == _MATROSKA:
            yield from _matroska(file, size)
        elif head[:4] == b"\0\0\1\xba":
            yield from _program_stream(file, size)
        elif len(head) == 197 and head[0] == head[188] == _TS_SYNC:
            yield from _packets(file, size, 188, 0)
        elif len(head) == 197 and head[4] == head[196] == _TS_SYNC:
            yield from _packets(file, size, 192, 4)


def _read_at(file: BinaryIO, offset: int, count: int) -> bytes:
    file.seek(offset)
    return file.read(count)


def _mp4(file: BinaryIO, size: int) -> Iterator[Element]:
    """A film begins with a `ftyp` box, and holds its index (`moov`) before the next one does."""
    at, indexed = 0, True
    while at + 8 <= size:
        head = _read_at(file, at, 16)
        kind, length = head[4:8], int.from_bytes(head[:4], "big")
        begins = kind == b"ftyp" and indexed
        indexed = kind == b"moov" or (indexed and not begins)
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        yield Element(at, at + length if kind in (b"moof", b"mdat") else 0, begins)
        if length < 8:  # to the end of the file, or damaged
            return
        at += length


def _flv(file: BinaryIO, size: int) -> Iterator[Element]:
    """A film begins with a header where a tag should; tags say their size."""
    at = 0
    while at < size:
        head = _read_at(file, at, 11)
        if head[:3] == b"FLV":
            yield Element(at, begins_film=True)
            at += _FLV_HEADER_BYTES
        elif head[0] & 0x1F in (8, 9, 18):  # sound, film, notes
            stop = at + 11 + int.from_bytes(head[1:4], "big")
            yield Element(at, stop)
            at = stop + 4
        else:
            return


def _asf(file: BinaryIO, size: int) -> Iterator[Element]:
    """A film begins with a header object (WMV)."""
    at = 0
    while at + 24 <= size:
        head = _read_at(file, at, 24)
        length = int.from_bytes(head[16:24], "little")
        stop = at + length if head[:16] == _ASF_DATA else 0
        yield Element(at, stop, begins_film=head[:16] == _ASF_HEADER)
        if length < 24:
            return
        at += length


def _avi(file: BinaryIO, size: int) -> Iterator[Element]:
    """Large ones are several lists, one behind the other, each of which says its size."""
    at = 0
    while (head := _read_at(file, at, _RIFF_HEAD_BYTES))[:4] == b"RIFF":
        length = int.from_bytes(head[4:], "little")
        if not 0 < length < _RIFF_OPEN:
            return
        yield Element(at, at + length)  # some writers count the head too
        at += _RIFF_HEAD_BYTES + length + length % 2


def _matroska(file: BinaryIO, size: int) -> Iterator[Element]:
    """Elements say their size, all bits of it set where it was not known."""
    at = 0
    while at < size and (head := _read_at(file, at, 12))[0]:
        begin = 9 - head[0].bit_length()
        if begin >= len(head) or not head[begin]:
            return
        wide = 9 - head[begin].bit_length()
        unknown = (1 << 7 * wide) - 1
        length = int.from_bytes(head[begin : begin + wide], "big") & unknown
        if length == unknown:
            return
        stop = at + begin + wide + length
        yield Element(at, stop if head[:begin] == _SEGMENT else 0)
        at = stop


def _program_stream(file: BinaryIO, size: int) -> Iterator[Element]:
    """The last piece of sound or film says its size."""
    at = max(size - _LARGEST_PES_BYTES, 0)
    pieces = list(_PES.finditer(_read_at(file, at, _LARGEST_PES_BYTES)))
    if pieces:
        start = at + pieces[-1].start()
        yield Element(start, start + 6 + int.from_bytes(pieces[-1][1], "big"))


def _packets(file: BinaryIO, size: int, packet: int, lead: int) -> Iterator[Element]:
    """A transport stream is packets of one size, each with a sign at its beginning."""
    at = size - size % packet
    if _read_at(file, at + lead, 1) == bytes([_TS_SYNC]):
        yield Element(at, at + packet)
