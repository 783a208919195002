"""Encodes pictures as H.264 that plays in browsers, each at its own time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from hinge_dowel.body.array_types import Pixels

UNIT_S = Fraction(1, 90_000)
"""Unit of a picture's time: that of MPEG."""
USUAL_RATE_HZ = 30
"""Pictures a second where there is only one to tell by."""


def even(picture: Pixels) -> Pixels:
    """Return a picture cut to even sides, at least 2, as the encoder needs them."""
    height, width = (max(side - side % 2, 2) for side in picture.shape[:2])
    return np.ascontiguousarray(picture[:height, :width])


class Encoder:
    """Adds pictures to a film, an MP4 container that is open for writing.

    `quality_crf` is the encoder's constant rate factor, 0 (best) to 51; `preset` its speed;
    `key_frames` the number of pictures from one key picture to the next. Raises what PyAV does.
    """

    def __init__(self, film: Any, *, quality_crf: int, preset: str, key_frames: int) -> None:
        options = {"crf": str(quality_crf), "preset": preset}
        self._film = film
        self._stream = film.add_stream("libx264", rate=USUAL_RATE_HZ, options=options)
        self._stream.pix_fmt = "yuv420p"
        context = self._stream.codec_context
        context.time_base, context.gop_size = UNIT_S, key_frames
        # 1 is BT.709, which players assume; it is declared nonetheless.
        context.colorspace = context.color_primaries = context.color_trc = context.color_range = 1
        self._last, self._stay = 0, round(1 / (USUAL_RATE_HZ * UNIT_S))
        self._begun = False

    def put(self, picture: Pixels, time: int) -> None:
        """Add a picture (height, width, 3), all of one even size, shown from `time` in `UNIT_S`."""
        from av import VideoFrame
        from av.video.reformatter import ColorRange, Colorspace

        if not self._begun:
            self._stream.height, self._stream.width = picture.shape[:2]
            self._begun = True
        frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        frame.time_base, frame.pts = UNIT_S, time
        if time > self._last:
            self._last, self._stay = time, time - self._last
        self._mux(frame)

    def finish(self) -> None:
        """Write what the encoder still holds back."""
        if self._begun:
            self._mux(None)

    def _mux(self, frame: Any) -> None:
        for packet in self._stream.encode(frame):
            packet.duration = self._stay  # matters for the last picture only
            self._film.mux(packet)
