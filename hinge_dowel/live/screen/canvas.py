"""Drawing with characters: strokes, discs and rings of dots, shown as braille or as half blocks.

Dots are boolean arrays (rows, columns). Places are (x, y) in dots from the upper left corner, y
down, so that the first dot's centre is (0.5, 0.5). A braille character holds 2 x 4 dots, a half
block 1 x 2; on most terminals both kinds of dot are about square. All functions are pure; only
`Sheet`, on which they are put, changes.
"""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hinge_dowel.body.array_types import Array, Mask

Dots = Mask
Codes = NDArray[np.uint32]
"""Characters as code points."""

BRAILLE = (4, 2)
"""Dots in a braille character: down, across."""
HALVES = (2, 1)
"""Dots in a half-block character: down, across."""

_SPACE = ord(" ")
_BRAILLE_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint32)
"""The bit of each of the eight dots in Unicode's block of Braille, down and across."""
_HALF_BLOCKS = np.array([_SPACE, ord("▀"), ord("▄"), ord("█")], dtype=np.uint32)
_BRAILLE = np.arange(0x2800, 0x2900, dtype=np.uint32)
_BRAILLE[0] = _SPACE
"""The braille character for each sum of dots' bits; a space for no dots."""


# -- shapes --------------------------------------------------------------------------------------


def stroke(shape: tuple[int, int], points: ArrayLike, width: float) -> Dots:
    """Return dots of a line `width` thick through `points` (N, 2), round at its ends and bends.

    A point that is not finite breaks the line; a single point draws nothing. A line is at least
    about one dot thick, so that it has no holes. What lies outside `shape` is cut off.
    """
    dots = np.zeros(shape, dtype=bool)
    places = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    whole = np.asarray(np.isfinite(places).all(axis=1))
    # Half of a dot's diagonal: less would leave holes in a slanting line.
    reach = max(width / 2, 0.6)
    for i in np.flatnonzero(whole[:-1] & whole[1:]):
        _segment(dots, places[i], places[i + 1], reach)
    return dots


def disc(shape: tuple[int, int], centre: ArrayLike, radius: float) -> Dots:
    """A filled disc; a centre that is not finite draws nothing."""
    distance, _ = _polar(shape, centre)
    return np.asarray(distance <= radius)


def ring(
    shape: tuple[int, int], centre: ArrayLike, radius: float, width: float, gaps: int = 0
) -> Dots:
    """A circle line reaching from `radius - width` to `radius`, broken by `gaps` equal gaps.

    The gaps are as long as the arcs between them; the first arc has its middle at three o'clock.
    """
    distance, turn = _polar(shape, centre)
    line = (distance <= radius) & (distance > radius - width)
    if gaps:
        line &= ((turn * gaps + 0.25) % 1.0) < 0.5
    return np.asarray(line)


def grown(dots: Dots) -> Dots:
    """Return the dots and their eight neighbours each."""
    # A window of 3 x 3 around each dot.
    around = np.lib.stride_tricks.sliding_window_view(np.pad(dots, 1), (3, 3))
    return np.asarray(around.any(axis=(2, 3)))


def enlarged(dots: Dots, by: int) -> Dots:
    """Magnify each dot to a square of `by` x `by` dots."""
    return dots.repeat(by, axis=0).repeat(by, axis=1)


def _segment(dots: Dots, start: Array, end: Array, reach: float) -> None:
    """Add the dots within `reach` of a line segment; only its surroundings are computed."""
    rows, columns = dots.shape
    low = np.floor(np.minimum(start, end) - reach).clip(0, (columns, rows)).astype(int)
    high = np.ceil(np.maximum(start, end) + reach).clip(0, (columns, rows)).astype(int)
    if (low >= high).any():
        return
    x = np.arange(low[0], high[0]) + 0.5 - start[0]
    y = (np.arange(low[1], high[1]) + 0.5 - start[1])[:, None]
    along = end - start
    length2 = float(along @ along)
    share = ((x * along[0] + y * along[1]) / length2).clip(0, 1) if length2 > 0 else 0.0 * (x + y)
    near = (x - share * along[0]) ** 2 + (y - share * along[1]) ** 2 <= reach**2
    dots[low[1] : high[1], low[0] : high[0]] |= near


def _polar(shape: tuple[int, int], centre: ArrayLike) -> tuple[Array, Array]:
    """Return each dot's distance from the centre and direction in turns (0 to 1, clockwise)."""
    across, down = np.asarray(centre, dtype=np.float64)
    x = np.arange(shape[1]) + 0.5 - across
    y = (np.arange(shape[0]) + 0.5 - down)[:, None]
    return np.hypot(x, y), (np.arctan2(y, x) / (2 * np.pi)) % 1.0


# -- dots as characters --------------------------------------------------------------------------


def braille(dots: Dots) -> Codes:
    """Return dots (rows, columns) as braille (rows / 4, columns / 2), spaces where are none."""
    cells = _cells(dots, BRAILLE).astype(np.uint32)
    return np.asarray(_BRAILLE[(cells * _BRAILLE_BITS).sum(axis=(2, 3))])


def halves(dots: Dots) -> Codes:
    """Return dots (rows, columns) as half blocks (rows / 2, columns); an odd row is padded."""
    cells = _cells(np.pad(dots, ((0, len(dots) % 2), (0, 0))), HALVES)[..., 0]
    return _HALF_BLOCKS[cells[..., 0] + 2 * cells[..., 1]]


def _cells(dots: Dots, size: tuple[int, int]) -> Dots:
    """Group dots by character: (rows, columns, down, across)."""
    down, across = size
    rows, columns = dots.shape
    return dots.reshape(rows // down, down, columns // across, across).swapaxes(1, 2)


# -- the sheet -----------------------------------------------------------------------------------


class Sheet:
    """A sheet of characters: `codes` (rows, columns), and an ink for each in `inks`.

    Inks are numbers that the caller defines; 0 is the default. What does not fit is cut off.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self.codes: Codes = np.full((rows, columns), _SPACE, dtype=np.uint32)
        self.inks: NDArray[np.uint8] = np.zeros((rows, columns), dtype=np.uint8)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.codes.shape
        return rows, columns

    def write(self, row: int, column: int, text: str, ink: int = 0) -> None:
        """Write a line of text; characters that are not one column wide become `?`."""
        self.paint(row, column, _one_wide(text), ink, over=True)

    def paint(
        self, row: int, column: int, codes: Codes, ink: int = 0, *, over: bool = False
    ) -> None:
        """Put a block of characters on the sheet; its spaces are transparent unless `over`."""
        rows, columns = self.shape
        top, left = max(row, 0), max(column, 0)
        part = codes[top - row : max(rows - row, 0), left - column : max(columns - column, 0)]
        if not part.size:
            return
        place = np.s_[top : top + part.shape[0], left : left + part.shape[1]]
        shown = np.ones(part.shape, dtype=bool) if over else part != _SPACE
        self.codes[place][shown] = part[shown]
        self.inks[place][shown] = ink

    def lines(self) -> list[str]:
        """The characters row by row, with their trailing spaces."""
        return [row.tobytes().decode("utf-32-le") for row in self.codes.astype("<u4")]


def _one_wide(text: str) -> Codes:
    if not (text.isascii() and text.isprintable()):
        text = "".join(c if _is_one_wide(c) else "?" for c in unicodedata.normalize("NFC", text))
    return np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.uint32).reshape(1, -1)


def _is_one_wide(char: str) -> bool:
    return (
        char.isprintable()
        and unicodedata.east_asian_width(char) not in "WF"
        and not unicodedata.combining(char)
    )
