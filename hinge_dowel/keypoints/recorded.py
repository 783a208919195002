"""What a file of keypoints holds, read and sorted, before it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.keypoints.marker_sets import Anatomy

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """What a file of keypoints holds, as it is judged.

    `places` is (T, 33, 2 to 4) for "landmarks" and "markers", (T, K, 2) for "points"; y down, NaN
    for missing. `time_s` (T,) or None, `fps` or None: what the file says of time; `frame` (T,) the
    numbers of the frames in the film, where it says them. `size_px` is the picture's (width,
    height) when x and y are shares of it. `anatomy` is what markers show of pelvis, thorax and
    head. `warnings` are sentences for the verdict.
    """

    kind: Literal["landmarks", "points", "markers"]
    places: Array
    time_s: Array | None = None
    fps: float | None = None
    size_px: tuple[float, float] | None = None
    frame: Array | None = None
    anatomy: Anatomy | None = None
    warnings: tuple[str, ...] = ()

    def clock(self, fps: float | None) -> tuple[float | None, Array | None]:
        """The rate, or the times of the frames (T,); `fps`, where given, overrides the file."""
        if fps is None and self.time_s is not None:
            return None, self.time_s
        rate = fps or self.fps
        if rate is None or self.frame is None:
            return rate, None
        return None, self.frame / rate
