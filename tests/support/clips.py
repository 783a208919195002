"""Tiny clips with known content, written with PyAV."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from hinge_dowel.video import reader

Picture = NDArray[np.uint8]

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)

MATRICES = {
    "upright": (1, 0, 0, 1),
    "clockwise": (0, 1, -1, 0),
    "upside down": (-1, 0, 0, -1),
    "counter-clockwise": (0, -1, 1, 0),
    "mirrored": (-1, 0, 0, 1),
    "mirrored and clockwise": (0, 1, 1, 0),
}
"""Display matrices (a, b, c, d): the picture's x, y is shown at a*x + c*y, b*x + d*y."""


def card(width: int = 64, height: int = 48) -> Picture:
    """Return a picture that shows its orientation: red and green on top, blue and white below."""
    picture = np.empty((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = RED
    picture[: height // 2, width // 2 :] = GREEN
    picture[height // 2 :, : width // 2] = BLUE
    picture[height // 2 :, width // 2 :] = WHITE
    return picture


def grey(level: int, width: int = 64, height: int = 48) -> Picture:
    """Return a picture of one brightness, by which it can be recognised."""
    return np.full((height, width, 3), level, np.uint8)


def greys(count: int, width: int = 64, height: int = 48) -> list[reader.Picture]:
    """Return pictures that get brighter, from 20 to 230."""
    return [grey(round(level), width, height) for level in np.linspace(20, 230, count)]


def drifting(count: int, width: int = 64, height: int = 48) -> list[reader.Picture]:
    """Return pictures with texture and motion, so that encoders use every kind of frame."""
    noise = np.random.default_rng(0).integers(0, 255, (height // 8, width // 8, 3), np.uint8)
    texture = noise.repeat(8, 0).repeat(8, 1)
    return [np.roll(texture, 3 * shift, axis=1) for shift in range(count)]


def scene(*spots: int, level: int = 220) -> list[reader.Picture]:
    """Return pictures of a grey room with a brighter square, `spots` pixels from the left."""
    film = []
    for spot in spots:
        picture = grey(90, 320, 240)
        picture[100:150, spot : spot + 50] = level
        film.append(picture)
    return film


def write_clip(
    path: Path,
    pictures: Iterable[Picture],
    *,
    rate_hz: int = 10,
    times_s: Sequence[float] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    pixel_aspect: Fraction | None = None,
    file_format: str | None = None,
    codec_options: dict[str, str] | None = None,
    file_options: dict[str, str] | None = None,
    title: str | None = None,
) -> Path:
    """Write RGB pictures (height, width, 3) as a clip, at `times_s` where given (to 1 ms)."""
    unit = Fraction(1, rate_hz) if times_s is None else Fraction(1, 1000)
    with av.open(str(path), "w", format=file_format, options=file_options or {}) as container:
        if title is not None:
            container.metadata["title"] = title
        stream = container.add_stream(codec, rate=rate_hz, options=codec_options or {})
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = pix_fmt
        stream.codec_context.time_base = unit
        if pixel_aspect is not None:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        for index, picture in enumerate(pictures):
            if index == 0:
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture)
            frame.time_base = unit
            frame.pts = index if times_s is None else round(times_s[index] * 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_lossless(path: Path, pictures: Iterable[Picture], rate_hz: int = 10) -> Path:
    """Write a losslessly coded clip, of any size."""
    return write_clip(path, pictures, rate_hz=rate_hz, codec="ffv1", pix_fmt="bgr0")


def write_sound(path: Path, cover: Picture | None = None) -> Path:
    """Write half a second of silence, with a cover picture if asked."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=44100, layout="mono")
        if cover is not None:
            art = container.add_stream("png")
            art.height, art.width = cover.shape[:2]
            art.pix_fmt = "rgb24"
            container.mux(art.encode(av.VideoFrame.from_ndarray(cover)))
            container.mux(art.encode(None))
        for start in range(0, 22050, 1152):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 1152), np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts = 44100, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def corners(picture: np.ndarray) -> list[str]:
    """Return the colours at top left, top right, bottom left, bottom right."""
    names = {RED: "red", GREEN: "green", BLUE: "blue", WHITE: "white"}
    height, width = picture.shape[:2]
    spots = [
        picture[y, x].astype(int)
        for y in (height // 4, -height // 4)
        for x in (width // 4, -width // 4)
    ]
    return [names[min(names, key=lambda colour: int(abs(spot - colour).sum()))] for spot in spots]


def turn(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """Rewrite the display matrix of an MP4's only track, as turned phones write it."""
    a, b, c, d = matrix

    def patch(data: bytes) -> bytes:
        box = data.index(b"tkhd") + 4
        long = data[box] == 1  # version 1 has 64-bit times and length
        at = box + 4 + (32 if long else 20) + 16
        one = 1 << 16
        body = struct.pack(">9i", a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)
        return data[:at] + body + data[at + 36 :]

    return edit(path, patch)


def edit(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """Change the bytes of a file in place."""
    path.write_bytes(change(path.read_bytes()))
    return path


def only_times(times_s: Iterable[float]) -> list[reader.Picture]:
    """Return pictures of which only the times matter."""
    return [reader.Picture(time_s, None, None) for time_s in times_s]  # type: ignore[arg-type]
