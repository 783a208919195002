"""Moving WebP: pictures that say how long they are shown, which FFmpeg does not read.

They are handed on as a film that it does read, so that all else is as with any other clip.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

_HEAD_BYTES = 21
"""A file's first bytes tell it: the container, its first part, and that part's flags."""
_MOVES_FLAG = 0x02
"""The flag of a file with several pictures (RFC 9649, section 2.7)."""
LEAST_SHOWN_MS = 10
"""Pictures that say they are shown for no longer than this ..."""
SHOWN_INSTEAD_MS = 100
"""... are shown for so long by every browser, GIF's and WebP's alike."""


def moves(path: Path) -> bool:
    """Whether a file is a WebP of several pictures."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return (
        len(head) == _HEAD_BYTES
        and head[:4] == b"RIFF"
        and head[8:16] == b"WEBPVP8X"
        and bool(head[20] & _MOVES_FLAG)
    )


@contextmanager
def as_film(path: Path) -> Iterator[IO[bytes] | None]:
    """A moving WebP as an open file of lossless video, gone when the block ends.

    One of which a picture is damaged ends there; None where none can be decoded, as in a file that
    is cut off.
    """
    with tempfile.TemporaryFile() as file:
        count = _write(_pictures(path), file)
        file.seek(0)
        yield file if count else None


def _pictures(path: Path) -> Iterator[tuple[int, Image]]:
    """Every picture with the time it is shown at, in ms."""
    from PIL import Image, ImageSequence

    now_ms = 0
    # What Pillow raises for damage, and for a picture of billions of pixels.
    with (
        suppress(OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError),
        Image.open(path, formats=["WEBP"]) as pictures,
    ):
        for picture in ImageSequence.Iterator(pictures):
            yield now_ms, picture.convert("RGB")
            shown_ms = int(picture.info.get("duration", 0))
            now_ms += shown_ms if shown_ms > LEAST_SHOWN_MS else SHOWN_INSTEAD_MS


def _write(pictures: Iterator[tuple[int, Image]], file: IO[bytes]) -> int:
    """Write pictures with their times as a film; how many there were."""
    import av

    count = 0
    with av.open(file, "w", format="matroska") as film:
        stream = film.add_stream("ffv1", rate=1000)
        stream.pix_fmt = "bgr0"
        for at_ms, picture in pictures:
            if not count:
                stream.width, stream.height = picture.size
            frame = av.VideoFrame.from_ndarray(np.asarray(picture)).reformat(format="bgr0")
            frame.pts, frame.time_base = at_ms, Fraction(1, 1000)
            film.mux(stream.encode(frame))
            count += 1
        if count:
            film.mux(stream.encode())
    return count
