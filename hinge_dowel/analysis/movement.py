"""The shape of a movement: the numbers from which the exercise is recognised, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hinge_dowel.analysis.judging import HIDDEN_S
from hinge_dowel.analysis.measures import MeasureSeries, measure_series
from hinge_dowel.analysis.posture import Posture
from hinge_dowel.analysis.pulls import pulls
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.rules import ChosenRules, Rules, RulesChooser, chosen
from hinge_dowel.analysis.time_series import bottom_frames, frames_between, known_median
from hinge_dowel.body.array_types import Array, Floats
from hinge_dowel.body.landmarks import HIPS, KNEES, SHOULDERS, WRISTS, near, places
from hinge_dowel.body.trunk import forward_of, trunk_frame


@dataclass(frozen=True, slots=True)
class RepShape:
    """Posture and hands at the bottom of one repetition, and its duration.

    Angles are degrees of change from standing, lengths trunk lengths, NaN where not seen. In the
    picture: `hands_below_hips`, `hands_below_knees`, and `hands_ahead` of the shoulders. In the
    trunk's frame: `hands_up`, the lower hand's place from hips (0) to shoulders (1), and
    `hands_front`, the mean distance of both in front of the trunk. `highest_hands`: distance of the
    hands below the shoulders where they are highest in the repetition.
    """

    full: bool
    """Whether the way down and the way up are both seen."""
    duration_s: float
    trunk_deg: float
    knee_deg: float
    hands_below_hips: float
    hands_below_knees: float
    hands_ahead: float
    hands_up: float
    hands_front: float
    highest_hands: float


@dataclass(frozen=True, slots=True)
class ObservedMovement:
    """One unbroken stretch of a film: its repetitions, and whether the person kneels throughout."""

    reps: tuple[RepShape, ...]
    kneeling: bool = False


def movement_of(
    motion: Posture, spans: Sequence[RepSpan], right: Floats, *, kneeling: bool = False
) -> ObservedMovement:
    """Return the shape of every repetition. `right` (T, 33, 2 or more): landmarks facing right."""
    origin, up, length = trunk_frame(right)
    unit = float(np.nanmedian(length)) if np.isfinite(length).any() else np.nan
    hip, knee, shoulder, wrist = (near(right, pair) for pair in (HIPS, KNEES, SHOULDERS, WRISTS))
    hands = (np.stack(places(right, *WRISTS), axis=1) - origin[:, None]) / length[:, None, None]
    series = {
        "trunk_deg": motion.trunk_deg,
        "knee_deg": motion.knee_deg,
        "hands_below_hips": (wrist - hip)[:, 1] / unit,
        "hands_below_knees": (wrist - knee)[:, 1] / unit,
        "hands_ahead": (wrist - shoulder)[:, 0] / unit,
        "hands_up": (hands * up[:, None]).sum(-1).min(axis=1),
        "hands_front": (hands * forward_of(up)[:, None]).sum(-1).mean(axis=1),
    }
    low = (wrist - shoulder)[:, 1] / unit
    return ObservedMovement(tuple(_shape(motion, span, series, low) for span in spans), kneeling)


def as_exercise(
    rules: Rules | RulesChooser,
    motion: Posture,
    spans: Sequence[RepSpan],
    right: Floats,
    stature_cm: float,
    *,
    kneeling: bool = False,
) -> tuple[ChosenRules, tuple[RepSpan, ...], MeasureSeries]:
    """Return the rules for a movement, its repetitions by them, and what they measure.

    `rules` are those of an exercise, or choose them; `right` is as for `movement_of`.
    """
    choice = chosen(rules, movement_of(motion, spans, right, kneeling=kneeling))
    reps = pulls(motion, spans) if choice.rules.start == "bottom" else tuple(spans)
    return choice, reps, measure_series(motion, right, stature_cm)


def _shape(motion: Posture, span: RepSpan, series: dict[str, Array], low: Array) -> RepShape:
    bottom = bottom_frames(motion.time_s, span)
    # What a weight hides there is taken from beside it, as in judging.
    beside = frames_between(motion.time_s, span.bottom_s - HIDDEN_S, span.bottom_s + HIDDEN_S)
    at_bottom = {
        name: known_median(values[bottom if np.isfinite(values[bottom]).any() else beside])
        for name, values in series.items()
    }
    heights = low[span.frames]
    heights = heights[np.isfinite(heights)]
    start_s = motion.time_s[span.first] if span.start_s is None else span.start_s
    end_s = motion.time_s[span.last] if span.end_s is None else span.end_s
    return RepShape(
        full=span.kind == "full",
        duration_s=float(end_s - start_s),
        highest_hands=float(heights.min()) if len(heights) else np.nan,
        **at_bottom,
    )
