"""The frames behind a verdict: angles, strays and places over time, which views draw and export."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The command line needs words of the verdict alone, before numpy is loaded.
    import numpy as np
    from numpy.typing import NDArray


class RepPhase(IntEnum):
    """The values of `Series.phase`."""

    BETWEEN = 0
    """Outside any repetition."""
    STANDING = 1
    """Standing as the person's neutral."""
    LOWERING = 2
    LIFTING = 3


BETWEEN, STANDING, LOWERING, LIFTING = RepPhase
PHASES = tuple(phase.name.lower() for phase in RepPhase)
"""Phases in words, by value."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One row a frame, T frames in all; read-only arrays, NaN where something was not seen.

    Angles are degrees of change from standing neutral, flexion positive; strays centimetres off
    the dowel against standing, positive when the place has left it.

    Places in the picture are pixels of the analysed picture (`size_px`), y down, as the camera
    saw them; for arrays they have the arrays' own unit and axes. `landmarks_px` (T, 33, 2) in
    MediaPipe's order, (T, 0, 2) for points along the back, single precision where they come from a
    clip. `back_px` (T, K, 2) points on the back from occiput to sacrum. `dowel_px` (T, 2, 2) the
    dowel's upper and lower end. `cm_per_px` turns such a unit into centimetres.

    `phase` (T,) holds the numbers of `RepPhase`, `phase_name` the same in words.
    """

    time_s: NDArray[np.float64]
    hip_flexion_deg: NDArray[np.float64]
    knee_flexion_deg: NDArray[np.float64]
    shin_angle_deg: NDArray[np.float64]
    spinal_flexion_deg: NDArray[np.float64]
    cervical_flexion_deg: NDArray[np.float64]
    head_cm: NDArray[np.float64]
    upper_back_cm: NDArray[np.float64]
    sacrum_cm: NDArray[np.float64]
    phase: NDArray[np.int8]
    landmarks_px: NDArray[np.floating[Any]]
    back_px: NDArray[np.float64]
    dowel_px: NDArray[np.float64]
    cm_per_px: float
    size_px: tuple[int, int] | None

    def __post_init__(self) -> None:
        import numpy as np

        for known in fields(self):
            value = getattr(self, known.name)
            if isinstance(value, np.ndarray):
                own = value.view()
                own.flags.writeable = False
                object.__setattr__(self, known.name, own)

    @property
    def phase_name(self) -> NDArray[np.str_]:
        """The phase of every frame in words (T,): one of `PHASES`."""
        import numpy as np

        return np.array(PHASES)[self.phase]

    def __len__(self) -> int:
        return len(self.time_s)

    def __repr__(self) -> str:
        span = float(self.time_s[-1] - self.time_s[0]) if len(self) else 0.0
        return f"Series({len(self)} frames, {span:.1f} s)"
