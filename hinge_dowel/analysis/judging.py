"""Judging: the faults and notes of each repetition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from hinge_dowel.analysis.frame_series import trace
from hinge_dowel.analysis.limits import applied_limits
from hinge_dowel.analysis.measures import Measures, MeasureSeries, measures_of
from hinge_dowel.analysis.posture import SMOOTHING_S, Posture, median_at
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.rules import HINGE, ChosenRules, Rules
from hinge_dowel.analysis.technique import facts_of, technique_notes
from hinge_dowel.analysis.three_points import which_end
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import ANGLE_OF, FAULTS, HELD_WELL_DEG, Facing, Rep, Strays, Verdict

Array = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]

MARGIN_DEG = 6.0
"""Elsewhere in a rep must beat its bottom by this much to count as the extreme: the scatter of an
angle between the frames of one rep. The bottom is slow and well seen; on the way, pictures blur.
Taking it off what is found elsewhere brought virtual subjects 0.2 degrees nearer, but lost the
rounded back of a real lift, which was worst half way up."""
INTERVAL = {"spinal": 2.5, "cervical": 1.6, "knee": 2.4, "shin": 2.2, "hip": 2.3}
"""How many usual errors to each side hold nine in ten of the errors of a repetition: between what
the frames of calibrate.py ask for and what the calibrating subjects of `make accuracy` do."""
NEUTRAL_90_DEG = 8.0
"""What not knowing the neutral adds to an interval: standing postures differ by 5 degrees (sd)."""
UNSURE_DEG = {
    "spinal": (HELD_WELL_DEG["spinal_flexion"], 20.0),
    "cervical": (HELD_WELL_DEG["cervical_flexion"], 20.0),
    "knee": (HELD_WELL_DEG["squatting"], 60.0),
    "shin": (10.0, 15.0),
}
"""Held well up to the first, a plain fault from the second on: between them it is unsure. Shins
count where the knees are past their limit; squats bring them forward by 15 degrees and more."""
HELD_S = 0.3
"""And it must last this long: a head or a knee that is lost for some frames is no posture."""
EQUAL_SHARE = 0.5
"""A rep is ambiguous where more of the frames at its bottom are."""
SEEN_SHARE = 0.5
"""An angle seen in less of a rep than this is not judged there."""


def judge_rep(
    posture: Posture,
    span: RepSpan,
    number: int,
    *,
    rules: Rules = HINGE,
    tolerances: Tolerances = DEFAULT,
    notes: Sequence[str] = (),
    spare_deg: float = 0.0,
    series: MeasureSeries | None = None,
) -> Rep:
    """Faults and notes of one repetition.

    A fault needs its angle past its limit (`applied_limits`); squatting needs bent knees and shins
    that have left upright, or knees bent as for sitting down. `spare_deg` widens the limits of
    spine and neck, for views and inputs that show them badly. Where the input has no legs at all
    (`check_points`), the strays alone name the place. Only faults and notes that `rules` count are
    told. `series` is what the measures are taken from; without it they are unknown.
    """
    limits = applied_limits(posture, rules, tolerances, spare_deg)
    bottom = _bottom(posture, span)
    angles = _angles(posture, span, bottom)
    measures = Measures() if series is None else measures_of(posture, series, span)
    if not rules.legs:
        measures = measures.without_legs()
    intervals = _intervals(posture, span, bottom, angles)
    strays = _strays(posture, span, bottom)
    found = _flexed(angles, measures, limits) if posture.legs else _left(strays, limits)
    faults = tuple(
        fault
        for fault in FAULTS
        if fault in rules.faults and found[fault] and not _withheld(fault, intervals, rules)
    )
    facts = facts_of(posture, span, rules, faults=faults, angles=angles, measures=measures)
    told = [
        *((span.kind,) if span.kind != "full" else ()),
        *technique_notes(facts, rules, limits),
        *(_unsure(angles, intervals, rules, limits) if posture.legs else ()),
        *notes,
    ]
    return replace(
        _bare(span, number, angles, measures),
        stray_cm=strays,
        faults=faults,
        notes=tuple(dict.fromkeys(told)),
        intervals_deg={_field(name): ends for name, ends in intervals.items()},
        deep_knee_deg=limits.get("deep_knee_deg", tolerances.deep_knee_deg),
    )


def _bare(
    span: RepSpan, number: int, angles: Mapping[str, float | None], measures: Measures
) -> Rep:
    """A repetition with its times, angles and measures, of which nothing is said yet."""
    return Rep(
        number=number,
        start_s=span.start_s,
        bottom_s=span.bottom_s,
        end_s=span.end_s,
        hip_flexion_deg=angles["hip"],
        knee_flexion_deg=angles["knee"],
        shin_angle_deg=angles["shin"],
        spinal_flexion_deg=angles["spinal"],
        cervical_flexion_deg=angles["cervical"],
        stray_cm=Strays(None, None, None),
        hip_travel_cm=measures.hip_travel_cm,
        hip_travel_cm_per_10_deg=measures.hip_travel_cm_per_10_deg,
        weight_share=measures.weight_share,
        knee_lead_s=measures.knee_lead_s,
        hip_knee_ratio=measures.hip_knee_ratio,
    )


def _strays(posture: Posture, span: RepSpan, bottom: NDArray[np.bool_]) -> Strays:
    """How far each place is off the dowel at the bottom."""
    fit, inside = posture.fit, _frames(span)
    return Strays(
        *(
            median_at(places[inside], bottom)
            for places in (fit.head_cm, fit.upper_back_cm, fit.sacrum_cm)
        )
    )


ANGLES = ("hip", "knee", "shin", "spinal", "cervical")
"""The angles of a repetition, in the order in which its intervals are told."""


def _field(angle: str) -> str:
    """The field of `Rep` that holds an angle."""
    return "shin_angle_deg" if angle == "shin" else f"{angle}_flexion_deg"


def _frames(span: RepSpan) -> slice:
    return slice(span.first, span.last + 1)


def _bottom(posture: Posture, span: RepSpan) -> NDArray[np.bool_]:
    """Which of the repetition's frames are its bottom."""
    bottom = np.abs(posture.time_s[_frames(span)] - span.bottom_s) <= SMOOTHING_S / 2
    bottom[span.bottom - span.first] = True
    return np.asarray(bottom)


