"""What is drawn on a picture of a clip."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from support import verdicts
from support.clips import Picture

from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.report import overlay, templating
from hinge_dowel.report.films import Script
from hinge_dowel.report.overlay import OverlayFrame

FAULTY = verdicts.verdict(reps=[("spinal_flexion",), ()])
BODY = OverlayFrame(
    "Rep 1",
    dowel=np.array([[100.0, 150.0], [300.0, 350.0]]),
    places=np.array([[150.0, 200.0], [200.0, 250.0], [230.0, 330.0]]),
    feet=np.array([[150.0, 200.0], [200.0, 250.0], [280.0, 330.0]]),
    lights=dict(zip(CONTACTS, ("on", "close", "off"), strict=True)),
    leg=np.array([[400.0, 150.0], [420.0, 250.0], [400.0, 350.0]]),
)


def drawn(shown: OverlayFrame, side: int = 480) -> Picture:
    picture = np.full((side, side, 3), 90, np.uint8)
    overlay.draw(picture, shown)
    return picture


def share(picture: Picture, x: float, y: float, colour: tuple[int, int, int]) -> float:
    """How much of the 9 x 9 px around a place has a colour."""
    part = picture[round(y) - 4 : round(y) + 5, round(x) - 4 : round(x) + 5].astype(int)
    return float((np.abs(part - colour).max(axis=2) < 60).mean())


def test_a_light_is_where_the_place_is_and_a_gap_leads_to_it() -> None:
    picture = drawn(BODY)
    for (x, y), light in zip(BODY.places, ("on", "close", "off"), strict=True):
        assert share(picture, x - 7, y + 7, overlay.LIGHTS[light]) > 0.3
    assert share(picture, 258, 330, overlay.GAPS["off"]) > 0.3
    assert share(picture, 120, 170, overlay.WOOD) > 0.4
    assert share(picture, 350, 200, (90, 90, 90)) == 1.0


def test_a_film_is_drawn_in_the_colours_of_the_page() -> None:
    sheet = templating.files("drawings.css")

    def on_page(kind: str) -> tuple[int, ...]:
        (found,) = re.findall(rf"^\.{kind} {{.*(?:fill|stroke): #(\w{{6}});", sheet, re.MULTILINE)
        return tuple(bytes.fromhex(found))

    lights = ("on", "close", "off", "unseen")
    assert [on_page(rf"light\.{light}") for light in lights] == [
        overlay.LIGHTS[light] for light in lights
    ]
    assert {light: on_page(rf"leg\.{light}") for light in overlay.GAPS} == overlay.GAPS
    assert on_page("gap") == overlay.GAPS["off"]
    assert (on_page("dowel"), on_page("dowel-edge")) == (overlay.WOOD, overlay.WOOD_EDGE)


@pytest.mark.parametrize("knees", ["off", "close", "on", None])
def test_the_leg_is_marked_only_while_it_is_wrong(knees: overlay.Light | None) -> None:
    picture = drawn(replace(BODY, knees=knees))
    there = share(picture, 410, 200, overlay.GAPS.get(knees or "on", overlay.WHITE))
    assert (there > 0.3) is (knees in ("off", "close"))


@pytest.mark.parametrize("name", ["dowel", "places", "feet", "leg"])
def test_what_is_not_seen_is_not_drawn(name: str) -> None:
    whole = replace(BODY, knees="off")
    lost = replace(whole, **{name: getattr(whole, name) * np.nan})
    bare = replace(whole, **dict.fromkeys(("dowel", "places", "feet", "leg")))
    assert (drawn(lost) != drawn(bare)).any()
    assert (drawn(lost) != drawn(whole)).any()


@pytest.mark.parametrize("size", [(4, 2), (16, 16), (64, 48), (640, 40), (40, 640)])
def test_a_picture_too_small_for_words_is_drawn_on_without_complaint(size: tuple[int, int]) -> None:
    width, height = size
    for second in (1.0, 4.0, 7.0):
        picture = np.full((height, width, 3), 90, np.uint8)
        overlay.draw(picture, Script(FAULTY).at(second, width, height))
        assert (picture != 90).any()


def test_numbers_far_outside_the_picture_are_drawn_without_complaint() -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    shown = Script(FAULTY).at(4.0, 64, 48)
    assert shown.dowel is not None
    overlay.draw(picture, replace(shown, dowel=shown.dowel * 1e9))
    assert picture.any()


def test_the_same_words_are_written_everywhere_they_fit() -> None:
    wide = np.zeros((480, 640, 3), np.uint8)
    overlay.draw(wide, overlay.OverlayFrame("Rep 1 of 2"))
    assert (wide[:40, :200] > 200).any()
    assert not wide[60:].any()
