"""What is wrong with the picture, in words that can be read from three metres."""

from __future__ import annotations

import math
from enum import Enum

import numpy as np

from hinge_dowel.analysis.framing import cut_off, too_dark
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.limbs import kneeling_share
from hinge_dowel.body.trunk import trunk_frame
from hinge_dowel.live.snapshot import LiveFigure, LiveFrame
from hinge_dowel.tolerances import DEFAULT, Tolerances

LASTING_S = 0.5
"""A problem with the picture is reported after this long: the first pictures say little, and heads
turn. A choice."""
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


class Problem(Enum):
    """What is wrong with the pictures: what to do about it before a camera, and with a film.

    Of a film it is told otherwise where nobody can do that any more.
    """

    DARK = "Too dark: more light"
    AWAY = "Step into the picture"
    TWO_PEOPLE = "Two people: one at a time"
    HEAD_AND_FEET_OUT = "Step back: head and feet are out"
    HEAD_OUT = "Step back: head is out"
    FEET_OUT = "Step back: feet are out"
    FAR = "Come closer"
    OBLIQUE = "Turn side on"
    NOT_KNEELING = "Kneel upright", "Not kneeling: name the exercise"
    KNEELING = "Stand up", "Kneeling: name the exercise"
    SLOW = "Slow: close other programs"
    FEW = "Few pictures: more light", "Few pictures in this film"
    """Asks for light because cameras give fewer pictures in the dark."""

    def __init__(self, live: str, film: str = "") -> None:
        self._live, self._film = live, film or live

    def words(self, *, live: bool) -> str:
        """Return what is said of it: before a camera (`live`), or of a film."""
        return self._live if live else self._film


class PictureWatch:
    """Follows a session's pictures: what is wrong with them and since when, and how many failed."""

    def __init__(self, tolerances: Tolerances = DEFAULT, *, begun_s: float = 0.0) -> None:
        self._tolerances = tolerances
        self._lit_s = -math.inf
        self.count = self._missed = self._dark = 0
        self.problem: Problem | None = None
        self._changed_s = begun_s
        self._told = False
        self.fine_since_s = self.wrong_since_s = math.inf
        """Since when nothing, or something, is wrong; infinite where that is not so now."""

    def hides(self, light: float, time_s: float) -> bool:
        """Return whether the light has just gone; `light` is a picture's brightness, 0 to 255.

        Nobody can be seen then any more, whatever the pose model says.
        """
        if light >= LIT_LEVELS * self._tolerances.dark_level:
            self._lit_s = time_s
        return light < self._tolerances.dark_level and time_s - self._lit_s < FADING_S

    def note(self, problem: Problem | None, now_s: float, *, missed: bool) -> None:
        """Take in what is wrong with the newest picture; `missed` if it is of no use."""
        self.count += 1
        self._missed += missed
        self._dark += missed and problem is Problem.DARK
        if problem is not self.problem:
            self.problem, self._changed_s, self._told = problem, now_s, False
        if problem is None:
            self.fine_since_s, self.wrong_since_s = min(self.fine_since_s, now_s), math.inf
        else:
            self.fine_since_s, self.wrong_since_s = math.inf, min(self.wrong_since_s, now_s)

    def lasting(self, now_s: float) -> Problem | None:
        """Return what has been wrong for `LASTING_S`."""
        return self.problem if now_s - self._changed_s >= LASTING_S else None

    def news(self, now_s: float) -> Problem | None:
        """Return what has come to last and was not returned before."""
        problem = None if self._told else self.lasting(now_s)
        self._told |= problem is not None
        return problem

    @property
    def too_dark(self) -> bool:
        """Whether too few pictures were usable, mostly for lack of light, by the rule for clips."""
        return too_dark(self.count, self._missed, self._dark, self._tolerances)


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
) -> Problem | None:
    """Return what is wrong with the picture, None when it is fine.

    `light` is its brightness (0 to 255), `count` the number of people; without `turned` the person
    need not stand side on; `kneels` says whether the shins must lie on the floor, None: either way.
    """
    figure, dark = moment.figure, light < tolerances.dark_level
    if figure is None:
        return Problem.DARK if dark else Problem.AWAY
    if count > 1:
        return Problem.TWO_PEOPLE
    if (out := _out_of_picture(figure)) is not None:
        return out
    _, _, trunk_px = trunk_frame(figure.landmarks_px)
    if trunk_px < LEAST_TRUNK_SHARE * figure.size_px[1]:
        return Problem.FAR
    if dark:
        return Problem.DARK
    oblique = (moment.view_angle_deg or 0.0) > tolerances.view_warn_deg
    if turned and (moment.facing is None or oblique):
        return Problem.OBLIQUE
    if kneels is None or kneels == _kneeling(figure):
        return None
    return Problem.NOT_KNEELING if kneels else Problem.KNEELING


def _out_of_picture(figure: LiveFigure) -> Problem | None:
    head, feet = cut_off(figure.landmarks_px, figure.size_px)
    if head and feet:
        return Problem.HEAD_AND_FEET_OUT
    if head or feet:
        return Problem.HEAD_OUT if head else Problem.FEET_OUT
    return None


def _kneeling(figure: LiveFigure) -> bool:
    ahead = -1.0 if figure.facing == "left" else 1.0
    return kneeling_share(figure.landmarks_px[None, :, :2] * [ahead, 1.0]) > 0


def pace(moment: LiveFrame) -> str:
    """Return the rate of pictures and what it suffices for, in words; "" while unknown."""
    if moment.rate_hz is None:
        return ""
    judged = "lights and count only" if moment.slow else "every rep is judged"
    return f"{moment.rate_hz:.0f} pictures a second: {judged}"