def _angles(posture: Posture, span: RepSpan, bottom: NDArray[np.bool_]) -> dict[str, float | None]:
    """The extreme of every angle over the repetition, by `ANGLES`."""
    inside = _frames(span)
    return {
        name: _extreme(posture.time_s[inside], getattr(posture, f"{name}_deg")[inside], bottom)
        for name in ANGLES
    }


def _intervals(
    posture: Posture,
    span: RepSpan,
    bottom: NDArray[np.bool_],
    angles: Mapping[str, float | None],
) -> dict[str, tuple[float, float]]:
    """Where the truth of each angle lies nine times in ten; unknown ones are left out."""
    return {
        name: ends
        for name, value in angles.items()
        if (ends := _interval(posture, _frames(span), bottom, name, value)) is not None
    }


def _flexed(
    angles: Mapping[str, float | None], measures: Measures, limits: Mapping[str, float]
) -> dict[str, bool]:
    """Which faults the angles show; a limit that is not there is not passed."""

    def over(angle: str, name: str) -> bool:
        return name in limits and _over(angles[angle], limits[name])

    def under(value: float | None, name: str) -> bool:
        return value is not None and name in limits and value < limits[name]

    return {
        "spinal_flexion": over("spinal", "spinal_flexion_deg"),
        "cervical_flexion": over("cervical", "cervical_flexion_deg"),
        "squatting": over("knee", "deep_knee_deg")
        or (over("knee", "knee_flexion_deg") and over("shin", "shin_angle_deg"))
        or under(measures.thigh_above_level_deg, "hips_level_deg")
        or under(measures.hip_knee_ratio, "lift_hip_knee_ratio"),
    }


def _left(strays: Strays, limits: Mapping[str, float]) -> dict[str, bool]:
    """Which faults the places that have left the dowel show."""
    return {
        "spinal_flexion": _over(strays.sacrum, limits["end_stray_cm"]),
        "cervical_flexion": _over(strays.head, limits["end_stray_cm"]),
        "squatting": _over(strays.upper_back, limits["upper_back_stray_cm"]),
    }


def _withheld(fault: str, intervals: Mapping[str, tuple[float, float]], rules: Rules) -> bool:
    """Whether a fault is told only when it is sure, and is not."""
    return fault in rules.sure_faults and not _plain(fault, intervals)


def _plain(fault: str, intervals: Mapping[str, tuple[float, float]]) -> bool:
    """Whether a fault is sure: its interval does not reach into "held well"."""
    angle = {_field(name): name for name in ANGLES}[ANGLE_OF[fault]]
    return angle not in intervals or intervals[angle][0] >= UNSURE_DEG[angle][0]


def _unsure(
    angles: Mapping[str, float | None],
    intervals: Mapping[str, tuple[float, float]],
    rules: Rules,
    limits: Mapping[str, float],
) -> Iterator[str]:
    """The notes on places that may be held well or plainly not."""

    def doubtful(angle: str) -> bool:
        return angles[angle] is None or _either(intervals.get(angle), UNSURE_DEG[angle])

    for place, angle in (("spine", "spinal"), ("head", "cervical")):
        if doubtful(angle):
            yield f"unsure_{place}"
    knee = angles["knee"]
    if rules.legs and (doubtful("knee") or (_bent(knee, limits) and doubtful("shin"))):
        yield "unsure_knee"


