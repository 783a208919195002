"""Moving WebP: a film whose pictures say how long they are shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import clips

from hinge_dowel.errors import ClipError
from hinge_dowel.video import webp
from hinge_dowel.video.options import FilmOptions
from hinge_dowel.video.reader import frame_near, probe, read_frames

SHOWN_MS = [100, 50, 200, 0, 10, 11, 40]
AT_S = [0.0, 0.1, 0.15, 0.35, 0.45, 0.55, 0.561]


def write(path: Path, pictures: list[np.ndarray], **options: object) -> Path:
    first, *others = (Image.fromarray(picture) for picture in pictures)
    first.save(path, "WEBP", save_all=True, append_images=others, lossless=True, **options)
    return path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write(tmp_path / "film.webp", clips.greys(7), duration=SHOWN_MS)


def test_a_moving_webp_is_a_film_with_the_times_of_its_pictures(film: Path) -> None:
    frames = list(read_frames(film, rate_hz=1000))
    assert [frame.time_s for frame in frames] == pytest.approx(AT_S)
    levels = [int(picture[0, 0, 0]) for picture in clips.greys(7)]
    assert [round(frame.rgb.mean()) for frame in frames] == pytest.approx(levels, abs=1)
    assert (probe(film).width_px, probe(film).height_px) == (64, 48)


def test_it_is_asked_for_a_picture_and_a_part_as_any_film(film: Path) -> None:
    assert frame_near(film, 0.34).time_s == pytest.approx(0.35)
    part = list(read_frames(film, rate_hz=1000, options=FilmOptions(from_s=0.12, to_s=0.5)))
    assert [frame.time_s for frame in part] == pytest.approx([0.15, 0.35, 0.45])


def test_what_is_transparent_and_of_any_size_is_read(tmp_path: Path) -> None:
    pictures = [
        np.dstack([clips.grey(level, 33, 21), clips.grey(255, 33, 21)[..., 0]]) for level in (9, 99)
    ]
    frames = list(read_frames(write(tmp_path / "a.webp", pictures, duration=80)))
    assert [frame.time_s for frame in frames] == pytest.approx([0.0, 0.08])


@pytest.mark.parametrize("save_all", [True, False])
def test_a_still_webp_is_a_picture(tmp_path: Path, save_all: bool) -> None:
    still = tmp_path / "still.webp"
    Image.fromarray(clips.card()).save(still, save_all=save_all)
    assert not webp.moves(still)
    with pytest.raises(ClipError, match="holds a single picture, not a movement"):
        list(read_frames(still))


def test_one_that_is_cut_off_is_a_sentence(tmp_path: Path) -> None:
    """Its decoder needs all of it before the first picture."""
    whole = write(tmp_path / "whole.webp", clips.drifting(40, 320, 240), duration=50)
    content = whole.read_bytes()
    cut = tmp_path / "cut.webp"
    for share in (0.02, 0.5, 0.9):
        cut.write_bytes(content[: round(share * len(content))])
        with pytest.raises(ClipError, match="can be decoded: copy or record it again"):
            list(read_frames(cut))


def test_one_that_is_damaged_midway_ends_there(tmp_path: Path) -> None:
    film = write(tmp_path / "film.webp", clips.drifting(40, 320, 240), duration=50)
    content = bytearray(film.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40] = b"\xa5" * 40
    film.write_bytes(content)
    assert 10 < len(list(read_frames(film, rate_hz=1000))) < 30


def test_one_that_is_damaged_is_a_sentence(film: Path, tmp_path: Path) -> None:
    content = bytearray(film.read_bytes())
    content[30:] = bytes(len(content) - 30)
    film.write_bytes(content)
    with pytest.raises(ClipError, match="can be decoded: copy or record it again"):
        list(read_frames(film))
    other = tmp_path / "short.webp"
    other.write_bytes(b"RIFF")
    assert not webp.moves(other)
