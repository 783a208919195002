"""Bars of one colour are told from walls, dark rooms and noise."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.pose.picture_bars import PictureBars

WIDE, HIGH = 320, 240


def film(count: int = 6, seed: int = 1) -> list[np.ndarray]:
    """Pictures of a room in which everything changes a little."""
    rng = np.random.default_rng(seed)
    return list(rng.integers(40, 200, (count, HIGH, WIDE, 3), dtype=np.uint8))


def shown(pictures: list[np.ndarray]) -> list[int] | None:
    bars = PictureBars()
    for picture in pictures:
        bars.saw(picture)
    found = bars.shown_px()
    return None if found is None else found.tolist()


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
    assert shown([]) is None


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


def test_two_parts_of_a_film_tell_together_what_the_whole_does() -> None:
    pictures = barred(80, 0, 240, 240)
    first, second = PictureBars(), PictureBars()
    for k, picture in enumerate(pictures):
        (first if k < 3 else second).saw(picture)
    first.add(second)
    first.add(PictureBars())
    found = first.shown_px()
    assert found is not None
    assert found.tolist() == shown(pictures)


def test_a_picture_of_another_size_begins_anew() -> None:
    small = film()[0][:120, :160]
    assert shown([*barred(80, 0, 240, 240), small]) is None
