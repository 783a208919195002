"""Drawing on a picture of a clip: dowel, contact lights, angles, cue. Only here: cv2.

Pictures are (height, width, 3) uint8, RGB, and are drawn on in place. Shapes come from cv2 for
its smooth edges, letters from Pillow, whose own font knows more than cv2's strokes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hinge_dowel.body.array_types import Array, Pixels
from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.report.contacts import KNEES_LIGHT, Light

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
SOFT: Colour = (205, 212, 220)
WOOD: Colour = (233, 184, 114)
WOOD_EDGE: Colour = (61, 42, 16)
"""Colours of words, paler words, the dowel and its edge. Choices: shapes show the same."""
LIGHTS: Mapping[Light, Colour] = {
    "on": (23, 128, 74),
    "close": (184, 116, 0),
    "off": (204, 42, 42),
    "unseen": (106, 118, 134),
    "idle": (140, 148, 160),
}
GAPS: Mapping[Light, Colour] = {"off": (255, 92, 80), "close": (255, 190, 84)}
"""Colours of words and lines for faults and for maybes. `templates/drawings.css` has the page's,
the same for dowel, lights and lines."""
SHADE = 0.28
"""Share of the picture's brightness left behind words. A choice: readable on any picture."""
_FINE_BITS = 4
"""Fractional bits of a pixel in coordinates for cv2: sixteenths."""

# All lengths below are in pixels, as shares of the letters' size or of a light's radius: layout.


@dataclass(frozen=True, slots=True)
class OverlayFrame:
    """What is drawn on one picture.

    Places are pixels of that picture, NaN where not seen: `dowel` (2, 2) its ends, `places` and
    `feet` (3, 2) on the back and on the dowel, in the order of `CONTACTS`; `leg` (3, 2) hip, knee
    and ankle, marked while the knees' light is off or borderline. `lights` are those of `CONTACTS`,
    `knees` that of the knees, None where legs are not judged. `angles` are words and degrees, None
    where not seen. `tally` holds a light for each finished repetition. `cue` is a heading and a
    sentence; its light is off for a sure fault, close for a maybe.
    """

    title: str
    phase: str = ""
    dowel: Array | None = None
    places: Array | None = None
    feet: Array | None = None
    lights: Mapping[str, Light] | None = None
    angles: Sequence[tuple[str, float | None]] = ()
    tally: Sequence[Light] = ()
    cue: tuple[str, str] | None = None
    cue_light: Light = "off"
    leg: Array | None = None
    knees: Light | None = None


def draw(picture: Pixels, shown: OverlayFrame) -> None:
    """Draw all parts of `shown` on the picture, in place."""
    height, width = picture.shape[:2]
    size = max(8, round(min(width / 22, height / 24)))
    _body(picture, shown, max(4.0, min(width, height) / 45))
    top = round(size * (3.1 if shown.angles else 1.7))
    _shade(picture, 0, top)
    x = round(size * 0.6)
    end = _text(picture, shown.title, x, round(size * 0.25), size, WHITE)
    _text(picture, shown.phase, end + size, round(size * 0.25), size, SOFT)
    _tally(picture, shown.tally, size)
    for word, value in shown.angles:
        y = round(size * 1.65)
        x = _text(picture, word, x, round(y + size * 0.12), round(size * 0.85), SOFT) + size // 3
        said = "?" if value is None or not np.isfinite(value) else f"{round(value) + 0:d}°"
        _text(picture, said, x, y, size, WHITE)
        x += round(size * 3)
    bottom = height
    if shown.lights is not None:
        bottom = height - round(size * 1.9)
        _shade(picture, bottom, height)
        _legend(picture, shown.lights, shown.knees, bottom, size)
    if shown.cue is not None:
        _cue(picture, *shown.cue, shown.cue_light, bottom, size)


def _body(picture: Pixels, shown: OverlayFrame, radius: float) -> None:
    if shown.dowel is None or shown.places is None or shown.feet is None or shown.lights is None:
        return
    if np.isfinite(shown.dowel).all():
        upper, lower = shown.dowel
        _stroke(picture, upper, lower, WOOD_EDGE, radius * 0.85)
        _stroke(picture, upper, lower, WOOD, radius * 0.5)
    leg, knees = shown.leg, shown.knees
    if leg is not None and knees is not None and knees in GAPS and np.isfinite(leg).all():
        for start, end in pairwise(leg):
            _stroke(picture, start, end, GAPS[knees], radius * 0.35)
        lamp(picture, knees, leg[1], radius)
    for place, foot, light in zip(shown.places, shown.feet, shown.lights.values(), strict=True):
        if not (np.isfinite(place).all() and np.isfinite(foot).all()):
            continue
        if light == "off":
            _stroke(picture, foot, place, GAPS[light], radius * 0.35)
        lamp(picture, light, place if light == "off" else foot, radius)


