"""The person as a figure of dots: body, dowel and the places where they meet.

No state is kept from frame to frame, yet the figure does not jump: its feet stand on one spot of a
fixed floor, and its size comes from the length of the back, the steadiest length measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from hinge_dowel.analysis.back_regions import contact_rows
from hinge_dowel.body.array_types import Array
from hinge_dowel.body.figure import figure as pose
from hinge_dowel.body.landmarks import ANKLES, ARM, EARS, HEELS, HIPS, LEG, NOSE, SHOULDERS, TOES
from hinge_dowel.live.screen.canvas import Dots, disc, grown, stroke
from hinge_dowel.live.snapshot import LiveFigure

# Lengths as shares of stature, measured on the sample clips unless marked as layout.
_BACK = 0.40
"""Length of the back from occiput to sacrum."""
_JOINTED = 0.89
"""Length of the chain ear, shoulder, hip, knee, ankle."""
_ROOM = 1.1
"""Height of the drawing: the dowel stands out above the head."""
_BREADTH = 0.93
"""Breadth of the drawing, as a deep hinge needs it."""
_ANKLE_HEIGHT = 0.05
"""Height of the ankle above the sole."""
_FEET_AT = 0.37
"""Place of the feet as a share of the drawing's breadth, from the side the hips go to. Layout."""
_HEAD_RADIUS = 0.065
_TRUNK = 0.11
_THIGH = 0.08
_SHANK = 0.06
_FOOT = 0.04
_ARM = 0.035
_NECK = 0.04
_NOSE = 0.02
"""Widths of the parts of the body, about natural, the arms slimmer. Layout."""
_DOWEL = 0.025
"""The dowel's thickness. Layout."""
_DOWEL_BEHIND = 0.015
"""Distance of the dowel's middle from the skin it lies on. Layout."""
_LEAST_DOWEL_DOTS = 2.4
"""Least thickness of the dowel, two dots: one is not seen from afar. Layout."""


@dataclass(frozen=True, slots=True, eq=False)
class Stickman:
    """The layers of the figure in drawing order, each dots (rows, columns).

    `places` (3, 2): head, upper back and sacrum on the skin, (x, y) in dots, NaN where not seen;
    `leg` (2, 2) likewise knee and middle of the shin.
    """

    far: Dots
    body: Dots
    dowel: Dots
    floor: Dots
    places: Array
    leg: Array


def draw(
    figure: LiveFigure | None, shape: tuple[int, int], *, mirror: bool = False, whole: bool = False
) -> Stickman:
    """Draw the figure into `shape` dots (rows, columns).

    `mirror` swaps left and right. `whole` fits the whole picture, with the person where they are in
    it; otherwise the person is drawn as large as fits.
    """
    none = np.zeros(shape, dtype=bool)
    floor = none.copy()
    floor[-1] = not whole
    empty = Stickman(none, none, none, floor, np.full((3, 2), np.nan), np.full((2, 2), np.nan))
    if figure is None:
        return empty
    figure = _known(figure)
    stature_px = _stature(figure)
    # Not drawn when too small, or NaN as not seen.
    if not stature_px > LEAST_PX:
        return empty
    view = _picture(figure, shape) if whole else _stage(figure, shape, stature_px)
    if view is None:
        return empty
    zoom, shift = view
    turn = np.array([-zoom if mirror else zoom, zoom])
    if mirror:
        shift = np.array([shape[1] - shift[0], shift[1]])
    marks = figure.landmarks_px * turn + shift
    back = figure.back_px * turn + shift
    dowel = figure.dowel_px * turn + shift
    size = stature_px * zoom
    ahead = _ahead(figure) * (-1 if mirror else 1)
    near = 1 if _ahead(figure) > 0 else 0
    far = _limbs(shape, marks, 1 - near, size)
    body = _limbs(shape, marks, near, size)
    body |= _trunk(shape, marks, back, ahead, size)
    body |= _head(shape, marks, back, size)
    stick = _dowel(shape, dowel, ahead, size)
    clear = grown(stick)
    standing = ~floor
    return Stickman(
        far & ~grown(body) & ~clear & standing,
        body & ~clear & standing,
        stick & standing,
        floor,
        back[contact_rows(back[None])],
        _leg(marks),
    )


LEAST_PX = 10.0
"""A person less tall than this in the picture is not drawn. A choice."""
GHOST_SIZE_PX = (640, 480)
"""Width and height of the picture that `ghost` stands in."""


@cache
def ghost() -> LiveFigure:
    """Return a person placed as asked for: side on, in the middle, three quarters of the height."""
    width, height = GHOST_SIZE_PX
    body = pose(stature_cm=0.75 * height)
    feet = np.array([0.48 * width, 0.85 * height])
    down = np.array([1.0, -1.0])
    return LiveFigure(
        landmarks_px=feet + body.landmarks[:, :2] * down,
        back_px=feet + body.points * down,
        dowel_px=np.full((2, 2), np.nan),
        size_px=GHOST_SIZE_PX,
        facing="right",
    )


# -- where things are ----------------------------------------------------------------------------


def _middle(marks: Array, pair: tuple[int, int]) -> Array:
    """Return the middle of a pair of landmarks (2,), or the one that is seen; NaN for neither."""
    both = marks[list(pair)]
    seen = np.isfinite(both).all(axis=1)
    return np.asarray(both[seen].mean(axis=0) if seen.any() else np.full(2, np.nan))


