"""Doubt: the intervals of a repetition's angles, and what they leave unsure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from hinge_dowel.analysis import shrinkage
from hinge_dowel.analysis.limits import told_by_thighs
from hinge_dowel.analysis.posture import ANGLES, Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.rules import UNSURE_NOTE_OF, Rules
from hinge_dowel.analysis.time_series import known_median, median_at
from hinge_dowel.body.array_types import Indices
from hinge_dowel.tolerances import DEFAULT, HELD_WELL_DEG, HELD_WELL_THIGH_DEG
from hinge_dowel.verdict import Rep

INTERVAL_ERRORS = {"spinal": 2.0, "cervical": 1.6, "knee": 1.6, "shin": 1.75, "hip": 2.0}
"""Half the width of an interval in usual errors, so that it holds the true angle in nine of ten
filmed repetitions: 88 to 97 % of those of the calibrating subjects of `make accuracy`, 89 to 92 %
of the judging ones'."""
NEUTRAL_90_DEG = {"spinal": 16.0, "cervical": 28.0, "knee": 8.0, "shin": 8.0, "hip": 8.0}
"""Error due to an assumed neutral, nine times in ten, added to an interval's half width in squares.
Repetitions judged with the typical neutral and with their own differ by 16, 28, 13, 5 and 13 at
most in nine of ten real clips (118; some hang the head while they stand), by 9, 9, 5, 3 in 84 of
virtual subjects. For legs a value between is used, so that squats are found."""
OUTWARD_DEG = (-12.0, 0.0, 12.0, 27.0), (-7.0, 0.0, 0.0, 4.0)
"""By how much the outer end of the spine's interval lies further out, by the angle estimated: backs
are more arched and more rounded than the estimate (`shrinkage`). So intervals hold 88 % of the
backs in the films of `make accuracy` that are arched by more than 8, 63 without. The inner ends, by
which a fault is past doubt, stay about the estimate."""
UNSURE_DEG = {
    "spinal": (HELD_WELL_DEG["spinal_flexion"], 20.0),
    "cervical": (HELD_WELL_DEG["cervical_flexion"], 20.0),
    "knee": (HELD_WELL_DEG["squatting"], 60.0),
    "shin": (DEFAULT.squat_shin_deg, 15.0),
}
"""(held well up to, plain fault from), as in `tests/accuracy` and in the sources of the tolerances:
an interval of which `UNSURE_SHARE` reaches both is unsure. Shins count where the knees are past
their limit; squats bring them forward by 15 degrees and more."""
UNSURE_SHARE = 0.885
"""The middle part of an interval that must reach both: it holds the truth of 83 to 92 % of filmed
repetitions. With all of it 24 % of the judging subjects' are unsure, with this 20 %; of the others
all spines, 99 % of the necks and 98 % of the knees are told rightly either way (F1). Chosen on the
judging subjects, so that a fifth is unsure; of the calibrating ones a quarter is."""
LEVEL_THIGH_DEG = 0.0
"""In a lift from the floor, thighs no higher than this are plainly a squat's."""


def intervals_of(
    motion: Posture, span: RepSpan, bottom: Indices, angles: Mapping[str, float | None]
) -> dict[str, tuple[float, float]]:
    """Return the 90 % interval, (low, high) in degrees, of each of `angles` whose error is known.

    `angles` are the repetition's extremes, by the keys of `posture.ANGLES`; `bottom` (N,) its
    frames at the bottom, counted from its first. An angle of None has no interval.
    """
    found = {}
    for name, value in angles.items():
        if value is None or name not in motion.usual_error_deg:
            continue
        usual = motion.usual_error_deg[name][span.frames]
        typical = median_at(usual, bottom)
        if typical is None:
            typical = known_median(usual)
        half = INTERVAL_ERRORS[name] * typical  # NaN where no frame's error is known
        if motion.neutral == "assumed":
            half = float(np.hypot(half, NEUTRAL_90_DEG[name]))
        if not np.isnan(half):
            if name == "spinal" and motion.neutral == "measured":
                value = float(shrinkage.redone(value))
            further = float(np.interp(value, *OUTWARD_DEG)) if name == "spinal" else 0.0
            found[name] = (value - half + min(further, 0.0), value + half + max(further, 0.0))
    return found


def told_intervals(
    intervals: Mapping[str, tuple[float, float]], thigh_deg: float | None
) -> dict[str, tuple[float, float]]:
    """Return the intervals by the names of the fields of `Rep`, and that of the thigh."""
    told = {ANGLES[name]: ends for name, ends in intervals.items()}
    if thigh_deg is not None and "knee" in intervals:
        # It is as uncertain as the knee: so 99 of the 106 reps of `tests/accuracy/technique.py`.
        half = float(np.diff(intervals["knee"])[0]) / 2
        told["thigh_above_level_deg"] = (thigh_deg - half, thigh_deg + half)
    return told


def unsure_notes(
    rep: Rep,
    angles: Mapping[str, float | None],
    intervals: Mapping[str, tuple[float, float]],
    rules: Rules,
    limits: Mapping[str, float],
) -> Iterator[str]:
    """Yield the notes on places that may be held well or plainly not.

    `angles` and `intervals` as in `intervals_of`, `limits` those of `applied_limits`.
    """

    def doubtful(angle: str) -> bool:
        """Whether the angle was not seen, or may be held well as well as plainly not."""
        if angles[angle] is None:
            return True
        if angle not in intervals:
            return False
        held_deg, fault_deg = UNSURE_DEG[angle]
        low, high = intervals[angle]
        left_out = (1 - UNSURE_SHARE) * (high - low) / 2
        return low + left_out < held_deg and high - left_out >= fault_deg

    if doubtful("spinal"):
        yield UNSURE_NOTE_OF["spinal_flexion"]
    if doubtful("cervical"):
        yield UNSURE_NOTE_OF["cervical_flexion"]
    if not rules.legs:
        return
    if told_by_thighs(limits):
        knees = _doubtful_lift(rep)
    else:
        # Between the knee's two limits the shins decide whether it is a squat; past the second it
        # is one, so that a knee held well may yet be a squat's.
        least, most = (limits.get(name, np.inf) for name in ("knee_flexion_deg", "deep_knee_deg"))
        by_shins = (knee := angles["knee"]) is not None and least < knee <= most
        deep = "squatting" not in rep.faults and intervals.get("knee", (0.0, 0.0))[1] > most
        knees = doubtful("knee") or (by_shins and (deep or doubtful("shin")))
    if knees:
        yield UNSURE_NOTE_OF["squatting"]


def _doubtful_lift(rep: Rep) -> bool:
    """Return whether the thighs, or their unknown error, leave open if a lift is a squat."""
    if "squatting" in rep.faults:
        return "squatting" in rep.maybe_faults
    low, high = rep.intervals_deg.get("thigh_above_level_deg", (-np.inf, np.inf))
    return low <= LEVEL_THIGH_DEG and high >= HELD_WELL_THIGH_DEG