def _bent(knee_deg: float | None, limits: Mapping[str, float]) -> bool:
    """Whether it rests with the shins if this is a squat."""
    least, most = (limits.get(name, np.inf) for name in ("knee_flexion_deg", "deep_knee_deg"))
    return knee_deg is not None and least < knee_deg <= most


def _interval(
    posture: Posture,
    inside: slice,
    bottom: NDArray[np.bool_],
    name: str,
    value: float | None,
) -> tuple[float, float] | None:
    """Where the truth of an angle lies nine times in ten."""
    usual = posture.usual_error_deg.get(name)
    if usual is None or value is None:
        return None
    typical = median_at(usual[inside], bottom) or median_at(usual[inside], np.ones_like(bottom))
    if typical is None:
        return None
    half = INTERVAL[name] * typical
    if posture.neutral == "assumed":
        half = float(np.hypot(half, NEUTRAL_90_DEG))
    return value - half, value + half


def _either(ends: tuple[float, float] | None, limits: tuple[float, float]) -> bool:
    """Whether held well and a plain fault are both within the interval."""
    return ends is not None and ends[0] < limits[0] and ends[1] >= limits[1]


NO_STANDING = (
    "No standing is seen, so a typical posture stands in for this person's own: begin each clip "
    "standing still for two seconds."
)
NOT_STATED = ChosenRules(HINGE, sure=False)
"""The exercise was neither given nor recognised."""


def sum_up(
    clip: str,
    motion: Posture,
    spans: Sequence[RepSpan],
    facing: Facing,
    landmarks: Floats,
    *,
    tolerances: Tolerances,
    choice: ChosenRules = NOT_STATED,
    measures: MeasureSeries | None = None,
    size_px: tuple[int, int] | None = None,
    view_deg: float | None = None,
    notes: Sequence[str] = (),
    spare_deg: float = 0.0,
    warnings: tuple[str, ...] = (),
) -> Verdict:
    """Judge every repetition and sum up.

    `landmarks` (T, N, 2 or more) as the camera saw them, for the series.
    """
    judge = partial(
        judge_rep,
        rules=choice.rules,
        tolerances=tolerances,
        notes=notes,
        spare_deg=spare_deg,
        series=measures,
    )
    judged = tuple(judge(motion, span, number) for number, span in enumerate(spans, 1))
    if not motion.legs:
        judged = tuple(_told_apart(rep, motion, s) for rep, s in zip(judged, spans, strict=True))
    faults = tuple(f for f in FAULTS if any(f in rep.faults for rep in judged))
    if motion.neutral == "assumed":
        warnings += (NO_STANDING,)
    return Verdict(
        clip,
        "faulty" if faults else "clean",
        facing=facing,
        view_angle_deg=view_deg,
        neutral=motion.neutral,
        faults=faults,
        reps=judged,
        warnings=warnings,
        series=trace(motion, spans, facing, landmarks, size_px),
        exercise=choice.rules.exercise,
        exercise_sure=choice.sure,
        limits=applied_limits(motion, choice.rules, tolerances, spare_deg),
    )


def _told_apart(rep: Rep, motion: Posture, span: RepSpan) -> Rep:
    """The rep, where head and sacrum explain the back equally.

    Then the end is named that is told by its distance from the upper back, or both, as ambiguous.
    """
    ends = {"spinal_flexion": "sacrum", "cervical_flexion": "head"}
    if not set(ends) & set(rep.faults):
        return rep
    bottom = _bottom(motion, span)
    if motion.fit.ambiguous[_frames(span)][bottom].mean() <= EQUAL_SHARE:
        return rep
    end = which_end(motion, span)
    if end is None:
        both = tuple(fault for fault in FAULTS if fault in {*ends, *rep.faults})
        return replace(rep, faults=both, notes=(*rep.notes, "ambiguous"))
    strays = replace(rep.stray_cm, **{"sacrum" if end == "head" else "head": 0.0})
    return replace(
        rep, stray_cm=strays, faults=tuple(f for f in rep.faults if ends.get(f, end) == end)
    )


def _over(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


def _extreme(time_s: Array, series: Array, bottom: NDArray[np.bool_]) -> float | None:
    """The value at the bottom, unless elsewhere is for a while clearly further from neutral."""
    known = np.isfinite(series)
    if known.sum() < SEEN_SHARE * len(series):
        return None
    low = median_at(series, bottom)
    step = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 1.0
    frames = 1 if low is None else max(1, round(HELD_S / max(step, 1e-3)))
    highest = float(minimum_filter1d(series[known], frames).max())
    lowest = float(maximum_filter1d(series[known], frames).min())
    # Leaning back elsewhere, however far, does not make up for flexion at the bottom.
    sides = (highest,) if low is not None and low >= MARGIN_DEG else (highest, lowest)
    furthest = max(sides, key=abs)
    return furthest if low is None or abs(furthest) > abs(low) + MARGIN_DEG else low
