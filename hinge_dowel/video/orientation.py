"""Decoded pictures as a viewer would see them: upright, square pixels, at working size."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hinge_dowel.body.array_types import Pixels
from hinge_dowel.video.options import WHOLE_PICTURE, Shares

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter

WIDTH_STEP_PX = 4
"""The pose model aborts the process on masks whose width is not a multiple of this."""

SAME_SHAPE_SHARE = 0.02
"""Pictures whose width over height differs by less have one shape: sizes are rounded to 2 to 16 px.
A choice."""

THUMBNAIL_SIDE_PX = 80
"""Longest side of a thumbnail: each of its places stands for 8 px of a picture at working size."""


def working_size(width: float, height: float, side_px: int) -> tuple[int, int]:
    """Shrink a size in px to at most `side_px` on the longer side, keeping its shape.

    The width comes out as a multiple of 4, rounded down so that nothing is enlarged; only a
    picture narrower than that is widened.
    """
    scale = min(1.0, side_px / max(width, height))
    new_width = math.floor(width * scale / WIDTH_STEP_PX) * WIDTH_STEP_PX
    if new_width:
        return new_width, max(1, round(height * new_width / width))
    return WIDTH_STEP_PX, max(1, round(height * scale))


def part_of(
    size: tuple[float, float], shown: Shares, side_px: int
) -> tuple[tuple[int, int], tuple[int, int, int, int]]:
    """Shrink a picture of this size in px so that what is `shown` has its `working_size`.

    Returns the whole picture's size then, and left, top, right and bottom of the part.
    """
    left, top, right, bottom = shown
    shares = right - left, bottom - top
    part = working_size(size[0] * shares[0], size[1] * shares[1], side_px)
    across, down = (max(round(p / share), p) for p, share in zip(part, shares, strict=True))
    x, y = min(round(left * across), across - part[0]), min(round(top * down), down - part[1])
    return (across, down), (x, y, x + part[0], y + part[1])


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a stored picture is brought upright: transposed first, then mirrored."""

    swaps: bool = False
    mirrors_x: bool = False
    mirrors_y: bool = False

    @classmethod
    def of(cls, frame: VideoFrame) -> Rotation:
        """Read the display matrix, which also tells mirrored (selfie) clips from turned ones."""
        try:
            side_data: Any = frame.side_data
        except ValueError:
            # PyAV stumbles over kinds of side data that it has no name for: the views of stereo
            # films, what a camera notes of a still. The turn is known all the same.
            return _QUARTERS[round(-frame.rotation / 90) % 4]
        matrix = side_data.get("DISPLAYMATRIX")
        if matrix is None:
            return cls()
        # Display x is a*x + c*y and display y is b*x + d*y; the signs and the larger pair tell.
        a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix))
        if abs(a) + abs(d) < abs(b) + abs(c):
            return cls(True, mirrors_x=c < 0, mirrors_y=b < 0)
        return cls(False, mirrors_x=a < 0, mirrors_y=d < 0)

    def apply(self, picture: Pixels) -> Pixels:
        """Turn a picture (height, width, 3); the result is C-contiguous."""
        if self.swaps:
            picture = picture.transpose(1, 0, 2)
        if self.mirrors_x:
            picture = picture[:, ::-1]
        if self.mirrors_y:
            picture = picture[::-1]
        return np.ascontiguousarray(picture)


_QUARTERS = (
    Rotation(),
    Rotation(True, True),
    Rotation(False, True, True),
    Rotation(True, False, True),
)
"""By quarter turns clockwise."""


def _amid_bars(picture: Pixels, size: tuple[int, int]) -> Pixels:
    """Return the picture in the middle of a black one of this width and height."""
    out = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    height, width = picture.shape[:2]
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    out[top : top + height, left : left + width] = picture
    return out


def _reformatter() -> VideoReformatter:
    from av.video.reformatter import VideoReformatter

    return VideoReformatter()


@dataclass(slots=True)
class FrameScaler:
    """Shrinks the pictures of one film; it keeps the tables that swscale makes for a size.

    `pixel_aspect` is the width of a stored pixel in heights; `side_px` the longest side of what
    comes out, which is what is `shown` of the upright picture. `size` is the upright size of the
    film's first picture, None before that was seen.

    Video calls change the size of their pictures as they go, and so do films joined end to end: all
    come out as large as the first, those of another shape between black bars, as players show them.
    """

    pixel_aspect: float
    side_px: int
    shown: Shares = WHOLE_PICTURE
    size: tuple[float, float] | None = None
    _colour: VideoReformatter = field(default_factory=_reformatter)
    _grey: VideoReformatter = field(default_factory=_reformatter)
    _turns: dict[int, Rotation] = field(default_factory=dict)

    def film_size(self, frame: VideoFrame) -> tuple[float, float]:
        """The upright size of the film's first picture, which `frame` is if there was none."""
        if self.size is None:
            self.size = self._upright(frame)
        return self.size

    def _upright(self, frame: VideoFrame) -> tuple[float, float]:
        size = frame.width * self.pixel_aspect, float(frame.height)
        return size[::-1] if self._turn(frame).swaps else size

    def rgb(self, frame: VideoFrame) -> Pixels:
        """A decoded picture as upright RGB (height, width, 3) at working size."""
        turn, own, first = self._turn(frame), self._upright(frame), self.film_size(frame)
        whole, (left, top, right, bottom) = part_of(first, self.shown, self.side_px)
        fitted = whole
        if abs(own[0] * first[1] / (own[1] * first[0]) - 1) >= SAME_SHAPE_SHARE:
            scale = min(whole[0] / own[0], whole[1] / own[1])
            fitted = max(1, round(own[0] * scale)), max(1, round(own[1] * scale))
        width, height = fitted[::-1] if turn.swaps else fitted
        # Turning the small picture is far cheaper than the large one.
        small = self._colour.reformat(frame, width, height, format="rgb24", interpolation="AREA")
        picture = turn.apply(np.asarray(small.to_ndarray(), dtype=np.uint8))
        if fitted != whole:
            picture = _amid_bars(picture, whole)
        return np.ascontiguousarray(picture[top:bottom, left:right])

    def _turn(self, frame: VideoFrame) -> Rotation:
        """The turn, asked of the first picture of each rotation alone.

        PyAV's side data and the picture refer to each other, so that pictures pile up, at full
        size, until Python's garbage collector looks for such cycles.
        """
        rotation = frame.rotation
        if rotation not in self._turns:
            self._turns[rotation] = Rotation.of(frame)
        return self._turns[rotation]

    def thumbnail(self, frame: VideoFrame) -> Pixels:
        """A decoded picture as it is stored, in grey and tiny: enough to tell what moved."""
        scale = min(1.0, THUMBNAIL_SIDE_PX / max(frame.width, frame.height))
        width, height = (max(1, round(side * scale)) for side in (frame.width, frame.height))
        tiny = self._grey.reformat(frame, width, height, format="gray", interpolation="AREA")
        return np.asarray(tiny.to_ndarray(), dtype=np.uint8)
