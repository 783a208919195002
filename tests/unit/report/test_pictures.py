"""One picture of a clip, cut and packed."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from support.clips import card, greys, write_clip

from hinge_dowel.errors import ClipError
from hinge_dowel.report.pictures import CropBox, still


def image(uri: str) -> Image.Image:
    head, _, data = uri.partition(",")
    assert head == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_it_is_cut_to_its_box_whatever_the_size_that_was_analysed(tmp_path: Path) -> None:
    """Boxes count in the analysed picture, here half as large as the film's own."""
    clip = write_clip(tmp_path / "a.mp4", [card(640, 480)] * 3)
    green = image(still(clip, 0.1, (320, 240), CropBox(200, 20, 80, 60), 400))
    assert green.size == (80, 60)
    red, full, blue = green.getpixel((40, 30))
    assert full > 200 > 80 > max(red, blue)


def test_its_longer_side_is_kept_to(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mp4", [card(640, 480)] * 3)
    assert image(still(clip, 0.1, (640, 480), CropBox(0, 0, 200, 400), 100)).size == (50, 100)


def test_it_is_the_picture_nearest_to_its_time(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mp4", greys(11), rate_hz=10)
    box = CropBox(0, 0, 64, 48)
    levels = [
        image(still(clip, at, (64, 48), box, 64)).getpixel((32, 24))[0] for at in (0, 0.51, 9)
    ]
    assert levels == pytest.approx([20, 125, 230], abs=6)


def test_a_clip_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClipError):
        still(tmp_path / "gone.mp4", 0.0, (64, 48), CropBox(0, 0, 64, 48), 64)