def lamp(picture: Pixels, light: Light, centre: Array, radius: float) -> None:
    """Draw a contact light: a disc with a tick, a bar, a cross or a dot."""
    import cv2

    at, one = _fine(centre), 1 << _FINE_BITS
    cv2.circle(picture, at, round(radius * 1.18 * one), WHITE, -1, cv2.LINE_AA, _FINE_BITS)
    cv2.circle(picture, at, round(radius * one), LIGHTS[light], -1, cv2.LINE_AA, _FINE_BITS)
    strokes = {
        "on": [[(-0.45, 0.05), (-0.12, 0.38), (0.45, -0.35)]],
        "close": [[(-0.5, 0.0), (0.5, 0.0)]],
        "off": [[(-0.4, -0.4), (0.4, 0.4)], [(-0.4, 0.4), (0.4, -0.4)]],
        "unseen": [[(-0.1, 0.0), (0.1, 0.0)]],
        "idle": [],
    }[light]
    for stroke in strokes:
        points = [np.asarray(centre) + np.array(point) * radius for point in stroke]
        for start, end in pairwise(points):
            _stroke(picture, start, end, WHITE, radius * 0.28)


def _legend(
    picture: Pixels, lights: Mapping[str, Light], knees: Light | None, top: int, size: int
) -> None:
    """Draw the lights with their names, side by side."""
    items = [(lights[contact], name) for contact, name in CONTACTS.items()]
    if knees is not None:
        items.append((knees, KNEES_LIGHT))
    room = picture.shape[1] / len(items)
    # "upper back" is 5.4 times as long as its letters are high; its light takes the rest.
    letters = max(min(size, int((room - 1.8 * size) / 5.4)), 4)
    radius = size * 0.5
    for place, (light, name) in enumerate(items):
        x = room * place + size * 0.9
        lamp(picture, light, np.array([x, top + size * 0.95]), radius)
        y = round(top + size * 0.4 + (size - letters) / 2)
        _text(picture, name, round(x + size * 0.75), y, letters, WHITE)


def _tally(picture: Pixels, tally: Sequence[Light], size: int) -> None:
    """Draw a light for each finished repetition, the latest at the right edge."""
    most = max(1, picture.shape[1] // (3 * size))
    for place, light in enumerate(reversed(tally[-most:])):
        x = picture.shape[1] - size * (0.9 + 1.05 * place)
        lamp(picture, light, np.array([x, size * 0.85]), size * 0.38)


def _cue(picture: Pixels, head: str, sentence: str, light: Light, bottom: int, size: int) -> None:
    """Draw heading and sentence, wrapped, on a shade above `bottom`."""
    room = picture.shape[1] - 2 * size
    lines = _wrapped(sentence, room, size)
    top = max(0, bottom - round(size * (1.6 + 1.3 * len(lines) + 0.4)))
    _shade(picture, top, bottom)
    picture[top:bottom, : max(3, size // 4)] = LIGHTS[light]
    _text(picture, head, size, round(top + size * 0.25), round(size * 1.1), GAPS.get(light, WHITE))
    for row, line in enumerate(lines):
        _text(picture, line, size, round(top + size * (1.65 + 1.3 * row)), size, WHITE)


def _wrapped(text: str, room: int, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _letters(longer, size).shape[1] <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shade(picture: Pixels, top: int, bottom: int) -> None:
    part = picture[max(top, 0) : bottom]
    part[:] = (part * SHADE).astype(np.uint8)


def _stroke(picture: Pixels, start: Array, end: Array, colour: Colour, width: float) -> None:
    import cv2

    thick = max(1, round(width))
    cv2.line(picture, _fine(start), _fine(end), colour, thick, cv2.LINE_AA, _FINE_BITS)


def _fine(point: Array) -> tuple[int, int]:
    # cv2's integers would overflow far outside the picture, where nothing is seen.
    x, y = np.clip(np.asarray(point) * (1 << _FINE_BITS), -1e6, 1e6)
    return round(float(x)), round(float(y))


def _text(picture: Pixels, text: str, x: int, y: int, size: int, colour: Colour) -> int:
    """Write one line with its upper left corner at (x, y); return the x of its end."""
    if not text:
        return x
    letters = _letters(text, size)
    part = picture[max(y, 0) : y + letters.shape[0], max(x, 0) : x + letters.shape[1]]
    cover = letters[: part.shape[0], : part.shape[1], None].astype(np.float32) / 255
    part[:] = (part * (1 - cover) + np.array(colour, np.float32) * cover).astype(np.uint8)
    return x + int(letters.shape[1])


@lru_cache(maxsize=512)
def _letters(text: str, size: int) -> Pixels:
    """Return the coverage of each pixel (height, width) by one line of text, 0 to 255."""
    from PIL import Image, ImageDraw

    font = _font(size)
    left, _, right, _ = font.getbbox(text)
    paper = Image.new("L", (max(1, round(right - left) + 2), round(size * 1.35)))
    ImageDraw.Draw(paper).text((1 - left, 0), text, fill=255, font=font)
    return np.asarray(paper, dtype=np.uint8)


@lru_cache(maxsize=16)
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # as in every wheel of Pillow
    return font
