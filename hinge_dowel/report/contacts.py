"""Which place touches the dowel when, and where it is worst: what every picture is drawn from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hinge_dowel.exercises.cues import CONTACTS, FAULTS
from hinge_dowel.tolerances import DEFAULT, Tolerances
from hinge_dowel.verdict import BETWEEN, STANDING, Rep, Series, Verdict

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

Light = Literal["on", "close", "off", "unseen"]
"""On the dowel; within tolerance but not far from leaving, or hard to judge; left; not seen."""

CLOSE_CM = 2.5
"""A place this far off the dowel, though within tolerance, is shown as borderline."""
UNSURE = {"head": "unsure_head", "upper_back": "unsure_knee", "sacrum": "unsure_spine"}
"""The note that makes a contact borderline."""
UPPER_BACK_AT = 0.35
"""The upper back between occiput (0) and sacrum (1), by order of the points: T4 of the seven."""
TIME_COST_DEG_S = 4.0
"""The worst moment may be this much milder for each second nearer to the bottom, where pictures
are sharp and the posture is plain."""


@dataclass(frozen=True, slots=True)
class WorstFrame:
    """One frame to show of a clip: `frame` counts rows of its series."""

    rep: Rep
    fault: str | None
    frame: int
    time_s: float


def of_rep(rep: Rep, contact: str) -> Light:
    """The light of one contact (a field of `Strays`) over a whole repetition."""
    if any(FAULTS[key].contact == contact for key in rep.faults):
        return "off"
    stray_cm = getattr(rep.stray_cm, contact)
    if stray_cm is None:
        return "unseen"
    return "close" if stray_cm >= CLOSE_CM or UNSURE[contact] in rep.notes else "on"


def limits_deg(verdict: Verdict, tolerances: Tolerances = DEFAULT) -> Mapping[str, float]:
    """By fault, the angle from which it counts in this clip, in degrees of change."""
    spare = tolerances.assumed_neutral_extra_deg if verdict.neutral == "assumed" else 0.0
    oblique = any("oblique_view" in rep.notes for rep in verdict.reps)
    back = spare + (tolerances.oblique_extra_deg if oblique else 0.0)
    return {
        "spinal_flexion": tolerances.spinal_flexion_deg + back,
        "squatting": tolerances.squat_knee_deg + spare,
        "cervical_flexion": tolerances.cervical_flexion_deg + back,
    }


def excess(rep: Rep, fault: str, limits: Mapping[str, float]) -> float:
    """How far past its limit a fault of a repetition is: 1 at the limit, 2 at twice the angle."""
    angle = getattr(rep, FAULTS[fault].angle)
    return 1.0 if angle is None else max(1.0, angle / max(limits[fault], 1.0))


def spans_s(verdict: Verdict) -> list[tuple[float, float]]:
    """Start and end of every repetition; what the clip does not show is taken from its edges."""
    series = verdict.series
    first, last = (
        (float(series.time_s[0]), float(series.time_s[-1]))
        if series is not None and len(series)
        else (0.0, math.inf)
    )
    spans = []
    for rep in verdict.reps:
        begin = rep.start_s if rep.start_s is not None else first
        end = rep.end_s if rep.end_s is not None else last
        spans.append((begin, end))
        first = end
    return spans


def inside(verdict: Verdict) -> list[Mask]:
    """Which frames (T,) of the series belong to each repetition."""
    series = verdict.series
    if series is None:
        return [np.zeros(0, dtype=bool) for _ in verdict.reps]
    moving = (series.phase != BETWEEN) & (series.phase != STANDING)
    time = series.time_s
    return [(time >= begin) & (time <= end) & moving for begin, end in spans_s(verdict)]


def of_frames(verdict: Verdict, tolerances: Tolerances = DEFAULT) -> dict[str, list[Light]]:
    """The light of each contact in every frame of the series, T of them.

    A contact is off only in repetitions that have its fault, and there while the angle that shows
    the fault is past its limit, so that the lights never say more than the verdict.
    """
    series = verdict.series
    if series is None:
        return {contact: [] for contact in CONTACTS}
    past = _past(series, limits_deg(verdict, tolerances), tolerances)
    reps = list(zip(verdict.reps, inside(verdict), strict=True))
    lights: dict[str, list[Light]] = {}
    for contact in CONTACTS:
        fault = next(key for key, words in FAULTS.items() if words.contact == contact)
        off = np.zeros(len(series), dtype=bool)
        for rep, frames in reps:
            if fault in rep.faults:
                off[frames & past[fault]] = True
        stray = getattr(series, f"{contact}_cm")
        with np.errstate(invalid="ignore"):
            close = stray >= CLOSE_CM
        names = np.select([off, ~np.isfinite(stray), close], ["off", "unseen", "close"], "on")
        lights[contact] = names.tolist()
    return lights


def _past(series: Series, limits: Mapping[str, float], tolerances: Tolerances) -> dict[str, Mask]:
    with np.errstate(invalid="ignore"):
        past = {
            key: getattr(series, words.angle) >= limits[key]
            for key, words in FAULTS.items()
            if words.angle != "knee_flexion_deg"
        }
        knee, shin = series.knee_flexion_deg, series.shin_angle_deg
        past["squatting"] = (knee >= tolerances.deep_knee_deg) | (
            (knee >= limits["squatting"]) & (shin >= tolerances.squat_shin_deg)
        )
    return past


def worst(verdict: Verdict, tolerances: Tolerances = DEFAULT) -> WorstFrame | None:
    """The frame that shows a clip best: the worst fault of its worst repetition.

    Of a clean clip, the bottom of its deepest repetition. None when there is nothing to show.
    """
    series = verdict.series
    if series is None or not verdict.reps:
        return None
    limits = limits_deg(verdict, tolerances)
    found = [
        (excess(rep, fault, limits), -place, -order, rep, fault)
        for place, rep in enumerate(verdict.reps)
        for order, fault in enumerate(FAULTS)
        if fault in rep.faults
    ]
    if found:
        *_, rep, fault = max(found, key=lambda item: item[:3])
        frames = inside(verdict)[verdict.reps.index(rep)]
        angle, value = FAULTS[fault].angle, getattr(rep, FAULTS[fault].angle)
    else:
        rep, fault = max(verdict.reps, key=lambda rep: rep.hip_flexion_deg or 0.0), None
        frames = inside(verdict)[verdict.reps.index(rep)]
        angle, value = "hip_flexion_deg", None
    drawn = np.isfinite(series.dowel_px).all(axis=(1, 2)) & np.isfinite(series.back_px).all(
        axis=(1, 2)
    )
    # A repetition may be seen only in parts: then any frame of it, or else of the clip.
    rows = np.flatnonzero(frames & drawn if (frames & drawn).any() else drawn)
    if not len(rows):
        return None
    cost = np.zeros(len(rows))
    if rep.bottom_s is not None:
        cost += TIME_COST_DEG_S * np.abs(series.time_s[rows] - rep.bottom_s)
    if value is not None:
        cost += np.nan_to_num(np.abs(getattr(series, angle)[rows] - value), nan=90.0)
    frame = int(rows[np.argmin(cost)])
    return WorstFrame(rep, fault, frame, float(series.time_s[frame]))


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is drawn over T frames, in the series' own pixels, NaN where not seen.

    `dowel_px` (T, 2, 2) its upper and lower end; `places_px` (T, 3, 2) head, upper back and
    sacrum on the back, in the order of `CONTACTS`; `feet_px` (T, 3, 2) the same on the dowel.
    """

    dowel_px: Array
    places_px: Array
    feet_px: Array


def drawing(verdict: Verdict) -> Drawing:
    """The dowel, the three places on the back, and where each belongs on the dowel."""
    series = verdict.series
    if series is None:
        nothing = np.full((0, 3, 2), np.nan)
        return Drawing(nothing[:, :2], nothing, nothing)
    dowel, back = series.dowel_px, series.back_px
    last = back.shape[1] - 1
    places = back[:, [0, round(last * UPPER_BACK_AT), last]]
    lower = dowel[:, 1:]
    way = dowel[:, :1] - lower
    length = np.linalg.norm(way, axis=-1, keepdims=True)
    way = way / np.where(length > 0, length, np.nan)
    feet = lower + ((places - lower) * way).sum(-1, keepdims=True) * way
    return Drawing(dowel, places, feet)