def _known(figure: LiveFigure) -> LiveFigure:
    """Return the figure with infinite coordinates replaced by NaN."""
    places = (figure.landmarks_px, figure.back_px, figure.dowel_px)
    landmarks, back, dowel = (np.where(np.isfinite(place), place, np.nan) for place in places)
    return replace(figure, landmarks_px=landmarks, back_px=back, dowel_px=dowel)


def _stature(figure: LiveFigure) -> float:
    """Return the person's standing height in pixels of the picture; NaN if too little is seen."""
    steps = np.diff(figure.back_px, axis=0)
    if np.isfinite(steps).all():
        return float(np.linalg.norm(steps, axis=1).sum() / _BACK)
    chain = [EARS, SHOULDERS, *LEG]
    joints = np.array([_middle(figure.landmarks_px, pair) for pair in chain])
    return float(np.linalg.norm(np.diff(joints, axis=0), axis=1).sum() / _JOINTED)


def _ahead(figure: LiveFigure) -> int:
    """Return 1 for facing right in the picture, -1 for left; from nose and ears where not known."""
    if figure.facing is not None:
        return 1 if figure.facing == "right" else -1
    nose, ear = figure.landmarks_px[NOSE], _middle(figure.landmarks_px, EARS)
    return -1 if nose[0] < ear[0] else 1


def _stage(
    figure: LiveFigure, shape: tuple[int, int], stature_px: float
) -> tuple[float, Array] | None:
    """Return zoom and shift (2,) that put the feet on their spot, the person filling the space."""
    rows, columns = shape
    ankle = _middle(figure.landmarks_px, ANKLES)
    if not np.isfinite(ankle).all():
        return None
    zoom = min(rows / _ROOM, columns / _BREADTH) / stature_px
    spot = columns * (_FEET_AT if _ahead(figure) > 0 else 1 - _FEET_AT)
    sole = rows - 1 - zoom * stature_px * _ANKLE_HEIGHT
    return zoom, np.array([spot, sole]) - ankle * zoom


def _picture(figure: LiveFigure, shape: tuple[int, int]) -> tuple[float, Array]:
    """Return zoom and shift (2,) that show the whole picture, in the middle."""
    zoom = _zoom(figure.size_px, shape)
    return zoom, (np.array(shape[::-1]) - zoom * np.array(figure.size_px)) / 2


def _zoom(size_px: tuple[int, int], shape: tuple[int, int]) -> float:
    """Return the dots a pixel takes where the whole picture fits into `shape` (rows, columns)."""
    return min(shape[1] / size_px[0], shape[0] / size_px[1])


def picture_box(size_px: tuple[int, int], shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the box of the whole picture in a space of dots: left, top, width, height."""
    zoom = _zoom(size_px, shape)
    width, height = round(size_px[0] * zoom), round(size_px[1] * zoom)
    return (shape[1] - width) // 2, (shape[0] - height) // 2, width, height


# -- parts of the body ---------------------------------------------------------------------------


def _limbs(shape: tuple[int, int], marks: Array, side: int, size: float) -> Dots:
    """Draw arm and leg of one side: 0 left, 1 right."""

    def line(share: float, *pairs: tuple[int, int]) -> Dots:
        return stroke(shape, marks[[pair[side] for pair in pairs]], share * size)

    dots = line(_ARM, *ARM)
    dots |= line(_THIGH, *LEG[:2])
    dots |= line(_SHANK, *LEG[1:])
    dots |= line(_FOOT, ANKLES, HEELS, TOES)
    return dots


def _trunk(shape: tuple[int, int], marks: Array, back: Array, ahead: int, size: float) -> Dots:
    """Draw a band whose rear edge is the back; from shoulder to hip where the back is not seen."""
    if not np.isfinite(back).all():
        ends = [_middle(marks, SHOULDERS), _middle(marks, HIPS)]
        return stroke(shape, ends, _TRUNK * size)
    middle = back + _anterior(back, ahead) * (_TRUNK * size / 2)
    # Without the first point, the occiput: the head is drawn by itself.
    return stroke(shape, [*middle[1:], _middle(marks, HIPS)], _TRUNK * size)


def _anterior(back: Array, ahead: int) -> Array:
    """Return unit vectors (K, 2) from each point of the back towards the front of the body."""
    along = np.gradient(back, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    return np.stack([along[:, 1], -along[:, 0]], axis=1) * ahead


def _head(shape: tuple[int, int], marks: Array, back: Array, size: float) -> Dots:
    """Draw a disc that touches the occiput, a nose in the direction of gaze, and the neck."""
    ear, nose = _middle(marks, EARS), marks[NOSE]
    centre, radius = ear, _HEAD_RADIUS * size
    if np.isfinite(back[0]).all():
        towards = ear - back[0]
        centre = back[0] + towards / max(float(np.linalg.norm(towards)), 1e-9) * radius
    dots = disc(shape, centre, radius)
    looks = nose - ear
    length = float(np.linalg.norm(looks))
    if length > 0:
        dots |= stroke(shape, [centre, centre + looks / length * radius * 1.5], _NOSE * size)
    return dots | stroke(shape, [centre, _middle(marks, SHOULDERS)], _NECK * size)


def _dowel(shape: tuple[int, int], dowel: Array, ahead: int, size: float) -> Dots:
    """Draw the dowel: a straight thin line just behind the skin."""
    behind = -_anterior(dowel, ahead) * (_DOWEL_BEHIND * size)
    return stroke(shape, dowel + behind, max(_DOWEL * size, _LEAST_DOWEL_DOTS))


def _leg(marks: Array) -> Array:
    """Return knee and middle of the shin (2, 2)."""
    knee, ankle = (_middle(marks, pair) for pair in LEG[1:])
    return np.array([knee, (knee + ankle) / 2])
