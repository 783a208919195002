"""Single pictures of a clip for reports, cropped to the person."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from hinge_dowel.video.options import WHOLE, FilmOptions
from hinge_dowel.video.reader import frame_near

JPEG_QUALITY = 72
"""JPEG quality, 1 to 95: the line of a back is plain, at about 15 kB for 480 pixels. A choice."""


@dataclass(frozen=True, slots=True)
class CropBox:
    """A part of the analysed picture, in its pixels."""

    left: float
    top: float
    width: float
    height: float


def still(
    path: Path,
    time_s: float,
    size_px: tuple[int, int],
    box: CropBox,
    side_px: int,
    options: FilmOptions = WHOLE,
) -> str:
    """Return the picture of a clip nearest to `time_s`, cropped to `box`, as a JPEG data URI.

    `box` is in pixels of a picture of `size_px`; the longer side of the result is at most
    `side_px`. Raises `ClipError` where the clip cannot be read.
    """
    from PIL import Image

    picture = frame_near(path, time_s, side_px=max(size_px), options=options).rgb
    scale = picture.shape[1] / size_px[0], picture.shape[0] / size_px[1]
    edges = (
        round(box.left * scale[0]),
        round(box.top * scale[1]),
        round((box.left + box.width) * scale[0]),
        round((box.top + box.height) * scale[1]),
    )
    image = Image.fromarray(picture).crop(edges)
    image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return "data:image/jpeg;base64," + b64encode(packed.getvalue()).decode("ascii")
