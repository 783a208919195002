"""What a movement looks like: the numbers an exercise is told from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.analysis.posture import SMOOTHING_S, Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.body.landmarks import ANKLES, EARS, HIPS, KNEES, SHOULDERS, WRISTS, places

Array = NDArray[np.float64]

NEAR_WEIGHT = 2.0
"""The near limb's weight against the far one's, which is half hidden."""


@dataclass(frozen=True, slots=True)
class RepShape:
    """One repetition at its bottom: angles as in `verdict.Rep`, lengths in trunk lengths.

    NaN where not seen. `hands_below_hips` and `hands_below_knees` are positive below; `hands_ahead`
    how far the hands are in front of the shoulders; `hips_above_knees` positive above.
    """

    starts_at_bottom: bool
    duration_s: float
    hip_deg: float
    trunk_deg: float
    knee_deg: float
    shin_deg: float
    hands_below_hips: float
    hands_below_knees: float
    hands_ahead: float
    hips_above_knees: float
    hands_below_ears: float
    highest_hands: float
    """How far below the shoulders the hands are where they are highest while upright."""


@dataclass(frozen=True, slots=True)
class ObservedMovement:
    """One unbroken stretch of a film: its repetitions, and whether the person kneels throughout."""

    reps: tuple[RepShape, ...]
    kneeling: bool = False


def near(right: NDArray[np.floating], pair: tuple[int, int]) -> Array:
    """A joint (T, 2) of a person facing right: both sides, the near one (the right) more."""
    far, close = places(right, *pair)
    return np.asarray((far + NEAR_WEIGHT * close) / (1 + NEAR_WEIGHT))


def movement_of(
    motion: Posture, spans: Sequence[RepSpan], right: NDArray[np.floating], *, kneeling: bool
) -> ObservedMovement:
    """The shape of every repetition. `right` (T, 33, 2 or more): the landmarks facing right."""
    joints = {
        name: near(right, pair)
        for name, pair in (
            *(("ankle", ANKLES), ("knee", KNEES), ("hip", HIPS)),
            *(("shoulder", SHOULDERS), ("wrist", WRISTS), ("ear", EARS)),
        )
    }
    trunk = np.linalg.norm(joints["shoulder"] - joints["hip"], axis=-1)
    unit = float(np.nanmedian(trunk)) if np.isfinite(trunk).any() else np.nan
    return ObservedMovement(tuple(_shape(motion, span, joints, unit) for span in spans), kneeling)


def _shape(motion: Posture, span: RepSpan, joints: dict[str, Array], unit: float) -> RepShape:
    time = motion.time_s
    bottom = np.abs(time - span.bottom_s) <= SMOOTHING_S / 2
    bottom[span.bottom] = True
    inside = slice(span.first, span.last + 1)

    def at(series: Array) -> float:
        seen = series[bottom & np.isfinite(series)]
        return float(np.median(seen)) if len(seen) else np.nan

    def apart(one: str, other: str, axis: int = 1) -> Array:
        return np.asarray((joints[one] - joints[other])[:, axis] / unit)

    upright = apart("wrist", "shoulder")[inside]
    upright = upright[np.isfinite(upright)]
    first_s = span.start_s if span.start_s is not None else float(time[span.first])
    last_s = span.end_s if span.end_s is not None else float(time[span.last])
    return RepShape(
        starts_at_bottom=span.start_s is None,
        duration_s=last_s - first_s,
        hip_deg=at(motion.hip_deg),
        trunk_deg=at(motion.trunk_deg),
        knee_deg=at(motion.knee_deg),
        shin_deg=at(motion.shin_deg),
        hands_below_hips=at(apart("wrist", "hip")),
        hands_below_knees=at(apart("wrist", "knee")),
        hands_ahead=at(apart("wrist", "shoulder", 0)),
        hips_above_knees=at(apart("knee", "hip")),
        hands_below_ears=at(apart("wrist", "ear")),
        highest_hands=float(upright.min()) if len(upright) else np.nan,
    )
