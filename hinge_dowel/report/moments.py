"""Moments of a clip as pictures, photographs or drawn figures, with dowel and lights over them.

Here are the numbers; `templates/drawings.html` draws them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hinge_dowel.body.array_types import Array
from hinge_dowel.body.landmarks import ARM, EARS, HEELS, HIPS, LEG, SHOULDERS, TOES
from hinge_dowel.errors import ClipError
from hinge_dowel.exercises.cues import CONTACTS
from hinge_dowel.report import contacts, highlights, pictures
from hinge_dowel.report.contacts import Drawing, Light
from hinge_dowel.report.highlights import Highlight
from hinge_dowel.report.pictures import CropBox
from hinge_dowel.verdict import Facing, Rep, Series, Verdict
from hinge_dowel.video.options import WHOLE, FilmOptions

Points = tuple[float, ...]
"""x and y in turn."""

LARGE = 1000
"""Longer side of a large picture, in units of its drawing. Layout."""
SMALL = 200
"""Longer side of a small picture, in units of its drawing."""
ROOM_SHARE = 0.1
"""Margin around the person in a picture, as a share of the longer side. A choice."""
LEAST_ASPECT = 0.8
"""Least shorter side of a picture over its longer one. A choice."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; its name is a class of the style sheet."""

    name: str
    points: Points


@dataclass(frozen=True, slots=True)
class Lamp:
    """A contact light and its place in the drawing."""

    light: Light
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame: a picture (a data URI) or a drawn figure, with dowel and lights over it.

    `at_s` is its time in the clip, `head` the head's centre and radius.
    """

    label: str
    at_s: float
    small: bool
    width: float
    height: float
    picture: str | None
    limbs: tuple[Stroke, ...]
    trunk: Points
    head: tuple[float, float, float] | None
    lines: tuple[Stroke, ...]
    lamps: tuple[Lamp, ...]


@dataclass
class Stills:
    """Makes the pictures of one clip; drawn figures where `clip` is None or cannot be read.

    `side_px` is the longer side of the large pictures, `small_px` of the small ones, None for
    figures; `options` are those the film was checked with.
    """

    verdict: Verdict
    clip: Path | None
    side_px: int
    small_px: int | None = None
    options: FilmOptions = WHOLE

    def __post_init__(self) -> None:
        self._drawn = contacts.drawing(self.verdict)

    def large(self, shown: Highlight, caption: str) -> Moment:
        """Return a picture with every light, labelled with its caption."""
        return self._moment(shown, caption, LARGE, self.side_px)

    def small(self, rep: Rep) -> Moment | None:
        """Return a picture of a repetition at its bottom; None where none can be drawn."""
        shown = highlights.at_bottom(self.verdict, rep)
        if shown is None:
            return None
        half = "half, " if rep.partial else ""
        label = f"Rep {rep.number}: {half}{contacts.WHOLE_WORDS[contacts.of_whole(rep)]}"
        return self._moment(shown, label, SMALL, self.small_px)

    def _moment(self, shown: Highlight, label: str, longer: int, side_px: int | None) -> Moment:
        """Return one frame's drawing; `longer` is its longer side, `LARGE` or `SMALL`.

        A small one has only the lights that are off or borderline.
        """
        series, frame, drawn = self.verdict.series, shown.frame, self._drawn
        assert series is not None
        box = surroundings(series, drawn, frame)
        scale, small = longer / max(box.width, box.height), longer == SMALL

        def scaled(places: Array) -> Array:
            """Convert places from the series' unit (pixels or other) to that of the drawing."""
            moved = np.asarray((places - np.array([box.left, box.top])) * scale)
            return np.round(moved) if small else moved

        picture = self._picture(shown.time_s, series.size_px, box, side_px)
        marks, back = scaled(series.landmarks_px[frame]), scaled(series.back_px[frame])
        spine = [] if picture or small else [Stroke("spine", _points(back))]
        leg, knees = _knees(shown.rep, scaled(drawn.leg_px[frame]))
        dowel = _points(scaled(drawn.dowel_px[frame]))
        stick = [Stroke(name, dowel) for name in ("dowel-edge", "dowel")[small:]]
        places, feet = scaled(drawn.places_px[frame]), scaled(drawn.feet_px[frame])
        gaps, lamps = _contacts(shown.rep, places, feet, small)
        figure = picture is None and len(marks) > 0
        trunk, head = _torso(marks, back) if figure else ((), None)
        return Moment(
            label=label,
            at_s=shown.time_s,
            small=small,
            width=box.width * scale,
            height=box.height * scale,
            picture=picture,
            limbs=tuple(_limbs(marks, back, self.verdict.facing, small)) if figure else (),
            trunk=trunk,
            head=head,
            lines=(*spine, *leg, *stick, *gaps),
            lamps=(*knees, *lamps),
        )

    def _picture(
        self, time_s: float, size_px: tuple[int, int] | None, box: CropBox, side_px: int | None
    ) -> str | None:
        if self.clip is None or size_px is None or side_px is None:
            return None
        try:
            return pictures.still(self.clip, time_s, size_px, box, side_px, self.options)
        except ClipError:
            self.clip = None  # gone or changed since it was checked: figures are drawn
            return None


