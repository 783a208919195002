"""Judging: the faults and notes of each repetition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from hinge_dowel.analysis.frame_series import trace
from hinge_dowel.analysis.posture import SMOOTHING_S, Posture
from hinge_dowel.analysis.repetitions import RepSpan
from hinge_dowel.analysis.three_points import End, which_end
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import FAULTS, Facing, Rep, Strays, Verdict

Array = NDArray[np.float64]
Floats = NDArray[np.floating[Any]]

MARGIN_DEG = 6.0
"""Elsewhere in a rep must beat its bottom by this much to count as the extreme: the scatter of an
angle between the frames of one rep. The bottom is slow and well seen; on the way, pictures blur.
Taking it off what is found elsewhere brought virtual subjects 0.2 degrees nearer, but lost the
rounded back of a real lift, which was worst half way up."""
INTERVAL = {"spinal": 2.7, "cervical": 2.4, "knee": 2.4, "shin": 2.2, "hip": 2.3}
"""How many usual errors to each side hold nine in ten of the errors of a repetition: between what
the frames of calibrate.py ask for and what the calibrating subjects of `make accuracy` do."""
NEUTRAL_90_DEG = 8.0
"""What not knowing the neutral adds to an interval: standing postures differ by 5 degrees (sd)."""
UNSURE_DEG = {"spinal": (8.0, 20.0), "cervical": (8.0, 20.0), "knee": (30.0, 60.0)}
"""Held well up to the first, a plain fault from the second on: who may be either is unsure."""
HELD_S = 0.3
"""And it must last this long: a head or a knee that is lost for some frames is no posture."""
SEEN_SHARE = 0.5
"""An angle seen in less of a rep than this is not judged there."""
TOP_S = 0.5
"""Leaning back belongs to a rep this long before and after its end."""


def judge_rep(
    posture: Posture,
    span: RepSpan,
    number: int,
    *,
    tolerances: Tolerances = DEFAULT,
    notes: Sequence[str] = (),
    spare_deg: float = 0.0,
) -> Rep:
    """Faults and notes of one repetition.

    A fault needs its angle past its tolerance, which widens where neutral is assumed; squatting
    needs bent knees and shins that have left upright, or knees bent as for sitting down.
    `spare_deg` widens the tolerances of spine and neck, for views and inputs that show them
    badly. Where the input has no legs at all (`check_points`), the strays alone name the place.
    """
    inside = slice(span.first, span.last + 1)
    time = posture.time_s[inside]
    bottom = np.abs(time - span.bottom_s) <= SMOOTHING_S / 2
    bottom[span.bottom - span.first] = True
    spare = tolerances.assumed_neutral_extra_deg if posture.neutral == "assumed" else 0.0
    back_spare = spare + spare_deg

    def extreme(series: Array) -> float | None:
        return _extreme(time, series[inside], bottom)

    spinal, cervical = extreme(posture.spinal_deg), extreme(posture.cervical_deg)
    hip, knee, shin = (extreme(a) for a in (posture.hip_deg, posture.knee_deg, posture.shin_deg))
    intervals = {
        f"{name}_flexion_deg" if name != "shin" else "shin_angle_deg": ends
        for name, value in (
            ("hip", hip),
            ("knee", knee),
            ("shin", shin),
            ("spinal", spinal),
            ("cervical", cervical),
        )
        if (ends := _interval(posture, inside, bottom, name, value)) is not None
    }
    fit = posture.fit
    strays = Strays(
        *(_at(a[inside], bottom) for a in (fit.head_cm, fit.upper_back_cm, fit.sacrum_cm))
    )
    if posture.legs:
        found = {
            "spinal_flexion": _over(spinal, tolerances.spinal_flexion_deg + back_spare),
            "cervical_flexion": _over(cervical, tolerances.cervical_flexion_deg + back_spare),
            "squatting": _over(knee, tolerances.deep_knee_deg)
            or (
                _over(knee, tolerances.squat_knee_deg + spare)
                and _over(shin, tolerances.squat_shin_deg)
            ),
        }
    else:
        found = {
            "spinal_flexion": _over(strays.sacrum, tolerances.end_stray_cm),
            "cervical_flexion": _over(strays.head, tolerances.end_stray_cm),
            "squatting": _over(strays.upper_back, tolerances.upper_back_stray_cm),
        }
    faults = tuple(fault for fault in FAULTS if found[fault])

    arch = None
    if span.end_s is not None:
        top = np.abs(posture.time_s - span.end_s) <= TOP_S
        arch = _least(posture.spinal_deg[top])

    def observed() -> Iterator[str]:
        if span.kind != "full":
            yield span.kind
        if hip is not None and hip < tolerances.shallow_deg and span.kind == "full":
            yield "shallow"
        if _over(hip, tolerances.too_deep_deg) and "squatting" not in faults:
            yield "too_deep"
        if _over(shin, tolerances.shins_forward_deg):
            yield "shins_forward"
        if knee is not None and knee < tolerances.locked_knees_deg and not faults:
            yield "locked_knees"
        if arch is not None and arch < -tolerances.over_arching_deg - back_spare:
            yield "over_arching"
        if (
            span.start_s is not None
            and span.end_s is not None
            and span.end_s - span.start_s < tolerances.too_fast_s
        ):
            yield "too_fast"
        for name, angle, value in (
            ("spine", "spinal", spinal),
            ("head", "cervical", cervical),
            ("knee", "knee", knee),
        ):
            ends = intervals.get(f"{angle}_flexion_deg")
            if posture.legs and (value is None or _either(ends, UNSURE_DEG[angle])):
                yield f"unsure_{name}"
        yield from notes

    return Rep(
        number=number,
        start_s=span.start_s,
        bottom_s=span.bottom_s,
        end_s=span.end_s,
        hip_flexion_deg=hip,
        knee_flexion_deg=knee,
        shin_angle_deg=shin,
        spinal_flexion_deg=spinal,
        cervical_flexion_deg=cervical,
        stray_cm=strays,
        faults=faults,
        notes=tuple(dict.fromkeys(observed())),
        intervals_deg=intervals,
    )


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
    typical = _at(usual[inside], bottom) or _at(usual[inside], np.ones_like(bottom))
    if typical is None:
        return None
    half = INTERVAL[name] * typical
    if posture.neutral == "assumed":
        half = float(np.hypot(half, NEUTRAL_90_DEG))
    return value - half, value + half


def _either(ends: tuple[float, float] | None, limits: tuple[float, float]) -> bool:
    """Whether held well and a plain fault are both within the interval."""
    return ends is not None and ends[0] < limits[0] and ends[1] >= limits[1]


def sum_up(
    clip: str,
    motion: Posture,
    spans: Sequence[RepSpan],
    facing: Facing,
    landmarks: Floats,
    *,
    tolerances: Tolerances,
    size_px: tuple[int, int] | None = None,
    view_deg: float | None = None,
    notes: Sequence[str] = (),
    spare_deg: float = 0.0,
    warnings: tuple[str, ...] = (),
    three: bool = False,
) -> Verdict:
    """Judge every repetition and sum up.

    `landmarks` (T, N, 2 or more) as the camera saw them, for the series. `three`: three points
    along the back are all there is.
    """
    judged = tuple(
        judge_rep(motion, span, number, tolerances=tolerances, notes=notes, spare_deg=spare_deg)
        for number, span in enumerate(spans, 1)
    )
    if three:
        judged = tuple(
            _at_an_end(rep, which_end(motion, span))
            for rep, span in zip(judged, spans, strict=True)
        )
    faults = tuple(f for f in FAULTS if any(f in rep.faults for rep in judged))
    if motion.neutral == "assumed":
        warnings += (
            "No standing is seen, so a typical posture stands in for this person's own: begin "
            "each clip standing still for two seconds.",
        )
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
    )


def _at_an_end(rep: Rep, end: End | None) -> Rep:
    """Of three points: the end that has left where that can be told, else both, as ambiguous."""
    ends = {"spinal_flexion": "sacrum", "cervical_flexion": "head"}
    if not set(ends) & set(rep.faults):
        return rep
    if end is None:
        both = tuple(fault for fault in FAULTS if fault in {*ends, *rep.faults})
        return replace(rep, faults=both, notes=(*rep.notes, "ambiguous"))
    strays = replace(rep.stray_cm, **{"sacrum" if end == "head" else "head": 0.0})
    return replace(
        rep, stray_cm=strays, faults=tuple(f for f in rep.faults if ends.get(f, end) == end)
    )


def _over(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


def _at(series: Array, where: NDArray[np.bool_]) -> float | None:
    seen = series[where & np.isfinite(series)]
    return float(np.median(seen)) if len(seen) else None


def _least(series: Array) -> float | None:
    seen = series[np.isfinite(series)]
    return float(seen.min()) if len(seen) else None


def _extreme(time_s: Array, series: Array, bottom: NDArray[np.bool_]) -> float | None:
    """The value at the bottom, unless elsewhere is for a while clearly further from neutral."""
    known = np.isfinite(series)
    if known.sum() < SEEN_SHARE * len(series):
        return None
    low = _at(series, bottom)
    step = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 1.0
    frames = 1 if low is None else max(1, round(HELD_S / max(step, 1e-3)))
    highest = float(minimum_filter1d(series[known], frames).max())
    lowest = float(maximum_filter1d(series[known], frames).min())
    # Leaning back elsewhere, however far, does not make up for flexion at the bottom.
    sides = (highest,) if low is not None and low >= MARGIN_DEG else (highest, lowest)
    furthest = max(sides, key=abs)
    return furthest if low is None or abs(furthest) > abs(low) + MARGIN_DEG else low
