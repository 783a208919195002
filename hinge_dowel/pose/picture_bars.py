"""Finds the bars beside or above and below what a film shows.

A film of another shape is often filled up to that of a screen by bars of one colour. They are left
out, so that a film is seen alike with them and without: as large, as bright, and cut off where it
ends.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.body.array_types import Mask, Pixels
from hinge_dowel.pose.extraction import Record
from hinge_dowel.video.options import WHOLE_PICTURE, FilmOptions, Shares
from hinge_dowel.video.reader import read_frames

STEP_PX = 2
"""Of so many rows and columns one is looked at."""
SAME_LEVELS, OTHER_LEVELS = 6, 12
"""Grey levels of 255 within which a bar's edge stays over all pictures, and by how many what it
frames differs from it. Choices: the bars of six of 48 real clips stay within 0, noise of a sensor
does not."""
EDGE_SHARE = 0.7
"""A bar ends in a straight line: so much of the line behind it looks otherwise at some time. Beside
those bars it is 0.83 to 1, beside walls and floors of one colour up to 0.56 (48 real clips and 40
films of virtual subjects). A mat's straight edge on a white floor passes for one."""
LIKELY_SHARE = 0.5
"""So much of it in the first picture makes a bar likely enough to look at others too."""
LOOKS_HZ = 2.0
"""Pictures a second that are looked at then. A choice: people stay beyond a bar's edge for longer
than half a second, if it is none."""
LEAST_SHARE = 0.02
"""Narrower bars, as a share of the picture's side, are not worth a word: a choice."""


def shown_part(path: Path, options: FilmOptions, first: Pixels) -> Shares:
    """The part of the picture that a film shows within bars.

    `first`, its first picture, tells nearly always that there are none. Raises `ClipError` as
    `read_frames` does.
    """
    bars = PictureBars(first)
    if not bars.blank and bars.shown(LIKELY_SHARE) == WHOLE_PICTURE:
        return WHOLE_PICTURE
    for frame in read_frames(path, rate_hz=LOOKS_HZ, options=options):
        bars.saw(frame.rgb)
    return bars.shown()


def in_whole_picture(seen: Record, shown: Shares) -> Record:
    """What was seen of the `shown` part of the picture, in pixels of all of it."""
    if shown == WHOLE_PICTURE or seen.size_px is None:
        return seen
    first, last = np.reshape(shown, (2, 2))
    whole = np.round(seen.size_px / (last - first)).astype(int)
    corner = np.round(first * whole).astype(int)
    landmarks = seen.landmarks.copy()
    landmarks[..., :2] += corner
    return replace(
        seen,
        landmarks=landmarks,
        size_px=(int(whole[0]), int(whole[1])),
        shown_px=np.concatenate([corner, corner + seen.size_px]),
    )


class PictureBars:
    """Watches which parts of a film's pictures, all of one size, never change."""

    def __init__(self, first: Pixels) -> None:
        """`first` (height, width, 3) is the first picture."""
        self._low = self._high = first[::STEP_PX, ::STEP_PX, 1]

    def saw(self, picture: Pixels) -> None:
        """Take note of another picture (height, width, 3)."""
        level = picture[::STEP_PX, ::STEP_PX, 1]
        self._low, self._high = np.minimum(self._low, level), np.maximum(self._high, level)

    @property
    def blank(self) -> bool:
        """Whether everything has had one colour so far."""
        return int(self._high.max()) - int(self._low.min()) <= OTHER_LEVELS

    def shown(self, edge_share: float = EDGE_SHARE) -> Shares:
        """The part within bars, which end in a line of which `edge_share` looks otherwise."""
        low, high = self._low.astype(int), self._high.astype(int)
        top, left = _bar(low, high, edge_share), _bar(low.T, high.T, edge_share)
        bottom = 1.0 - _bar(low[::-1], high[::-1], edge_share)
        right = 1.0 - _bar(low.T[::-1], high.T[::-1], edge_share)
        return left, top, right, bottom


def _bar(low: NDArray[np.int_], high: NDArray[np.int_], edge_share: float) -> float:
    """The share of rows (of least and greatest levels) that the first ones are, which are a bar."""
    least, most = int(low[0].min()), int(high[0].max())
    other: Mask = (low < most - OTHER_LEVELS) | (high > least + OTHER_LEVELS)
    if most - least > SAME_LEVELS or not other.any():
        return 0.0
    rows = int(np.argmax(other.any(axis=1)))
    columns = np.flatnonzero(other.any(axis=0))
    # The row where it ends may be a mixture; bars to its sides are none of it.
    behind = other[min(rows + 1, len(other) - 1), columns[0] : columns[-1] + 1]
    share = rows / len(low)
    return share if share >= LEAST_SHARE and behind.mean() >= edge_share else 0.0
