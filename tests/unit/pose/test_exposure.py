"""Dark pictures are lifted as far as their bright parts and their noise allow."""

from __future__ import annotations

import numpy as np
import pytest

from hinge_dowel.pose.exposure import BRIGHT_LEVEL, DARK_LEVEL, MOST_GAIN, brightness, exposed


def picture(person: int, room: int) -> np.ndarray:
    """A person who fills a quarter of the picture, before a room."""
    pixels = np.full((240, 320, 3), room, dtype=np.uint8)
    pixels[60:180, 80:240] = person
    return pixels


def test_a_picture_in_good_light_is_the_same_object() -> None:
    day = picture(90, 120)
    assert exposed(day) is day


def test_a_dark_one_is_lifted_until_its_bright_parts_are_bright() -> None:
    dusk = picture(100, 20)
    lifted = exposed(dusk)
    assert lifted[100, 100, 0] == BRIGHT_LEVEL
    assert lifted[10, 10, 0] == pytest.approx(20 * BRIGHT_LEVEL / 100, abs=0.5)
    assert lifted.dtype == np.uint8
    assert brightness(dusk) < DARK_LEVEL < brightness(lifted)


def test_noise_in_the_dark_is_not_made_a_picture() -> None:
    assert exposed(picture(6, 2)).max() == 6 * MOST_GAIN
    assert exposed(picture(0, 0)).max() == 0


def test_a_lamp_is_burnt_out_and_does_not_wrap_around_to_black() -> None:
    night = picture(40, 15)
    night[:20, :20] = 250
    assert exposed(night)[5, 5, 0] == 255
