"""Finds what is wrong with the picture; says it in words that can be read from three metres."""

from __future__ import annotations

import math

import numpy as np

from hinge_dowel.analysis.framing import cut_off, too_dark
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.limbs import kneeling_share
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.live.snapshot import LiveFigure, LiveFrame
from hinge_dowel.tolerances import DEFAULT, Tolerances

DARK = "Too dark: more light"
AWAY = "Step into the picture"
KNEEL = "Kneel upright"
STAND_UP = "Stand up"
OF_A_FILM = {KNEEL: "Not kneeling: name the exercise", STAND_UP: "Kneeling: name the exercise"}
"""What is said in their place of a film, in which nobody can do so any more."""
SLOW = "Slow: close other programs"
FEW = "Few pictures: more light"
"""Asks for light because cameras give fewer pictures in the dark."""
FEW_FILMED = "Few pictures in this film"
LEAST_TRUNK_SHARE = 0.1
"""A person whose trunk is shorter than this share of the picture's height is too far away: at 480
pixels the curve of the back is then a handful of pixels. A choice."""
SAME_PERSON_SHARE = 0.5
"""Two boxes that overlap by more than this share of the smaller one are one person. A choice."""
LEAST_HEIGHT_SHARE = 0.5
"""People less tall in the picture than this share of the tallest are far in the background and not
counted. A choice."""
LIT_LEVELS = 2.0
"""A picture this many times as bright as `dark_level` is well lit. A choice."""
FADING_S = 1.0
"""For this long after the last well lit picture, dark pictures are not used: the pose model still
draws the person, with legs that leap, for up to 0.8 s in samples that went dark midway."""


class DarknessWatch:
    """Finds the pictures in which nobody can be seen any more, whatever the pose model says."""

    def __init__(self, tolerances: Tolerances = DEFAULT) -> None:
        self._dark_level = tolerances.dark_level
        self._lit_s = -math.inf

    def hides(self, light: float, time_s: float) -> bool:
        """Return whether the light has just gone; `light` is a picture's brightness, 0 to 255."""
        if light >= LIT_LEVELS * self._dark_level:
            self._lit_s = time_s
        return light < self._dark_level and time_s - self._lit_s < FADING_S


class UnusableFrames:
    """Counts a session's unusable pictures, and how many of these were dark."""

    def __init__(self, tolerances: Tolerances = DEFAULT) -> None:
        self._tolerances = tolerances
        self._pictures = self._missed = self._dark = 0

    def note(self, missed: bool, wrong: str) -> None:
        """Count a picture; `missed` if it was of no use, `wrong` what `problem` says of it."""
        self._pictures += 1
        self._missed += missed
        self._dark += missed and wrong == DARK

    @property
    def too_dark(self) -> bool:
        """Whether too few pictures were usable, mostly for lack of light, by the rule for clips."""
        return too_dark(self._pictures, self._missed, self._dark, self._tolerances)


def people(boxes: Array) -> int:
    """Count people by their boxes (N, 4): left, top, right, bottom in pixels.

    Duplicates and people far in the background are left out.
    """
    counted: list[Array] = []
    tallest = max((box[3] - box[1] for box in boxes), default=0.0)
    for box in boxes:
        if box[3] - box[1] >= LEAST_HEIGHT_SHARE * tallest and all(
            _overlap(box, other) < SAME_PERSON_SHARE for other in counted
        ):
            counted.append(box)
    return len(counted)


def _overlap(a: Array, b: Array) -> float:
    """Return the area two boxes share over the area of the smaller one."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    area = min(float(np.prod(a[2:] - a[:2])), float(np.prod(b[2:] - b[:2])))
    return float(np.prod(np.maximum(sides, 0))) / area if area > 0 else 0.0


def problem(
    moment: LiveFrame,
    *,
    light: float = 255.0,
    count: int = 1,
    tolerances: Tolerances = DEFAULT,
    turned: bool = True,
    kneels: bool | None = None,
) -> str:
    """Return what to do about the picture, "" when it is fine.

    `light` is its brightness (0 to 255), `count` the number of people; without `turned` the person
    need not stand side on; `kneels` says whether the shins must lie on the floor, None: either way.
    """
    figure = moment.figure
    if not moment.seen or figure is None:
        return DARK if light < tolerances.dark_level else AWAY
    if count > 1:
        return "Two people: one at a time"
    head, feet = cut_off(figure.landmarks_px, figure.size_px)
    if head and feet:
        return "Step back: head and feet are out"
    if head or feet:
        return f"Step back: {'head is' if head else 'feet are'} out"
    _, _, trunk_px = trunk_frame(figure.landmarks_px)
    if trunk_px < LEAST_TRUNK_SHARE * figure.size_px[1]:
        return "Come closer"
    if light < tolerances.dark_level:
        return DARK
    slant_deg = (tolerances.view_warn_deg + tolerances.view_far_deg) / 2
    if turned and (moment.facing is None or (moment.view_angle_deg or 0.0) > slant_deg):
        return "Turn side on"
    if kneels is None or kneels == _kneeling(figure):
        return ""
    return KNEEL if kneels else STAND_UP


def _kneeling(figure: LiveFigure) -> bool:
    ahead = -1.0 if figure.facing == "left" else 1.0
    return kneeling_share(figure.landmarks_px[None, :, :2] * [ahead, 1.0]) > 0


def pace(moment: LiveFrame) -> str:
    """Return the rate of pictures and what it suffices for, in words; "" while unknown."""
    if moment.rate_hz is None:
        return ""
    judged = "lights and count only" if moment.slow else "every rep is judged"
    return f"{moment.rate_hz:.0f} pictures a second: {judged}"
