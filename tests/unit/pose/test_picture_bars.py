"""Bars of one colour are told from walls, dark rooms and noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support import clips

from hinge_dowel.pose import picture_bars
from hinge_dowel.pose.extraction import Record
from hinge_dowel.pose.picture_bars import PictureBars, in_whole_picture, shown_part
from hinge_dowel.video.options import WHOLE, WHOLE_PICTURE, Shares
from hinge_dowel.video.reader import probe

WIDE, HIGH = 320, 240


def film(count: int = 6, seed: int = 1) -> list[np.ndarray]:
    """Pictures of a room in which everything changes a little."""
    rng = np.random.default_rng(seed)
    return list(rng.integers(40, 200, (count, HIGH, WIDE, 3), dtype=np.uint8))


def shown(pictures: list[np.ndarray]) -> list[int] | None:
    bars = PictureBars(pictures[0])
    for picture in pictures:
        bars.saw(picture)
    found = bars.shown()
    return None if found == WHOLE_PICTURE else [*np.multiply(found, (WIDE, HIGH, WIDE, HIGH))]


def barred(left: int, top: int, right: int, bottom: int, colour: int = 0) -> list[np.ndarray]:
    """The film, visible within these limits alone."""
    out = []
    for picture in film():
        whole = np.full_like(picture, colour)
        whole[top:bottom, left:right] = picture[top:bottom, left:right]
        out.append(whole)
    return out


def test_a_film_that_fills_the_picture_has_none() -> None:
    assert shown(film()) is None


@pytest.mark.parametrize("colour", [0, 128, 255])
@pytest.mark.parametrize(
    "inside", [(80, 0, 240, 240), (0, 40, 320, 200), (60, 30, 260, 210), (0, 0, 200, 240)]
)
def test_what_lies_within_bars_is_found(inside: tuple[int, ...], colour: int) -> None:
    assert shown(barred(*inside, colour)) == pytest.approx(inside, abs=2)


def test_bars_that_compression_blurs_are_found_all_the_same() -> None:
    rng = np.random.default_rng(3)
    pictures = barred(80, 0, 240, 240, 16)
    spoilt = [picture + rng.integers(0, 5, picture.shape, dtype=np.uint8) for picture in pictures]
    for picture in spoilt:
        picture[:, 78:80] = 90
    assert shown(spoilt) == pytest.approx((80, 0, 240, 240), abs=4)


def test_a_wall_of_one_colour_behind_a_person_is_no_bar() -> None:
    pictures = []
    y, x = np.mgrid[:HIGH, :WIDE]
    for k in range(6):
        wall = np.full((HIGH, WIDE, 3), 230, np.uint8)
        wall[220:] = 120
        wall[80 + 4 * k :, 120:180] = 90
        wall[np.hypot(y - 70 - 4 * k, x - 150) < 15] = 60
        pictures.append(wall)
    assert shown(pictures) is None


def test_a_dark_edge_with_noise_is_no_bar() -> None:
    rng = np.random.default_rng(2)
    pictures = film()
    for picture in pictures:
        picture[:, :80] = rng.integers(0, 30, (HIGH, 80, 3))
    assert shown(pictures) is None


def test_a_picture_that_fades_in_does_not_hide_them() -> None:
    black = [np.zeros((HIGH, WIDE, 3), np.uint8)] * 3
    assert shown([*black, *barred(80, 0, 240, 240)]) == pytest.approx((80, 0, 240, 240), abs=2)
    assert shown(black) is None


def parts_of(path: Path, pictures: list[np.ndarray]) -> Shares:
    film = clips.write_clip(path, pictures, rate_hz=4, codec_options={"crf": "18"})
    return shown_part(film, WHOLE, probe(film).first.rgb)


def test_the_bars_of_a_film_are_told(tmp_path: Path) -> None:
    found = parts_of(tmp_path / "a.mp4", barred(80, 0, 240, 240))
    assert found == pytest.approx((0.25, 0, 0.75, 1), abs=0.01)


def test_a_film_that_begins_black_is_looked_at_again(tmp_path: Path) -> None:
    black = [np.zeros((HIGH, WIDE, 3), np.uint8)] * 3
    found = parts_of(tmp_path / "a.mp4", [*black, *barred(80, 0, 240, 240)])
    assert found == pytest.approx((0.25, 0, 0.75, 1), abs=0.01)


def test_what_only_looks_like_a_bar_at_first_is_none(tmp_path: Path) -> None:
    pictures = [*barred(80, 0, 240, 240), *film()]
    assert parts_of(tmp_path / "a.mp4", pictures) == WHOLE_PICTURE


def test_a_film_without_bars_is_read_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(picture_bars, "read_frames")
    assert parts_of(tmp_path / "a.mp4", film()) == WHOLE_PICTURE


def test_what_was_seen_within_bars_is_told_in_the_whole_picture() -> None:
    landmarks = np.zeros((2, 33, 4), np.float32)
    landmarks[0] = 10, 20, 3, 0.9
    landmarks[1] = np.nan
    seen = Record(np.arange(2.0), landmarks, None, (160, 180))
    found = in_whole_picture(seen, (0.25, 0.125, 0.75, 0.875))
    assert found.size_px == (320, 240)
    assert found.shown_px is not None
    assert found.shown_px.tolist() == [80, 30, 240, 210]
    assert found.landmarks[0, 5].tolist() == pytest.approx([90, 50, 3, 0.9])
    assert np.isnan(found.landmarks[1]).all()
    assert in_whole_picture(seen, WHOLE_PICTURE) is seen