def surroundings(series: Series, drawn: Drawing, frame: int) -> CropBox:
    """Return the part of the picture around person and dowel in one frame, with a margin."""
    points = np.concatenate(
        [series.landmarks_px[frame], drawn.dowel_px[frame], drawn.places_px[frame]]
    )
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    room = ROOM_SHARE * float((high - low).max())
    low, high = low - room, high + room
    middle, extent = (low + high) / 2, high - low
    extent = np.maximum(extent, extent[::-1] * LEAST_ASPECT)
    low, high = middle - extent / 2, middle + extent / 2
    if series.size_px is not None:
        size = np.array(series.size_px, dtype=float)
        low, high = np.clip(low, 0, size), np.clip(high, 0, size)
    return CropBox(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))


def _knees(rep: Rep, leg: Array) -> tuple[list[Stroke], list[Lamp]]:
    """Return the leg (3, 2) and its knee's light where the knees bend too much, or may do."""
    light = contacts.of_knees(rep)
    if light not in ("off", "close") or not np.isfinite(leg).all():
        return [], []
    return [Stroke(f"leg {light}", _points(leg))], [Lamp(light, float(leg[1, 0]), float(leg[1, 1]))]


def _contacts(rep: Rep, places: Array, feet: Array, small: bool) -> tuple[list[Stroke], list[Lamp]]:
    """Return the gaps between places and dowel, and the lights, of the `CONTACTS` (3, 2)."""
    gaps, lamps = [], []
    for contact, place, foot in zip(CONTACTS, places, feet, strict=True):
        light = contacts.of_rep(rep, contact)
        if not np.isfinite([place, foot]).all() or (small and light in ("on", "unseen")):
            continue
        if light == "off" and not small:
            gaps.append(Stroke("gap", _points(np.stack([foot, place]))))
        x, y = place if light == "off" else foot
        lamps.append(Lamp(light, float(x), float(y)))
    return gaps, lamps


def _limbs(marks: Array, back: Array, facing: Facing | None, small: bool) -> Iterator[Stroke]:
    """Yield arms, legs and neck of a drawn figure, the far side first and paler.

    `marks` (33, 2) are landmarks in MediaPipe's order.
    """
    near, far = (0, 1) if facing == "left" else (1, 0)  # facing left shows the left side
    for side, name in ((far, "limb far"), (near, "limb near")):
        if small and side == far:
            continue
        for chain in ((*LEG, TOES), ARM):
            yield Stroke(name, _points(marks[[pair[side] for pair in chain]]))
        if not small:
            yield Stroke(f"{name} foot", _points(marks[[HEELS[side], TOES[side]]]))
    yield Stroke("limb near neck", _points(np.stack([marks[list(EARS)].mean(0), back[1]])))


def _torso(marks: Array, back: Array) -> tuple[Points, tuple[float, float, float] | None]:
    """Return the trunk's outline, and the head's centre and radius; () and None where unknown."""
    shoulder, hip, ears = (marks[list(pair)].mean(0) for pair in (SHOULDERS, HIPS, EARS))
    # The chest lies about as far in front of the shoulders as the back lies behind them.
    front = np.stack([hip * 2 - back[-1], shoulder + 0.6 * (shoulder - back[1])])
    outline = np.concatenate([back[1:], front])
    trunk = _points(outline) if np.isfinite(outline).all() else ()
    if not np.isfinite([ears, shoulder, hip]).all():
        return trunk, None
    return trunk, (float(ears[0]), float(ears[1]), 0.2 * float(np.hypot(*(shoulder - hip))))


def _points(points: Array) -> Points:
    """Return the finite ones of points (N, 2), x and y in turn."""
    return tuple(points[np.isfinite(points).all(axis=1)].ravel().tolist())
