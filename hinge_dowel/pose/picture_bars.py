"""Finds the bars beside or above and below what a film shows.

A film of another shape is often filled up to that of a screen by bars of one colour. Who leaves the
picture there is cut off as at its edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Array, Mask, Pixels

STEP_PX = 2
"""Of so many rows and columns one is looked at."""
SAME_LEVELS = 12
"""Grey levels of 255 within which a bar stays, over all pictures. A choice: bars of 48 real clips
stay within 6; noise of a sensor does not."""
EDGE_SHARE = 0.9
"""A bar ends in a straight line: so much of the line behind it looks otherwise at some time. Beside
the bars of six of 48 real clips it is 1.0, beside walls of one colour up to 0.85 in one picture. A
mat's straight edge on a white floor passes for one."""
LEAST_SHARE = 0.02
"""Narrower bars, as a share of the picture's side, are not worth a word: a choice."""


class PictureBars:
    """Watches which parts of a film's pictures, all of one size, never change."""

    def __init__(self) -> None:
        self._low: NDArray[np.uint8] | None = None
        self._high: NDArray[np.uint8] | None = None
        self._size_px = (0, 0)

    def saw(self, picture: Pixels) -> None:
        """Take note of a picture (height, width, 3); one of another size begins anew."""
        level = picture[::STEP_PX, ::STEP_PX, 1]
        self._take(level, level, (picture.shape[1], picture.shape[0]))

    def add(self, other: PictureBars) -> None:
        """Take note of all that another one saw."""
        if other._low is not None and other._high is not None:
            self._take(other._low, other._high, other._size_px)

    def _take(
        self, low: NDArray[np.uint8], high: NDArray[np.uint8], size_px: tuple[int, int]
    ) -> None:
        if self._low is None or self._high is None or self._size_px != size_px:
            self._low, self._high, self._size_px = low.copy(), high.copy(), size_px
        else:
            np.minimum(self._low, low, out=self._low)
            np.maximum(self._high, high, out=self._high)

    def shown_px(self) -> Array | None:
        """Return left, top, right and bottom of what the film shows; None where that is all."""
        if self._low is None or self._high is None:
            return None
        low, high = self._low.astype(int), self._high.astype(int)
        top, left = _bar(low, high), _bar(low.T, high.T)
        bottom, right = _bar(low[::-1], high[::-1]), _bar(low.T[::-1], high.T[::-1])
        if not any((left, top, right, bottom)):
            return None
        width, height = self._size_px
        shown = (left * STEP_PX, top * STEP_PX, width - right * STEP_PX, height - bottom * STEP_PX)
        return np.array(shown)


def _bar(low: NDArray[np.int_], high: NDArray[np.int_]) -> int:
    """Return how many of the first rows (of least and greatest levels) are a bar."""
    least, most = int(low[0].min()), int(high[0].max())
    other: Mask = (low < most - SAME_LEVELS) | (high > least + SAME_LEVELS)
    if most - least > SAME_LEVELS or not other.any():
        return 0
    rows = int(np.argmax(other.any(axis=1)))
    columns = np.flatnonzero(other.any(axis=0))
    # The row where it ends may be a mixture; bars to its sides are none of it.
    behind = other[min(rows + 1, len(other) - 1), columns[0] : columns[-1] + 1]
    return rows if rows >= LEAST_SHARE * len(low) and behind.mean() >= EDGE_SHARE else 0
